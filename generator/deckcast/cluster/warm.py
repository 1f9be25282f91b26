"""Engines that stay open on a worker for a while, since opening them takes longer than most tasks.

Each is used by one task at a time. They are closed when nobody has used them for a minute, and when the worker ends.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeVar

IDLE = 60.0
"""Seconds for which an engine stays open that nobody uses."""


class Closable(Protocol):
    def close(self) -> None: ...


T = TypeVar("T", bound=Closable)

_lock = threading.Lock()
_idle: dict[Hashable, list[tuple[Closable, float]]] = {}
_workers: set[str] = set()
"""Those of this process that will tell when they end, by `Worker.id`."""
_state: dict[str, bool] = {"watched": False, "sweeping": False}


@contextmanager
def borrowed(key: Hashable, opening: Callable[[], T]) -> Iterator[T]:
    """An engine of this key, for as long as the block: one that is open and free, or one that is opened now."""
    with _lock:
        free = _idle.get(key)
        engine: Any = free.pop()[0] if free else None
    if engine is None:
        engine = opening()
        _watch_ends()
    try:
        yield engine
    finally:
        with _lock:
            _idle.setdefault(key, []).append((engine, time.monotonic()))
            begins, _state["sweeping"] = not _state["sweeping"], True
        if begins:
            threading.Thread(target=_sweep, name="deckcast-warm", daemon=True).start()


def close_idle(unused: float = 0.0) -> int:
    """Closes what nobody has used for so many seconds. How many stay."""
    now = time.monotonic()
    with _lock:
        old = [engine for free in _idle.values() for engine, since in free if now - since >= unused]
        for key, free in list(_idle.items()):
            left = [one for one in free if now - one[1] < unused]
            if left:
                _idle[key] = left
            else:
                del _idle[key]
        stay = sum(map(len, _idle.values()))
    for engine in old:
        with suppress(Exception):  # it goes, whatever it says
            engine.close()
    return stay


def _sweep() -> None:
    while True:
        time.sleep(min(IDLE / 4, 5.0))
        if close_idle(IDLE) == 0:
            with _lock:
                if not _idle:
                    _state["sweeping"] = False
                    return


def _watch_ends() -> None:
    """Has engines closed when this worker ends, and when its process does."""
    with _lock:
        first, _state["watched"] = not _state["watched"], True
    if first:
        atexit.register(close_idle)
    from distributed import WorkerPlugin, get_worker

    class Closing(WorkerPlugin):
        """Told by the worker that it ends."""

        async def teardown(self, worker: Any) -> None:
            await asyncio.to_thread(close_idle)

    with suppress(ValueError):  # the thread works for no worker
        worker = get_worker()
        with _lock:
            known = worker.id in _workers
            _workers.add(worker.id)
        if not known:
            worker.loop.add_callback(worker.plugin_add, plugin=Closing(), name="deckcast-warm")
