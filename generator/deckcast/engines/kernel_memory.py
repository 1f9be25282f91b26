"""How much memory a kernel may use, and what happens when it takes more.

A limit of the system on the process's data makes an allocation fail, which a cell can catch. Memory that the limit does
not see (shared mappings, children) is watched from outside, and the kernel is ended when it is too much.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from deckcast.model import Failure

SHARE = 0.75
"""Of the machine's memory, where the settings name no limit."""
EVERY = 0.2
"""Seconds between two looks."""
GIB = 1 << 30


def allowed(gib: float) -> int:
    """Bytes that a kernel may use."""
    if gib > 0:
        return int(gib * GIB)
    import psutil

    total = int(psutil.virtual_memory().total)
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):
            total = min(total, int(Path(name).read_text()))
    return int(total * SHARE)


def limited(memory: int) -> Callable[[], None] | None:
    """What the child process does before it becomes the kernel; None where the system has no such limit."""
    try:
        import resource
    except ImportError:  # Windows: the watchdog alone
        return None

    def limit() -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))

    return limit


class Watchdog:
    """Looks at what a process and its children hold, and ends them when it is too much."""

    def __init__(self, pid: int, memory: int, kill: Callable[[], None]) -> None:
        self._pid = pid
        self._memory = memory
        self._kill = kill
        self._stopped = threading.Event()
        self.failure: Failure | None = None
        """Why it was ended."""
        self._thread = threading.Thread(target=self._watch, name="deckcast-memory", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(EVERY):
            held = self._held()
            if held > self._memory * 1.05:
                self.failure = Failure(
                    "MemoryLimit", f"it held {held / GIB:.1f} GiB, and may use {self._memory / GIB:.1f}"
                )
                self._kill()
                return

    def _held(self) -> int:
        """Bytes in the memory of the process and all below it; what they share is counted once."""
        import psutil

        total = 0
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(self._pid)
            for process in (parent, *parent.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    info = process.memory_info()
                    total += info.rss - (getattr(info, "shared", 0) if process != parent else 0)
        return total
