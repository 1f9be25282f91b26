"""What a Dask scheduler bears: empty tasks by the ten thousand, by plain Dask and as a build sends them.

    python tests/benchmarks/scheduler.py [--tasks 10000,100000] [--windows 6,64,1024] [--seconds 120]

The alternative in the same run is plain Dask: all tasks handed over at once, as `client.map` does it, and by a window
of as many tasks on their way. A build sends through `Cluster.submit`, which packs calls and answers, and has a window,
too: twice as many tasks as workers do at once, and two. The scheduler, two workers and the client are processes of this
machine; a row that would take longer than `--seconds` ends early, and says after how many tasks.

CPU microseconds are for a task, by side: what the busiest takes tells how many tasks a second there can be at most.
The scheduler's memory is that which it holds for each task while all wait, or, in a window, what each that is done
leaves behind. Latency is from a task's start to its answer, in milliseconds: the median and the slowest twentieth.
"""

from __future__ import annotations

import argparse
import operator
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future
from concurrent.futures import wait as wait_for_any
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "generator"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", default="10000,100000")
    parser.add_argument("--windows", default="6,64,1024")
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    counts = [int(one) for one in given.tasks.split(",")]
    windows = [int(one) for one in given.windows.split(",")]
    print("way             tasks    tasks/s   CPU µs a task: client scheduler workers   bytes a task   latency ms")
    for count in counts:
        with cluster() as place:
            plain_all(place, count)
    for window in windows:
        with cluster() as place:
            row(f"plain {window}", place, *plain(place, counts[0], window, given.seconds))
        with cluster() as place:
            row(f"build {window}", place, *ours(place, counts[0], window, given.seconds))


@dataclass
class Place:
    """A scheduler and its workers."""

    address: str
    store: Path
    scheduler: psutil.Process
    workers: list[psutil.Process]

    def __post_init__(self) -> None:
        self.before = self.spent()
        self.held = self.memory()

    def begin(self) -> None:
        self.before, self.held = self.spent(), self.memory()

    def spent(self) -> tuple[float, float, float]:
        """CPU seconds of client, scheduler, workers."""
        sides = ([psutil.Process()], [self.scheduler], self.workers)
        times = [[one.cpu_times() for one in side] for side in sides]
        client, scheduler, workers = (sum(one.user + one.system for one in side) for side in times)
        return client, scheduler, workers

    def memory(self) -> int:
        return int(self.scheduler.memory_full_info().uss)


@contextmanager
def cluster() -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
        address = f"tcp://127.0.0.1:{port}"
        commands = [["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]]
        commands += [["distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * 2
        running = []
        try:
            for command in commands:
                process = subprocess.Popen(
                    [sys.executable, "-m", *command], env=environment, cwd=folder, stderr=subprocess.DEVNULL
                )
                running.append(process)
            from distributed import Client

            with Client(address, timeout=60) as client:
                client.wait_for_workers(2, timeout=60)
            programs = [psutil.Process(one.pid) for one in running]
            yield Place(address, Path(folder, "store"), programs[0], programs[1:])
        finally:
            for process in running:
                process.kill()
            for process in running:
                process.wait(30)


def plain_all(place: Place, count: int) -> None:
    """All at once, as `client.map` sends them."""
    from distributed import Client, wait

    with Client(place.address) as client:
        place.begin()
        begun = time.perf_counter()
        futures = client.map(operator.neg, range(count), pure=False)
        wait(futures)
        seconds = time.perf_counter() - begun
        row("plain, all", place, count, seconds, [])
        del futures


def plain(place: Place, count: int, window: int, limit: float) -> tuple[int, float, list[float]]:
    from distributed import Client

    with Client(place.address) as client:

        def submit(number: int) -> Future[Any]:
            answer: Future[Any] = Future()
            sent = client.submit(operator.neg, number, pure=False)
            sent.add_done_callback(lambda one: answer.set_result(one.key))
            answer.kept = sent  # type: ignore[attr-defined]
            return answer

        place.begin()
        return windowed(submit, count, window, limit)


def ours(place: Place, count: int, window: int, limit: float) -> tuple[int, float, list[float]]:
    from deckcast.cluster.connection import Cluster
    from deckcast.engines.store_folder import FolderStore

    with (
        closing(FolderStore(place.store)),
        closing(Cluster(place.address, str(place.store), lambda _: None)) as connected,
    ):
        place.begin()
        return windowed(lambda number: connected.submit(operator.neg, number), count, window, limit)


def windowed(
    submit: Callable[[int], Future[Any]], count: int, window: int, limit: float
) -> tuple[int, float, list[float]]:
    """How many were done, in how long, and each one's latency."""
    begun = time.perf_counter()
    sent: dict[Future[Any], float] = {}
    latency: list[float] = []
    number = 0
    while number < count or sent:
        while number < count and len(sent) < window:
            now = time.perf_counter()
            if now - begun > limit:
                count = number
                break
            sent[submit(number)] = now
            number += 1
        done, _ = wait_for_any(sent, return_when=FIRST_COMPLETED)
        now = time.perf_counter()
        latency += [now - sent.pop(one) for one in done]
    return number, time.perf_counter() - begun, latency


def row(way: str, place: Place, count: int, seconds: float, latency: list[float]) -> None:
    spent = [1e6 * (now - then) / count for now, then in zip(place.spent(), place.before, strict=True)]
    held = (place.memory() - place.held) / count
    waited = f"{1000 * median(latency):8.1f} {1000 * quantiles(latency, n=20)[-1]:8.1f}" if latency else ""
    sides = " ".join(f"{one:9.0f}" for one in spent)
    print(f"{way:<13}{count:8} {count / seconds:10.0f}   {'':12}{sides}   {held:12.0f}   {waited}", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what was started ends, too
    main()
