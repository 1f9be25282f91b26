"""How much memory a kernel may use, and what happens when it takes more.

A limit of the system on a process's data makes an allocation fail, which a cell can catch. Memory that the limit does
not see (shared mappings, children, drivers) is watched from outside, and the kernel is ended when it is too much.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from deckcast.model import Failure

SHARE = 0.75
"""Of the machine's memory, where the settings name no limit."""
EVERY = 0.15
"""Seconds between two looks, at least."""
_SPARE = 20
"""A look at many processes takes its time: so many times as long is waited for the next one."""
GIB = 1 << 30
_DRIVERS = ("nvidia[0-9]*", "kfd")
"""Devices of accelerators. Their drivers may map far more than they use, so beside them the watchdog works alone."""


def allowed(gib: float) -> int:
    """Bytes that a kernel may use; 0 GiB means a share of what this machine, or this container, has."""
    if gib > 0:
        return int(gib * GIB)
    import psutil

    return int(min([int(psutil.virtual_memory().total), *_container_limits()]) * SHARE)


def limits_data() -> bool:
    """Whether a limit of a process's data would do what is meant."""
    return sys.platform == "linux" and not any(path for name in _DRIVERS for path in Path("/dev").glob(name))


def limit_data(pid: int, memory: int) -> None:
    """Lets the process's own allocations fail beyond so many bytes, where the system can do that from outside."""
    if sys.platform != "linux" or not limits_data():
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
        most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.prlimit(pid, resource.RLIMIT_DATA, (most, hard))


class Watchdog:
    """Looks at what a process and its descendants hold, and has them ended when it is too much."""

    def __init__(self, pid: int, memory: int, kill: Callable[[], None], *, also: Callable[[], None]) -> None:
        """`also` is done at each look."""
        import psutil

        self._memory = memory
        self._kill = kill
        self._also = also
        self._stopped = threading.Event()
        self._seen: dict[int, Any] = {}
        self.failure: Failure | None = None
        """Why it was ended."""
        self.peak = 0
        """Most bytes that were seen to be held at once."""
        with contextlib.suppress(psutil.Error):
            self._seen[pid] = psutil.Process(pid)
        self._pid = pid
        self._exact_again = 0.0
        """When to look again at what is shared, which takes its time."""
        self._thread = threading.Thread(target=self._watch, name="deckcast-memory", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def end_all(self) -> None:
        """Kills every descendant that was ever seen, even in a process group of its own."""
        import psutil

        self._family()
        for process in list(self._seen.values()):
            with contextlib.suppress(psutil.Error):
                if process.pid != self._pid:
                    process.kill()  # which makes sure that it is still the same process

    def _watch(self) -> None:
        pause = EVERY
        while not self._stopped.wait(pause):
            begun = time.perf_counter()
            self._also()
            held = self._held()
            if held > self._memory:
                self.failure = Failure(
                    "MemoryLimit",
                    f"it took {held / GIB:.1f} GiB of memory, and may use {self._memory / GIB:.1f}: `cell_memory`",
                )
                self._kill()
                return
            pause = max(EVERY, _SPARE * (time.perf_counter() - begun))

    def _held(self) -> int:
        """Bytes of the whole family. What its members share counts once, where that decides anything."""
        family = self._family()
        held = sum(_resident(process) for process in family)
        if len(family) > 1:  # children of a fork share most of what they have
            now = time.monotonic()
            if held <= self._memory and (held <= self.peak or now < self._exact_again):
                return held
            held = sum(_proportional(process) for process in family)
            self._exact_again = now + max(EVERY, 10 * _SPARE * (time.monotonic() - now))
        self.peak = max(self.peak, held)
        return held

    def _family(self) -> list[Any]:
        import psutil

        parent = self._seen.get(self._pid)
        if parent is None:
            return []
        try:
            children = parent.children(recursive=True)
        except psutil.Error:
            return []
        self._seen.update({child.pid: child for child in children})
        return [parent, *children]


def _resident(process: Any) -> int:
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended
        return 0


def _proportional(process: Any) -> int:
    """Its own share of what it has in common with others, where the system can tell."""
    import psutil

    try:
        full = process.memory_full_info()
    except psutil.Error:
        return _resident(process)
    return int(getattr(full, "pss", 0) or full.rss)


def _container_limits(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> list[int]:
    """Of this process's control group and all above it, in bytes."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found: list[int] = []
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds not in ("", "memory"):
            continue
        base, name = (root / "memory", "memory.limit_in_bytes") if kinds else (root, "memory.max")
        group = PurePosixPath(path)
        for place in (group, *group.parents):
            with contextlib.suppress(OSError, ValueError):  # none there, or `max`
                found.append(int((base / str(place).lstrip("/") / name).read_text(encoding="ascii")))
    return [limit for limit in found if limit > 0]
