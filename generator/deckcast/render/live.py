"""Live code on one step of a slide: its code as it is shown now, a place for what came out, values in sentences."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from deckcast.markup import Code, Span, diagram_of, option_lines, output_of, typed_of, value_of
from deckcast.model import Cell, Finding, Result, Results, Slide, Step, Where
from deckcast.places import first_step
from deckcast.render import provenance
from deckcast.render.assets import Assets
from deckcast.render.highlight import Painter
from deckcast.render.orders import Orders
from deckcast.render.outputs import Showing, pieces, unshown
from deckcast.render.pieces import CHARACTER, Figure, Piece, Room, Shown, arrange
from deckcast.render.room import rooms, width_of
from deckcast.render.typed import OUTPUT, Typed
from deckcast.settings import CellsSettings, SlidesSettings
from deckcast.shape import stage

LEAST = 5.0
"""Lines of a cell's output that are shown however full a slide is."""
SIDES = 256, 160
"""CSS pixels of the default theme's margins, left and right together, on a wide and on a narrow stage."""
NARROW = 1300
"""CSS pixels below which a stage is narrow."""
FOOT = 180
"""CSS pixels above the top margin's end and below the foot line."""
Key: TypeAlias = tuple[Where | None, int]
"""(place in the author's text, how many of it stand above): which place of a step is which in another step."""
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no document may hold: control characters, halves of characters."""
_LIVE = re.compile(r"\{\s*[A-Za-z]|\S+(?:\s.*)?\sexec(?:[=\s]|\Z)")
"""What stands behind the marks of code with options, whether it runs or not."""
_SLOT = re.compile(r'<div data-slot="(\d+)"></div>')


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place for what came out of a cell."""

    key: Key
    cell: Cell
    result: Result
    pieces: tuple[Piece, ...]
    alone: bool
    """Whether no code stands with it."""


