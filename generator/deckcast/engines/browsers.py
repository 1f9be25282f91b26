"""Opens the browser that draws slides: the one named, one found on this machine, or one installed now."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from deckcast.engines import browser_find, playwright_driver
from deckcast.errors import BrowserError
from deckcast.ports import Availability, Browser, Progress

VARIABLE = "DECKCAST_BROWSER"
"""The environment variable that names a browser; the setting `browser` is stronger."""


def open_browser(setting: str, progress: Progress) -> Browser:
    """A browser that is looked for, installed where there is none, and started only when it is first needed."""
    from deckcast.engines.browser_chromium import Chromium

    return Chromium(
        lambda: locate(setting, progress), prepare=lambda: playwright_driver.ensure(progress), say=progress.say
    )


def locate(setting: str, progress: Progress, *, install: Callable[[Progress], Path] | None = None) -> Path:
    """The program of a Chromium that works here. Raises `BrowserError` where there is none and none can be had."""
    found = named(setting) or browser_find.find()
    if found is not None:
        return found
    if install is None:
        from deckcast.engines.browser_install import install as install_browser

        install = install_browser
    return install(progress)


def named(setting: str) -> Path | None:
    """The browser that the setting or else the environment names. Raises `BrowserError` if it is not there."""
    for value, origin in ((setting, "the setting `browser`"), (os.environ.get(VARIABLE, ""), VARIABLE)):
        if value:
            path = browser_find.program(value)
            if path is None:
                raise BrowserError(
                    f"{origin} names `{value}`, and there is no such program",
                    hint="give the whole path of a Chromium, Chrome or Edge, or leave it empty to have one looked for",
                )
            return path
    return None


def availability(setting: str) -> Availability:
    """Whether slides can be drawn here, for `deckcast doctor`."""
    try:
        path = named(setting) or browser_find.find()
        if path is not None:
            return Availability(True, f"{browser_find.identity(path)} at {path}")
    except BrowserError as error:
        return Availability(False, str(error), error.finding.hint)
    from deckcast.engines.browser_install import command

    return Availability(False, "no Chromium, Chrome or Edge was found", command())
