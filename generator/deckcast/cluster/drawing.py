"""What a worker with a browser does: it draws some of a page's sections, makes some things, prints.

It has no file of the deck's. What a page asks for stands in a table that came with it; where something is missing in
there, it says so instead of giving a picture, and is asked again with more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from deckcast.cluster.transport import Shared
from deckcast.cluster.warm import borrowed
from deckcast.engines.browsers import open_browser
from deckcast.errors import BrowserError
from deckcast.model import Blob
from deckcast.ports import Bench, Browser, Done, Page, Paper, Resource, Shot
from deckcast.stages import Silence


@dataclass(frozen=True, slots=True)
class Served:
    """What a page may ask for."""

    shared: Shared
    table: Mapping[str, tuple[str, int, str] | None]
    """Path → the digest and size of its bytes in the store, and their media type; None where it is refused."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a piece of work."""

    made: tuple[Any, ...] = ()
    """Shots, or what a bench made, in order, up to where the browser failed."""
    wanted: tuple[str, ...] = ()
    """Paths that were asked for and are not in the table; then nothing was made."""
    error: BrowserError | None = None


def shoot(page: Page, served: Served) -> Drawn:
    """The page's sections."""
    table = _Table(served)
    shots: list[Shot] = []
    with borrowed("browser", _open) as browser:
        try:
            with closing(browser.shoot(page, table)) as shooting:
                for shot in shooting:
                    if table.wanted:
                        break
                    shots.append(shot)
        except BrowserError as error:
            return table.answer(shots, error)
    return table.answer(shots)


def work(bench: Bench, jobs: Sequence[Any], served: Served) -> Drawn:
    """What the bench's scripts make of the jobs."""
    table = _Table(served)
    made: list[Done] = []
    with borrowed("browser", _open) as browser:
        try:
            with closing(browser.work(bench, jobs, table)) as working:
                for done in working:
                    if table.wanted:
                        break
                    made.append(done)
        except BrowserError as error:
            return table.answer(made, error)
    return table.answer(made)


def press(paper: Paper, served: Served) -> Drawn:
    """The paper as PDF."""
    table = _Table(served)
    with borrowed("browser", _open) as browser:
        try:
            return table.answer([browser.print(paper, table)])
        except BrowserError as error:
            return table.answer([], error)


def _open() -> Browser:
    return open_browser("", Silence())


class _Table:
    """`Resources` of what was sent along."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.wanted: dict[str, None] = {}

    def get(self, path: str) -> Resource | None:
        if path not in self._served.table:
            self.wanted[path] = None
            return None
        entry = self._served.table[path]
        if entry is None:
            return None
        sha256, size, media_type = entry
        return Resource(self._served.shared.read(Blob(sha256, size)), media_type)

    def answer(self, made: Sequence[Any], error: BrowserError | None = None) -> Drawn:
        if self.wanted:
            return Drawn(wanted=tuple(self.wanted))
        if error is not None:
            # A cause may be such as cannot be sent.
            error.__cause__ = error.__context__ = None
        return Drawn(tuple(made), error=error)


def part(page: Page, sections: Sequence[str]) -> Page:
    """The same document, of which only these sections are photographed."""
    return replace(page, sections=tuple(sections), measured=tuple(one for one in page.measured if one in sections))
