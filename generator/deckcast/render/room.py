"""How much room a slide has for outputs, estimated from its HTML.

The figures are those of the default theme in its type for slides with much on them (`--fit` 0.9: code in 28.8 px).
Measured in Chromium, a slide with a heading holds 15 lines of code and output together in that type (14 in 32 px, 17 in
25.6 px, which is the smallest), and the estimate gives as many. What it gets wrong is put right by the browser, which
chooses the size of type by what really stands there.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckcast.htmltree import Node, parse
from deckcast.render.pieces import CHARACTER, LINE, Room
from deckcast.render.words import share

HEIGHT = 900
"""CSS pixels between the top margin and the foot line of a stage that is 1080 high."""
DISTANCE = 0.2
"""Between outputs, in lines."""
FOOT_NOTE = 56
SIDES = 80
"""What a box of code or output loses of its column's width to padding."""
GAP = 80
"""Between columns."""
HEADS = {
    "h1": (83, 40, 40),
    "h2": (74, 40, 36),
    "h3": (53, 24, 25),
    "h4": (55, 20, 22),
    "h5": (55, 20, 22),
    "h6": (55, 20, 22),
}
"""Height of a line, distance below, width of a character."""
WORD_LINE, WORD_GAP, WORD = 55.4, 28.8, 19.8
PICTURE = 300
ROW = 81

_SHARES = {"pull-left": 0.5, "pull-right": 0.5, "left-column": 0.26, "right-column": 0.74}
_BLOCKS = frozenset(
    re.findall(r"\w+", "h1 h2 h3 h4 h5 h6 p pre ul ol li table blockquote figure div dl section img svg video hr")
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a slot stands."""

    column: tuple[tuple[int, int], ...]
    """The columns it is in, as (row of columns, number in it)."""
    beside: float
    """Height of all that stands above and below it, other slots not counted."""
    width: float


def rooms(source: str, wants: Sequence[Sequence[float]], wide: float, high: float = HEIGHT) -> tuple[Room, ...]:
    """The room of each `<div data-slot="n">` of a slide that is `wide` by `high` pixels between its margins.

    `wants` are the lines that each would like to have, and the least that it must have.
    """
    root = parse(source)
    places = [_place(root, str(number), wide) for number in range(len(wants))]
    found: list[Room] = []
    for number, place in enumerate(places):
        if place is None:  # in a comment or the like: nobody sees it
            found.append(Room(1, 80))
            continue
        width = max(20, int((place.width - SIDES) / CHARACTER))
        with_it = [
            other
            for other, one in enumerate(places)
            if one is not None and (other == number or not _parallel(one.column, place.column))
        ]
        free = max(high - place.beside, 0) / LINE - DISTANCE * len(with_it)
        lines = share([wants[other][0] for other in with_it], free)[with_it.index(number)]
        found.append(Room(max(lines, min(wants[number][0], wants[number][1])), width))
    return tuple(found)


def width_of(columns: float, wide: float) -> int:
    """Characters of code that have room in a part of the slide's width."""
    return int((wide * columns - SIDES) / CHARACTER)


def _parallel(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    rows = dict(one)
    return any(rows.get(row, number) != number for row, number in other)


def _place(root: Node, slot: str, width: float) -> _Place | None:
    path = _path(root, slot)
    if path is None:
        return None
    columns: list[tuple[int, int]] = []
    beside = 0.0
    for parent, child in itertools.pairwise(path):
        for row in _rows(parent):
            if child in row:
                if len(row) > 1:
                    columns.append((id(row[0]), row.index(child)))
                    width = (width + GAP) * _share(child, parent) - GAP
            else:
                beside += max(_height(one, (width + GAP) * _share(one, parent) - GAP) for one in row)
    return _Place(tuple(columns), beside, width)


def _path(node: Node, slot: str) -> list[Node] | None:
    if node.attrs.get("data-slot") == slot:
        return [node]
    for child in node.nodes():
        found = _path(child, slot)
        if found is not None:
            return [node, *found]
    return None


def _rows(node: Node) -> Iterator[list[Node]]:
    """The elements right in a node, those that stand side by side together."""
    row: list[Node] = []
    used = 0.0
    for child in node.nodes():
        if child.tag in ("br", "style"):
            continue
        wanted = _share(child, node)
        if row and used + wanted > 1.02:
            yield row
            row, used = [], 0.0
        row.append(child)
        used += wanted
    if row:
        yield row


def _share(node: Node, parent: Node) -> float:
    """The part of the line that an element takes."""
    if "cell-right" in parent.classes:
        code = float(re.search(r"--code: ([\d.]+)", parent.attrs.get("style", "--code: 0.5"))[1])  # type: ignore[index]
        return code if node.tag == "pre" else 1 - code
    for name in node.classes:
        if name in _SHARES:
            return _SHARES[name]
        if found := re.fullmatch(r"col-(\d\d?)", name):
            return min(int(found[1]) / 12, 1.0) or 1.0
        if found := re.fullmatch(r"kol-(\d\d?)-(\d\d?)", name):
            return min(int(found[1]) / max(int(found[2]), 1), 1.0) or 1.0
        if found := re.fullmatch(r"grid-(\d\d?\d?)", name):
            return min(int(found[1]) / 100, 1.0) or 1.0
    return 1.0


def _height(node: Node, width: float) -> float:
    """CSS pixels of an element and the distance below it, slots not counted."""
    tag, text = node.tag, " ".join(node.text().split())
    if "footnote" in node.classes:
        return FOOT_NOTE
    if "data-slot" in node.attrs or "cell-provenance" in node.classes:
        return 0.0
    if tag in HEADS:
        high, under, character = HEADS[tag]
        return _lines(text, width, character) * high + under
    if tag == "pre":
        lines = sum("remark-code-line" in one.classes for one in node.walk()) or node.text().count("\n") + 1
        title = any("code-title" in one.classes for one in node.nodes())
        return lines * LINE + 57 + 20 + title * (LINE + 20)
    if tag in ("img", "svg", "video", "iframe"):
        return PICTURE
    if tag == "table":
        return sum(one.tag == "tr" for one in node.walk()) * ROW + WORD_GAP
    if tag == "hr":
        return 75.0
    if any(child.tag in _BLOCKS for child in node.nodes()):
        own = " ".join(child for child in node.children if isinstance(child, str) and child.strip())
        inside = sum(max(_height(one, (width + GAP) * _share(one, node) - GAP) for one in row) for row in _rows(node))
        return inside + (_lines(own, width, WORD) * WORD_LINE if own else 0.0)
    if not text and not any(child.tag in ("img", "svg") for child in node.walk()):
        return 0.0
    below = 18.0 if tag == "li" else WORD_GAP
    return _lines(text, width - 60 * (tag == "li"), WORD) * WORD_LINE + below


def _lines(text: str, width: float, character: float) -> int:
    return max(1, math.ceil(len(text) * character / max(width, 100)))
