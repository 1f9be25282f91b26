"""`deckcast run`: the cells of a chapter, without the lesson around them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.cli.echo import echo
from deckcast.errors import DeckcastError, UsageError
from deckcast.harmless import TURNING, harmless

if TYPE_CHECKING:
    from deckcast.model import Cell, Deck, Failure, Finding, Output, Result, Results
    from deckcast.project import Chapter

_ECHO = 3
"""Lines of a cell's code that are shown; they tell which one it is."""
_WIDEST = 2000
"""Characters of a line of output that are shown."""


@click.command()
@click.argument("chapter", metavar="CHAPTER", type=options.CHAPTER)
@click.option("--cell", "name", metavar="NAME", help="Run up to this cell (its name, or its number) and show only it.")
@options.cells
@options.settings
@click.option("--json", "as_json", is_flag=True, help="Print the results as one JSON document.")
def command(
    chapter: str, name: str | None, mode: str | None, trust: bool, settings: dict[str, str], as_json: bool
) -> int:
    """Run the code in a chapter's deck and show what comes out.

    What came out is recorded beside the deck, and `deckcast build` shows it. With --cell, nothing is recorded.
    """
    from deckcast import project, report
    from deckcast.labels import label, labelled
    from deckcast.stages import Silence

    if name is not None and mode is not None:
        raise UsageError("--cell and --exec do not go together", hint="with --cell, all cells up to that one run")
    given = {"cells.mode": mode, **settings}
    progress = Silence() if as_json else _Progress()
    deck: Deck | None = None
    shown: Results | None = None
    findings: tuple[Finding, ...] = ()
    code = 0
    try:
        job = project.find_chapter(chapter)
        deck, run = _prepare(job, given, trust, progress)
        with labelled(deck):
            shown, findings = run(name)
        findings = label(findings, deck)
        code = int(any(one.severity == "error" for one in findings))
    except DeckcastError as error:
        if not as_json:
            raise
        findings, code = error.findings, error.exit_code
    if as_json:
        cells, values = _json(shown, deck) if shown is not None and deck is not None else ([], [])
        diagnostics = [report.finding_json(finding) for finding in findings]
        report.print_json({"version": 1, "ok": code == 0, "cells": cells, "values": values, "diagnostics": diagnostics})
        return code
    if shown is not None and deck is not None:
        _show(shown, deck)
    told = [one for one in findings if one.severity != "note"]
    report.show_findings(told)
    if told:
        echo(report.count_findings(told), err=True)
    return code


def _prepare(job: Chapter, given: Mapping[str, Any], trust: bool, progress: Any) -> tuple[Deck, Any]:
    """The deck, and a function that runs it: all of it, or up to the cell of a name."""
    from deckcast import config
    from deckcast.build import read
    from deckcast.engines.store_memory import MemoryStore
    from deckcast.keep import Keeper
    from deckcast.model import Cell, Results
    from deckcast.run import find, run, run_until
    from deckcast.trust import LiveCode, check
    from deckcast.workshop import Workshop

    deck, settings = read(job, config.from_command_line(given))
    shop = Workshop()

    def kernels() -> Any:
        return shop.kernels(settings, job.templates, progress)

    def allow(code: LiveCode) -> None:
        check(job.deck, code, allow=trust)

    def go(name: str | None) -> tuple[Results, tuple[Finding, ...]]:
        if name is None:
            keeper = Keeper(MemoryStore(), progress, job.name)
            return run(deck, settings, find(deck, settings), keeper, kernels, allow, progress)

        def done(code: object) -> None:
            if isinstance(code, Cell):
                progress.advance("run", code.label, kept=False)

        cell, result, findings = run_until(deck, settings, name, kernels, allow, done, progress.say)
        return Results(((cell, result),)), findings

    return deck, go


