"""One build at a time writes a lesson's folder; another one waits its turn instead of mixing its files in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deckcast.errors import storage_errors

try:
    import fcntl
except ImportError:  # Windows: renames are still whole, only the order of two builds is not kept
    fcntl = None  # type: ignore[assignment]


@contextmanager
def exclusive(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds the lock file `path`; calls `waiting` once when somebody else holds it.

    The system lets go of it when the process ends, however it ends.
    """
    with storage_errors("make the lock", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    with file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
