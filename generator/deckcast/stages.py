"""Times a build's stages and tells the progress about them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from deckcast.keep import Keeper
from deckcast.model import Stage
from deckcast.ports import Progress


class Silence:
    """A progress that tells nobody."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None: ...

    def end(self, stage: str, note: str = "") -> None: ...

    def say(self, message: str) -> None: ...


class Stages:
    """The stages of one build, in the order in which they ended."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress: Progress = progress or Silence()
        self.done: list[Stage] = []

    @contextmanager
    def time(self, name: str, total: int, keeper: Keeper | None = None) -> Iterator[None]:
        """One stage; `total` is how many pieces it has, 0 where that is not known before."""
        begun = time.monotonic()
        self.progress.begin(name, total)
        yield
        made, kept = keeper.counts(name) if keeper else (0, 0)
        self.done.append(Stage(name, made, kept, time.monotonic() - begun))
        self.progress.end(name)
