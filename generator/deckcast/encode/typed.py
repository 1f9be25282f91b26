"""Draws code while it is typed: letter by letter, line after line, a caret where the next letter comes.

Nothing is set anew: letters are uncovered in the slide's own picture, so each is there as it will stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deckcast.encode.opening import read
from deckcast.model import Blob, Region, Typing

CARET = 0.07, 0.76
"""Width and height of the caret, in heights of a line."""


def drawing(recipe: Typing, count: int, files: Mapping[Blob, bytes]) -> Callable[[int], Any]:
    """What draws the frames of a recipe by their number: arrays of 8-bit RGB.

    In the first one, nothing is there but the caret; in the last one, all code is, and what came out of it is not yet.
    """
    before, after = read(files[recipe.before]), read(files[recipe.after])

    def draw(number: int) -> Any:
        slide = before.copy()
        for region in recipe.done:
            _uncover(slide, after, region, region.left, region.left + region.width)
        caret = _typed(slide, after, recipe.lines, round(recipe.letters * (number / (count - 1) if count > 1 else 1)))
        if caret is not None:
            _point(slide, *caret)
        return slide

    return draw


def _typed(slide: Any, after: Any, lines: Sequence[Region], letters: int) -> tuple[Region, float] | None:
    """Uncovers so many letters; the line in which the caret is then, and how far right."""
    caret = next(((line, line.edges[0]) for line in lines if line.edges), None)
    for line in lines:
        there = min(letters, len(line.edges) // 2)
        if there:
            caret = line, line.edges[2 * there - 1]
        letters -= there + Typing.BREAK
        if letters >= 0 and there == len(line.edges) // 2:
            _uncover(slide, after, line, line.left, line.left + line.width)
            continue
        for at in range(0, 2 * there, 2):
            _uncover(slide, after, line, line.edges[at], line.edges[at + 1])
        break
    return caret


def _uncover(slide: Any, after: Any, line: Region, left: float, right: float) -> None:
    rows = slice(max(round(line.top), 0), max(round(line.top + line.height), 0))
    columns = slice(max(math.floor(left), 0), max(math.ceil(right), 0))
    slide[rows, columns] = after[rows, columns]


def _point(slide: Any, line: Region, at: float) -> None:
    wide, high = (part * line.height for part in CARET)
    left, top = round(at), round(line.top + (line.height - high) / 2)
    colour = tuple(int(line.colour[start : start + 2], 16) for start in (1, 3, 5))
    slide[max(top, 0) : max(top + round(high), 0), max(left, 0) : max(left + max(round(wide), 2), 0)] = colour
