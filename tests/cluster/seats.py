"""Where cells run on a cluster: workers in this process, and workers that are processes which tests may kill."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil

from cluster.gang import Told, connected, gang
from deckcast.cluster.kernels import ClusterKernels
from deckcast.cluster.seat import Manner
from deckcast.theme import PlotStyle

MANNER = Manner("python3", 0, "none")


@contextlib.contextmanager
def on_a_worker(folder: Path, *offers: dict[str, float], said: Told | None = None) -> Iterator[ClusterKernels]:
    """Kernels on workers that offer these resources, named `0`, `1` and so on; without any, on one that offers none."""
    with gang(*(offers or ({},))) as workers, connected(workers.scheduler_address, folder, said) as cluster:
        place = ClusterKernels(cluster, MANNER, PlotStyle)
        try:
            yield place
        finally:
            place.close()


class Machine:
    """A worker in a process of its own, as `dask worker --no-nanny` starts it."""

    def __init__(self, scheduler: str, name: str, folder: Path, resources: str = "", **variables: str) -> None:
        self.folder = folder / f"{name}-{len(list(folder.iterdir()))}"
        self.folder.mkdir()
        command = [sys.executable, "-m", "dask", "worker", scheduler, "--no-nanny", "--no-dashboard", "--name", name]
        command += ["--nthreads", "1", "--local-directory", str(self.folder)]
        command += ["--resources", resources] if resources else []
        with (folder / f"{name}.log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **variables})

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kernels(self) -> list[str]:
        """What it has started and has not ended."""
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.pid).children(recursive=True)
            return [str(child.pid) for child in children if child.status() != psutil.STATUS_ZOMBIE]
        return []

    def decks(self) -> list[Path]:
        """Copies of decks that lie there."""
        return list(self.folder.glob("**/deckcast-*"))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class Machines(dict[str, Machine]):
    """Those that a scheduler has, by their names. They hold a secret."""

    def __init__(self, scheduler: str, folder: Path) -> None:
        self.scheduler = scheduler
        self.folder = folder

    def exactly(self, wanted: Mapping[str, str]) -> None:
        """Starts and ends machines until there are these (name → resources)."""
        for name in [name for name, machine in self.items() if name not in wanted or not machine.alive]:
            self.pop(name).close()
        for name in wanted.keys() - self.keys():
            self[name] = Machine(self.scheduler, name, self.folder, wanted[name], WORKER_TOKEN="s3cret-0f-the-worker")


def until(what: Callable[[], object], seconds: float = 60) -> None:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.1)
