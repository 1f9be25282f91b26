"""Keys for kept answers: the digest of a question, part by part.

A question's parts are named, so that a build can tell which of them changed (`build --explain`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> Any:
    """`value` as JSON data, equal for equal values in any process: dataclasses by field, mappings by sorted key."""
    if isinstance(value, str | int | bool) or value is None:
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, bytes):
        return {"sha256": sha256(value)}
    if isinstance(value, PurePath):
        return value.as_posix()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: canonical(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): canonical(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((canonical(item) for item in value), key=json.dumps)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    text = json.dumps(canonical(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer depends on."""

    kind: str
    """The stage that answers it and its version: `frame-1`. A new version asks everything again."""
    parts: tuple[tuple[str, str], ...]
    """(name, digest) of all that can change the answer, sorted by name."""

    @classmethod
    def of(cls, kind: str, **parts: Any) -> Question:
        return cls(kind, tuple(sorted((name, digest(value)) for name, value in parts.items())))

    @property
    def key(self) -> str:
        return digest(self)

    def changed(self, before: Question | None) -> str:
        """Why the answer to `before` does not serve: `new`, or the names of the parts that differ."""
        if before is None:
            return "new"
        if before.kind != self.kind:
            return f"{before.kind} is now {self.kind}"
        then = dict(before.parts)
        names = [name.replace("_", " ") for name, value in self.parts if then.get(name) != value]
        return ", ".join(names) + " changed" if names else "its kept answer is gone"
