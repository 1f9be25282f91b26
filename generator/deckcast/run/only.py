"""Runs a chapter up to one of its cells, for whoever works on that cell."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from contextlib import closing

from deckcast.errors import KernelError, UsageError
from deckcast.model import Cell, Deck, Finding, Inline, Result
from deckcast.ports import Kernels
from deckcast.run.cells import find
from deckcast.run.job import Job
from deckcast.run.refusals import cut, no_kernel
from deckcast.run.session import run_whole
from deckcast.run.settle import gather
from deckcast.settings import Settings
from deckcast.trust import LiveCode


def run_until(
    deck: Deck,
    settings: Settings,
    name: str,
    kernels: Callable[[], Kernels],
    allow: Callable[[LiveCode], None],
    done: Callable[[Cell | Inline], None],
    say: Callable[[str], None],
) -> tuple[Cell, Result, tuple[Finding, ...]]:
    """What comes out of the cell of that name or number, when all before it have run. Nothing is recorded.

    `done` is told of each that has run. Cells before it whose needs are not met here are left out.
    Raises `UsageError`, `CellError`, `KernelError`, and what `allow` raises.
    """
    job = Job.of(deck, settings, find(deck, settings))
    wanted = _wanted(job, name)
    allow(job.code)
    with closing(kernels()) as place:
        met = {need: place.meets(need) for cell in job.cells[: wanted.index] for need in cell.needs}
        for need in wanted.needs:
            if not met[need].works:
                message = f"{wanted.label} needs `{need}`: {met[need].reason}"
                raise KernelError(message, where=wanted.where, hint=met[need].mend)
        skipped = [cell for cell in job.cells[: wanted.index] if not all(met[need].works for need in cell.needs)]
        cells = job.cells[: wanted.index]
        languages = dict.fromkeys(cell.language for cell in cells if cell not in skipped)
        error = no_kernel(job, {language: place.availability(language) for language in languages})
        if error is not None:
            raise error
        fresh = run_whole(place, deck.folder, job.files, job.settings, cells, skipped, (), done, say)
    results = gather(job, fresh.results, {}, {})
    _, result = results.cells[wanted.index - 1]
    findings = tuple(one for one in (*job.findings, *fresh.findings) if one.where is None or one.where == wanted.where)
    return wanted, result, (*findings, *cut(job, {wanted.index: result}))


def _wanted(job: Job, name: str) -> Cell:
    cell = next((cell for cell in job.cells if cell.name == name or (not cell.name and str(cell.index) == name)), None)
    if cell is None:
        names = [cell.name or str(cell.index) for cell in job.cells]
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(names)}" if names else ""
        raise UsageError(f"there is no cell `{name}` in {job.deck.path}", hint=hint)
    return cell
