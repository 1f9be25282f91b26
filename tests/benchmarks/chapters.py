"""What it gains to build chapters at once: a small course one after the other, then in two processes, cold each time.

    python tests/benchmarks/chapters.py [--chapters 6] [--slides 12] [--jobs 2] [--rounds 1]

Everything is real: browser, the voice espeak, encoder, at 720 lines. The alternative in the same run is the build of
one chapter after the other. Times are wall times, which other work on the machine lengthens; so both ways take turns,
and CPU seconds are told of all processes together. Memory is the most that all processes held at once, each page that
several share counted as a part for each (PSS), looked at four times a second; where a system does not tell that, shared
pages are counted anew for each process. At last, a build where nothing has changed is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).resolve()
GENERATOR = HERE.parents[2] / "generator"


@dataclass(frozen=True, slots=True)
class Spent:
    wall: float
    cpu: float
    """Of all processes."""
    memory: int
    """Bytes, at the most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chapters", type=int, default=6)
    parser.add_argument("--slides", type=int, default=12)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    ways = {"one after the other": (), f"--jobs {given.jobs}": ("--jobs", str(given.jobs))}
    spent: dict[str, list[Spent]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as place:
        course(Path(place), given.chapters, given.slides)
        for round_ in range(given.rounds):
            for way, options in ways.items():
                output = Path(place, f"{way}-{round_}")
                spent[way].append(build(Path(place), "--output", str(output), *options))
        alone = next(iter(ways))
        for way in ways:
            walls = [one.wall for one in spent[way]]
            ratio = statistics.median(walls) / statistics.median([one.wall for one in spent[alone]])
            print(
                f"{way:20} {statistics.median(walls):7.1f} s ({ratio:.2f})"
                f"{statistics.median([one.cpu for one in spent[way]]):8.1f} CPU s"
                f"{max(one.memory for one in spent[way]) / 1e6:7.0f} MB",
                flush=True,
            )
        for way, options in ways.items():
            again = build(Path(place), "--output", str(Path(place, f"{way}-0")), *options)
            print(f"{way:20} unchanged: {1000 * again.cpu:.0f} CPU ms for {given.chapters} chapters", flush=True)


def course(folder: Path, chapters: int, slides: int) -> None:
    (folder / "deckcast.toml").write_text('[narration]\nvoice = "espeak"\n[video]\nsize = 720\n')
    for chapter in range(1, chapters + 1):
        parts = [
            f"# Part {at} of chapter {chapter}\n\n- what is new in it\n- what follows from it, $x^{at}$\n\n???\n\n"
            f"This is what part {at} of chapter {chapter} is about. It says {chapter * 1000 + at * 37} things."
            for at in range(1, slides + 1)
        ]
        deck = folder / "chapters" / f"{chapter:02}-chapter" / "presentation.md"
        deck.parent.mkdir(parents=True)
        deck.write_text("\n\n---\n\n".join(parts) + "\n")


def build(folder: Path, *options: str) -> Spent:
    command = [sys.executable, "-m", "deckcast", "build", "--quiet", *options]
    begun, before = time.monotonic(), spent_so_far()
    with subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(GENERATOR)}) as process:
        watch = Watch(process.pid)
        code = process.wait()
    wall = time.monotonic() - begun
    watch.stop()
    if code:
        sys.exit(f"a build ended with {code}")
    return Spent(wall, spent_so_far() - before, watch.memory)


def spent_so_far() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Watch(threading.Thread):
    """Looks at a process and all that it starts."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.memory = 0
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(0.25):
            held = 0
            with contextlib.suppress(psutil.Error):
                for one in (self._root, *self._root.children(recursive=True)):
                    with contextlib.suppress(psutil.Error):
                        told = one.memory_full_info()
                        held += getattr(told, "pss", told.rss)
            self.memory = max(self.memory, held)

    def stop(self) -> None:
        self._over.set()
        self.join()


if __name__ == "__main__":
    main()
