"""The author's own lexicon, laid over a text before all rules: how words are said, wherever they stand whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Lexicon:
    entries: tuple[tuple[str, str, str], ...]
    """(word, respelling, IPA), longest first."""
    patterns: dict[str, re.Pattern[str]]
    """For text and for code; the number of the group that matched is that of the entry, from 1."""


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
        for one in _matches(ready, written.text, region):
            index = bisect_right(begins, one.start()) - 1
            if region.kind == "text" and index >= 0 and one.start() < addresses[index][1]:
                continue
            word, said, ipa = ready.entries[(one.lastindex or 1) - 1]
            ending = one[0][len(one[one.lastindex or 1]) :].replace("’", "'")
            ipa = ended(ipa, ending, language) if ipa else ""
            found.append(Region(*one.span(), "said", said + inflected(said, ending), ipa, region.kind))
            used.add(word)
            if ipa:
                sounds.append(Sounds(ipa, word, "", written.where(one.start()), bool(said)))
    return written.saying(found), frozenset(used), sounds


def _matches(lexicon: _Lexicon, text: str, region: Region) -> Iterator[re.Match[str]]:
    pattern = lexicon.patterns.get(region.kind)
    return iter(()) if pattern is None else pattern.finditer(text, region.begin, region.end)


def _addresses(text: str) -> list[tuple[int, int]]:
    """URLs and e-mail addresses, which are names as a whole."""
    if _ADDRESS.search(text) is None:
        return []
    return [one.span() for one in re.finditer(r"\S+", text) if _ADDRESS.search(one[0])]


@lru_cache(maxsize=64)
def _ready(lexicon: Pairs) -> _Lexicon:
    entries = tuple(sorted(lexicon, key=lambda entry: (-len(entry[0]), entry[0].islower(), entry[0])))
    patterns = {
        kind: re.compile("|".join(_alternative(word, before, after) for word, _ in entries))
        for kind, (before, after) in _PLACES.items()
    }
    return _Lexicon(tuple((word, *parted(said)) for word, said in entries), patterns)


def _alternative(word: str, before: str, after: str) -> str:
    last = word[-1]
    exact = any(one.isupper() for one in word)
    escaped = re.sub("['’]", "['’]", re.escape(word))
    stem = escaped if exact else f"(?i:{escaped})"
    has_plural = last.isalpha() and len(word) > (1 if last.isupper() else 2)
    ending = _ENDING if has_plural else "(?:['’]s)?" if last.isalnum() else ""
    # Signs at its ends bound a word by themselves: the second `+` of `C++` is not the first of something else.
    start = before if word[0].isalnum() or word[0] == "_" else f"(?<!{re.escape(word[0])})"
    end = after if last.isalnum() or last == "_" else f"(?!{re.escape(last)})"
    return f"{start}({stem}){ending}{end}"
