"""Runs a chapter's cells, in one session: a kernel a language, in the order of the slides."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deckcast.errors import CellError, DeckcastError, KernelError, LostError
from deckcast.model import Cell, Failure, Finding, Inline, Output, Provenance, Result, Where
from deckcast.ports import Kernel, Kernels, Ran
from deckcast.redact import redacted
from deckcast.run.failures import Circumstances, cell_error, inline_error, tidied
from deckcast.run.traces import renumbered, settled
from deckcast.run.withheld import finding as withheld_finding
from deckcast.settings import CellsSettings
from deckcast.withheld import withheld


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a session gave. Tracebacks have the chapter's numbers of cells."""

    results: dict[int, Result]
    """By `Cell.index`."""
    values: dict[int, str]
    """By the expression's place in the chapter, from 0."""
    findings: tuple[Finding, ...]
    seconds: float


@dataclass
class _Life:
    """A kernel, and what it ran."""

    kernel: Kernel
    counts: dict[int, int] = field(default_factory=dict)
    """The kernel's number of a run → `Cell.index`."""
    first: Provenance | None = None
    """As it was when the kernel started, for one that may die."""
    alive: bool = True
    ended_by: Cell | None = None
    """The cell that it did not survive."""


TRIES = 3
"""Sessions that are begun, where each time the machine is lost."""


def run_whole(
    place: Kernels,
    folder: Path,
    files: tuple[str, ...],
    settings: CellsSettings,
    cells: Sequence[Cell],
    skipped: Sequence[Cell],
    inlines: Sequence[Inline],
    done: Callable[[Cell | Inline], None],
    say: Callable[[str], None],
) -> Fresh:
    """All in one session, so that outputs of two are never mixed: begun again elsewhere where its machine is lost.

    `done` is told of each cell and expression once. Raises what `Session.run` raises.
    """
    told: set[Where] = set()

    def once(code: Cell | Inline) -> None:
        if code.where not in told:
            told.add(code.where)
            done(code)

    for _ in range(TRIES - 1):
        try:
            with Session(place, folder, files, settings, cells, skipped) as session:
                return session.run(inlines, once)
        except LostError as error:
            say(f"cells: {error}; they begin again on another one")
    with Session(place, folder, files, settings, cells, skipped) as session:
        return session.run(inlines, once)


