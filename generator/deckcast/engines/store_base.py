"""What every store does alike; where the bytes lie is left to two methods.

A blob is a file named by its own SHA-256. An answer is a small JSON file named by its question's key,
written after its blobs, so that a build killed at any instant leaves only whole answers. Everything
is verified when it is read: a damaged answer is no answer, and is made again. What is true of all of them, such as how
an answer's file is written, is the store's *format*.
"""

from __future__ import annotations

import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from deckcast.digest import sha256
from deckcast.errors import NewerError, StorageError
from deckcast.model import Blob
from deckcast.ports import Answer

FORMAT = 1
FORMAT_FILE = "format.json"


class StoreBase(ABC):
    """Answers and blobs as named byte strings. Subclasses say where these lie."""

    def __init__(self) -> None:
        self._damaged: dict[str, None] = {}

    @property
    def damaged(self) -> tuple[str, ...]:
        return tuple(self._damaged)

    def get(self, key: str) -> Answer | None:
        answer = self._answer(key)
        if answer is None:
            return None
        gone = [blob_name(blob.sha256) for blob in answer.blobs.values() if self.find(blob) is None]
        # Blobs come before their answer and go after it.
        self._damaged |= dict.fromkeys(gone)
        return None if gone else answer

    def put(self, key: str, facts: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Answer:
        return self.record(key, facts, {name: self.put_blob(body) for name, body in blobs.items()})

    def put_blob(self, body: bytes) -> Blob:
        """Keeps bytes that no answer names yet. Raises `StorageError`."""
        blob = Blob(sha256(body), len(body))
        if self.find(blob) is None:
            self._save(blob_name(blob.sha256), body)
        return blob

    def record(self, key: str, facts: Mapping[str, Any], blobs: Mapping[str, Blob]) -> Answer:
        """Keeps an answer whose blobs are there already. Raises `StorageError`."""
        data, answer = _encode(key, facts, blobs)
        self._save(answer_name(key), data)
        return answer

    def read(self, blob: Blob) -> bytes:
        body = self.find(blob)
        if body is None:
            raise lost(blob)
        return body

    def find(self, blob: Blob) -> bytes | None:
        """Its bytes; None where they are missing or damaged."""
        body = self._load(blob_name(blob.sha256))
        return body if body is not None and len(body) == blob.size and sha256(body) == blob.sha256 else None

    def expect(self, keys: Iterable[str]) -> None:  # noqa: B027 - nothing is quicker for being told
        pass

    def flush(self) -> None:  # noqa: B027 - nothing is put off
        pass

    def close(self) -> None:  # noqa: B027 - nothing is held
        pass

    def _agree(self, place: object) -> None:
        """Writes down the format of a store that has none yet. Raises `NewerError` for one of a newer format."""
        told = _format(self._load(FORMAT_FILE))
        if told > FORMAT:
            raise NewerError(f"the store {place}", "name another store, with `--set build.store=DIR`")
        if told < FORMAT:
            with contextlib.suppress(StorageError):  # a store that may only be read
                self._save(FORMAT_FILE, _format_text(FORMAT))

    def _answer(self, key: str) -> Answer | None:
        """What the answer's file tells; whether its blobs are there is not looked at."""
        data = self._load(answer_name(key))
        answer = None if data is None else _decode(key, data)
        if data is not None and answer is None:
            self._damaged[answer_name(key)] = None
        return answer

    @abstractmethod
    def _load(self, name: str) -> bytes | None:
        """The bytes under `name`, or None when there are none."""

    @abstractmethod
    def _save(self, name: str, body: bytes) -> None:
        """Keeps the bytes, whole or not at all. Raises `StorageError`."""


def _format(data: bytes | None) -> int:
    """The format that a store's file tells; 0 where none is told, or it is damaged."""
    try:
        told = int(json.loads(data or b"{}")["format"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return 0
    return told if data == _format_text(told) else 0


def _format_text(number: int) -> bytes:
    """Sealed, so that one bit that rots does not make a store another program's."""
    return json.dumps({"format": number, "sha256": sha256(f"store {number}".encode())}).encode()


def lost(blob: Blob) -> StorageError:
    """For a blob that an answer has named, and that cannot be read."""
    return StorageError(
        f"kept work was lost or damaged while the build ran: {blob_name(blob.sha256)}",
        hint="build again: what is missing is made anew",
    )


def answer_name(key: str) -> str:
    return f"answers/{key[:2]}/{key}.json"


def blob_name(sha: str) -> str:
    return f"blobs/{sha[:2]}/{sha}"


def _encode(key: str, facts: Mapping[str, Any], blobs: Mapping[str, Blob]) -> tuple[bytes, Answer]:
    """The answer's file, and the answer exactly as it will be read back from there."""
    named = {name: [blob.sha256, blob.size] for name, blob in sorted(blobs.items())}
    body = json.dumps({"key": key, "facts": facts, "blobs": named}, ensure_ascii=False, sort_keys=True)
    sealed = json.dumps({"sha256": sha256(body.encode()), "answer": body}, ensure_ascii=False)
    return sealed.encode(), Answer(json.loads(body)["facts"], dict(blobs))


def _decode(key: str, data: bytes) -> Answer | None:
    try:
        sealed = json.loads(data)
        body = sealed["answer"]
        if sha256(body.encode()) != sealed["sha256"]:
            return None
        answer = json.loads(body)
        if answer["key"] != key:
            return None
        return Answer(answer["facts"], {name: Blob(sha, size) for name, (sha, size) in answer["blobs"].items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
