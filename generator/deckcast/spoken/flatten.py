"""Blocks of spans → written text without line breaks, that knows what each stretch is and where it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from deckcast.markup.values import Block
from deckcast.model import Where

_SPOKEN_AS_TEXT = frozenset({"text", "emphasis", "link"})

_PAUSE = re.compile(r"\s*\[pause\s+(\d{1,4}(?:\.\d{1,3})?)\s*(ms|s)?\]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the text that is read by rules of its own: `text`, `code`, `url`, `math`."""

    begin: int
    end: int
    kind: str


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
            Region(max(region.begin, begin) - begin, min(region.end, end) - begin, region.kind)
            for region in self.regions[first:last]
            if region.end > begin
        )
        first = max(bisect_right(self.places, begin, key=lambda place: place[0]) - 1, 0)
        last = max(bisect_left(self.places, end, key=lambda place: place[0]), first + 1)
        places = tuple((max(at - begin, 0), where) for at, where in self.places[first:last])
        return Written(self.text[begin:end], regions, places)

    def is_text(self, offset: int) -> bool:
        """Whether a character belongs to running text, not to code, an address or a formula."""
        index = bisect_right(self.regions, offset, key=lambda region: region.begin) - 1
        return index >= 0 and self.regions[index].kind == "text"


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence that the author asked for."""

    seconds: float
    where: Where | None


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


def cut_at_pauses(written: Written) -> Iterator[Written | Pause]:
    """The text between `[pause 1.5s]` marks, and the pauses. Marks in code are text."""
    begin = 0
    for found in _PAUSE.finditer(written.text):
        if not written.is_text(found.start(1)):
            continue
        yield written.cut(begin, found.start())
        yield Pause(float(found[1]) / (1000 if (found[2] or "").lower() == "ms" else 1), written.where(found.start(1)))
        begin = found.end()
    yield written.cut(begin, len(written.text))


def _line(where: Where | None, number: int) -> Where | None:
    """The place of a span's later line; its column is not known, so it is the line's first."""
    return where if where is None or number == 0 else Where(where.path, where.line + number, 1)
