"""A scheduler and workers as processes of their own, as they run on other machines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 120.0
"""Seconds for whatever must happen at last, on a machine as busy as it may be."""


def until(there: Callable[[], bool], what: str) -> None:
    """Waits. Raises `AssertionError` where it does not come."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.05)


class Machines:
    """Programs that were started, each by its name."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
        self.address = ""
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    def scheduler(self) -> None:
        told = self.folder / "scheduler.json"
        self._start(
            "scheduler",
            *("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)),
        )
        until(lambda: told.exists() and told.stat().st_size > 0, "the scheduler")
        with suppress(ValueError):
            self.address = json.loads(told.read_text())["address"]
        until(lambda: bool(self.address), "its address")

    def worker(self, name: str, offers: str = "") -> None:
        self._start(
            name,
            *("dask_worker", self.address, "--name", name, "--nthreads", "2", "--no-nanny", "--no-dashboard"),
            *("--local-directory", str(self.folder / name)),
            *(("--resources", offers) if offers else ()),
        )

    def signal(self, name: str, number: signal.Signals) -> None:
        self._started[name].send_signal(number)

    def kill(self, name: str) -> None:
        self._started[name].kill()
        self._started[name].wait(PATIENCE)

    def stop(self, name: str) -> int:
        """As a person does, with Ctrl-C; its exit code."""
        self._started[name].send_signal(signal.SIGINT)
        return self._started[name].wait(PATIENCE)

    def _start(self, name: str, program: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self._started[name] = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
                stdout=log,
                stderr=log,
                env=self._environment,
            )

    def close(self) -> None:
        for one in self._started.values():
            if one.poll() is None:
                one.kill()
                one.wait(PATIENCE)


@contextmanager
def machines(folder: Path, **environment: str) -> Iterator[Machines]:
    """Ended with the block, whatever happens."""
    found = Machines(folder, environment)
    try:
        found.scheduler()
        yield found
    finally:
        found.close()
