"""What is found in a deck, as text that cases compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from deckcast.config import from_options, overlay
from deckcast.errors import DeckcastError
from deckcast.model import Cell, Finding, Where
from deckcast.parse import compose, script_of
from deckcast.run.cells import Found, find
from deckcast.settings import Settings

FOLDER = Path(__file__).parent / "cases" / "folder"
"""The folder in which the cases' decks lie."""
DECK = "presentation.md"
_PLAIN = {field.name: field.default for field in dataclasses.fields(Cell)}


def found_in(text: str, folder: Path = FOLDER) -> Found:
    script = script_of([(DECK, text)], folder)
    settings = overlay(Settings(), from_options(script.options))
    return find(compose(script, settings.slides), settings)


def show(text: str) -> str:
    try:
        found = found_in(text)
    except DeckcastError as error:
        return "\n".join(_finding(finding) for finding in error.findings)
    inlines = [
        f"{inline.language} `{inline.expression}` at {_place(inline.where)}, step {inline.step}"
        for inline in found.inlines
    ]
    findings = [_finding(finding) for finding in found.findings]
    return "\n".join([*(line for cell in found.cells for line in _cell(cell)), *inlines, *findings]) or "nothing"


def _cell(cell: Cell) -> Iterator[str]:
    options = [
        f"{name}={_value(getattr(cell, name))}"
        for name in _PLAIN
        if name not in ("index", "language", "source", "lines", "where", "step") and getattr(cell, name) != _PLAIN[name]
    ]
    yield " ".join([f"cell {cell.index} {cell.language} at {_place(cell.where)}, step {cell.step}", *options])
    assert len(cell.lines) == (len(cell.source.split("\n")) if cell.source else 0)
    for line, where in zip(cell.source.split("\n"), cell.lines, strict=False):
        yield f"  {where.line} | {line}".rstrip()


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(_value(one) for one in value)
    if isinstance(value, frozenset):
        return "[" + " ".join(str(one) for one in sorted(value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _place(where: Where | None) -> str:
    return "nowhere" if where is None else f"{where.line}:{where.column}"


def _finding(finding: Finding) -> str:
    width = finding.width
    meant = ""
    if finding.where is not None and finding.line:
        begin = finding.where.column - 1
        meant = f" «{finding.line[begin : begin + width]}»"
    message = finding.message.replace(str(FOLDER), "FOLDER")
    return f"{finding.severity}[{finding.code}] {_place(finding.where)}{meant}: {message}\n  help: {finding.hint}"
