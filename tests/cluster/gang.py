"""Dask clusters for tests: inside this process, where starting takes a tenth of a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deckcast.cluster.connection import Cluster
from deckcast.engines.stores import open_store, shared_address

CALM = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed.*"),
    pytest.mark.filterwarnings("ignore::UserWarning:distributed.*"),  # that the machine is slow
]
"""Marks of tests with Dask in their process."""


@contextmanager
def gang(*offers: dict[str, float], threads: int = 2) -> Iterator[Any]:
    """A `distributed.LocalCluster` with a worker for each of these resources, named `0`, `1` and so on."""
    from distributed import SpecCluster
    from distributed.scheduler import Scheduler
    from distributed.worker import Worker

    workers = {
        number: {
            "cls": Worker,
            "options": {"nthreads": threads, "resources": each, "name": str(number), "dashboard_address": None},
        }
        for number, each in enumerate(offers)
    }
    scheduler = {"cls": Scheduler, "options": {"dashboard_address": ":0", "host": "127.0.0.1", "port": 0}}
    with SpecCluster(workers=workers, scheduler=scheduler, silence_logs=50) as cluster:
        yield cluster


class Told(list[str]):
    """What was said."""

    def __call__(self, message: str) -> None:
        self.append(message)


@contextmanager
def connected(address: str, folder: Path, said: Told | None = None, patience: float = 60.0) -> Iterator[Cluster]:
    """A build's connection, with a store in the folder."""
    store = open_store("", folder)
    cluster = Cluster(address, shared_address("", folder), said if said is not None else Told(), patience=patience)
    try:
        yield cluster
    finally:
        cluster.close()
        assert store  # held until here, as a build does
