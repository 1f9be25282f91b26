"""A remote store with a local copy in front of it: what was asked or made here once is not fetched again.

What is made is kept here first; it is sent while the build goes on. Until that is done, it is written down as owed: so
nothing is lost where the server cannot be reached, and whoever opens the store next sends it.
"""

from __future__ import annotations

import contextlib
import time
import weakref
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from deckcast.engines.store_base import answer_name, lost
from deckcast.engines.store_folder import FolderStore
from deckcast.engines.store_remote import LANES, RemoteStore
from deckcast.engines.store_sweep import sweep
from deckcast.errors import storage_errors
from deckcast.model import Blob
from deckcast.ports import Answer

_OWED = "owed"
_SWEPT = "swept"
_DAY = 24 * 3600.0
_UNUSED = 30 * _DAY


class FrontedStore:
    """Asks the folder, then the remote store; puts into the folder, then, in threads of its own, into the other.

    Raises `StorageError` when something could not be sent: at the next `put`, or when it is flushed.
    """

    def __init__(self, front: FolderStore, remote: RemoteStore) -> None:
        self._front = front
        self._remote = remote
        self._coming: dict[str, Future[Answer | None]] = {}
        self._going: set[Future[None]] = set()
        self._failed: Exception | None = None
        self._fetching = ThreadPoolExecutor(LANES, thread_name_prefix="deckcast-fetch")
        self._sending = ThreadPoolExecutor(LANES, thread_name_prefix="deckcast-send")
        for pool in (self._fetching, self._sending):
            weakref.finalize(self, pool.shutdown, wait=False, cancel_futures=True)
        self._owed = front.folder / _OWED
        with storage_errors("make the store", self._owed):
            self._owed.mkdir(exist_ok=True)
        for key in owed(front.folder):
            self._send_soon(key)

    @property
    def damaged(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._front.damaged, *self._remote.damaged)))

    def get(self, key: str) -> Answer | None:
        coming = self._coming.pop(key, None)
        if coming is not None and not coming.cancel():
            return coming.result()
        return self._get(key, at_once=True)

    def put(self, key: str, facts: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Answer:
        self._raise_failed()
        self._coming.pop(key, None)
        owing = self._owed / key
        with storage_errors("write", owing):
            owing.touch()
        answer = self._front.put(key, facts, blobs)
        self._send_soon(key)
        return answer

    def read(self, blob: Blob) -> bytes:
        body = self._front.find(blob)
        if body is None:
            body = self._remote.find(blob)
            if body is None:
                raise lost(blob)
            self._front.put_blob(body)
        return body

    def expect(self, keys: Iterable[str]) -> None:
        for key in keys:
            if key not in self._coming and not (self._front.folder / answer_name(key)).exists():
                self._coming[key] = self._fetching.submit(self._get, key, at_once=False)

    def flush(self) -> None:
        wait(tuple(self._going))
        self._raise_failed()

    def close(self) -> None:
        self._fetching.shutdown(cancel_futures=True)
        self._sending.shutdown(cancel_futures=True)
        self._remote.close()
        self._front.close()

    def _get(self, key: str, *, at_once: bool) -> Answer | None:
        answer = self._front.get(key)
        if answer is not None:
            return answer
        found = self._remote.fetch(key, lambda blob: self._front.find(blob) is not None, at_once=at_once)
        if found is None:
            return None
        answer, bodies = found
        for body in bodies.values():
            self._front.put_blob(body)
        return self._front.record(key, answer.facts, answer.blobs)

    def _send_soon(self, key: str) -> None:
        future = self._sending.submit(self._send, key)
        self._going.add(future)
        future.add_done_callback(self._going.discard)

    def _send(self, key: str) -> None:
        if self._failed is not None:
            return
        try:
            answer = self._front.get(key)
            if answer is not None:  # else somebody took it away: then nothing can be owed
                bodies = {name: self._front.read(blob) for name, blob in answer.blobs.items()}
                self._remote.put(key, answer.facts, bodies)
        except Exception as error:
            self._failed = error
            return
        with contextlib.suppress(OSError):
            (self._owed / key).unlink(missing_ok=True)

    def _raise_failed(self) -> None:
        if self._failed is not None:
            raise self._failed


def owed(folder: Path) -> tuple[str, ...]:
    """The keys of what lies in a local copy and was not sent yet."""
    place = folder / _OWED
    return tuple(sorted(path.name for path in place.iterdir())) if place.is_dir() else ()


def tidy(folder: Path, most: int) -> None:
    """Once a day, takes out of a local copy what nobody has used for a month, and the longest unused beyond `most`
    bytes; where a build works with it, another day. All of it can be fetched again, but for what is owed."""
    mark = folder / _SWEPT
    with contextlib.suppress(OSError):
        if abs(time.time() - mark.stat().st_mtime) < _DAY:
            return
    with contextlib.suppress(_BusyError):
        sweep(folder, unused=_UNUSED, most=most, keep=lambda: owed(folder), waiting=_leave)
        with storage_errors("write", mark):
            folder.mkdir(parents=True, exist_ok=True)
            mark.touch()


class _BusyError(Exception):
    pass


def _leave() -> None:
    raise _BusyError
