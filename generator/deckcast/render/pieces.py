"""What stands in a slide's place for outputs: pieces that know how much room they want and can do with less."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from deckcast.htmltree import Node, parse
from deckcast.render import ansi, sanitise, words
from deckcast.render.ansi import Line
from deckcast.render.tables import Table

LINE = 43.2
"""Height of a line of output in CSS pixels, where the default theme sets it in 28.8 px (`--fit` 0.9)."""
CHARACTER = 17.3
"""Width of one of its characters."""


TALL = 720
"""Pixels under a heading that a picture can have beside code."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a piece may take."""

    lines: float
    width: int
    """In characters."""


@dataclass(frozen=True, slots=True)
class Shown:
    html: str
    lines: int = 0
    """How many lines are not shown."""
    rows: int = 0
    columns: int = 0
    """Of tables."""
    shortened: bool = False
    """Whether a line is not whole."""


class Piece(Protocol):
    def height(self, width: int) -> float:
        """The lines that it wants, where one has so many characters."""
        ...

    def width(self) -> int:
        """The characters of a line that it would like to have."""
        ...

    def show(self, room: Room) -> Shown: ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """HTML that is not cut."""

    html: str
    lines: float = 1.0

    def height(self, width: int) -> float:
        return self.lines

    def width(self) -> int:
        return 20

    def show(self, room: Room) -> Shown:
        return Shown(self.html)


@dataclass(frozen=True, slots=True)
class Text:
    """Lines in the type of code."""

    kind: str
    """Its class: `cell-stdout`, `cell-stderr`, `cell-result`, `cell-json`, `cell-traceback`."""
    lines: tuple[Line, ...]

    PADDING = 0.9
    """What its box adds, in lines."""

    def height(self, width: int) -> float:
        return sum(words.rows(line, width) for line in self.lines) + self.PADDING

    def width(self) -> int:
        return max(20, *map(ansi.length, self.lines))

    def show(self, room: Room) -> Shown:
        fitted = words.fit(self.lines, int(room.lines - self.PADDING + 0.01), room.width)
        text = "\n".join(map(ansi.to_html, fitted.lines))
        coloured = " remark-code" if self.kind == "cell-json" else ""
        return Shown(
            f'<pre class="cell-text {self.kind}"><samp class="{self.kind}{coloured}">{text}</samp></pre>',
            lines=fitted.left,
            shortened=fitted.shortened,
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture."""

    url: str
    alt: str
    size: tuple[float, float]
    """Its own, in CSS pixels."""

    LEAST = 5.0
    """Lines of height below which nothing can be made out on it."""

    def height(self, width: int) -> float:
        wide, high = self.size
        return high * min(1.0, (width + 3) * CHARACTER / wide) / LINE

    def width(self) -> int:
        wide, high = self.size
        return round(min(wide, wide / high * TALL) / CHARACTER)

    def show(self, room: Room) -> Shown:
        wide, high = self.size
        shape = f"--width: {wide:g}px; --ratio: {wide / high:.4g}; --room: {max(room.lines, self.LEAST) * LINE:.0f}px"
        return Shown(
            f'<figure class="cell-picture" style="{shape}">'
            f'<img src="{self.url}" alt="{html.escape(self.alt)}" width="{wide:.0f}" height="{high:.0f}"></figure>'
        )


HOLDER = "\ue000{}\ue001"
"""What stands in the source of `Words` for HTML of ours, by its number."""


class Words:
    """Tables and other simple markup. `held` is HTML of ours that stands in it."""

    def __init__(self, source: str | Node, held: tuple[str, ...] = ()) -> None:
        self._root = parse(source) if isinstance(source, str) else source
        self._held = held
        self._tables = {node: Table(node) for node in self._root.walk() if node.tag == "table"}

    def height(self, width: int) -> float:
        beside = len("".join(map(sanitise.words, _without_tables(self._root)))) / (width * 0.9)
        held = sum(text.count("remark-code-line") + 2 for text in self._held)
        return sum(table.height for table in self._tables.values()) + math.ceil(beside) * 1.2 + held

    def width(self) -> int:
        return 40

    def show(self, room: Room) -> Shown:
        heights = [table.height for table in self._tables.values()]
        beside = self.height(room.width) - sum(heights)
        rooms = words.share(heights, max(room.lines - beside, 4.0))
        left_rows = left_columns = 0
        made: dict[Node, str] = {}
        for (node, table), lines in zip(self._tables.items(), rooms, strict=True):
            made[node], rows, columns = table.to_html(lines + 0.01, (room.width + 4) * CHARACTER)
            left_rows += rows
            left_columns += columns
        text = sanitise.sanitised(self._root, made).strip()
        for number, ours in enumerate(self._held):
            text = text.replace(HOLDER.format(number), ours.strip(), 1)
        return Shown(f'<div class="cell-words">{text}</div>', rows=left_rows, columns=left_columns)


def _without_tables(node: Node) -> list[Node | str]:
    found: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            found.append(child)
        elif child.tag != "table":
            found += _without_tables(child)
    return found


def arrange(pieces: Sequence[Piece], room: Room) -> list[Shown]:
    """All pieces, each in its share of the room."""
    wants = [piece.height(room.width) for piece in pieces]
    fixed = sum(want for piece, want in zip(pieces, wants, strict=True) if isinstance(piece, Fixed))
    supple = [want for piece, want in zip(pieces, wants, strict=True) if not isinstance(piece, Fixed)]
    shares = iter(words.share(supple, max(room.lines - fixed, 0.0)))
    return [
        piece.show(room if isinstance(piece, Fixed) else Room(max(next(shares), 3.0), room.width)) for piece in pieces
    ]
