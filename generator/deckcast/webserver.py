"""A web server that waits for nobody for ever: what `deckcast serve` and `deckcast preview` run on.

It has so many connections. One that never says what it wants, or never takes what it asked for, would keep one of them;
so each has some time for a request, and some in which it must take a part of the answer.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 200
"""Connections at once."""
ASKING = 15.0
"""Seconds from a connection, or from the first byte of a further request, to that request's last byte."""
TAKING = 120.0
"""Seconds in which some of what was sent must have been taken. A film that is stopped takes nothing for a while;
its player asks for the rest by itself."""
IDLE = 5
"""Seconds that a connection is kept for a further request."""
LARGEST = 16 * 1024
"""Bytes of a request's line and headers; what comes in one piece may have more, up to a quarter of a megabyte."""
SECONDS_TO_END = 2
"""That connections have when the server is to end."""


class Impatient(H11Protocol):
    """One connection. Ends those that are too slow without an answer."""

    asking, taking = ASKING, TAKING
    _asking_ends: asyncio.TimerHandle | None = None
    _taking_ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._asking_ends = self.loop.call_later(self.asking, self._end)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing() or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._no_longer("_asking_ends")
        elif self._asking_ends is None:
            self._asking_ends = self.loop.call_later(self.asking, self._end)

    def connection_lost(self, exc: Exception | None) -> None:
        self._no_longer("_asking_ends")
        self._no_longer("_taking_ends")
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._no_longer("_asking_ends")
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._taking_ends is None:
            self._taking_ends = self.loop.call_later(self.taking, self._end)

    def resume_writing(self) -> None:
        self._no_longer("_taking_ends")
        super().resume_writing()

    def _no_longer(self, name: str) -> None:
        timer: asyncio.TimerHandle | None = getattr(self, name)
        if timer is not None:
            timer.cancel()
            setattr(self, name, None)

    def _end(self) -> None:
        self.transport.abort()


def server(app: ASGIApp, *, lives: bool = False, **more: Any) -> uvicorn.Server:
    """To be run with sockets that listen. `lives`: the application has a lifespan and websockets."""
    config = uvicorn.Config(
        app,
        log_level="error",
        http=Impatient,
        h11_max_incomplete_event_size=LARGEST,
        ws="websockets-sansio" if lives else "none",
        lifespan="on" if lives else "off",
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=SECONDS_TO_END,
        limit_concurrency=MOST,
        timeout_keep_alive=IDLE,
        server_header=False,
        **more,
    )
    return uvicorn.Server(config)
