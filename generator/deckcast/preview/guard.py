"""Who may talk to the preview: its own pages, for whoever knows its token. Cells run with the author's rights.

A page elsewhere cannot read the token and is refused by its `Origin`; a name that was made to lead here after the page
was loaded (DNS rebinding) is refused by the `Host` that the browser then sends.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; font-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class Guard:
    """An ASGI application that lets only the right ones through to another."""

    def __init__(self, app: App, *, token: str, port: int, host: str = "127.0.0.1") -> None:
        """`host` is where the server listens; beyond the loopback, addresses in numbers are let in, too."""
        self._app = app
        self._token = token
        self._port = port
        self._host = host
        self._cookie = f"deckcast-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[-1]
        if not self._names_us(headers.get("host", "")) or not self._ours(headers, scope["type"]):
            await _refuse(scope, receive, send, 403, "this address or page is none of the preview's")
        elif scope["type"] == "http" and given and scope["path"] == "/" and self._right(given):
            await _enter(send, self._cookie, self._token)
        elif not self._right(self._kept(headers.get("cookie", ""))):
            await _refuse(scope, receive, send, 401, "open the address that `deckcast preview` printed")
        else:
            await self._app(scope, receive, _armoured(send))

    def _names_us(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port or 80
        except ValueError:
            return False
        return port == self._port and self._is_us(name)

    def _is_us(self, name: str) -> bool:
        if name in LOCAL or name == self._host:
            return True
        if self._host in LOCAL:
            return False
        try:
            ipaddress.ip_address(name)  # a number cannot be made to lead elsewhere
        except ValueError:
            return False
        return True

    def _ours(self, headers: MutableMapping[str, str], kind: str) -> bool:
        """Whether the page that asks is one of ours; what is typed into the address bar names none."""
        origin = headers.get("origin")
        if origin is None:
            return kind == "http" and headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        try:
            parts = urlsplit(origin)
            return parts.scheme == "http" and (parts.port or 80) == self._port and self._is_us(parts.hostname or "")
        except ValueError:
            return False

    def _right(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token.encode())

    def _kept(self, cookies: str) -> str:
        try:
            found = SimpleCookie(cookies).get(self._cookie)
        except CookieError:
            return ""
        return found.value if found else ""


async def _enter(send: Send, cookie: str, token: str) -> None:
    """Keeps the token as a cookie, and takes it out of the address."""
    headers = [
        (b"location", b"/"),
        (b"set-cookie", f"{cookie}={token}; Path=/; HttpOnly; SameSite=Strict".encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await receive()  # the wish to connect
        await send({"type": "websocket.close", "code": 1008, "reason": why})
        return
    body = f"{why}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _armoured(send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = list(message.get("headers", []))
            policy = [] if any(name == b"content-security-policy" for name, _ in own) else [POLICY.encode()]
            message["headers"] = [
                *own,
                *((b"content-security-policy", one) for one in policy),
                (b"x-content-type-options", b"nosniff"),
                (b"referrer-policy", b"no-referrer"),
                (b"cross-origin-resource-policy", b"same-origin"),
                (b"x-frame-options", b"SAMEORIGIN"),
            ]
        await send(message)

    return sent
