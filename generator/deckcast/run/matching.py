"""Which parts of a record serve a deck as it is now, and why the others do not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deckcast.digest import Question
from deckcast.model import Cell, Inline, Result
from deckcast.run.keys import FILE, Asked
from deckcast.run.record import Entry, Record, Value, own_parts
from deckcast.run.traces import renumbered

NO_RECORD = "there is no record of it"
BEFORE_CHANGED = "the cells before it changed"


@dataclass(frozen=True, slots=True)
class Stale:
    """A cell or expression whose record does not serve."""

    code: Cell | Inline
    why: str
    own: bool
    """Whether the reason lies in itself, and not in those before it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A record beside the deck."""

    entries: Mapping[int, Entry]
    """What was recorded of each cell, by `Cell.index`, whether it serves or not. Its traceback has today's numbers."""
    serving: Mapping[int, Result]
    """Results that may be shown, by `Cell.index`."""
    values: Mapping[int, str]
    """Values that may be shown, by their expression's place in the chapter, from 0."""
    stale: tuple[Stale, ...]
    """Cells without needs and expressions that have to run, in order."""
    unserved: tuple[Cell, ...]
    """Cells with needs that have no result to be shown."""

    def why(self, code: Cell | Inline) -> str:
        return next((one.why for one in self.stale if one.code == code), "")

    @property
    def roots(self) -> tuple[Stale, ...]:
        """Those that tell why; the others only follow them."""
        return tuple(one for one in self.stale if one.own) or self.stale[:1]


def match(cells: tuple[Cell, ...], inlines: tuple[Inline, ...], asked: Asked, record: Record, lost: str = "") -> Match:
    """`lost` says why there is no record where one was."""
    entries = _entries(cells, asked, record)
    serving: dict[int, Result] = {}
    stale: list[Stale] = []
    unserved: list[Cell] = []
    for cell in cells:
        entry = entries.get(cell.index)
        question = asked.cells[cell.index]
        why, own = _why(cell, question, entry, lost)
        if entry is not None and not why:
            serving[cell.index] = entry.result
        elif cell.needs:
            unserved.append(cell)
        else:
            stale.append(Stale(cell, why, own))
    values: dict[int, str] = {}
    known = {value.key: value for value in record.values}
    for place, (inline, question) in enumerate(zip(inlines, asked.inlines, strict=True)):
        value = known.get(question.key)
        if value is not None:
            values[place] = value.text
        else:
            seen = any(_same_expression(inline, one) for one in record.values)
            stale.append(Stale(inline, BEFORE_CHANGED if seen else lost or NO_RECORD, not seen))
    return Match(entries, serving, values, tuple(stale), tuple(unserved))


def _entries(cells: tuple[Cell, ...], asked: Asked, record: Record) -> dict[int, Entry]:
    """The entry that was most likely each cell's: by key, by name, by source, by number."""
    left = list(record.entries)
    found: dict[int, Entry] = {}

    def take(wanted: Mapping[int, Any], offered: Callable[[Entry], Any]) -> None:
        """Gives cells the entries that offer what they want; what is empty is neither wanted nor offered."""
        for index, tag in wanted.items():
            entry = next((one for one in left if tag and offered(one) == tag), None) if index not in found else None
            if entry is not None:
                left.remove(entry)
                found[index] = entry

    take({index: question.key for index, question in asked.cells.items()}, lambda entry: entry.key)
    take({cell.index: cell.name for cell in cells}, lambda entry: entry.name)
    take({index: _source(own_parts(one)) for index, one in asked.cells.items()}, lambda entry: _source(entry.parts))
    take({cell.index: cell.index for cell in cells if not cell.name}, lambda entry: 0 if entry.name else entry.number)
    numbers = {entry.number: index for index, entry in found.items()}
    return {index: _with_numbers(entry, numbers) for index, entry in found.items()}


def _with_numbers(entry: Entry, numbers: Mapping[int, int]) -> Entry:
    failure = entry.result.failure
    if failure is None:
        return entry
    today = dataclasses.replace(failure, traceback=renumbered(failure.traceback, numbers))
    return dataclasses.replace(entry, result=dataclasses.replace(entry.result, failure=today))


def _why(cell: Cell, question: Question, entry: Entry | None, lost: str) -> tuple[str, bool]:
    """Why the entry does not serve, empty where it does, and whether the reason lies in the cell itself."""
    if entry is None:
        return lost or NO_RECORD, True
    if entry.key == question.key:
        if entry.damage:
            return f"its picture {entry.damage}", True
        if entry.result.failure is not None and not cell.may_fail:
            return "it failed when it was recorded, and may not fail", True
        return "", False
    changed = list(_changed(dict(entry.parts), dict(own_parts(question))))
    return (", ".join(changed), True) if changed else (BEFORE_CHANGED, False)


def _changed(then: Mapping[str, str], now: Mapping[str, str]) -> Iterable[str]:
    for name in sorted({*then, *now}):
        if then.get(name) == now.get(name):
            continue
        if name.startswith(FILE):
            verb = "changed" if name in then and name in now else "is new" if name in now else "is no longer named"
            yield f"the file {name.removeprefix(FILE)} {verb}"
        elif name == "kernel":
            yield "it ran on another kernel"
        elif name == "lock":
            yield "the lock file changed"
        else:
            yield f"its {name} changed"


def _source(parts: Iterable[tuple[str, str]]) -> str:
    return dict(parts).get("source", "")


def _same_expression(inline: Inline, value: Value) -> bool:
    return (inline.language, inline.expression) == (value.language, value.expression)
