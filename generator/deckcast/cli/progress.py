"""What people see while a build runs. Progress goes to standard error; results go to standard output."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

from deckcast.redact import redacted
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

    def __init__(self, *, verbose: bool = False, explain: bool = False, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
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
        print(redacted(message), file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing is held open."""


class BarProgress(PlainProgress):
    """Bars on a terminal; finished stages stay as lines above them."""

    def __init__(self, *, verbose: bool = False, explain: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        super().__init__(verbose=verbose, explain=explain)
        self._bars = Progress(
            TextColumn("{task.description:<18}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True, highlight=False),
            transient=True,
            redirect_stdout=False,  # results on standard output stay there
            redirect_stderr=False,
        )
        self._tasks: dict[str, Any] = {}
        self._bars.start()

    def begin(self, stage: str, total: int) -> None:
        super().begin(stage, total)
        self._tasks[stage] = self._bars.add_task(NAMES.get(stage, stage), total=total or None)

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        super().advance(stage, what, kept=kept, why=why)
        if stage in self._tasks:
            self._bars.advance(self._tasks[stage])

    def end(self, stage: str, note: str = "") -> None:
        if stage in self._tasks:
            self._bars.remove_task(self._tasks.pop(stage))
        super().end(stage, note)

    def say(self, message: str) -> None:
        self._bars.console.print(redacted(message), markup=False, soft_wrap=True)

    def close(self) -> None:
        self._bars.stop()


class QuietProgress(Silence):
    """Shows nothing."""

    def close(self) -> None:
        """Nothing is held open."""
