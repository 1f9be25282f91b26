"""The author's text, cleaned (FORMAT 2), with the place of every character in the author's files."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from deckcast.model import Finding, Prose, Where


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text from one place of the author's file; a newline only at its end."""

    text: str
    line: int
    column: int


Line = tuple[Piece, ...]
"""One line of the deck, mostly of one piece, with its newline but for a file's last line."""


class Manuscript:
    """A text and the place of each of its characters."""

    def __init__(self, lines: Iterable[tuple[str, Line]], originals: dict[str, Sequence[str]]) -> None:
        """`lines` with the path of the file each is from; `originals` are the files' lines as the author sees them."""
        texts: list[str] = []
        self._begins: list[int] = []
        self._places: list[tuple[str, int, int]] = []
        self._line_begins: list[int] = []
        self._originals = originals
        self._order = {path: number for number, path in enumerate(originals)}
        self._fixed: Where | None = None
        offset = 0
        for path, line in lines:
            self._line_begins.append(offset)
            for piece in line:
                self._begins.append(offset)
                self._places.append((path, piece.line, piece.column))
                texts.append(piece.text)
                offset += len(piece.text)
        self.text = "".join(texts)
        self._broken = len(self._begins) != len(self._line_begins)

    @classmethod
    def made(cls, text: str, where: Where) -> Manuscript:
        """A text that no author wrote, such as a macro's result: all of it is from one place."""
        manuscript = cls([], {})
        manuscript.text = text
        manuscript._fixed = where
        manuscript._line_begins = [0]
        manuscript._line_begins += [at + 1 for at, char in enumerate(text) if char == "\n"]
        return manuscript

    def where(self, offset: int) -> Where:
        if self._fixed is not None:
            return self._fixed
        if not self._begins:
            return Where("<text>", 1, 1)
        index = max(bisect_right(self._begins, offset) - 1, 0)
        path, line, column = self._places[index]
        return Where(path, line, column + offset - self._begins[index])

    def same_line(self, begin: int, end: int) -> bool:
        """Whether no newline stands from `begin` up to `end`."""
        return bisect_right(self._line_begins, begin) == bisect_right(self._line_begins, end)

    def original(self, where: Where) -> str:
        """The author's own line."""
        lines = self._originals.get(where.path, ())
        return lines[where.line - 1] if 0 < where.line <= len(lines) else ""

    def rank(self, finding: Finding) -> tuple[int, int, int]:
        """Sorts findings by file, line and column."""
        where = finding.where or Where("", 0)
        return self._order.get(where.path, -1), where.line, where.column

    def prose(self, begin: int, end: int) -> tuple[Prose, ...]:
        """The text from `begin` to `end`; more than one piece where a place changes in mid-line."""
        if begin >= end:
            return ()
        if self._broken:
            cuts = self._begins[bisect_right(self._begins, begin) : bisect_left(self._begins, end)]
            inner = [cut for cut in cuts if self.text[cut - 1] != "\n"]
            edges = [begin, *inner, end]
            return tuple(self._prose(a, b) for a, b in pairwise(edges))
        return (self._prose(begin, end),)

    def _prose(self, begin: int, end: int) -> Prose:
        text = self.text[begin:end]
        first = bisect_right(self._line_begins, begin)
        last = bisect_right(self._line_begins, end)
        return Prose(text, (self.where(begin), *self._line_wheres[first:last]))

    @cached_property
    def _line_wheres(self) -> list[Where]:
        return [self.where(begin) for begin in self._line_begins]


class Findings:
    """What is worth telling the author about one deck; of many findings of one kind only the first are kept."""

    LIMIT = 50

    def __init__(self, manuscript: Manuscript) -> None:
        self._manuscript = manuscript
        self._found: list[Finding] = []
        self._counts: dict[str, int] = {}

    def wants(self, code: str) -> bool:
        """Whether one more finding of this kind would be kept."""
        return self._counts.get(code, 0) < self.LIMIT

    def add(self, code: str, message: str, begin: int, end: int, hint: str) -> None:
        """A warning about the text from `begin` to `end`."""
        self.add_at(code, message, self._manuscript.where(begin), end - begin, hint)

    def add_at(self, code: str, message: str, where: Where, width: int, hint: str) -> None:
        """A warning about so many characters at a place."""
        kept = self.wants(code)
        self._counts[code] = self._counts.get(code, 0) + 1
        if not kept:
            return
        line = self._manuscript.original(where)
        width = max(1, min(width, len(line) - where.column + 1))
        self._found.append(Finding(code, "warning", message, where, line, width, hint))

    def all(self) -> tuple[Finding, ...]:
        """In the order of the author's text, with a note for each kind that was cut short."""
        more = [
            Finding(code, "note", f"{count - self.LIMIT} more findings of the kind `{code}` are not shown")
            for code, count in self._counts.items()
            if count > self.LIMIT
        ]
        found = sorted(self._found, key=self._manuscript.rank)
        return (*found, *more)