class Live:
    """The `code` and `inline` callbacks of `markup.to_html` for a step. Without results all stands as written."""

    def __init__(
        self,
        results: Results,
        slide: Slide,
        step: Step,
        settings: CellsSettings,
        assets: Assets,
        slides: SlidesSettings,
        orders: Orders,
        seen: set[Where],
    ) -> None:
        """`seen` are the places of code that has shown on the steps before; what shows now is put in."""
        self.painter = Painter(slides.line_numbers)
        self.said: list[tuple[Where, str]] = []
        """(place, HTML) of what cells and values put out."""
        self.typed: list[Typed] = []
        self._seen = seen
        self._results = results
        self._numbers = {one.index: number for number, one in enumerate(slide.steps)}
        self._number = self._numbers[step.index]
        self._slide = slide
        self._title = slide.title
        self._settings = settings
        self._assets = assets
        wide, high = stage(slides.ratio)
        self._wide = wide - SIDES[wide < NARROW]
        self._high = high - FOOT
        self._orders = orders
        self._slots: list[_Slot] = []

    def code(self, code: Code) -> str:
        name = output_of(code.info)
        if name is not None:
            pair = self._results.named(name)
            if pair is None:
                return f"<p><code>{html.escape(code.info, quote=False)}</code></p>"
            return self._slot(*pair, code.where, alone=True)
        pair = self._results.at(code.where)
        if pair is None:
            diagram = diagram_of(code)
            if diagram is not None:
                return self._orders.diagram(diagram)
            plain = self._emphasised(self._without_options(code))
            return self.painter.paint(plain, None, self._typing(code.where, _typed_of(code)))
        cell, result = pair
        source = self._source(code, cell) if cell.echo and cell.output != "only" else ""
        slot = "" if cell.output == "none" else self._slot(cell, result, code.where, alone=not source)
        if not source or not slot:
            return source or slot
        if cell.output == "right":
            return f'<div class="cell cell-right" style="--code: {self._code_share(cell):.2f}">\n{source}{slot}</div>\n'
        return f'<div class="cell">\n{source}{slot}</div>\n'

    def inline(self, span: Span) -> str | None:
        value = value_of(span, self._results)
        if value is None:
            return None
        shown = _clean(html.escape(" ".join(value.split()), quote=False))
        if span.where is not None:
            self.said.append((span.where, shown))
        return f'<span class="cell-value">{shown}</span>'

    def rooms(self, source: str) -> dict[Key, Room]:
        """What each place of the step may take, where `source` is the step's HTML with places in it."""
        limit = self._settings.output_lines
        first = width_of(1.0, self._wide)
        wants = [sum(piece.height(first) for piece in slot.pieces) for slot in self._slots]
        found = rooms(source, [(want, LEAST) for want in wants], self._wide, self._high)
        limited = tuple(Room(limit + 1.0, room.width) for room in found) if limit else found
        return {slot.key: room for slot, room in zip(self._slots, limited, strict=True)}

    def fill(self, source: str, given: Mapping[Key, Room]) -> tuple[str, tuple[Finding, ...]]:
        """The HTML with all outputs in their places, and what the author should know about them."""
        findings: list[Finding] = []

        def put(found: re.Match[str]) -> str:
            slot = self._slots[int(found[1])]
            shown = arrange(slot.pieces, given[slot.key])
            if any(one.lines or one.rows or one.columns or one.shortened for one in shown):
                findings.append(_long(slot, shown))
            if media_types := unshown(slot.result):
                findings.append(_unshown(slot, media_types))
            name = self._output_name(slot.cell)
            if slot.alone and len(shown) == 1 and isinstance(slot.pieces[0], Figure):
                return shown[0].html.replace("<figure", f"<figure{name}", 1)
            inside = _clean("\n".join(one.html for one in shown))
            self.said.append((slot.cell.where, inside))
            return f'<div class="cell-output"{name}>\n{inside}\n</div>'

        filled = _SLOT.sub(put, source)
        told = provenance.line([slot.result for slot in self._slots], self._settings.provenance)
        if told:
            filled += f'\n<div class="cell-provenance" aria-hidden="true">{html.escape(told, quote=False)}</div>'
        return filled, tuple(findings)

    def _slot(self, cell: Cell, result: Result, where: Where | None, *, alone: bool) -> str:
        what = cell.name or (f"the code on the slide “{self._title}”" if self._title else "the code")
        showing = Showing(
            cell.alt or f"Output of {what}",
            lambda data, kind: self._assets.keep(data, kind, cell),
            lambda math: self._orders.formula(math, cell),
        )
        found = pieces(result, self._settings.output_limit, showing)
        if not found:
            return ""
        key = (where, sum(slot.key[0] == where for slot in self._slots))
        self._slots.append(_Slot(key, cell, result, found, alone))
        return f'<div data-slot="{len(self._slots) - 1}"></div>\n'

    def _source(self, code: Code, cell: Cell) -> str:
        lines = cell.source.split("\n")
        marked: frozenset[int]
        if cell.highlights:
            number = max(self._number - self._numbers.get(cell.step, 0), 0)
            marked = frozenset(line - 1 for line in cell.highlights[min(number, len(cell.highlights) - 1)])
            if len(marked) >= len(lines):
                marked = frozenset()  # all lines are no emphasis
        else:
            places = {(where.path, where.line): line for line, where in enumerate(cell.lines)}
            starred = [code.origins[line] for line in code.marked if line < len(code.origins)]
            marked = frozenset(
                places[where.path, where.line] for where in starred if where and (where.path, where.line) in places
            )
        shown = dataclasses.replace(
            code, text=cell.source, marked=marked, numbers=cell.numbers, title=cell.title, signs=()
        )
        fold = (cell.fold[0] - 1, min(cell.fold[1], len(lines)) - 1) if cell.fold else None
        typed = self._typing(code.where, cell.typed)
        return self.painter.paint(shown, fold if fold and fold[0] <= fold[1] else None, typed)

    def _typing(self, where: Where | None, seconds: float | None) -> str:
        """The name of code that is typed on this step, since no step before has shown it; else nothing."""
        if where is None or where in self._seen:
            return ""
        self._seen.add(where)
        if seconds is None:
            return ""
        self.typed.append(Typed(f"typed-{len(self.typed) + 1}", seconds, where))
        return self.typed[-1].name

    def _output_name(self, cell: Cell) -> str:
        """The attribute of what came out of code that is typed on this step."""
        names = (one.name for one in self.typed if one.where == cell.where)
        return "".join(f' data-typed="{name}/{OUTPUT}"' for name in names)

    def _emphasised(self, code: Code) -> Code:
        """Code that does not run, with the lines marked whose turn it is."""
        if len(code.groups) < 2 or code.where is None:
            return code
        number = max(self._number - first_step(self._slide, code.where), 0)
        marked = code.groups[min(number, len(code.groups) - 1)]
        everything = len(marked) > code.text.count("\n")
        return dataclasses.replace(code, marked=frozenset() if everything else marked)

    def _without_options(self, code: Code) -> Code:
        """Code that does not run, without the `#|` lines that say so."""
        name = re.sub(r"[{},].*", "", code.language.lstrip("{ ")).lower()
        if not _LIVE.match(code.info) and name not in self._settings.exec:
            return code
        count = len(option_lines(name, code.text.split("\n")))
        named = code.groups[0] if code.groups else frozenset[int]()
        return dataclasses.replace(
            code,
            text="\n".join(code.text.split("\n")[count:]),
            marked=named | {line - count for line in code.marked - named if line >= count},
            origins=code.origins[count:],
            signs=code.signs[count:],
        )

    def _code_share(self, cell: Cell) -> float:
        """The part of the width that code gets which stands left of its output."""
        code = max(map(len, cell.source.split("\n")))
        output = max(piece.width() for piece in self._slots[-1].pieces)
        needed = (code * CHARACTER + 96) / (self._wide - 32)
        return min(max((code + 6) / (code + output + 12), needed, 0.38), 0.64)


def _typed_of(code: Code) -> float | None:
    try:
        return typed_of(code.info)
    except ValueError:  # told by the stage that reads options
        return None


def _clean(text: str) -> str:
    return _UNSHOWN.sub("\ufffd", text)


def _unshown(slot: _Slot, media_types: Sequence[str]) -> Finding:
    return Finding(
        "cell-output-form",
        "warning",
        f"an output of {slot.cell.label} has no form that a slide can show ({', '.join(dict.fromkeys(media_types))})",
        slot.key[0] or slot.cell.where,
        hint="its plain text stands there; put out a picture, a table or text, or hide it: `output=none`",
    )


def _long(slot: _Slot, shown: Sequence[Shown]) -> Finding:
    """Where it has no room: at the cell, or at the place that shows its output."""
    left = {name: sum(getattr(one, name) for one in shown) for name in ("lines", "rows", "columns")}
    counts = [f"{count:,} {name[:-1] if count == 1 else name}" for name, count in left.items() if count]
    one = sum(left.values()) == 1
    what = f"{' and '.join(counts)} {'is' if one else 'are'} left out" if counts else "a line is too long"
    hint = (
        "print less" if slot.alone else "print less, or place it on a slide of its own: `{output} name` in a paragraph"
    )
    return Finding(
        "cell-output-long",
        "warning",
        f"the output of {slot.cell.label} has no room on the slide: {what}",
        slot.key[0] or slot.cell.where,
        hint=hint,
    )
