"""Engines for builds that need none."""

from __future__ import annotations

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.workshop import Workshop


class Fakes:
    """What lasts over several builds, as a machine does."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.browsers: list[FakeBrowser] = []

    def workshop(self) -> Workshop:
        def browser(*_: object) -> FakeBrowser:
            self.browsers.append(FakeBrowser())
            return self.browsers[-1]

        return Workshop(
            lambda *_: self.store, lambda *_: InlineExecutor(), browser, lambda *_: (FakeVoice(), "it is a test")
        )

    @property
    def shown(self) -> list[str]:
        """Every section that was photographed."""
        return [section for browser in self.browsers for section in browser.shown]
