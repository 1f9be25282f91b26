"""Draws slides with a Chromium of this machine, through Playwright.

One page holds all sections; one is shown at a time and the viewport photographed. Pictures of single elements of a
tall page come out cut off near 16,384 pixels. Scripts of the deck do not run, and the browser's own network is dead.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from deckcast.digest import sha256
from deckcast.engines import browser_find
from deckcast.engines.browser_bench import OpenBench
from deckcast.engines.browser_print import Press
from deckcast.engines.browser_view import POLICY, SCRIPT, SwallowedError, View
from deckcast.errors import BrowserError
from deckcast.ports import Bench, Done, Page, Paper, Resources, Shot

FLAGS = (
    "--font-render-hinting=none",
    "--disable-lcd-text",  # else the edges of letters are coloured where fontconfig knows the screen
    "--disable-dev-shm-usage",  # in containers /dev/shm is small, or closed to ordinary users
    "--force-color-profile=srgb",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
START_SECONDS = 60.0
PRINT_SECONDS = 300.0

T = TypeVar("T")


class Chromium:
    """A `Browser`. Nothing is looked for before `identity` is asked, nothing started before `shoot`."""

    def __init__(
        self,
        locate: Callable[[], Path],
        *,
        prepare: Callable[[], None] = lambda: None,
        say: Callable[[str], None] = lambda _: None,
        seconds: float = 60.0,
    ) -> None:
        """`prepare` is called before the browser starts; the document, then each section, may take `seconds`."""
        self._locate = locate
        self._prepare = prepare
        self._say = say
        # Chromium's sandbox does not work for root.
        self._sandbox = not (hasattr(os, "geteuid") and os.geteuid() == 0)
        self._seconds = seconds
        self._found: Path | None = None
        self._desk: _Desk | None = None
        self._running: _Running | None = None

    @property
    def identity(self) -> str:
        own = sha256("\n".join([SCRIPT.read_text(encoding="utf-8"), POLICY, *FLAGS]).encode())
        return f"{browser_find.identity(self._program())}, asked as {own[:8]}"

    def shoot(self, page: Page, resources: Resources) -> Generator[Shot, None, None]:
        left = list(page.sections)
        again = True
        while left:
            try:
                for shot in self._shots(page, left, resources):
                    yield shot
                    left.remove(shot.section)
            except _BrokenError as error:
                self._kill()
                together = isinstance(error, _UnopenedError) and len(page.sections) > 1
                hint = "look for something endless on that slide, or name another browser with `browser`"
                if together:
                    message = f"the browser failed while it opened all slides: {error}"
                    raise BrowserError(message, code="browser-page", hint=hint) from error
                if not again:
                    message = f"the browser failed twice while it drew a slide: {error}"
                    raise BrowserError(message, code="browser-slide", hint=hint) from error
                again = False
            except SwallowedError as error:
                raise BrowserError(
                    f"the browser cannot read a slide: {error}", code="browser-page", hint="close all tags on it"
                ) from error

    def work(self, bench: Bench, jobs: Sequence[Any], resources: Resources) -> Generator[Done, None, None]:
        opened: OpenBench | None = None
        try:
            for job in jobs:
                opened, done = self._worked(opened, bench, job, resources)
                yield done
        finally:
            if opened is not None and self._desk is not None:
                self._desk.later(opened.close)

    def print(self, paper: Paper, resources: Resources) -> bytes:
        again = True
        while True:
            try:
                desk, running = self._start(self._program())
                return desk.call(Press(running.browser, paper, resources).print, PRINT_SECONDS)
            except _BrokenError as error:
                self._kill()
                if not again:
                    raise BrowserError(
                        f"the browser failed twice while it printed: {error}",
                        hint="name another browser with `browser`",
                    ) from error
                again = False

    def close(self) -> None:
        if self._running is not None and self._desk is not None:
            try:
                self._desk.call(self._running.stop, START_SECONDS)
            except _BrokenError:
                self._running.kill()
        if self._desk is not None:
            self._desk.end()
        self._running = self._desk = None

    def _program(self) -> Path:
        if self._found is None:
            self._found = self._locate()
        return self._found

    def _shots(self, page: Page, sections: list[str], resources: Resources) -> Generator[Shot, None, None]:
        desk, running = self._start(self._program())
        view = View(running.browser, page, resources)
        try:
            try:
                desk.call(view.open, self._seconds)
            except _BrokenError as error:
                raise _UnopenedError(error.details) from error
            for section in tuple(sections):
                yield desk.call(partial(view.shoot, section), self._seconds)
        except _BrokenError:
            raise  # nothing is left that could be closed
        except BaseException:
            if self._desk is desk:  # else the browser was closed before its shots were let go
                desk.call(view.close, self._seconds)
            raise
        desk.call(view.close, self._seconds)

    def _worked(
        self, opened: OpenBench | None, bench: Bench, job: Any, resources: Resources
    ) -> tuple[OpenBench | None, Done]:
        """What came of one job, and the bench if it still stands. A browser that breaks is started again once."""
        again = True
        while True:
            try:
                desk, running = self._start(self._program())
                if opened is None:
                    opened = OpenBench(running.browser, bench, resources)
                    desk.call(opened.open, self._seconds)
                try:
                    return opened, desk.call(partial(opened.work, job), bench.seconds)
                except _SlowError:
                    self._kill()
                    return None, Done(trouble=f"it is not done within {bench.seconds:g} seconds")
            except _BrokenError as error:
                self._kill()
                opened = None
                if not again:
                    raise BrowserError(
                        f"the browser failed twice while a script worked in it: {error}",
                        hint="name another browser with `browser`",
                    ) from error
                again = False

    def _start(self, program: Path) -> tuple[_Desk, _Running]:
        """The browser that runs, or one that is started now. Raises `BrowserError`."""
        if self._desk is not None and self._running is not None:
            return self._desk, self._running
        self._prepare()
        desk, running = self._desk, self._running = _Desk(), _Running(program, sandbox=self._sandbox)
        try:
            desk.call(running.start, START_SECONDS)
        except _BrokenError as error:
            self._kill()
            if not self._sandbox or "no usable sandbox" not in error.details.lower():
                raise BrowserError(
                    f"{program} does not start: {error}", hint="name another with the setting `browser`"
                ) from error
            # Containers and some kernels allow none to ordinary users. The page has no scripts and no network.
            self._say("this system allows browsers no sandbox; drawing without one")
            self._sandbox = False
            return self._start(program)
        return desk, running

    def _kill(self) -> None:
        """Leaves a browser that does not answer; its thread clears up as soon as it is free."""
        if self._running is not None and self._desk is not None:
            self._running.kill()
            self._desk.later(self._running.stop)
        if self._desk is not None:
            self._desk.end()
        self._running = self._desk = None


class _BrokenError(Exception):
    """The browser crashed, hung or refused a command."""

    def __init__(self, said: str) -> None:
        super().__init__(said.strip().splitlines()[0] if said.strip() else "it says nothing")
        self.details = said
        """Everything that Playwright and the browser said."""


class _UnopenedError(_BrokenError):
    """It did so with the whole document, before there was a picture of it."""


class _SlowError(_BrokenError):
    """It took too long."""


class _Desk:
    """One thread that makes all calls to a browser: Playwright's objects belong to the thread that made them."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="deckcast-browser", daemon=True).start()

    def call(self, job: Callable[[], T], seconds: float) -> T:
        """Raises `_BrokenError` when the job takes longer than `seconds` or Playwright gives up."""
        from playwright.sync_api import Error

        answer: Future[T] = Future()
        self._jobs.put((answer, job))
        try:
            return answer.result(seconds)
        except TimeoutError:
            raise _SlowError(f"no answer within {seconds:g} seconds") from None
        except Error as error:
            raise _BrokenError(error.message) from error
        except Exception as error:
            if type(error) is Exception:  # so Playwright says that its driver is gone
                raise _BrokenError(str(error)) from error
            raise

    def later(self, job: Callable[[], object]) -> None:
        """Does the job when those before it are done; nobody waits for it."""
        self._jobs.put((Future(), job))

    def end(self) -> None:
        self._jobs.put(None)

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            answer, job = item
            try:
                answer.set_result(job())
            except BaseException as error:
                answer.set_exception(error)


class _Running:
    """One browser process. All but `kill` is called on its desk."""

    def __init__(self, program: Path, *, sandbox: bool) -> None:
        self._program = program
        self._sandbox = sandbox
        self._pid: int | None = None
        self._playwright: Any = None
        self.browser: Any = None

    def start(self) -> None:
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self.browser = self._playwright.chromium.launch(
            executable_path=self._program,
            args=list(FLAGS),
            chromium_sandbox=self._sandbox,
            env=browser_find.environment(self._program),
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=START_SECONDS * 1000,
        )
        session = self.browser.new_browser_cdp_session()
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
        self._pid = next(int(one["id"]) for one in processes if one["type"] == "browser")
        session.detach()

    def stop(self) -> None:
        try:
            if self.browser is not None:
                self.browser.close()
        finally:
            if self._playwright is not None:
                self._playwright.stop()

    def kill(self) -> None:
        """From any thread; whatever waits for an answer of the browser is told that it is gone."""
        if self._pid is not None:
            try:
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            except OSError:
                return
