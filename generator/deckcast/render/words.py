"""Lines of text that code put out: as many as have room, what is missing told in their place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from deckcast.render import ansi
from deckcast.render.ansi import Line

CUT = "cell-cut"
"""The class of every mark that says that something is left out."""


def left_out(count: int, what: str) -> str:
    """`⋯ 214 lines left out`"""
    return f"⋯ {count:,} {what}{'s' * (count != 1)} left out"


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is shown of some lines."""

    lines: tuple[Line, ...]
    left: int
    """How many lines are not among them."""
    shortened: bool
    """Whether one of them is not whole."""


def rows(line: Line, width: int) -> int:
    """How many rows a line takes where `width` characters have room in each."""
    return max(1, math.ceil(ansi.length(line) / width))


def fit(lines: Sequence[Line], room: int, width: int) -> Fitted:
    """The lines that have room in so many rows: the first two thirds of them from the beginning, the others from
    the end, with a mark between. A very long line loses its end."""
    room = max(room, 2)
    longest = max(2, room // 2)
    shortened = False
    shown: list[Line] = []
    for line in lines:
        if (rows(line, width) > longest and len(lines) > 1) or rows(line, width) > room:
            tall = longest if len(lines) > 1 else room
            keep = tall * width - len(" … 1,000,000 more characters")
            line = (*ansi.cut(line, max(keep, width // 2)),)
            shortened = True
            lost = ansi.length(lines[len(shown)]) - ansi.length(line)
            line = (*line, (CUT, f" … {lost:,} more characters"))
        shown.append(line)
    if sum(rows(line, width) for line in shown) <= room:
        return Fitted(tuple(shown), 0, shortened)
    head = _taken(shown, room - 1 - (room - 1) // 3, width)
    tail = _taken(shown[len(head) :][::-1], room - 1 - sum(rows(line, width) for line in head), width)[::-1]
    left = len(shown) - len(head) - len(tail)
    mark: Line = ((CUT, left_out(left, "line")),)
    return Fitted((*head, mark, *tail), left, shortened)


def _taken(lines: Sequence[Line], room: int, width: int) -> list[Line]:
    taken: list[Line] = []
    for line in lines:
        room -= rows(line, width)
        if room < 0:
            break
        taken.append(line)
    return taken


def share(wants: Sequence[float], room: float) -> list[float]:
    """The room, given so that nobody has more than is wanted and whoever wants more gets as much as the others."""
    given = [0.0] * len(wants)
    open_ = sorted(range(len(wants)), key=lambda number: wants[number])
    for place, number in enumerate(open_):
        given[number] = min(wants[number], room / (len(open_) - place))
        room -= given[number]
    return given
