"""Serves a folder of built lessons: with parts of files for players that seek, and nothing that lies elsewhere."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    import uvicorn
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class _Lessons(StaticFiles):
    """All of a folder but what begins with a dot: there finished work is kept, and files that are being written."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        try:
            found, told = super().lookup_path(path)
        except (OSError, ValueError):  # links in a circle, names that no file can have, files of somebody else
            return "", None
        inside = os.path.relpath(found, os.path.realpath(str(self.directory))) if told else "."
        hidden = (part.startswith(".") and part != "." for part in (*Path(path).parts, *Path(inside).parts))
        return ("", None) if any(hidden) else (found, told)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"  # a build may write it anew at any time
        response.headers["x-content-type-options"] = "nosniff"
        return response


class _Named:
    """Lets those through who call this machine by its own name or number.

    A web page elsewhere whose name is made to lead here once it is loaded (DNS rebinding) would else read lessons that
    nobody has published.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._local = host in LOCAL
        self._names = {*LOCAL, host.lower(), *(() if self._local else _own_names())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._ours(Headers(scope=scope).get("host", "")):
            refused = PlainTextResponse("this server has another name: open the address that it printed\n", 403)
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
            if name in self._names:
                return True
            return not self._local and bool(ipaddress.ip_address(name))  # a number cannot be made to lead elsewhere
        except ValueError:
            return False


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return {name, short, f"{short}.local"}


def app(folder: Path, host: str = "127.0.0.1") -> ASGIApp:
    """An ASGI application. Links that lead out of the folder are not followed. `host` is where the server listens."""
    lessons = _Lessons(directory=folder, html=True, follow_symlink=False)
    return _Named(Starlette(routes=[Mount("/", lessons)]), host)


def server(folder: Path, host: str = "127.0.0.1") -> uvicorn.Server:
    """To be run with sockets that listen."""
    from deckcast import webserver

    return webserver.server(app(folder, host))
