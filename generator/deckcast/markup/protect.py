"""Where code stands in a text, so that nothing else looks into it (FORMAT 3.2, 3.4, 3.6).

Questions must come in the order of the text. All of them together then take linear time, whatever
the author wrote: no search runs over the same stretch twice.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = r"(?P<marks>`{3,}+|~{3,}+)(?P<info>[^`\n]*)$"
"""The marks that open a fence, and the rest of their line."""
FENCE_LINE = r"^[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*" + FENCE
"""A line that opens a fence, behind the marks of lists and quotes."""

_FENCE_ENDS = re.compile(r"(?:(?<!`)`{3,}+|(?<!~)~{3,}+)(?=[ \t]*+$)", re.M)
_TICKS = re.compile(r"`+")
_CODE = re.compile(rf"{FENCE_LINE}|(?P<escape>\\[\\`])|(?P<ticks>`+)", re.M)


class CodeFinder:
    """Finds the ends of code in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: dict[str, _FenceEnds] | None = None
        self._line_end = -1
        self._ticks: dict[int, list[int]] = {}
        self._at_bound: tuple[int, int, int] = (-1, 0, 0)

    def fence_end(self, char: str, count: int, after: int, bound: int) -> int | None:
        """The end of the first run of at least `count` marks that ends its line, from `after` up to `bound`."""
        if self._ends is None:
            self._ends = {"`": _FenceEnds(), "~": _FenceEnds()}
            for match in _FENCE_ENDS.finditer(self._text):
                self._ends[match[0][0]].add(match.start(), match.end())
            for ends in self._ends.values():
                ends.link()
        end = self._ends[char].first(count, after)
        if end is not None and end <= bound:
            return end
        return self._fence_at_bound(char, count, after, bound)

    def _fence_at_bound(self, char: str, count: int, after: int, bound: int) -> int | None:
        """Marks at the very end of a content class close a fence as well, though their line goes on."""
        if self._at_bound[0] != bound:
            end = bound
            while end > after and self._text[end - 1] in " \t":
                end -= 1
            begin = end
            while begin > after and self._text[begin - 1] == self._text[end - 1] and self._text[end - 1] in "`~":
                begin -= 1
            self._at_bound = (bound, begin, end)
        _, begin, end = self._at_bound
        closes = begin >= after and end - begin >= count and self._text[begin] == char
        return end if closes else None

    def inline_end(self, begin: int, end: int, bound: int) -> int | None:
        """The end of the code span that the run of back-ticks from `begin` to `end` opens on its line."""
        if begin >= self._line_end:
            newline = self._text.find("\n", begin)
            self._line_end = len(self._text) if newline < 0 else newline
            self._ticks = {}
            for match in _TICKS.finditer(self._text, begin, self._line_end):
                self._ticks.setdefault(len(match[0]), []).append(match.start())
        count = end - begin
        starts = self._ticks.get(count, [])
        at = bisect_left(starts, end)
        if at < len(starts) and starts[at] + count <= bound:
            return starts[at] + count
        return None


class _FenceEnds:
    """All runs of one mark that end their lines, each linked to the next longer one."""

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._longer: list[int] = []

    def add(self, begin: int, end: int) -> None:
        self._begins.append(begin)
        self._ends.append(end)

    def _size(self, index: int) -> int:
        return self._ends[index] - self._begins[index]

    def link(self) -> None:
        self._longer = [len(self._begins)] * len(self._begins)
        waiting: list[int] = []
        for index in range(len(self._begins)):
            while waiting and self._size(waiting[-1]) < self._size(index):
                self._longer[waiting.pop()] = index
            waiting.append(index)

    def first(self, count: int, after: int) -> int | None:
        index = bisect_left(self._begins, after)
        while index < len(self._begins) and self._size(index) < count:
            index = self._longer[index]
        return self._ends[index] if index < len(self._begins) else None


@dataclass(frozen=True, slots=True)
class CodeRegion:
    """Code in a text: a fence from its marks on, or an inline span with its back-ticks."""

    begin: int
    end: int
    fence: bool
    marks: int
    """Length of the opening marks."""


def code_regions(text: str) -> Iterator[CodeRegion]:
    """Fences and inline spans, in order. Indented code is not told from an indented paragraph here."""
    finder = CodeFinder(text)
    position = 0
    while match := _CODE.search(text, position):
        position = match.end()
        if match["marks"]:
            begin, after = match.span("marks")
            end = finder.fence_end(match["marks"][0], after - begin, match.end(), len(text))
            position = after
        elif match["ticks"]:
            begin, after = match.span()
            end = finder.inline_end(begin, after, len(text))
        else:
            continue
        if end is not None:
            yield CodeRegion(begin, end, bool(match["marks"]), after - begin)
            position = end
