"""A browser that stays open from one chapter to the next."""

from __future__ import annotations

from dataclasses import replace

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.ports import Browser, Progress
from deckcast.settings import Settings
from deckcast.stages import Silence
from deckcast.warm import WarmBrowser


class Counted(FakeBrowser):
    closed = 0

    def close(self) -> None:
        self.closed += 1


class Shop:
    def __init__(self) -> None:
        self.opened: list[Counted] = []

    def open(self, _settings: Settings, _progress: Progress) -> Browser:
        self.opened.append(Counted())
        return self.opened[-1]


def named(name: str) -> Settings:
    base = Settings()
    return replace(base, build=replace(base.build, browser=name))


def test_it_is_opened_once_and_stays_open_whoever_closes_it() -> None:
    shop = Shop()
    warm = WarmBrowser(shop.open)
    assert shop.opened == []
    for _ in range(3):
        browser = warm.open(Settings(), Silence())
        assert browser.identity == shop.opened[0].identity
        browser.close()
    (one,) = shop.opened
    assert one.closed == 0
    warm.close()
    warm.close()
    assert one.closed == 1


def test_settings_that_name_another_close_the_one_before() -> None:
    shop = Shop()
    warm = WarmBrowser(shop.open)
    warm.open(named("a"), Silence())
    warm.open(named("b"), Silence())
    assert [one.closed for one in shop.opened] == [1, 0]
    warm.close()
    assert [one.closed for one in shop.opened] == [1, 1]
