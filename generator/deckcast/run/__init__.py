"""Runs the code in a deck, or takes what came out of it from its record.

keys ─▶ what each cell asks     shelf, record ─▶ what is recorded     matching ─▶ which of it serves
session ─▶ a run of all cells   settle ─▶ what is new in it           failures ─▶ what went wrong
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from deckcast.errors import KernelError, TrustError, raise_all
from deckcast.keep import Keeper
from deckcast.model import Cell, Deck, Finding, Inline, Results
from deckcast.ports import Availability, Kernels, Progress
from deckcast.run import telling
from deckcast.run.cells import Found, find
from deckcast.run.job import STAGE, Job
from deckcast.run.only import run_until
from deckcast.run.refusals import cannot_run, cut, no_kernel, not_run, stale_errors
from deckcast.run.session import Fresh, run_whole
from deckcast.run.settle import gather, record_of, settle
from deckcast.run.verify import differences
from deckcast.settings import Settings
from deckcast.trust import LiveCode

__all__ = ["STAGE", "Found", "find", "recorded", "run", "run_until"]

_WHY = {"always": "`--exec=always` runs all cells", "verify": "`--exec=verify` runs all cells"}
_WITH_OTHERS = "runs in one session with the chapter's other cells"


def run(
    deck: Deck,
    settings: Settings,
    found: Found,
    keeper: Keeper,
    kernels: Callable[[], Kernels],
    allow: Callable[[LiveCode], None],
    progress: Progress,
) -> tuple[Results, tuple[Finding, ...]]:
    """What comes out of what was found in a deck, its cells and expressions, and what the author should know.

    `kernels` opens the place where they run; it is called only when something has to run. `allow` is asked before, with
    all that would run, and raises `TrustError` where it may not run. Raises `CellError` for what the author can
    mend, `KernelError` where cells have to run and cannot.
    """
    if not found.runs:
        return Results(), found.findings
    job = Job.of(deck, settings, found)
    mode = settings.cells.mode
    if mode == "never":
        raise_all(stale_errors(job))
        return _replay(job, keeper, progress, {})
    if mode == "auto" and not job.match.stale:
        return _replay_or_run(job, keeper, kernels, allow, progress)
    allow(job.code)
    with _opened(job, kernels) as place:
        return _run(job, place, _lacking(job, place), keeper, progress)


def recorded(
    deck: Deck, settings: Settings, found: Found
) -> tuple[Results, tuple[tuple[Cell | Inline, str], ...], tuple[Finding, ...]]:
    """What is recorded and serves, even where other parts do not; what would have to run, and why; what to know of it.

    Nothing runs. Raises `CellError` for files that cannot be read.
    """
    if not found.runs:
        return Results(), (), found.findings
    job = Job.of(deck, settings, found)
    lacking: dict[int, dict[str, Availability]] = {}
    waiting = [(one.code, one.why) for one in job.match.stale]
    waiting += [(cell, f"it needs {' and '.join(cell.needs)}") for cell in job.match.unserved]
    results = job.match.serving
    return gather(job, results, job.match.values, lacking), tuple(waiting), (*job.findings, *cut(job, results))


def _replay_or_run(
    job: Job, keeper: Keeper, kernels: Callable[[], Kernels], allow: Callable[[LiveCode], None], progress: Progress
) -> tuple[Results, tuple[Finding, ...]]:
    """With a record that serves: runs only where a cell can be had that could not be had before."""
    if not job.match.unserved:
        return _replay(job, keeper, progress, {})
    try:
        allow(job.code)
        place = kernels()
    except (TrustError, KernelError) as error:
        excuse = Availability(False, error.finding.message, error.finding.hint)
        return _replay(job, keeper, progress, {cell.index: {"": excuse} for cell in job.match.unserved})
    with closing(place):
        lacking = _lacking(job, place)
        if all(cell.index in lacking for cell in job.match.unserved):
            return _replay(job, keeper, progress, lacking)
        return _run(job, place, lacking, keeper, progress)


def _replay(
    job: Job, keeper: Keeper, progress: Progress, lacking: dict[int, dict[str, Availability]]
) -> tuple[Results, tuple[Finding, ...]]:
    for cell in job.cells:
        if cell.index in job.match.serving:
            job.note(keeper, cell, kept=True)
    results = job.match.serving
    if results or job.match.values:
        progress.say(telling.replayed(job, results))
    told = tuple(not_run(cell, lacking.get(cell.index, {})) for cell in job.match.unserved)
    return (
        gather(job, results, job.match.values, lacking),
        (*job.findings, *told, *cut(job, results), *telling.drift(job, results)),
    )


def _run(
    job: Job, place: Kernels, lacking: dict[int, dict[str, Availability]], keeper: Keeper, progress: Progress
) -> tuple[Results, tuple[Finding, ...]]:
    """Runs all cells that can be run."""
    skipped = [cell for cell in job.cells if cell.index in lacking]
    fresh = _session(job, place, skipped, keeper, progress)
    progress.say(telling.ran(fresh, place.name))
    for cell in skipped:
        if cell.index in job.match.serving:
            job.note(keeper, cell, kept=True)
    told = tuple(not_run(cell, lacking[cell.index]) for cell in skipped if cell.index not in job.match.serving)
    results = settle(job, fresh.results)
    findings = (*job.findings, *fresh.findings, *told, *cut(job, results))
    if job.settings.mode != "verify":
        unwritten = job.shelf.save(record_of(job, results, fresh.values))
        return gather(job, results, fresh.values, lacking), (*findings, *unwritten)
    differing = differences(job, fresh)
    if job.match.stale or any(cell.index in fresh.results for cell in job.match.unserved):
        return gather(job, results, fresh.values, lacking), (*findings, *differing)
    return gather(job, job.match.serving, job.match.values, lacking), (*findings, *differing)


def _session(job: Job, place: Kernels, skipped: list[Cell], keeper: Keeper, progress: Progress) -> Fresh:
    running = [cell.language for cell in job.cells if cell not in skipped]
    languages = dict.fromkeys([*running, *(inline.language for inline in job.inlines)])
    error = no_kernel(job, {language: place.availability(language) for language in languages})
    if error is not None:
        raise error
    begun = False

    def done(code: Cell | Inline) -> None:
        nonlocal begun
        begun = True
        if isinstance(code, Cell):
            job.note(keeper, code, kept=False, why=job.match.why(code) or _WHY.get(job.settings.mode, _WITH_OTHERS))

    try:
        return run_whole(
            place, job.deck.folder, job.files, job.settings, job.cells, skipped, job.inlines, done, progress.say
        )
    except KernelError as failure:
        if begun:
            raise
        raise cannot_run(job, failure.finding.message, failure.finding.hint) from failure


def _lacking(job: Job, place: Kernels) -> dict[int, dict[str, Availability]]:
    """What cells need and this place has not, by `Cell.index`; each need is asked about once."""
    met = {need: place.meets(need) for need in job.needs}
    missing = {cell.index: {need: met[need] for need in cell.needs if not met[need].works} for cell in job.cells}
    return {index: needs for index, needs in missing.items() if needs}


@contextmanager
def _opened(job: Job, kernels: Callable[[], Kernels]) -> Iterator[Kernels]:
    try:
        place = kernels()
    except KernelError as failure:
        raise cannot_run(job, failure.finding.message, failure.finding.hint) from failure
    try:
        yield place
    finally:
        place.close()
