"""A store behind an fsspec URL (`s3://bucket/lessons`, `memory://…`), so that a team shares finished work.

Relies on the file system writing objects whole, as object stores do, and on finding by its name what was written; it
never lists anything, so a listing that comes late does not matter. What it asks costs time and money by the request, so
nothing is read to learn whether it is there, and what belongs together is fetched at once.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deckcast.digest import sha256
from deckcast.engines.store_base import FORMAT_FILE, StoreBase, blob_name
from deckcast.engines.store_faults import is_denied, is_missing, told
from deckcast.errors import MachineError, StorageError
from deckcast.model import Blob
from deckcast.ports import Answer
from deckcast.redact import redacted, without_passwords

LANES = 10
"""Requests at once; botocore keeps as many connections open."""
_S3 = ("s3", "s3a")
_FLAT = (*_S3, "gs", "gcs", "az", "abfs", "abfss", "oss", "memory")
"""Where names with slashes need no folders; to ask for one there may make a bucket."""
_S3_OPTIONS: Mapping[str, Any] = {
    # By its own defaults, s3fs asks for an object's size before it reads it, and lists the bucket where there is none.
    "max_concurrency": 1,
    "use_listings_cache": False,
    "config_kwargs": {"retries": {"mode": "standard", "total_max_attempts": 2}},
}
_S3_RETRIES = 2
"""Of s3fs, for each of which botocore makes its own: with its 5, a silent server keeps one waiting for half an hour."""
_SHORT = 65_536
"""Bytes that are written as quickly as one asks whether they are there."""
_PROBE = "probe"


class RemoteStore(StoreBase):
    """Names are joined to the URL. Raises `MachineError` when the URL's kind needs a package that is not here, and
    `StorageError` where there is no such place, or nobody answers or lets one in."""

    def __init__(self, url: str) -> None:
        import fsspec

        super().__init__()
        try:
            self._files, self._root = fsspec.core.url_to_fs(url, **_options(url))
        except (ImportError, ValueError) as error:
            s3 = isinstance(error, ImportError) and url.partition("://")[0] in _S3
            raise MachineError(
                redacted(f"cannot open the store {url}: {error}"),
                hint="pip install 'deckcast[s3]'" if s3 else "install the fsspec package for this kind of URL",
            ) from error
        protocol = self._files.protocol
        kinds = (protocol,) if isinstance(protocol, str) else tuple(protocol)
        self._s3 = bool(set(kinds) & set(_S3))
        self._flat = bool(set(kinds) & set(_FLAT))
        if self._s3 and type(self._files).retries == self._files.retries:
            self._files.retries = _S3_RETRIES
        self.url = without_passwords(url)
        self._folders: set[str] = set()
        self._there: set[str] = set()
        self._unlisted = False
        self._pool = ThreadPoolExecutor(LANES, thread_name_prefix="deckcast-store")
        weakref.finalize(self, self._pool.shutdown, wait=False, cancel_futures=True)
        self._enter()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def get(self, key: str) -> Answer | None:
        found = self.fetch(key, lambda _: False)
        return found[0] if found else None

    def fetch(
        self, key: str, has: Callable[[Blob], bool], *, at_once: bool = True
    ) -> tuple[Answer, dict[str, bytes]] | None:
        """The whole answer with the bytes of its blobs, but for those that `has` says one has; None as of `get`.

        `at_once` asks for all blobs together; a caller who himself asks for many answers together needs it not.
        """
        answer = self._answer(key)
        if answer is None:
            return None
        wanted = list(dict.fromkeys(blob for blob in answer.blobs.values() if not has(blob)))
        names = [blob_name(blob.sha256) for blob in wanted]
        loaded = list((self._pool.map if at_once and len(names) > 1 else map)(self._load, names))
        bodies = {}
        for blob, name, body in zip(wanted, names, loaded, strict=True):
            if body is None:  # others may have it taken away by its age: it was not lost
                continue
            if len(body) != blob.size or sha256(body) != blob.sha256:
                self._damaged[name] = None
                continue
            self._there.add(blob.sha256)
            bodies[blob.sha256] = body
        return None if len(bodies) < len(wanted) else (answer, bodies)

    def put(self, key: str, facts: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Answer:
        kept = (self._pool.map if len(blobs) > 1 else map)(self.put_blob, blobs.values())
        return self.record(key, facts, dict(zip(blobs, kept, strict=True)))

    def put_blob(self, body: bytes) -> Blob:
        """What has the blob's name and size is taken to be it, but where it was found to be damaged."""
        blob = Blob(sha256(body), len(body))
        name = blob_name(blob.sha256)
        if name in self._damaged or (blob.sha256 not in self._there and not self._stands(name, blob.size)):
            self._save(name, body)
        self._there.add(blob.sha256)
        return blob

    def _stands(self, name: str, size: int) -> bool:
        return size > _SHORT and self._size(name) == size

    def _enter(self) -> None:
        """Agrees on the format.

        A user of S3 who may not list a bucket is told that he may not read what is not in it. So in a new store, only
        what he has written himself shows whether he may read at all.
        """
        try:
            self._agree(self.url)
        except StorageError as error:
            if not is_denied(error):
                raise
            try:
                self._save(_PROBE, b"deckcast")
                self._load(_PROBE)
            except StorageError:
                raise error from None
            self._unlisted = True
            self._agree(self.url)

    def _load(self, name: str) -> bytes | None:
        try:
            body: bytes = self._files.cat_file(f"{self._root}/{name}")
        except Exception as error:
            if self._is_missing(error):
                return None
            raise told(error, "read", name, self.url) from error
        return body

    def _size(self, name: str) -> int | None:
        path = f"{self._root}/{name}"
        try:
            if self._s3:  # `info` lists the bucket where there is none
                bucket, key, _ = self._files.split_path(path)
                return int(self._files.call_s3("head_object", Bucket=bucket, Key=key)["ContentLength"])
            return int(self._files.info(path)["size"])
        except Exception as error:
            if self._is_missing(error):
                return None
            raise told(error, "read", name, self.url) from error

    def _is_missing(self, error: Exception) -> bool:
        if isinstance(error, PermissionError) and not self._unlisted:
            with contextlib.suppress(Exception):
                self._files.cat_file(f"{self._root}/{FORMAT_FILE}")
                self._unlisted = True
        return is_missing(error) or (self._unlisted and isinstance(error, PermissionError))

    def _save(self, name: str, body: bytes) -> None:
        path = f"{self._root}/{name}"
        folder = path.rpartition("/")[0]
        try:
            if not self._flat and folder not in self._folders:
                self._files.makedirs(folder, exist_ok=True)
                self._folders.add(folder)
            self._files.pipe_file(path, body)
        except Exception as error:
            raise told(error, "write", name, self.url) from error


def _options(url: str) -> dict[str, Any]:
    """For fsspec, where its own configuration (`FSSPEC_S3_…`) does not say otherwise."""
    from fsspec.config import conf

    chosen = conf.get("s3", {})
    return {n: value for n, value in _S3_OPTIONS.items() if n not in chosen} if url.partition("://")[0] in _S3 else {}
