"""What tests of pages wait with: nothing is asserted right after a key or a click, and a busy machine has time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from deckcast.engines import browser_find
from faults.harness import SECONDS, soon

__all__ = ["SECONDS", "chromium", "expect", "soon", "until"]

expect.set_options(timeout=1000 * SECONDS)


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The Chromium of this machine."""
    found = browser_find.find()
    assert found is not None, "the slow tests need a Chromium: deckcast doctor"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=flags, env=browser_find.environment(found), chromium_sandbox=False
        )
        yield browser
        browser.close()


def until(page: Any, true: str, **given: Any) -> Any:
    """Waits until an expression is true in a page, and gives its value. It may use what is `given`.

    Playwright's own waiting evaluates text in the page, which the policies of most of our pages forbid.
    """
    end = time.monotonic() + SECONDS
    while not (found := page.evaluate(f"(given) => {true}", given)):
        assert time.monotonic() < end, (true, page.evaluate("document.body.innerText"))
        page.wait_for_timeout(50)
    return found
