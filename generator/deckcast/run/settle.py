"""What a run gave, beside what was recorded before.

An output that came out again as it was, on the same hardware with the same versions, keeps the date and the measures of
when it came out first: so an unchanged run leaves the record and the slides as they are.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from deckcast.model import Cell, Provenance, Result, Results
from deckcast.run.job import Job
from deckcast.run.record import Entry, Record, Value, own_parts
from deckcast.run.traces import placed


def settle(job: Job, fresh: Mapping[int, Result]) -> dict[int, Result]:
    """The results of a run, by `Cell.index`; those of cells with needs that did not run come from their own record."""
    results: dict[int, Result] = {}
    for cell in job.cells:
        new = fresh.get(cell.index)
        entry = job.match.entries.get(cell.index)
        if new is None:
            if cell.index in job.match.serving:
                results[cell.index] = job.match.serving[cell.index]
        elif entry is not None and _same_source(job, cell, entry) and _same(entry.result, new):
            results[cell.index] = entry.result
        else:
            results[cell.index] = new
    return results


def _same_source(job: Job, cell: Cell, entry: Entry) -> bool:
    now, then = dict(own_parts(job.asked.cells[cell.index])), dict(entry.parts)
    return not entry.damage and all(now.get(name) == then.get(name) for name in ("source", "kernel"))


def _same(old: Result, new: Result) -> bool:
    return (
        same_outcome(old, new)
        and old.provenance is not None
        and new.provenance is not None
        and same_place(old.provenance, new.provenance)
    )


def same_outcome(old: Result, new: Result) -> bool:
    """Whether the same came out, however long it took, and wherever in memory it lay."""
    return _outcome(old) == _outcome(new)


_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,16}\b")
_PACE = re.compile(r"\[\d+(?::\d\d)+(?:<[\d:?]+)?, +[\d.?]+[^\s\],]{1,20}(?=[\],])")
"""Of a progress bar: `[00:12<00:03, 97.89it/s`."""


def _outcome(result: Result) -> tuple[object, ...]:
    outputs = tuple(
        (output.kind, output.width, tuple((name, without_chance(content)) for name, content in output.data))
        for output in result.outputs
    )
    return outputs, result.failure, result.dropped


def without_chance(content: str | bytes) -> str | bytes:
    """Without what is another in each run and says nothing: where in memory an object lies, as in
    `<Axes at 0x7f2c>`, and how fast a progress bar was."""
    if not isinstance(content, str):
        return content
    if "at 0x" in content:
        content = _ADDRESS.sub("at 0x…", content)
    return _PACE.sub("[…", content) if "[" in content and "/" in content else content


def same_place(old: Provenance, new: Provenance) -> bool:
    """Whether two runs had the same hardware, and the same versions of all that both had imported."""
    then = dict(old.versions)

    def hardware(one: Provenance) -> tuple[object, ...]:
        # What the system reserves of the memory for itself differs a little from start to start.
        return one.kernel, one.language, one.system, one.cpu, one.cores, one.memory >> 30, one.accelerators

    return hardware(old) == hardware(new) and all(then.get(name, version) == version for name, version in new.versions)


def record_of(job: Job, results: Mapping[int, Result], values: Mapping[int, str]) -> Record:
    return Record(
        tuple(
            Entry.of(cell, job.asked.cells[cell.index], results[cell.index])
            for cell in job.cells
            if cell.index in results
        ),
        tuple(
            Value.of(inline, job.asked.inlines[place], values[place])
            for place, inline in enumerate(job.inlines)
            if place in values
        ),
    )


def gather(
    job: Job, results: Mapping[int, Result], values: Mapping[int, str], lacking: Mapping[int, Iterable[str]]
) -> Results:
    """The chapter's results, with places in the author's file in their tracebacks.

    `lacking` says what was missing for cells that were not run; without a word, all that they need.
    """
    cells = {cell.index: cell for cell in job.cells}

    def result(cell: Cell) -> Result:
        if cell.index not in results:
            return Result(lacking=tuple(filter(None, lacking.get(cell.index, ()))) or cell.needs)
        found = results[cell.index]
        if found.failure is None:
            return found
        failure = dataclasses.replace(found.failure, traceback=placed(found.failure.traceback, cells))
        return dataclasses.replace(found, failure=failure)

    return Results(
        tuple((cell, result(cell)) for cell in job.cells),
        tuple((inline, values[place]) for place, inline in enumerate(job.inlines) if place in values),
    )
