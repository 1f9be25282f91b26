"""A store that ends with the process: for tests, and for builds that shall leave nothing behind."""

from __future__ import annotations

from deckcast.engines.store_base import StoreBase


class MemoryStore(StoreBase):
    """Keeps everything in `contents`, by name; tests may look in and damage it."""

    def __init__(self) -> None:
        super().__init__()
        self.contents: dict[str, bytes] = {}

    def _load(self, name: str) -> bytes | None:
        return self.contents.get(name)

    def _save(self, name: str, body: bytes) -> None:
        self.contents[name] = body
