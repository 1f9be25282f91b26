"""`concurrent.futures.Executor` on a cluster: pure functions are called by whoever is free."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from deckcast.cluster import facts
from deckcast.cluster.connection import Cluster
from deckcast.cluster.voice import ClusterVoice
from deckcast.cluster.workers import Worker, encoding_trouble


def open_executor(cluster: Cluster, here: Callable[[], Executor]) -> Executor:
    """The cluster, or `here` where none of its workers makes the same bytes as this machine; that is said."""
    own = facts.encoding()
    fit = 0
    for worker in cluster.workers:
        why = encoding_trouble(worker, own)
        fit += not why
        if why:
            cluster.say(f"worker {worker.name} encodes nothing: it has {why}")
    if fit:
        return ClusterExecutor(cluster, here())
    cluster.say("no worker encodes as this machine does: it encodes by itself")
    return here()


class ClusterExecutor(Executor):
    """Calls with a file of this machine, or a voice that is held here, are made here."""

    def __init__(self, cluster: Cluster, here: Executor) -> None:
        self._cluster = cluster
        self._here = here
        self._own = facts.encoding()

    @property
    def at_once(self) -> int:
        return sum(one.threads for one in self._cluster.workers if not encoding_trouble(one, self._own)) or 1

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        voices = [one for one in args if isinstance(one, ClusterVoice)]
        held_here = [one for one in args if isinstance(one, Path) or (hasattr(one, "speak") and one not in voices)]

        def fits(worker: Worker) -> bool:
            return not encoding_trouble(worker, self._own) and all(one.speaks_on(worker) for one in voices)

        needs = "voice" if voices else ""
        if kwargs or held_here or not any(map(fits, self._cluster.offering(needs))):
            return self._here.submit(fn, *args, **kwargs)
        return self._cluster.submit(fn, *args, resources={needs: 1} if needs else None, on=fits)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._here.shutdown(wait, cancel_futures=cancel_futures)
