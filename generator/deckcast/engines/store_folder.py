"""A store in a folder of this machine; any number of builds may share it at once."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from deckcast.engines.store_base import StoreBase
from deckcast.errors import storage_errors

_ABANDONED = 24 * 3600
"""Seconds after which a half-written file of a killed build is swept away."""


class FolderStore(StoreBase):
    """Writes aside, syncs, renames: what stands under its final name is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._aside = folder / "tmp"
        with storage_errors("make the store", folder):
            self._aside.mkdir(parents=True, exist_ok=True)
        self._sweep()

    def _load(self, name: str) -> bytes | None:
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            # Unreadable is as good as missing: it will be made again, and a disk that is
            # really broken shows when the new answer is written.
            return None

    def _save(self, name: str, body: bytes) -> None:
        path = self.folder / name
        with storage_errors("write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=self._aside)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())
                Path(aside).replace(path)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(aside).unlink()
                raise

    def _sweep(self) -> None:
        oldest = time.time() - _ABANDONED
        for path in self._aside.iterdir():
            with contextlib.suppress(OSError):  # another build may sweep at the same time
                if path.stat().st_mtime < oldest:
                    path.unlink()
