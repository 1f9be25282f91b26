"""How calls go to workers and what comes of them comes back: long bytes through the shared store, by their names.

So the scheduler, through which all messages pass, carries only small ones, and bytes that many tasks need are written
once.
"""

from __future__ import annotations

import io
import pickle
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deckcast.engines.store_base import StoreBase
from deckcast.engines.stores import open_shared
from deckcast.errors import StorageError
from deckcast.model import Blob

LONG = 32_768
"""Bytes from which on they go through the store."""
_WAITS = (0.2, 1.0, 3.0)
"""Seconds after which bytes are looked for again: a shared disk may show a new file late."""

_opened: dict[str, StoreBase] = {}
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Shared:
    """The store of a build, wherever this value has got to. Opened when it is first used, once a process."""

    address: str

    def read(self, blob: Blob) -> bytes:
        """Raises `StorageError`."""
        for seconds in _WAITS:
            try:
                return self.store().read(blob)
            except StorageError:
                time.sleep(seconds)
        return self.store().read(blob)

    def put(self, body: bytes) -> Blob:
        """Raises `StorageError`."""
        return self.store().put_blob(body)

    def store(self) -> StoreBase:
        """Raises `StorageError` or `MachineError`."""
        with _opening:
            if self.address not in _opened:
                _opened[self.address] = open_shared(self.address)
            return _opened[self.address]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A value on its way; `blob` holds what `data` would be too long for."""

    data: bytes
    blob: tuple[str, int] | None = None


def pack(value: Any, shared: Shared) -> Parcel:
    """Any value that can be pickled. Raises `StorageError`."""
    body = io.BytesIO()
    _Packer(body, shared).dump(value)
    data = body.getvalue()
    if len(data) <= LONG:
        return Parcel(data)
    blob = shared.put(data)
    return Parcel(b"", (blob.sha256, blob.size))


def unpack(parcel: Parcel, shared: Shared) -> Any:
    """Raises `StorageError` where anything of it is lost."""
    data = shared.read(Blob(*parcel.blob)) if parcel.blob else parcel.data
    return _Unpacker(io.BytesIO(data), shared).load()


class Call:
    """A message that becomes `function(*arguments)` where it is unpickled.

    A task of Dask is a function and its arguments, and the scheduler unpickles the function. That of ours is
    `pickle.loads`, its argument a pickled `Call`: so a scheduler needs no deckcast, whatever version workers have.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._as = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self._as


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, shared: Shared) -> None:
        super().__init__(file, protocol=5)
        self._shared = shared
        self._known: dict[int, tuple[str, str, int]] = {}

    def persistent_id(self, obj: Any) -> tuple[str, str, int] | None:
        kind = type(obj)
        if kind not in (bytes, str) or len(obj) <= LONG:
            return None
        if id(obj) not in self._known:  # the value holds it, so that its `id` is no other's meanwhile
            body = obj if kind is bytes else obj.encode("utf-8", "surrogatepass")
            blob = self._shared.put(body)
            self._known[id(obj)] = (kind.__name__, blob.sha256, blob.size)
        return self._known[id(obj)]


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: Shared) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, pid: tuple[str, str, int]) -> bytes | str:
        kind, sha256, size = pid
        body = self._shared.read(Blob(sha256, size))
        return body if kind == "bytes" else body.decode("utf-8", "surrogatepass")
