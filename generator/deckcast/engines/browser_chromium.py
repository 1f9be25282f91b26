"""Draws slides with a Chromium of this machine, through Playwright.

One page holds all sections; one is shown at a time and the viewport photographed. Pictures of single elements
of a tall page come out cut off near 16,384 pixels. The page lives at an address that does not exist: every request
is answered here from `Resources` or refused, scripts of the deck do not run, and the browser's own network is dead.
"""

from __future__ import annotations

import base64
import os
import queue
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from deckcast.digest import sha256
from deckcast.engines import browser_find
from deckcast.errors import BrowserError, DeckcastError
from deckcast.ports import Page, Resources, Shot

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, JSHandle, Request, Route

ORIGIN = "http://deck.invalid"
"""RFC 2606 keeps `.invalid` from ever being a real name."""
DOCUMENT = f"{ORIGIN}/deck/"
"""Where the document itself is: `images/a.png` on a slide is asked for as `/deck/images/a.png`."""

POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; script-src 'none'; base-uri 'none'; form-action 'none'"
)
FLAGS = (
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
START_SECONDS = 60.0
MOST_PROBES = 60
"""How many characters of a slide are looked at one by one when it uses a font of the machine."""
SCRIPT = Path(__file__).with_name("browser_page.js")

T = TypeVar("T")


class Chromium:
    """A `Browser`. Nothing is looked for before `identity` is asked, nothing started before `shoot`."""

    def __init__(
        self, locate: Callable[[], Path], *, prepare: Callable[[], None] = lambda: None, seconds: float = 60.0
    ) -> None:
        """`prepare` is called before the browser starts; the document, then each section, may take `seconds`."""
        self._locate = locate
        self._prepare = prepare
        self._seconds = seconds
        self._found: Path | None = None
        self._desk: _Desk | None = None
        self._running: _Running | None = None

    @property
    def identity(self) -> str:
        own = sha256("\n".join([SCRIPT.read_text(encoding="utf-8"), *FLAGS]).encode())
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
                if not again:
                    raise BrowserError(
                        f"the browser failed twice while it drew a slide: {error}",
                        code="browser-slide",
                        hint="look for something endless on that slide, or name another browser with `browser`",
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
        program = self._program()
        if self._running is None:
            self._prepare()
        if self._desk is None:
            self._desk = _Desk()
        desk = self._desk
        if self._running is None:
            self._running = _Running(program)
            try:
                desk.call(self._running.start, START_SECONDS)
            except _BrokenError as error:
                self._kill()
                raise _cannot_start(program, str(error)) from error
        view = _View(self._running, page, resources)
        try:
            desk.call(view.open, self._seconds)
            for section in tuple(sections):
                yield desk.call(partial(view.shoot, section), self._seconds)
        except _BrokenError:
            raise  # nothing is left that could be closed
        except BaseException:
            if self._desk is desk:  # else the browser was closed before its shots were let go
                desk.call(view.close, self._seconds)
            raise
        desk.call(view.close, self._seconds)

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
            raise _BrokenError(f"no answer within {seconds:g} seconds") from None
        except Error as error:
            raise _BrokenError(error.message.splitlines()[0]) from error
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

    def __init__(self, program: Path) -> None:
        self._program = program
        self._pid: int | None = None
        self._playwright: Any = None
        self.browser: Any = None

    def start(self) -> None:
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        self.browser = self._playwright.chromium.launch(
            executable_path=self._program,
            args=list(FLAGS),
            chromium_sandbox=not root,  # Chromium's sandbox does not work for root
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


class _View:
    """One document in a browser, called on the browser's desk."""

    def __init__(self, running: _Running, page: Page, resources: Resources) -> None:
        self._running = running
        self._page = page
        self._resources = resources
        self._context: Any = None
        self._tab: Any = None
        self._cdp: CDPSession
        self._script: JSHandle
        self._root = 0
        self._served = False
        self._refused: list[str] = []
        """Addresses since the last photograph."""
        self._early: dict[str | None, list[str]] = {}
        """Addresses that the document asked for when it was opened, by section; None for its style sheets'."""
        self._trouble: Exception | None = None

    def open(self) -> None:
        page = self._page
        self._context = self._running.browser.new_context(
            viewport={"width": page.width, "height": page.height},
            service_workers="block",
            accept_downloads=False,
            reduced_motion="reduce",
            color_scheme="light",
            timezone_id="UTC",
        )
        self._context.route("**/*", self._answer)
        self._tab = self._context.new_page()
        self._tab.goto(DOCUMENT, wait_until="load", timeout=0)  # the desk's own time limit holds
        self._cdp = self._context.new_cdp_session(self._tab)
        self._cdp.send("DOM.enable")
        self._cdp.send("CSS.enable")
        self._root = self._cdp.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        self._script = self._tab.evaluate_handle(SCRIPT.read_text(encoding="utf-8"))
        for url in self._refused:
            owner = self._script.evaluate("(page, url) => page.owner(url)", url)
            self._early.setdefault(owner, []).append(url)
        self._refused.clear()

    def shoot(self, section: str) -> Shot:
        broken = self._script.evaluate("(page, id) => page.show(id)", section)
        png = base64.b64decode(self._cdp.send("Page.captureScreenshot", self._capture())["data"])
        text = self._script.evaluate("(page, id) => page.text(id)", section)
        overflow = self._script.evaluate("(page, id) => page.overflow(id)", section)
        unshown, borrowed = self._judge_fonts(section)
        if self._trouble is not None:
            raise self._trouble
        failed = [*broken, *self._early.pop(section, ()), *self._early.pop(None, ()), *self._refused]
        self._refused.clear()
        return Shot(section, png, text, tuple(dict.fromkeys(map(_path, failed))), unshown, borrowed, overflow)

    def close(self) -> None:
        if self._context is not None:
            self._context.close()

    def _size(self) -> tuple[int, int]:
        return self._page.width, self._page.height

    def _capture(self) -> dict[str, Any]:
        how: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
        if self._page.scale != 1:
            # exactly a whole number of pixels, where the stage times the scale is a fraction of one more or less
            width, height = (round(side * self._page.scale) / self._page.scale for side in self._size())
            how["clip"] = {"x": 0, "y": 0, "width": width, "height": height, "scale": self._page.scale}
        return how

    def _answer(self, route: Route, request: Request) -> None:
        url = request.url
        if request.is_navigation_request():
            if self._served:  # a refresh: 204 leaves the page as it is, an abort would show an error page
                route.fulfill(status=204)
                return
            self._served = True
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=self._page.html, content_type="text/html; charset=utf-8", headers=headers)
            return
        found = None
        if request.method == "GET" and url.startswith(f"{ORIGIN}/"):
            try:
                found = self._resources.get(_path(url))
            except Exception as error:
                self._trouble = error
        if found is None:
            self._refused.append(url)
            route.abort()
            return
        headers = {"x-content-type-options": "nosniff", "content-security-policy": POLICY}
        route.fulfill(body=found.body, content_type=found.media_type, headers=headers)

    def _judge_fonts(self, section: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Characters that no font has, and (font, characters) of fonts that the page did not bring."""
        strange = dict.fromkeys(self._families(f"[id='{section}']"), "")
        candidates: list[dict[str, str]] = self._script.evaluate("(page, id) => page.unusual(id)", section)
        if not candidates:
            return (), tuple(strange.items())
        missing: list[str] = self._script.evaluate("(page, list) => page.missing(list)", candidates)
        if strange:
            shown = [one for one in candidates if one["character"] not in missing][:MOST_PROBES]
            self._script.evaluate("(page, args) => page.probe(...args)", [section, shown])
            for number, one in enumerate(shown):
                for family in self._families(f"#deckcast-probe-{number}"):
                    strange[family] = strange.get(family, "") + one["character"]
            self._script.evaluate("(page) => page.unprobe()")
        return tuple(dict.fromkeys(missing)), tuple((name, "".join(dict.fromkeys(of))) for name, of in strange.items())

    def _families(self, selector: str) -> list[str]:
        """The machine's own fonts with which an element's text is drawn."""
        node = self._cdp.send("DOM.querySelector", {"nodeId": self._root, "selector": selector})["nodeId"]
        fonts = self._cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        return [font["familyName"] for font in fonts if not font["isCustomFont"]]


def _path(url: str) -> str:
    """`/deck/images/a.png` for what lies at our own origin, else the whole address."""
    return unquote(urlsplit(url).path) if url.startswith(f"{ORIGIN}/") else url


def _cannot_start(program: Path, said: str) -> DeckcastError:
    if "sandbox" in said.lower():
        return BrowserError(
            f"{program} cannot start: the system allows no sandbox to this user",
            hint="allow it: sudo sysctl -w kernel.unprivileged_userns_clone=1",
        )
    return BrowserError(f"{program} does not start: {said}", hint="name another with the setting `browser`")
