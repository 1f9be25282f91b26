"""Where sentences end.

A sentence ends at `.`, `!`, `?` or `…`, with the quotes and brackets that close there, when white space and the
beginning of another follow. What looks like an end and is none: abbreviations, initials, decimals, versions,
addresses, code. Cases to read and to extend: `tests/spoken/sentences.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from deckcast.spoken.flatten import Written

LONGEST = 400
"""Characters of a sentence; longer ones are parted at a mark or a space, for memory and for the voices."""

_END = re.compile(r"(?P<marks>(?<![.!?…])[.!?…]+[\"'”’»)\]]*)(?P<gap>\s+)|(?P<wide>[。！？]+[」』”’）]*)")
_OPENING = "\"'“‘«([„"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_LAST = _words(
    "mr mrs ms dr prof st fig figs eq eqs sec no nos vol vs cf al e.g i.e ca approx resp incl excl"
    " jan feb mar apr jun jul aug sep sept oct nov dec pp ed eds dept univ z.b d.h bzw vgl nr p.ex"
)
"""Abbreviations, without their last point, after which a sentence goes on even if a capital follows."""
_SELDOM_LAST = _words("etc inc ltd co corp a.k.a p.m a.m u.s u.k ph.d max min avg usw u.a ff jr sr")
"""Those that end a sentence when a capital follows."""
_NUMBER_FOLLOWS = _words("fig figs eq eqs sec no nos vol p pp ch chap tab app ref alg thm nr")
"""Those that are abbreviations only before a number: `no. 5`, but not `I said no. Five …`."""
_MARKS = re.compile(r"[,;:–—]\s|\s[–—-]\s")


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Those of one language, in small letters and without their last point."""

    never_last: frozenset[str] = _NEVER_LAST
    seldom_last: frozenset[str] = _SELDOM_LAST
    before_numbers: frozenset[str] = _NUMBER_FOLLOWS
    parted: tuple[str, ...] = ()
    """Those of several parts with blanks between: `z. b`."""
    ordinals: bool = False
    """Whether a point after a number may make it an ordinal: `5. Mai`."""

    def joined(
        self, names: Iterable[str], ends: Iterable[str], numbered: Iterable[str], *, ordinals: bool
    ) -> Abbreviations:
        """These, and those of another language."""
        short, last, before = (
            frozenset(one.lower().rstrip(".") for one in group if one.endswith("."))
            for group in (names, ends, numbered)
        )
        before -= short
        return replace(
            self,
            never_last=(self.never_last | short) - last - before,
            seldom_last=(self.seldom_last | last) - before,
            before_numbers=self.before_numbers | before,
            parted=tuple(sorted(one for one in short if " " in one)),
            ordinals=ordinals,
        )


ENGLISH = Abbreviations()
OTHER = Abbreviations(ordinals=True)


def sentences(written: Written, abbreviations: Abbreviations = ENGLISH) -> Iterator[Written]:
    """The sentences, without the space between them."""
    begin = 0
    text = written.text
    for found in _END.finditer(text):
        mark = found.start()
        end = found.end("marks") if found["wide"] is None else found.end()
        if not written.is_text(mark) and not _closes(written, mark, end):
            continue
        if found["wide"] is None and not _ends(written, found, abbreviations):
            continue
        yield from _short(written.cut(begin, end))
        begin = found.end()
    yield from _short(written.cut(begin, len(text)))


def _closes(written: Written, mark: int, end: int) -> bool:
    """Whether the mark is the last of words that are said otherwise: a sentence ends with them, never within."""
    region = written.region(mark)
    return region is not None and region.kind == "said" and region.end == end


def _ends(written: Written, found: re.Match[str], known: Abbreviations) -> bool:
    text, marks = written.text, found["marks"]
    after = found.end()
    if after >= len(text):
        return True
    region = written.region(after)
    in_code = region is not None and region.kind not in ("text", "said")
    following = text[after:].lstrip(_OPENING)[:1] if text[after] in _OPENING else text[after]
    new = in_code or following.isupper() or following.isdigit() or _is_caseless(following)
    if marks[0] in "!?":
        return new
    if marks.startswith(("...", "…")):
        return new and not in_code
    word = _word_before(text, found.start())
    bare = word.lower()
    if bare in known.before_numbers:
        return not following.isdigit() and new
    if known.parted and (part := _part_of(text, found.start(), known.parted)):
        # `z.` of `z. B.` ends nothing; the last part of `o. Ä.` ends a sentence if a capital follows.
        return part in known.seldom_last and following.isupper()
    if bare in known.never_last or (
        len(word) == 1 and word.isupper() and word != "I" and _is_initial(text, found.start())
    ):
        return False
    if bare in known.seldom_last:
        return following.isupper()
    if bare.isdecimal() and len(bare) <= 2 and (known.ordinals or _opens(text, found.start() - len(word))):
        return False  # `1. First of all`
    # A small letter begins a sentence only where nothing else explains it: `… done. spaCy helps.`
    return new or (following.islower() and len(word) > 2 and "." not in word and _is_brand(text, after))


def _part_of(text: str, at: int, parted: Iterable[str]) -> str:
    """The abbreviation of several parts to which the point at `at` belongs."""
    window = text[max(at - 16, 0) : at + 16].lower()
    here = at - max(at - 16, 0)
    for name in parted:
        for found in re.finditer(rf"(?<![\w.]){re.escape(name)}\.", window):
            if found.start() < here < found.end():
                return name
    return ""


def _word_before(text: str, end: int) -> str:
    begin = end
    while begin > 0 and (text[begin - 1].isalnum() or text[begin - 1] in ".&"):
        begin -= 1
    return text[begin:end]


def _is_initial(text: str, end: int) -> bool:
    """`J.` of `J. Smith` or `George W. Bush`: at the beginning, or after a name or another initial."""
    before = text[: end - 1].rstrip()
    word = _word_before(before.rstrip("."), len(before.rstrip(".")))
    another = re.match(r"\.\s?[^\W\d_]\.", text[end:])
    return not before or another is not None or word[:1].isupper() or before[-1] in "(,"


def _opens(text: str, at: int) -> bool:
    return not text[:at].strip()


def _is_caseless(character: str) -> bool:
    return character.isalpha() and not character.isupper() and not character.islower()


def _is_brand(text: str, at: int) -> bool:
    word = re.match(r"\w+", text[at:])
    return word is not None and any(character.isupper() for character in word[0])


def _short(sentence: Written) -> Iterator[Written]:
    """The sentence in parts of at most `LONGEST`, but where one entry or `[say …]` is longer; none for an empty one."""
    begin = 0
    while len(sentence.text) - begin > LONGEST:
        limit = begin + LONGEST
        marks = [found.start() + 1 for found in _MARKS.finditer(sentence.text, begin + LONGEST // 2, limit)]
        space = sentence.text.rfind(" ", begin + 1, limit)
        end = marks[-1] if marks else space if space > begin else limit
        region = sentence.region(end)
        if region is not None and region.kind == "said" and region.begin < end:
            end = region.begin if region.begin > begin else region.end
        if (part := sentence.cut(begin, end)).text:
            yield part
        begin = end
    if (rest := sentence.cut(begin, len(sentence.text))).text:
        yield rest