class _Progress:
    """Says on standard error which cells have run, since that can take minutes."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            echo(f"{what}: {why or 'ran'}", err=True)

    def end(self, stage: str, note: str = "") -> None: ...

    def say(self, message: str) -> None:
        echo(message, err=True)


# ── for people ──


def _show(results: Results, deck: Deck) -> None:
    from deckcast.outline import slides_by_step

    slides = slides_by_step(deck)
    if not results.cells and not results.values:
        echo(f"there is no code in {deck.path} that runs", err=True)
    for cell, result in results.cells:
        spent = f"  {result.seconds:.2f} s" if result.provenance else ""
        place = f"{cell.where.path}:{cell.where.line}"
        click.echo(
            click.style(harmless(f"{place}  slide {slides[cell.step].index}  {cell.label}{spent}"), bold=_colours())
        )
        lines = [line for line in cell.source.split("\n") if line.strip()]
        for line in lines[:_ECHO]:
            click.echo(click.style(f"  | {_printable(line)}", dim=_colours()))
        if len(lines) > _ECHO:
            click.echo(click.style(f"  | … {len(lines) - _ECHO} more", dim=_colours()))
        for line in _lines(result):
            echo(f"  {line[:_WIDEST]}{'…' if len(line) > _WIDEST else ''}".rstrip())
        echo()
    for inline, value in results.values:
        place = f"{inline.where.path}:{inline.where.line}"
        echo(f"{place}  slide {slides[inline.step].index}  {inline.expression} = {_printable(value)}")


def _lines(result: Result) -> list[str]:
    """What came out, as text."""
    if result.lacking:
        return [f"not run here: needs {', '.join(result.lacking)}"]
    lines = [line for output in result.outputs for line in _output(output)]
    if result.dropped:
        lines.append(f"… {result.dropped:,} bytes are left out")
    if result.failure is not None:
        lines += _failure(result.failure)
    return lines


def _output(output: Output) -> list[str]:
    pictures = [
        f"[{name}, {len(content):,} bytes]" for name, content in output.data if name.startswith("image/") and content
    ]
    text = output.get("text/plain")
    lines = _printable(text).rstrip("\n").split("\n") if isinstance(text, str) and text else []
    other = [f"[{name}]" for name, _ in output.data if name != "text/plain"] if not lines and not pictures else []
    return [*lines, *pictures, *other]


def _failure(failure: Failure) -> list[str]:
    told = f"{failure.name}: {failure.message}"
    return _printable(failure.traceback or told).split("\n")


def _printable(text: str) -> str:
    from deckcast.run.traces import without_colours

    text = without_colours(text).replace("\r\n", "\n")
    return harmless("".join(c if c.isprintable() or c in "\n\t" + TURNING else "�" for c in text))


def _colours() -> bool:
    from deckcast import report

    return report.coloured(sys.stdout)


# ── for programs ──


def _json(results: Results, deck: Deck) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    from deckcast.outline import slides_by_step

    slides = slides_by_step(deck)
    cells = [{**_cell_json(cell), "slide": slides[cell.step].index, **_result_json(one)} for cell, one in results.cells]
    values = [
        {
            "file": inline.where.path,
            "line": inline.where.line,
            "slide": slides[inline.step].index,
            "language": inline.language,
            "expression": inline.expression,
            "value": value,
        }
        for inline, value in results.values
    ]
    return cells, values


def _cell_json(cell: Cell) -> dict[str, Any]:
    where = cell.where
    return {
        "cell": cell.index,
        "name": cell.name or None,
        "language": cell.language,
        "file": where.path,
        "line": where.line,
    }


def _result_json(result: Result) -> dict[str, Any]:
    import dataclasses

    return {
        "outputs": [{"kind": output.kind, "data": _data_json(output)} for output in result.outputs],
        "failure": dataclasses.asdict(result.failure) if result.failure else None,
        "dropped": result.dropped,
        "seconds": result.seconds,
        "peak": result.peak,
        "lacking": list(result.lacking),
        "provenance": dataclasses.asdict(result.provenance) if result.provenance else None,
    }


def _data_json(output: Output) -> dict[str, Any]:
    """Texts as they are; of pictures the size and the digest, by which their file beside the record is named."""
    from deckcast.digest import sha256

    return {
        name: {"bytes": len(content), "sha256": sha256(content)} if isinstance(content, bytes) else content
        for name, content in output.data
    }
