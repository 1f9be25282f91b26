"""Blocks of spans → written text without line breaks, that knows what each stretch is and where it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from deckcast.markup.values import Block
from deckcast.model import Where

_SPOKEN_AS_TEXT = frozenset({"text", "emphasis", "link"})


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the text that is read by rules of its own: `text`, `code`, `url`, `math`, `said`."""

    begin: int
    end: int
    kind: str
    spoken: str = ""
    """Of `said`: what the author wants to hear for it; empty where only its sounds are given."""
    ipa: str = ""
    """Of `said`: its sounds, if they are given."""
    below: str = "text"
    """Of `said`: the kind of the region that it lies in."""


@dataclass(frozen=True, slots=True)
class Written:
    """Text as captions show it: white space folded, no marks."""

    text: str
    regions: tuple[Region, ...]
    """All of the text, in order, neighbours of different kinds."""
    places: tuple[tuple[int, Where | None], ...]
    """(offset, where) of each place whose origin is known, in order."""

    def where(self, offset: int) -> Where | None:
        index = bisect_right(self.places, offset, key=lambda place: place[0]) - 1
        return self.places[max(index, 0)][1] if self.places else None

    def cut(self, begin: int, end: int) -> Written:
        """A part of it, without white space at its ends."""
        while begin < end and self.text[begin].isspace():
            begin += 1
        while end > begin and self.text[end - 1].isspace():
            end -= 1
        first = max(bisect_right(self.regions, begin, key=lambda region: region.begin) - 1, 0)
        last = bisect_left(self.regions, end, key=lambda region: region.begin)
        regions = tuple(
            replace(region, begin=max(region.begin, begin) - begin, end=min(region.end, end) - begin)
            for region in self.regions[first:last]
            if region.end > begin
        )
        first = max(bisect_right(self.places, begin, key=lambda place: place[0]) - 1, 0)
        last = max(bisect_left(self.places, end, key=lambda place: place[0]), first + 1)
        places = tuple((max(at - begin, 0), where) for at, where in self.places[first:last])
        return Written(self.text[begin:end], regions, places)

    def region(self, offset: int) -> Region | None:
        """The region to which a character belongs."""
        index = bisect_right(self.regions, offset, key=lambda region: region.begin) - 1
        return self.regions[index] if index >= 0 else None

    def is_text(self, offset: int) -> bool:
        """Whether a character belongs to running text, not to code, an address, a formula or what is said for it."""
        region = self.region(offset)
        return region is not None and region.kind == "text"

    def saying(self, stretches: Iterable[Region]) -> Written:
        """The same text with regions that are `said`; they are in order, none over another."""
        said = tuple(stretches)
        return replace(self, regions=tuple(_laid_over(self.regions, said))) if said else self

    def without(self, stretches: Iterable[tuple[int, int]]) -> tuple[Written, Callable[[int], int]]:
        """The text without some stretches, no two blanks meeting there, and where an offset has come to lie."""
        kept: list[str] = []
        moved: list[int] = []
        gap = True
        at = 0
        for begin, end in (*stretches, (len(self.text), len(self.text))):
            for character in self.text[at:begin]:
                moved.append(len(kept))
                if not (gap and character == " "):
                    kept.append(character)
                    gap = character == " "
            moved += [len(kept)] * (end - begin)
            at = end
        moved.append(len(kept))
        regions = (replace(one, begin=moved[one.begin], end=moved[one.end]) for one in self.regions)
        places = tuple((moved[offset], where) for offset, where in self.places)
        text = "".join(kept)
        return Written(text, tuple(one for one in regions if one.end > one.begin), places), moved.__getitem__


def flatten(block: Block) -> Written:
    """The block's words; runs of white space become one space, also across spans."""
    text: list[str] = []
    length = 0
    regions: list[Region] = []
    places: list[tuple[int, Where | None]] = []
    gap = True  # at the beginning, and after white space
    for span in block.spans:
        kind = "text" if span.kind in _SPOKEN_AS_TEXT else span.kind
        begin = length
        for number, line in enumerate(span.text.split("\n")):
            if number and not gap:
                text.append(" ")
                length, gap = length + 1, True
            places.append((length, _line(span.where, number)))
            folded = re.sub(r"\s+", " ", line)
            folded = folded.lstrip() if gap else folded
            if folded:
                text.append(folded)
                length, gap = length + len(folded), folded.endswith(" ")
        if length > begin:
            if regions and regions[-1].kind == kind:
                regions[-1] = replace(regions[-1], end=length)
            else:
                regions.append(Region(begin, length, kind))
    return Written("".join(text), tuple(regions), tuple(places))


def _laid_over(below: tuple[Region, ...], above: tuple[Region, ...]) -> Iterator[Region]:
    """`above`, and what can be seen of `below`, in order. Both are ordered; linear in their number."""
    index = 0
    for region in below:
        at = region.begin
        while index < len(above) and above[index].begin < region.end:
            one = above[index]
            if one.begin > at:
                yield replace(region, begin=at, end=one.begin)
            if one.begin >= region.begin:
                yield one
            at = max(at, one.end)
            if one.end > region.end:
                break  # it covers some of the next region, too
            index += 1
        if at < region.end:
            yield replace(region, begin=at)


def _line(where: Where | None, number: int) -> Where | None:
    """The place of a span's later line; its column is not known, so it is the line's first."""
    return where if where is None or number == 0 else Where(where.path, where.line + number, 1)
