"""Who is let in, and who is not."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from deckcast.preview.guard import Guard

PORT = 4321
TOKEN = "right"
OURS = f"127.0.0.1:{PORT}"


async def _inside(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"secret"})


def ask(
    path: str = "/",
    *,
    kind: str = "http",
    query: str = "",
    host: str = OURS,
    listening: str = "127.0.0.1",
    cookie: str = f"deckcast-{PORT}={TOKEN}",
    **headers: str,
) -> list[MutableMapping[str, Any]]:
    told: list[MutableMapping[str, Any]] = []
    given = {"host": host, "cookie": cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": kind,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items() if value],
    }

    async def receive() -> MutableMapping[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    asyncio.run(Guard(_inside, token=TOKEN, port=PORT, host=listening)(scope, receive, send))
    return told


def status(*arguments: str, **more: Any) -> int:
    return int(ask(*arguments, **more)[0]["status"])


def test_whoever_knows_the_token_gets_a_cookie_and_a_clean_address() -> None:
    (begin, _) = ask(query=f"token={TOKEN}", cookie="")
    headers = dict(begin["headers"])
    assert begin["status"] == 303
    assert headers[b"location"] == b"/"
    assert headers[b"set-cookie"] == b"deckcast-4321=right; Path=/; HttpOnly; SameSite=Strict"


def test_with_the_cookie_everything_is_there_behind_a_policy() -> None:
    begin, body = ask()
    assert (begin["status"], body["body"]) == (200, b"secret")
    headers = dict(begin["headers"])
    assert b"default-src 'none'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize("cookie", ["", "deckcast-4321=wrong", "deckcast-4322=right", "deckcast-4321", "a=\x01;;"])
def test_without_the_token_there_is_nothing(cookie: str) -> None:
    assert status(cookie=cookie) == 401
    assert status(query="token=wrong", cookie=cookie) == 401
    assert status("/picture/x", query=f"token={TOKEN}", cookie=cookie) == 401, "the token opens the page alone"


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", "", "[::1"]
)
def test_a_name_that_was_made_to_lead_here_is_refused(host: str) -> None:
    assert status(host=host) == 403


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"[::1]:{PORT}", OURS])
def test_names_of_this_machine_are_ours(host: str) -> None:
    assert status(host=host) == 200


@pytest.mark.parametrize(
    ("origin", "site", "good"),
    [
        (f"http://{OURS}", "same-origin", True),
        ("http://evil.example", "cross-site", False),
        (f"https://{OURS}", "cross-site", False),
        ("http://127.0.0.1:9", "same-site", False),
        ("null", "cross-site", False),
        ("", "cross-site", False),
        ("", "same-site", False),
        ("", "none", True),
        ("", "", True),
    ],
)
def test_other_pages_are_refused(origin: str, site: str, good: bool) -> None:
    assert status(origin=origin, sec_fetch_site=site) == (200 if good else 403)


@pytest.mark.parametrize(
    ("origin", "cookie", "good"),
    [
        (f"http://{OURS}", f"deckcast-{PORT}={TOKEN}", True),
        (f"http://{OURS}", "", False),
        ("http://evil.example", f"deckcast-{PORT}={TOKEN}", False),
        ("", f"deckcast-{PORT}={TOKEN}", False),
    ],
)
def test_sockets_are_for_our_pages_alone(origin: str, cookie: str, good: bool) -> None:
    (told,) = ask("/live", kind="websocket", origin=origin, cookie=cookie)
    assert told["type"] == ("websocket.accept" if good else "websocket.close")


def test_beyond_this_machine_numbers_are_let_in_and_names_are_not() -> None:
    assert status(host=f"192.168.1.7:{PORT}", listening="0.0.0.0") == 200
    assert status(host=f"evil.example:{PORT}", listening="0.0.0.0") == 403
    assert status(host=f"192.168.1.7:{PORT}") == 403
