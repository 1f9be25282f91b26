"""What is said when cells do not run: why not, and what would make them run."""

from __future__ import annotations

from collections.abc import Mapping

from deckcast.errors import CellError, DeckcastError, KernelError
from deckcast.model import Cell, Finding, Result, Where
from deckcast.ports import Availability
from deckcast.run.job import Job


def stale_errors(job: Job) -> tuple[DeckcastError, ...]:
    """One error for each cell and expression of which nothing may be shown, where nothing may run."""
    roots = job.match.roots
    followers = len(job.match.stale) - len(roots)
    after = f"; {followers} more after it" if followers and len(roots) == 1 else ""
    return tuple(
        CellError(
            f"the record of {stale.code.label} does not serve: {stale.why}{after}",
            where=stale.code.where,
            hint="let the chapter's cells run: `--exec=auto`, or get the record back that belongs to this deck",
            code="cell-stale",
        )
        for stale in roots
    )


def cannot_run(job: Job, reason: str, mend: str) -> KernelError:
    """For a chapter that has to run and cannot."""
    record = f"{job.deck.folder.name}/outputs"
    bring = f"bring {record} from a machine where they ran"
    hint = f"{mend}; or {bring}" if mend else bring
    roots = job.match.roots
    if not roots:
        return KernelError(f"cells cannot run here: {reason}", where=_first(job), hint=hint)
    stale = roots[0]
    return KernelError(
        f"{stale.code.label} cannot run here, and its record does not serve ({stale.why}): {reason}",
        where=stale.code.where,
        hint=hint,
    )


def not_run(cell: Cell, lacking: Mapping[str, Availability]) -> Finding:
    """For a cell of which the slide can only say that it was not run."""
    needs = " and ".join(f"`{need}`" for need in cell.needs)
    reasons = "; ".join(one.reason for one in lacking.values() if one.reason)
    mends = [one.mend for one in lacking.values() if one.mend]
    return Finding(
        "cell-not-run",
        "warning",
        f"{cell.label} was not run, and no record serves: it needs {needs}" + (f" ({reasons})" if reasons else ""),
        cell.where,
        hint="; ".join(mends or ["build once where that is at hand"]) + "; the record that this makes serves here, too",
    )


def cut(job: Job, results: Mapping[int, Result]) -> tuple[Finding, ...]:
    """For cells of whose output a part is left out."""
    return tuple(
        Finding(
            "cell-output-cut",
            "warning",
            f"{cell.label} put out too much: {results[cell.index].dropped:,} bytes are left out",
            cell.where,
            hint=f"let it print less, or allow more than {job.settings.output_limit} kB: `cells.output_limit`",
        )
        for cell in job.cells
        if cell.index in results and results[cell.index].dropped
    )


def no_kernel(job: Job, places: Mapping[str, Availability]) -> KernelError | None:
    """For the first language that has no kernel."""
    for one in places.values():
        if not one.works:
            return cannot_run(job, one.reason, one.mend)
    return None


def _first(job: Job) -> Where:
    return job.cells[0].where if job.cells else job.inlines[0].where
