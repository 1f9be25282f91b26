"""A browser that stays open from one use to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from deckcast.ports import Browser, Progress
from deckcast.settings import Settings


class WarmBrowser:
    """Opened when it is first asked for, and again when the settings name another. For one user after the other."""

    def __init__(self, opener: Callable[[Settings, Progress], Browser]) -> None:
        self._opener = opener
        self._opened: tuple[str, Browser] | None = None

    def open(self, settings: Settings, progress: Progress) -> Browser:
        """Its user may close it, as any other: it stays open all the same."""
        name = settings.build.browser
        if self._opened is not None and self._opened[0] != name:
            self.close()
        if self._opened is None:
            self._opened = name, self._opener(settings, progress)
        return cast(Browser, _Lent(self._opened[1]))

    def close(self) -> None:
        """It may be opened again."""
        if self._opened is not None:
            _, browser = self._opened
            self._opened = None
            browser.close()


class _Lent:
    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def __getattr__(self, name: str) -> Any:
        return getattr(self._browser, name)

    def close(self) -> None: ...
