"""Content as one text for Markdown, with place-holders for what must not be read as Markdown (FORMAT 14.2).

A place-holder is a word of characters that no text may hold; it stands for a content class or a formula.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from deckcast.markup.formulas import find_formulas, may_hold
from deckcast.markup.protect import CodeRegion, code_regions
from deckcast.model import Box, Content, Prose, Where

BEGIN, END = "\ufdd0", "\ufdd1"
HOLDER = re.compile(f"{BEGIN}([0-9]+){END}")
_FORBIDDEN = str.maketrans({BEGIN: "\ufffd", END: "\ufffd", "\r": " ", "\0": "\ufffd"})
_RAW = re.compile(r"<(script|style|pre|svg|textarea)(?=[\s>])", re.I)


@dataclass(frozen=True, slots=True)
class HeldFormula:
    """A formula that was taken out, its TeX ready."""

    tex: str
    display: bool
    source: str
    """As it stood, marks included."""
    origins: tuple[Where | None, ...] = ()
    """Where each line of `source` begins."""


Held: TypeAlias = Box | HeldFormula


class Joined:
    """A text in which each character knows its place."""

    def __init__(self) -> None:
        self.text = ""
        self.held: list[Held] = []
        self._parts: list[str] = []
        self._length = 0
        self._begins: list[int] = []
        self._wheres: list[Where] = []

    def where(self, offset: int) -> Where | None:
        index = bisect_right(self._begins, offset) - 1
        if index < 0:
            return self._wheres[0] if self._wheres else None
        where = self._wheres[index]
        return Where(where.path, where.line, where.column + offset - self._begins[index])

    def hold(self, held: Held, where: Where | None) -> None:
        """Puts a place-holder at the end of the text."""
        self.add(f"{BEGIN}{len(self.held)}{END}", where)
        self.held.append(held)

    def add(self, text: str, where: Where | None) -> None:
        """Puts text of one line at the end, its newline included."""
        if where is not None:
            self._begins.append(self._length)
            self._wheres.append(where)
        self._parts.append(text)
        self._length += len(text)

    def copy(self, other: Joined, begin: int, end: int) -> None:
        """Puts a stretch of another text at the end, with its places."""
        if begin >= end:
            return
        shift = self._length - begin
        index = max(bisect_right(other._begins, begin) - 1, 0)
        while index < len(other._begins) and other._begins[index] < end:
            at = max(other._begins[index], begin)
            where = other.where(at)
            if where is not None:
                self._begins.append(at + shift)
                self._wheres.append(where)
            index += 1
        self._parts.append(other.text[begin:end])
        self._length += end - begin

    def finish(self) -> Joined:
        self.text = "".join(self._parts)
        return self


def join(content: Content) -> Joined:
    """The content's text, its common indent taken off (FORMAT 10.12), a place-holder for each content class."""
    indent = _common_indent(content)
    joined = Joined()
    fresh = True
    left = indent
    """How many blanks of the current line are still to be taken off."""
    for piece in content:
        if isinstance(piece, Box):
            joined.hold(piece, piece.where)
            fresh = False
            continue
        lines = piece.text.translate(_FORBIDDEN).split("\n")
        for number, (line, origin) in enumerate(zip(lines, piece.origins, strict=True)):
            if number:
                fresh, left = True, indent
            drop = min(left, len(line) - len(line.lstrip(" \t"))) if fresh else 0
            left -= drop
            fresh = fresh and drop == len(line)
            text = line[drop:] + ("\n" if number < len(lines) - 1 else "")
            if text:
                joined.add(text, Where(origin.path, origin.line, origin.column + drop))
    return joined.finish()


def _common_indent(content: Content) -> int:
    """The smallest indent of the lines that hold something."""
    smallest: int | None = None
    width = 0
    blank = True
    for piece in content:
        if isinstance(piece, Box):
            smallest = width if blank and (smallest is None or width < smallest) else smallest
            blank = False
            continue
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                width, blank = 0, True
            if not blank:
                continue
            rest = line.lstrip(" \t")
            width += len(line) - len(rest)
            if rest:
                blank = False
                smallest = width if smallest is None or width < smallest else smallest
    return smallest or 0


def take_formulas_out(joined: Joined, undo_escapes: bool) -> Joined:
    """The text with a place-holder for each formula."""
    if not may_hold(joined.text):
        return joined
    regions = _with_raw_elements(joined.text, list(code_regions(joined.text)))
    formulas = list(find_formulas(joined.text, regions))
    if not formulas:
        return joined
    taken = Joined()
    taken.held = list(joined.held)
    at = 0
    for formula in formulas:
        taken.copy(joined, at, formula.begin)
        source = with_sources(joined.text[formula.begin : formula.end], joined.held)
        breaks = (at for at in range(formula.begin, formula.end) if joined.text[at] == "\n")
        origins = tuple(joined.where(begin) for begin in (formula.begin, *(at + 1 for at in breaks)))
        tex = with_sources(formula.clean(undo_escapes), joined.held).strip()
        taken.hold(HeldFormula(tex, formula.display, source, origins), joined.where(formula.begin))
        at = formula.end
    taken.copy(joined, at, len(joined.text))
    return taken.finish()


def _with_raw_elements(text: str, code: list[CodeRegion]) -> list[CodeRegion]:
    """Code, and elements in which a dollar is no formula: scripts, styles, preformatted text, drawings."""
    raw: list[CodeRegion] = []
    reach = 0
    for match in _RAW.finditer(text):
        if match.start() < reach:
            continue
        closing = re.compile(f"</{match[1]}", re.I).search(text, match.end())
        if closing is None:
            break
        reach = closing.end()
        raw.append(CodeRegion(match.start(), reach, True, 0))
    if not raw:
        return code
    merged: list[CodeRegion] = []
    for region in sorted([*code, *raw], key=lambda region: region.begin):
        if not merged or region.begin >= merged[-1].end:
            merged.append(region)
    return merged


def with_sources(text: str, held: Sequence[Held]) -> str:
    """The text with each place-holder turned back into what the author wrote, for code and attributes."""
    return HOLDER.sub(lambda match: _source(held[int(match[1])]), text) if BEGIN in text else text


def _source(held: Held) -> str:
    if isinstance(held, HeldFormula):
        return held.source
    return f".{'.'.join(held.classes)}[{''.join(_sources(held.content))}]"


def _sources(content: Content) -> Iterator[str]:
    for piece in content:
        yield piece.text if isinstance(piece, Prose) else _source(piece)
