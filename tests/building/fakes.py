"""A program in place of `building_process`, whose chapters do what their names say; it starts nothing else."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from deckcast.building import Order, Outcome
from deckcast.building_process import serve
from deckcast.errors import DeckError
from deckcast.model import Lesson
from deckcast.ports import Progress


def lesson(order: Order) -> Lesson:
    """Tells in `words` how many tasks at once there were to be, in `voice` which process has made it."""
    folder = order.output / order.chapter.name
    jobs = int(order.settings.get("build.jobs", 0))
    return Lesson(order.chapter.name, "", folder, folder / "lesson.mp4", (), 1.0, 1, jobs, 1.0, str(os.getpid()))


def build(order: Order, progress: Progress) -> Outcome:
    name = order.chapter.name
    progress.begin("parse", 2)
    progress.advance("parse", "a piece", kept=False, why="it is new")
    progress.end("parse")
    if "broken" in name:
        return Outcome.failed(DeckError(f"{name} cannot be read"))
    if "dies" in name:
        os.write(2, b"out of memory\n")
        os.kill(os.getpid(), signal.SIGKILL)
    if "bug" in name:
        raise ValueError("nobody had thought of it")
    if "noisy" in name:
        os.write(1, b"on standard output\n")
        os.write(2, b"in two ")
        time.sleep(0.1)
        os.write(2, b"pieces\nand a half")
    if "meets" in name:  # ends when another chapter is being built at the same time
        (order.output / f"{name}.here").touch()
        other = {"meets-a": "meets-b", "meets-b": "meets-a"}[name]
        while not (order.output / f"{other}.here").exists():
            time.sleep(0.01)
    if "waits" in name or "hangs" in name:
        try:
            mark(order.output, name, "begun")
            while True:
                time.sleep(0.05)
        finally:
            if "hangs" in name:
                time.sleep(3600)
            mark(order.output, name, "cleared")
    return Outcome.of(lesson(order))


def mark(output: Path, name: str, what: str) -> None:
    aside = output / f".{name}.{what}"
    aside.write_text(str(os.getpid()))
    aside.rename(output / f"{name}.{what}")


if __name__ == "__main__":
    sys.exit(serve(build, lambda: None))
