"""The author's own lexicon, laid over a text before all rules: how words are said, wherever they stand whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from deckcast.settings import Pairs
from deckcast.spoken.flatten import Region, Written
from deckcast.spoken.ipa import Sounds, ended, parted
from deckcast.spoken.lexicon import inflected

_ENDING = r"(?:['’]s|s)?"
_PLACES = {
    "text": (r"(?<![\w@])(?<!\w\.)(?<!\d,)", r"(?![\w@]|\.\w|,\d|['’](?!s\b)\w)"),
    "code": (r"(?<!\w)", r"(?!\w)"),
}
"""What may not stand before and after a word: in text, a name with points in it (`model.py`) is one word."""
_ADDRESS = re.compile(r"://|www\.\w|\w@\w")
_COMPARED = 24
"""Letters at the beginning of a word by which it is found; as many places are looked up at most."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    entries: tuple[tuple[str, str, str], ...]
    """(word, respelling, IPA), longest first."""
    beginnings: Mapping[str, tuple[int, ...]]
    """By the folded beginning of a word: which entries begin so, in their order."""
    lengths: Mapping[str, tuple[int, ...]]
    """By the folded first character: how long such beginnings are, longest first."""
    starts: re.Pattern[str]
    """Where a word of the lexicon may begin at all."""
    patterns: dict[tuple[int, str], re.Pattern[str]] = field(default_factory=dict)
    """Of each entry that was looked for, in text and in code."""

    def pattern(self, entry: int, kind: str) -> re.Pattern[str]:
        found = self.patterns.get((entry, kind))
        if found is None:
            alternative = _alternative(self.entries[entry][0], *_PLACES[kind])
            found = self.patterns[entry, kind] = re.compile(alternative)
        return found


def pronounce(written: Written, lexicon: Pairs, language: str) -> tuple[Written, frozenset[str], list[Sounds]]:
    """The text with what the lexicon says for its words, the entries that were found, and those that give sounds.

    One pass, longest first. An entry with a capital letter stands for itself only, any other for the word in any
    case. Plural and possessive follow from the singular.
    """
    if not lexicon:
        return written, frozenset(), []
    ready = _ready(lexicon)
    found: list[Region] = []
    sounds: list[Sounds] = []
    used: set[str] = set()
    addresses = _addresses(written.text)
    begins = [begin for begin, _ in addresses]
    for region in written.regions:
        for entry, one in _matches(ready, written.text, region):
            index = bisect_right(begins, one.start()) - 1
            if region.kind == "text" and index >= 0 and one.start() < addresses[index][1]:
                continue
            word, said, ipa = ready.entries[entry]
            ending = one[0][len(one[1]) :].replace("’", "'")
            ipa = ended(ipa, ending, language) if ipa else ""
            found.append(Region(*one.span(), "said", said + inflected(said, ending), ipa, region.kind))
            used.add(word)
            if ipa:
                sounds.append(Sounds(ipa, word, "", written.where(one.start()), bool(said)))
    return written.saying(found), frozenset(used), sounds


def _matches(lexicon: _Lexicon, text: str, region: Region) -> Iterator[tuple[int, re.Match[str]]]:
    """Which entries stand where, from left to right: at each place the first that fits."""
    if region.kind not in _PLACES:
        return
    at = region.begin
    while start := lexicon.starts.search(text, at, region.end):
        at = start.start()
        found = _match(lexicon, text, at, region)
        if found is not None:
            yield found
        at = found[1].end() if found else at + 1


def _match(lexicon: _Lexicon, text: str, at: int, region: Region) -> tuple[int, re.Match[str]] | None:
    for length in lexicon.lengths.get(_folded(text[at]), ()):
        for entry in lexicon.beginnings.get(_folded(text[at : at + length]), ()):
            if one := lexicon.pattern(entry, region.kind).match(text, at, region.end):
                return entry, one
    return None


def _folded(text: str) -> str:
    """The same for all that patterns take for one another where case does not matter; each character for itself."""
    return text.replace("’", "'").replace("\u0130", "i").upper().casefold()


def _addresses(text: str) -> list[tuple[int, int]]:
    """URLs and e-mail addresses, which are names as a whole."""
    if _ADDRESS.search(text) is None:
        return []
    return [one.span() for one in re.finditer(r"\S+", text) if _ADDRESS.search(one[0])]


@lru_cache(maxsize=64)
def _ready(lexicon: Pairs) -> _Lexicon:
    entries = tuple(sorted(lexicon, key=lambda entry: (-len(entry[0]), entry[0].islower(), entry[0])))
    beginnings: dict[str, list[int]] = {}
    lengths: dict[str, set[int]] = {}
    for number, (word, _) in enumerate(entries):
        beginnings.setdefault(_folded(word[:_COMPARED]), []).append(number)
        lengths.setdefault(_folded(word[0]), set()).add(min(len(word), _COMPARED))
    signs = {word[0].replace("’", "'") for word, _ in entries if not _in_words(word[0])}
    sign = "".join(map(re.escape, sorted(signs))).replace("'", "'’")
    return _Lexicon(
        tuple((word, *parted(said)) for word, said in entries),
        {begin: tuple(numbers) for begin, numbers in beginnings.items()},
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        re.compile(r"(?<!\w)\w" + (f"|(?i:[{sign}])" if sign else "")),
    )


def _in_words(character: str) -> bool:
    return character.isalnum() or character == "_"


def _alternative(word: str, before: str, after: str) -> str:
    last = word[-1]
    exact = any(one.isupper() for one in word)
    escaped = re.sub("['’]", "['’]", re.escape(word))
    stem = escaped if exact else f"(?i:{escaped})"
    has_plural = last.isalpha() and len(word) > (1 if last.isupper() else 2)
    ending = _ENDING if has_plural else "(?:['’]s)?" if last.isalnum() else ""
    # Signs at its ends bound a word by themselves: the second `+` of `C++` is not the first of something else.
    start = before if _in_words(word[0]) else f"(?<!{re.escape(word[0])})"
    end = after if _in_words(last) else f"(?!{re.escape(last)})"
    return f"{start}({stem}){ending}{end}"
