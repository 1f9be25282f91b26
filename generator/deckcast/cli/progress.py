"""What people see while a build runs. Progress goes to standard error; results go to standard output."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from deckcast.harmless import harmless
from deckcast.redact import redacted
from deckcast.report import coloured
from deckcast.stages import Silence

NAMES = {
    "parse": "reading the deck",
    "run": "running cells",
    "render": "drawing pictures",
    "narrate": "speaking notes",
    "encode": "encoding video",
    "publish": "writing the lesson",
}


class PlainProgress:
    """One line a finished stage; with `explain`, one for each piece made, and why; with `verbose`, every piece."""

    def __init__(
        self, *, verbose: bool = False, explain: bool = False, label: str = "", stream: TextIO | None = None
    ) -> None:
        """`label` begins each line: the chapter's name, where several are built at once."""
        self._stream = stream or sys.stderr
        self._label = f"{label}: " if label else ""
        self._verbose = verbose
        self._explain = explain
        self._begun: dict[str, float] = {}
        self._counts: dict[str, list[int]] = {}

    def begin(self, stage: str, total: int) -> None:
        self._begun[stage] = time.monotonic()
        self._counts[stage] = [0, 0]

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        self._counts.setdefault(stage, [0, 0])[1 if kept else 0] += 1
        if self._explain and not kept:
            self.say(f"  {what}: {why or 'made'}")
        elif self._verbose:
            self.say(f"  {what}: {'kept' if kept else f'made ({why})' if why else 'made'}")

    def end(self, stage: str, note: str = "") -> None:
        made, kept = self._counts.get(stage, [0, 0])
        counts = ", ".join(f"{number} {word}" for number, word in ((made, "made"), (kept, "kept")) if number)
        seconds = time.monotonic() - self._begun.get(stage, time.monotonic())
        parts = [part for part in (counts, note, f"{seconds:.1f} s") if part]
        self.say(f"{NAMES.get(stage, stage)}: {', '.join(parts)}")

    def say(self, message: str) -> None:
        print(harmless(redacted(self._label + message)), file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing is held open."""


class BarProgress(PlainProgress):
    """Bars on a terminal; finished stages stay as lines above them."""

    def __init__(self, *, verbose: bool = False, explain: bool = False, label: str = "", bars: Any = None) -> None:
        """`bars` are those of all chapters that are built at once, which are somebody else's to stop."""
        super().__init__(verbose=verbose, explain=explain, label=label)
        self._own = bars is None
        self._bars = bars or new_bars()
        self._tasks: dict[str, Any] = {}

    def begin(self, stage: str, total: int) -> None:
        super().begin(stage, total)
        self._tasks[stage] = self._bars.add_task(self._label + NAMES.get(stage, stage), total=total or None)

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        super().advance(stage, what, kept=kept, why=why)
        if stage in self._tasks:
            self._bars.advance(self._tasks[stage])

    def end(self, stage: str, note: str = "") -> None:
        if stage in self._tasks:
            self._bars.remove_task(self._tasks.pop(stage))
        super().end(stage, note)

    def say(self, message: str) -> None:
        self._bars.console.print(harmless(redacted(self._label + message)), markup=False, soft_wrap=True)

    def close(self) -> None:
        for task in self._tasks.values():
            self._bars.remove_task(task)
        self._tasks.clear()
        if self._own:
            self._bars.stop()


class QuietProgress(Silence):
    """Shows nothing."""

    def close(self) -> None:
        """Nothing is held open."""


class Watch:
    """Opens what people see of each chapter."""

    def __init__(self, *, silent: bool, verbose: bool, explain: bool) -> None:
        self._silent = silent
        self._verbose = verbose
        self._explain = explain
        self._bars: Any = None

    def over(self, label: str = "") -> PlainProgress | QuietProgress:
        """Without a label, of the only chapter that is built now; with one, of one of several."""
        if self._silent:
            return QuietProgress()
        if not (sys.stderr.isatty() and coloured(sys.stderr)):
            return PlainProgress(verbose=self._verbose, explain=self._explain, label=label)
        if label and self._bars is None:
            self._bars = new_bars()
        return BarProgress(verbose=self._verbose, explain=self._explain, label=label, bars=self._bars)

    @contextmanager
    def away(self) -> Iterator[None]:
        """While somebody else prints, no bars show."""
        if self._bars is not None:
            self._bars.stop()
        yield
        if self._bars is not None:
            self._bars.start()

    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()


def new_bars() -> Any:
    """Bars that show from now on, until they are stopped."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
        transient=True,
        redirect_stdout=False,  # results on standard output stay there
        redirect_stderr=False,
    )
    bars.start()
    return bars
