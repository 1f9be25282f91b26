"""What is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes in the store, named by what they are."""

    sha256: str
    size: int