class Session:
    """One run of a chapter. Use it as a context: its kernels end with it, however it ends."""

    def __init__(
        self,
        place: Kernels,
        folder: Path,
        files: tuple[str, ...],
        settings: CellsSettings,
        cells: Sequence[Cell],
        skipped: Sequence[Cell] = (),
    ) -> None:
        """`cells` are all of the chapter, `skipped` those of them that are not run for want of what they need."""
        self._place = place
        self._folder = folder
        self._files = files
        self._settings = settings
        self._cells = {cell.index: cell for cell in cells}
        self._skipped = tuple(skipped)
        self._lives: dict[str, _Life] = {}
        self._ran: dict[int, Ran] = {}
        self._findings: list[Finding] = []
        self._ends = ExitStack()
        self._begun = time.monotonic()
        self._waited = 0.0
        """For kernels: a place elsewhere may first have to have room."""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def run(self, inlines: Sequence[Inline], done: Callable[[Cell | Inline], None]) -> Fresh:
        """Runs all cells, and evaluates each step's expressions behind its cells. `done` is told after each.

        Raises `CellError` at the first cell that fails and may not, `KernelError` when there is no kernel.
        """
        values: dict[int, str] = {}
        skipped = {cell.index for cell in self._skipped}
        left = [cell for cell in self._cells.values() if cell.index not in skipped]
        for place, inline in enumerate(inlines):
            while left and left[0].step <= inline.step:
                self._cell(left.pop(0), done)
            values[place] = self._value(inline, done)
        for cell in left:
            self._cell(cell, done)
        return self._finish(values)

    # ── one after the other ──

    def _cell(self, cell: Cell, done: Callable[[Cell | Inline], None]) -> None:
        life = self._life(cell)
        left = self._left()
        own = cell.timeout or self._settings.cell_timeout
        with _at(cell):
            ran = life.kernel.run(cell.source, timeout=min(own, left), limit=self._settings.output_limit * 1000)
        ran = self._without_secrets(cell, ran)
        life.counts[ran.count] = cell.index
        if not ran.alive:
            life.alive, life.ended_by = False, cell
        ran = dataclasses.replace(
            ran, outputs=tuple(map(_settled, ran.outputs)), failure=self._tidied(ran.failure, life)
        )
        if ran.failure is not None and not cell.may_fail:
            raise cell_error(cell, ran.failure, ran.outputs, self._known(life, chapter=left < own))
        self._ran[cell.index] = ran
        done(cell)

    def _value(self, inline: Inline, done: Callable[[Cell | Inline], None]) -> str:
        life = self._life(inline)
        left = self._left()
        with _at(inline):
            ran = life.kernel.evaluate(inline.expression, timeout=min(self._settings.cell_timeout, left))
        ran = self._without_secrets(inline, ran)
        if not ran.alive:
            life.alive = False
        if ran.failure is not None:
            failure = self._tidied(ran.failure, life) or ran.failure
            raise inline_error(inline, failure, self._known(life, chapter=left < self._settings.cell_timeout))
        done(inline)
        texts = (output.get("text/plain") for output in ran.outputs if output.kind == "result")
        return next((text for text in texts if isinstance(text, str)), "")

    def _life(self, code: Cell | Inline) -> _Life:
        """The kernel of the code's language, started when it is first needed."""
        if self._left() <= 0:
            raise CellError(
                f"{code.label} has no time left: the chapter's cells took {self._settings.chapter_timeout:g} s",
                where=code.where,
                hint="give the chapter more time: `cells.chapter_timeout`, or let its cells do less",
                code="cell-failed",
            )
        life = self._lives.get(code.language)
        if life is None:
            asked = time.monotonic()
            with _at(code):
                life = _Life(self._place.start(code.language, self._folder, self._files))
            self._waited += time.monotonic() - asked
            self._lives[code.language] = life
            self._ends.callback(life.kernel.close)
            if any(cell.may_fail and cell.language == code.language for cell in self._cells.values()):
                with _at(code):
                    life.first = life.kernel.provenance()
        if not life.alive:
            by = f"{life.ended_by.label} ended" if life.ended_by else "an expression ended"
            raise CellError(
                f"{code.label} cannot run: {by} the kernel",
                where=code.where,
                hint="let the cell that ends the kernel be the last one of its language",
                code="cell-failed",
            )
        return life

    def _without_secrets(self, code: Cell | Inline, ran: Ran) -> Ran:
        clean = withheld(ran)
        if clean.withheld:
            self._findings.append(withheld_finding(code))
        return clean

    def _left(self) -> float:
        return self._begun + self._waited + self._settings.chapter_timeout - time.monotonic()

    def _tidied(self, failure: Failure | None, life: _Life) -> Failure | None:
        return None if failure is None else tidied(failure, lambda text: renumbered(text, life.counts))

    def _known(self, life: _Life, *, chapter: bool) -> Circumstances:
        def executable() -> str:
            if not life.alive:
                return ""
            try:
                ran = life.kernel.evaluate("__import__('sys').executable", timeout=5)
            except KernelError:
                return ""
            return next((str(output.get("text/plain")) for output in ran.outputs), "")

        return Circumstances(self._settings, self._cells, self._skipped, executable, chapter)

    # ── at the end ──

    def _finish(self, values: dict[int, str]) -> Fresh:
        seconds = time.monotonic() - self._begun
        provenances = {language: self._provenance(life) for language, life in self._lives.items()}
        late = tuple(finding for life in self._lives.values() for finding in self._late(life))
        results = {
            index: Result(
                outputs=ran.outputs,
                failure=ran.failure,
                dropped=ran.dropped,
                seconds=round(ran.seconds, 3),
                peak=ran.peak,
                provenance=provenances[self._cells[index].language],
            )
            for index, ran in self._ran.items()
        }
        return Fresh(results, values, (*self._findings, *late), seconds)

    @staticmethod
    def _provenance(life: _Life) -> Provenance:
        if life.alive:
            try:
                return life.kernel.provenance()
            except KernelError:
                if life.first is None:
                    raise
        return life.first or life.kernel.provenance()

    def _late(self, life: _Life) -> list[Finding]:
        if not life.alive:
            return []
        texts: dict[int, str] = {}
        for count, text in life.kernel.late():
            index = life.counts.get(count, 0)
            texts[index] = redacted(texts.get(index, "") + text)
        return [
            Finding(
                "cell-late",
                "warning",
                f"{self._cells[index].label} printed when it had ended: {_start(text)}",
                self._cells[index].where,
                hint="wait for threads and processes before the cell ends; what they print later is not shown",
            )
            for index, text in texts.items()
            if index in self._cells and text.strip()
        ]


@contextmanager
def _at(code: Cell | Inline) -> Iterator[None]:
    """Says of a kernel's error at which code it came."""
    try:
        yield
    except DeckcastError as error:
        if error.finding.where is None:
            error.finding = dataclasses.replace(error.finding, where=code.where)
        raise


def _settled(output: Output) -> Output:
    if output.kind not in ("stdout", "stderr"):
        return output
    data = tuple((name, settled(text) if isinstance(text, str) else text) for name, text in output.data)
    return dataclasses.replace(output, data=data)


def _start(text: str) -> str:
    words = " ".join(text.split())
    return f"`{words[:60]}…`" if len(words) > 60 else f"`{words}`"
