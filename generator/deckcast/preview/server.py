"""The preview as a web server: looks whenever a file is saved, and tells every open page what changed.

One thread works for the session, one task after the other, what an author waits for first: looking, then speaking and
running, then checking, then what is done ahead while nobody asks. A page that lost its connection comes back and is
told the whole state.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from deckcast.errors import DeckcastError
from deckcast.preview.session import Session, Spoken
from deckcast.preview.stage import POLICY
from deckcast.preview.state import State, message
from deckcast.report import finding_json, render_finding
from deckcast.theme import shipped

LOOK, ASKED, CHECK, AHEAD = range(4)
"""What is done first."""
SETTLE = 0.4
"""Seconds without a save after which rules are checked."""
IDLE = 2.0
"""Seconds in which nobody asks for anything, after which the slide that is looked at is spoken ahead."""
DEBOUNCE, STEP = 60, 15
"""Milliseconds in which saves are taken for one."""
KEPT_SOUNDS = 40
"""Slides whose sound is held for pages to ask for."""
FILES = {
    "/": ("pages/preview.html", "text/html"),
    "/preview.css": ("pages/preview.css", "text/css"),
    "/preview.js": ("pages/preview.js", "text/javascript"),
    "/inter.woff2": ("fonts/inter/InterVariable.woff2", "font/woff2"),
}

_FOR_EVER = {"cache-control": "private, max-age=31536000, immutable"}
"""For what is named by its content."""


@dataclass(order=True)
class _Task:
    rank: int
    number: int
    work: Callable[[], Any] = field(compare=False)
    done: Callable[[Any], None] = field(compare=False, default=lambda _: None)
    failed: Callable[[DeckcastError], None] = field(compare=False, default=lambda _: None)
    busy: str = field(compare=False, default="")


class Preview:
    """The application. `app` is to be served; its lifespan holds the session's thread and the watching of files."""

    def __init__(
        self, session: Session, watched: Iterable[Path], *, ahead: bool = True, aside: Path | None = None
    ) -> None:
        """`watched` are folders and files whose change makes it look again, but for what lies in `aside`."""
        self._session = session
        self._watched = [path.resolve() for path in watched]
        self._aside = aside.resolve() if aside else None
        self._ahead = ahead
        self._pages: dict[WebSocket, int] = {}
        """Open pages, and which slide each shows."""
        self._told = session.state
        self._sounds: dict[str, Spoken] = {}
        self._numbers = itertools.count()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="deckcast-preview")
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._looking = False
        self.app = Starlette(
            routes=[
                *(Route(path, self._page) for path in FILES),
                Route("/picture/{name}", self._picture),
                Route("/stage/{name}", self._stage),
                Route("/file/{name}", self._file),
                Route("/sound/{name}", self._sound),
                WebSocketRoute("/live", self._live),
            ],
            lifespan=self._lifespan,
        )

    # ── the life of the server ──

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._tasks: asyncio.PriorityQueue[_Task] = asyncio.PriorityQueue()
        self._stop = asyncio.Event()
        running = [asyncio.create_task(self._work()), asyncio.create_task(self._watch())]
        self._look()
        try:
            yield
        finally:
            self._stop.set()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for timer in self._timers.values():
                timer.cancel()
            await asyncio.get_running_loop().run_in_executor(self._pool, self._session.close)
            self._pool.shutdown(wait=False)

    async def _watch(self) -> None:
        from watchfiles import Change, awatch

        def matters(_change: Change, path: str) -> bool:
            file = Path(path)
            hidden = any(part.startswith((".", "__pycache__")) or part.endswith("~") for part in file.parts[-3:])
            return not hidden and (self._aside is None or not file.is_relative_to(self._aside))

        there = [path for path in self._watched if path.exists()]
        async for _ in awatch(*there, watch_filter=matters, debounce=DEBOUNCE, step=STEP, stop_event=self._stop):
            self._look()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            task = await self._tasks.get()
            if task.busy:
                await self._tell({"type": "busy", "what": task.busy})
            try:
                task.done(await loop.run_in_executor(self._pool, task.work))
            except DeckcastError as error:
                task.failed(error)
            if self._tasks.empty():
                await self._tell({"type": "busy", "what": ""})

    def _put(self, rank: int, work: Callable[[], Any], **more: Any) -> None:
        self._tasks.put_nowait(_Task(rank, next(self._numbers), work, **more))

    def _later(self, name: str, seconds: float, what: Callable[[], None]) -> None:
        """Does something when nothing of that name was asked for again for a while."""
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, what)

    # ── what is done ──

    def _look(self) -> None:
        if self._looking:
            return  # the look that waits sees this save, too
        self._looking = True

        def look() -> State:
            self._looking = False
            return self._session.look()

        self._put(LOOK, look, done=self._show, busy="looking")

    def _show(self, state: State) -> None:
        self._say(message(state, self._told))
        self._told = state
        if not state.errors:
            self._later("check", SETTLE, lambda: self._put(CHECK, self._session.check, done=self._checked))
            self._later("ahead", IDLE, self._speak_ahead)

    def _checked(self, state: State) -> None:
        self._say(message(state, self._told) | {"changed": 0})
        self._told = state

    def _speak_ahead(self) -> None:
        if not self._ahead or not self._tasks.empty() or not self._pages:
            return
        at = list(self._pages.values())[-1]
        for index in (at, at + 1):
            if 1 <= index <= len(self._told.slides) and self._told.slides[index - 1].said not in self._sounds:
                self._speak(index, AHEAD)
                return

    def _speak(self, index: int, rank: int = ASKED) -> None:
        slides = self._session.state.slides
        if not 1 <= index <= len(slides):
            return
        kept = self._sounds.get(slides[index - 1].said)
        if kept is not None:
            self._say(_speech(index, kept))
            return

        def done(spoken: Spoken) -> None:
            self._sounds[spoken.said] = spoken
            while len(self._sounds) > KEPT_SOUNDS:
                del self._sounds[next(iter(self._sounds))]
            self._say(_speech(index, spoken))
            self._later("ahead", IDLE, self._speak_ahead)

        failed = (lambda _: None) if rank == AHEAD else self._failed("speak", index)
        busy = "" if rank == AHEAD else f"speaking slide {index}"
        self._put(rank, lambda: self._session.speak(index), done=done, failed=failed, busy=busy)

    def _failed(self, what: str, index: int = 0) -> Callable[[DeckcastError], None]:
        def failed(error: DeckcastError) -> None:
            findings = [finding_json(one) | {"text": render_finding(one)} for one in error.findings]
            self._say({"type": "failed", "what": what, "slide": index, "findings": findings})

        return failed

    # ── pages ──

    async def _live(self, page: WebSocket) -> None:
        await page.accept()
        self._pages[page] = 1
        try:
            await page.send_text(json.dumps(message(self._told)))
            while True:
                await self._asked(page, json.loads(await page.receive_text()))
        except (WebSocketDisconnect, ValueError, TypeError, KeyError, RuntimeError, OverflowError):
            pass  # it is gone, or speaks another language than our own page
        finally:
            self._pages.pop(page, None)

    async def _asked(self, page: WebSocket, wish: Any) -> None:
        what = wish["do"]
        if what == "at":
            self._pages.pop(page, None)
            self._pages[page] = int(wish["slide"])  # the last page that moved stands last
            self._later("ahead", IDLE, self._speak_ahead)
        elif what == "speak":
            self._speak(int(wish["slide"]))
        elif what == "run":
            self._put(ASKED, self._session.run, done=self._show, failed=self._failed("run"), busy="running cells")
        elif what == "look":
            self._look()

    def _say(self, told: dict[str, Any]) -> None:
        self._saying = asyncio.get_running_loop().create_task(self._tell(told))

    async def _tell(self, told: dict[str, Any]) -> None:
        text = json.dumps(told)
        for page in list(self._pages):
            try:
                await asyncio.wait_for(page.send_text(text), 5)
            except (RuntimeError, TimeoutError, WebSocketDisconnect):
                self._pages.pop(page, None)

    # ── files ──

    async def _page(self, request: Request) -> Response:
        name, kind = FILES[request.url.path]
        return FileResponse(shipped() / name, media_type=kind, headers={"cache-control": "no-cache"})

    async def _picture(self, request: Request) -> Response:
        name = request.path_params["name"].removesuffix(".png")
        body = await asyncio.get_running_loop().run_in_executor(None, self._session.picture, name)
        if body is None:
            return Response(status_code=404)
        return Response(body, media_type="image/png", headers=_FOR_EVER)

    async def _stage(self, request: Request) -> Response:
        page = self._session.page(request.path_params["name"].removesuffix(".html"))
        if page is None:
            return Response(status_code=404)
        return Response(page, media_type="text/html", headers={"content-security-policy": POLICY, **_FOR_EVER})

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        found = await asyncio.get_running_loop().run_in_executor(None, self._session.file, name)
        if found is None:
            return Response(status_code=404)
        return Response(found[1], media_type=found[0], headers=_FOR_EVER)

    async def _sound(self, request: Request) -> Response:
        spoken = self._sounds.get(request.path_params["name"].removesuffix(".wav"))
        if spoken is None:
            return Response(status_code=404)
        return _ranged(spoken.wav, request.headers.get("range", ""))


def _ranged(body: bytes, asked: str) -> Response:
    """The sound, or the part of it that a player asks for (RFC 9110, 14.2): without parts, none can seek."""
    import re

    headers = {"accept-ranges": "bytes", "cache-control": "private, max-age=3600"}
    found = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", asked.strip())
    if found is None or not (found[1] or found[2]):
        return Response(body, media_type="audio/wav", headers=headers)
    size = len(body)
    first = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    last = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if first > last:
        return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {first}-{last}/{size}"
    return Response(body[first : last + 1], 206, media_type="audio/wav", headers=headers)


def _speech(index: int, spoken: Spoken) -> dict[str, Any]:
    return {
        "type": "speech",
        "slide": index,
        "said": spoken.said,
        "sound": f"/sound/{spoken.said}.wav",
        "seconds": round(spoken.seconds, 3),
        "pace": round(spoken.pace),
        "voice": spoken.voice,
        "steps": [round(start, 3) for start in spoken.steps],
        "sentences": [
            {
                "start": round(one.start, 3),
                "stop": round(one.stop, 3),
                "words": [[begin, end, round(start, 3), round(stop, 3)] for begin, end, start, stop in one.words],
            }
            for one in spoken.sentences
        ],
    }
