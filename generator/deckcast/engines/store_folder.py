"""A store in a folder of this machine; any number of builds may share it at once.

A build holds the store's lock together with other builds while it runs; who takes things away (`store_sweep.py`) holds
it alone. What is used is marked as used by its time, so that what nobody has used for long can be told.
"""

from __future__ import annotations

import contextlib
import os
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from deckcast.aside import write_whole
from deckcast.engines.store_base import StoreBase
from deckcast.errors import storage_errors

try:
    import fcntl
except ImportError:  # Windows: nobody may sweep while builds run, and nothing can hold them to it
    fcntl = None  # type: ignore[assignment]

LOCK = "lock"
USED = 3600
"""Seconds that a mark of use serves: within them, using again writes nothing."""
_ABANDONED = 24 * 3600
"""Seconds after which a half-written file of a killed build is swept away."""


class FolderStore(StoreBase):
    """Writes aside, syncs, renames: what stands under its final name is whole."""

    def __init__(self, folder: Path, *, held: bool = False) -> None:
        """`held`: whoever opens it holds the store's lock alone already, or looks only."""
        super().__init__()
        self.folder = folder
        self._aside = folder / "tmp"
        with storage_errors("make the store", folder):
            self._aside.mkdir(parents=True, exist_ok=True)
        self._release: Callable[[], object] = lambda: None
        if not held:
            self._hold()
        self._agree(folder)

    def close(self) -> None:
        """Lets others sweep. What is asked afterwards may be taken away at any time."""
        self._release()

    def _load(self, name: str) -> bytes | None:
        path = self.folder / name
        try:
            with path.open("rb") as file:
                used = os.fstat(file.fileno()).st_mtime
                body = file.read()
            if abs(time.time() - used) > USED:
                with contextlib.suppress(OSError):  # a store that may only be read
                    os.utime(path)
            return body
        except OSError:
            # Unreadable is as good as missing: it will be made again, and a disk that is
            # really broken shows when the new answer is written.
            return None

    def _save(self, name: str, body: bytes) -> None:
        path = self.folder / name
        with storage_errors("write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, body, self._aside)

    def _hold(self) -> None:
        """Shares the store's lock with other builds until this object goes, waiting while somebody sweeps.

        A store that may only be read is nobody's to sweep, so it needs none. Whoever comes while there is no other
        build takes away what killed ones have left.
        """
        if fcntl is None:
            self._sweep()
            return
        try:
            handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError:
            return
        self._release = weakref.finalize(self, os.close, handle)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Ages alone do not tell: a clock may have leapt ahead while another build writes.
            self._sweep()
        fcntl.flock(handle, fcntl.LOCK_SH)

    def _sweep(self) -> None:
        oldest = time.time() - _ABANDONED
        for path in self._aside.iterdir():
            with contextlib.suppress(OSError):  # another build may sweep at the same time
                if path.stat().st_mtime < oldest:
                    path.unlink()
