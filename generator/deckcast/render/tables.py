"""Tables that code put out: numbers to the right, and only the rows and columns that have room."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckcast.htmltree import Node
from deckcast.render import sanitise
from deckcast.render.words import left_out

ROW = 1.3
"""Height of a row, in lines of output."""
GAP, CHARACTER = 48, 19.5
"""Pixels of a column beyond its words, and of one of their characters in the table's largest type."""
WIDEST = 60
"""Characters of a cell beyond which it is cut."""
MOST_COLUMNS = 300
"""Columns that are looked at, ten times as many as a slide has room for: cells may claim to span any number of them."""
_NUMBER = re.compile(
    r"[+\-−]?[$€£]?\d[\d,_ ]*(?:\.\d*)?(?:[eE][+\-]?\d+)?\s*[%×x]?|[+\-−]?\.\d+|[+\-−]?inf|nan|NaN|<NA>|NaT|None|"
)
_ELLIPSIS = {"...", "…", "⋯", "⋮"}


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    html: str
    text: str
    head: bool


_EMPTY = (_Cell("", "", False), _Cell("", "", False))
"""In turns, since the same cell beside itself would be one that spans columns."""
_Row = list[_Cell]
"""A cell that spans columns stands there as often."""


class Table:
    """A table, read from HTML."""

    def __init__(self, node: Node) -> None:
        head, body = _rows(node)
        count = max(map(len, [*head, *body]), default=0)
        self._head, self._body = (_even(rows, count) for rows in (head, body))
        self._count = count
        self._numeric = {
            column
            for column in range(count)
            if self._body
            and any(row[column].text and not row[column].head for row in self._body)
            and all(row[column].head or _is_number(row[column].text) for row in self._body)
        }

    @property
    def height(self) -> float:
        """In lines of output."""
        return (len(self._head) + len(self._body)) * ROW

    def to_html(self, lines: float, width: float) -> tuple[str, int, int]:
        """The table in so many lines of so many pixels, and how many rows and how many columns are left out."""
        columns, lost_columns = self._columns(width)
        room = max(int(lines / ROW) - len(self._head), 2)
        first, last = self._middle(room)
        rows = [self._row(row, columns) for row in self._body]
        if first < last:
            # Where it holds a row of dots already, nobody knows how many rows that stands for.
            unknown = any(map(_is_dots, self._body[first:last]))
            words = "⋯" if unknown else left_out(last - first, "row")
            rows[first:last] = [f'<tr class="cell-cut"><td colspan="{len(columns)}">{words}</td></tr>']
        head = "".join(self._row(row, columns) for row in self._head)
        parts = (f"<thead>{head}</thead>" if head else "") + f"<tbody>{''.join(rows)}</tbody>"
        return f'<table class="cell-frame">{parts}</table>', last - first, lost_columns

    def _middle(self, room: int) -> tuple[int, int]:
        """The first row to be left out, and the one behind the last; a row of dots is among them."""
        count = len(self._body)
        if count <= room:
            return 0, 0
        tail = (room - 1) // 3
        first, last = room - 1 - tail, count - tail
        dots = next((number for number, row in enumerate(self._body) if _is_dots(row)), first)
        return min(first, dots), max(last, dots + 1)

    def _columns(self, width: float) -> tuple[list[int | None], int]:
        """The columns that have room, None for those between, and how many those are."""
        rows = (*self._body, *self._head)
        sizes = [
            max((min(len(row[column].text), WIDEST // 2) for row in rows), default=0) * CHARACTER + GAP
            for column in range(self._count)
        ]
        kept: list[int | None] = list(range(self._count))
        alive = list(range(self._count))
        lost = 0
        used = sum(sizes)
        while used + (CHARACTER + GAP) * (lost > 0) > width and len(kept) - lost > 3:
            # the middle goes first: the names of rows stand at the left, what is newest at the right
            middle = alive.pop(len(alive) // 2)
            used -= sizes[middle]
            kept[middle] = None
            lost += 1
        shown: list[int | None] = []
        for column in kept:
            if column is not None or (shown and shown[-1] is not None):
                shown.append(column)
        return shown, lost

    def _row(self, row: _Row, columns: Sequence[int | None]) -> str:
        parts: list[str] = []
        for cell, span, column in _spans(row, columns):
            if cell is None:
                parts.append("<td>⋯</td>")
                continue
            tag = "th" if cell.head else "td"
            wide = f' colspan="{span}"' if span > 1 else ""
            number = ' class="num"' if span == 1 and column in self._numeric else ""
            parts.append(f"<{tag}{wide}{number}>{cell.html}</{tag}>")
        return f"<tr>{''.join(parts)}</tr>"


def _spans(row: _Row, columns: Sequence[int | None]) -> Iterator[tuple[_Cell | None, int, int | None]]:
    """(cell, columns that it spans, its first one)"""
    at = 0
    while at < len(columns):
        column = columns[at]
        cell = None if column is None else row[column]
        span = 1
        while cell is not None and at + span < len(columns):
            following = columns[at + span]
            if following is None or row[following] is not cell:
                break
            span += 1
        yield cell, span, column
        at += span


def _rows(node: Node) -> tuple[list[_Row], list[_Row]]:
    """The rows of the head and of the body, cells that span rows followed by empty ones."""
    head: list[_Row] = []
    body: list[_Row] = []
    below: dict[int, tuple[int, _Cell]] = {}
    for tr, in_head in _trs(node, False):
        cells = [child for child in tr.nodes() if child.tag in ("td", "th")]
        row: _Row = []
        waiting = {column: (count - 1, cell) for column, (count, cell) in below.items() if count > 1}
        for each in cells:
            while len(row) in below:
                row.append(below[len(row)][1])
            cell = _cell(each)
            spans = _number(each, "rowspan")
            empty = _Cell("", "", cell.head)
            for _ in range(min(_number(each, "colspan"), MOST_COLUMNS - len(row))):
                if spans > 1:
                    waiting[len(row)] = (spans - 1, empty)
                row.append(cell)
        while len(row) in below:
            row.append(below[len(row)][1])
        below = waiting
        only_head = not body and bool(cells) and all(cell.tag == "th" for cell in cells)
        (head if in_head or (only_head and len(cells) > 1) else body).append(row)
    return head, body


def _trs(node: Node, in_head: bool) -> Iterator[tuple[Node, bool]]:
    for child in node.nodes():
        if child.tag == "tr":
            yield child, in_head
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _trs(child, child.tag == "thead")


def _cell(node: Node) -> _Cell:
    text = " ".join(sanitise.words(node).split())
    if len(text) > WIDEST:
        return _Cell(html.escape(text[: WIDEST - 1], quote=False) + "…", text, node.tag == "th")
    inner = Node("", {}, node.children)
    return _Cell(sanitise.sanitised(inner).strip(), text, node.tag == "th")


def _even(rows: list[_Row], count: int) -> list[_Row]:
    return [[*row, *(_EMPTY[column % 2] for column in range(len(row), count))] for row in rows]


def _number(node: Node, name: str) -> int:
    value = node.attrs.get(name, "").strip()
    return min(max(int(value), 1), 100) if re.fullmatch(r"\d{1,4}", value, re.ASCII) else 1


def _is_number(text: str) -> bool:
    return text in _ELLIPSIS or (len(text) < 40 and _NUMBER.fullmatch(text) is not None)


def _is_dots(row: _Row) -> bool:
    return bool(row) and all(cell.text in _ELLIPSIS for cell in row)
