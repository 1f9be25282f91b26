"""Attacks on what listens: `deckcast serve` and `deckcast preview`, by web pages, neighbours and broken clients."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from deckcast import serving, webserver
from preview.test_server import TOKEN, Served, deck, hear
from safety.wire import Answer, ask, dial, heard, say, served

SECRET = b"SESAME"
FILM = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "output"
    lesson = folder / "01-first"
    (folder / ".deckcast").mkdir(parents=True)
    lesson.mkdir()
    (folder / ".deckcast" / "kept").write_bytes(SECRET)
    (lesson / ".lock").write_bytes(SECRET)
    (folder.parent / "outside").mkdir()
    (folder.parent / "outside" / "secret.txt").write_bytes(SECRET)
    (folder.parent / "output-of-others").mkdir()
    (folder.parent / "output-of-others" / "secret.txt").write_bytes(SECRET)
    (folder / "index.html").write_text("all lessons")
    (lesson / "index.html").write_text("a lesson")
    (lesson / "lesson.mp4").write_bytes(FILM)
    (lesson / "empty.vtt").write_bytes(b"")
    (lesson / "file-out").symlink_to(folder.parent / "outside" / "secret.txt")
    (lesson / "folder-out").symlink_to(folder.parent / "outside")
    (lesson / "kept").symlink_to(folder / ".deckcast")
    (lesson / "round").symlink_to(lesson / "round")
    (lesson / "zero").symlink_to("/dev/zero")
    os.mkfifo(lesson / "pipe")
    with (lesson / "large.mp4").open("wb") as file:
        file.truncate(64 << 20)
    return folder


@pytest.fixture(scope="module")
def port(output: Path) -> Iterator[int]:
    with served(lambda _: serving.server(output)) as port:
        yield port


DOTS = [
    "..",
    "%2e%2e",
    ".%2e",
    "%2E.",
    "%252e%252e",
    "..;",
    "%c0%ae%c0%ae",
    "%e0%80%ae%e0%80%ae",
    "%u002e%u002e",
    "．．",
]
SLASHES = ["/", "//", "%2f", "%2F", "%5c", "\\", "%252f", "%c0%af", "/./", "%00/"]
ROUNDABOUT = [f"/01-first/{dots}{slash}{dots}{slash}outside{slash}secret.txt" for dots in DOTS for slash in SLASHES]
OTHERS = [
    "/.deckcast/kept",
    "/%2edeckcast/kept",
    "/01-first/../.deckcast/kept",
    "/01-first/%2e%2e/.deckcast/kept",
    "/./.deckcast/kept",
    "//.deckcast/kept",
    "/%2e/.deckcast/kept",
    "/.deckcast%2fkept",
    "/01-first/.lock",
    "/01-first/%2elock",
    "/01-first/file-out",
    "/01-first/folder-out/secret.txt",
    "/01-first/folder-out/",
    "/01-first/kept/kept",
    "/01-first/round",
    "/01-first/zero",
    "/01-first/pipe",
    "/01-first/lesson.mp4/x",
    "/01-first/index.html%00.txt",
    "/%00",
    "/%",
    "/%zz",
    "/../output-of-others/secret.txt",
    "/%2e%2e/output-of-others/secret.txt",
    "//../outside/secret.txt",
    "/{root}/outside/secret.txt",
    "//{root}/outside/secret.txt",
    "/%2f{root}/outside/secret.txt",
    "file://{root}/outside/secret.txt",
    "http://127.0.0.1/../outside/secret.txt",
    "../outside/secret.txt",
    "*",
    "/" + "a" * 300,
    "/" + "a/" * 3000,
    "/" + "%2e%2e/" * 2000 + "etc/passwd",
]


def refused(answer: Answer, *statuses: int) -> None:
    assert answer.status in (statuses or (400, 403, 404)), (answer.status, answer.head[:200])
    assert SECRET not in answer.body
    assert b"root:" not in answer.body
    assert b"Traceback" not in answer.body


def test_no_path_leads_out_of_the_folder_or_to_kept_work(
    port: int, output: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for path in (*ROUNDABOUT, *OTHERS):
        wanted = path.replace("{root}", str(output.parent)).encode()
        text = b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % wanted
        refused(say(port, text))
    assert [one for one in caplog.records if one.exc_info] == [], "each was foreseen"
    assert ask(port, "/01-first/").body == b"a lesson", "else this would show nothing"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"])
def test_nothing_can_be_changed(port: int, output: Path, method: str) -> None:
    answer = ask(port, "/01-first/index.html", method, Content_Length="0", Origin="http://evil.example")
    refused(answer, 400, 405)
    assert b"access-control" not in answer.head.lower()
    assert (output / "01-first" / "index.html").read_text() == "a lesson"


def test_heads_have_no_body(port: int) -> None:
    answer = ask(port, "/01-first/lesson.mp4", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert b"content-length: %d" % len(FILM) in answer.head.lower()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8000", "localhost.evil.example", "@", "[", "a b"]
)
def test_lessons_are_not_for_pages_whose_name_was_made_to_lead_here(port: int, host: str) -> None:
    refused(ask(port, "/01-first/", host=host))
    refused(say(port, b"GET / HTTP/1.0\r\n\r\n"))
    refused(say(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))


def test_names_and_numbers_of_this_machine_are_right(port: int) -> None:
    for host in ("localhost", f"127.0.0.1:{port}", "[::1]:80", "LOCALHOST:1"):
        assert ask(port, "/01-first/", host=host).status == 200
    refused(ask(port, "/01-first/", host="192.168.1.7"))


def test_beyond_this_machine_numbers_and_its_own_name_are_right(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Studio.example.org")
    with served(lambda _: serving.server(output, "0.0.0.0")) as port:
        for host in ("192.168.1.7:8000", "[fe80::1]", "studio", "studio.local:8000", "studio.example.org"):
            assert ask(port, "/01-first/", host=host).status == 200
        for host in ("evil.example", "studio.evil.example", "1.2.3.4.evil.example"):
            refused(ask(port, "/01-first/", host=host))


RANGES = [
    "bytes=" + ",".join(f"{n}-{n}" for n in range(3000)),
    "bytes=" + ",".join("0-" for _ in range(3000)),
    "bytes=" + ",".join(["0-10239"] * 99),
    "bytes=" + ",".join(f"{n}-" for n in range(99)),
    "bytes=0-" + "9" * 5000,
    "bytes=" + "9" * 5000 + "-",
    "bytes=-" + "9" * 5000,
    "bytes=5-2",
    "bytes=-0",
    "bytes=--1",
    "bytes=-1-1",
    "bytes=a-b",
    "bytes=",
    "bytes",
    "=",
    "lines=0-1",
    "bytes=0-1;2-3",
    "bytes=\xb2-\xb3",
    "bytes=1e3-1e4",
    "bytes= 0 - 1",
]


@pytest.mark.parametrize("number", range(len(RANGES)))
def test_no_range_costs_more_than_the_file(port: int, number: int, caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(port, "/01-first/lesson.mp4", Range=RANGES[number])
    refused(answer, 200, 206, 400, 416)
    assert len(answer.body) <= len(FILM) + 20_000
    refused(ask(port, "/01-first/empty.vtt", Range=RANGES[number]), 200, 400, 416)
    assert [one for one in caplog.records if one.exc_info] == []


LARGE = {
    "address": b"GET /%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % (b"a" * 1_000_000),
    "header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n" % (b"a" * 1_000_000),
    "headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % (b"X: y\r\n" * 200_000),
    "line without an end": b"G" * 1_000_000,
    "chunk's extension": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;%s"
    % (b"a" * 1_000_000),
}
MALFORMED = {
    "two lengths": b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "two ways of length": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n0\r\n\r\n",
    "negative length": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "no length": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\nHost: localhost\r\n evil: 1\r\nConnection: close\r\n\r\n",
    "zero byte": b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 600,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
}


@pytest.mark.parametrize("text", [*LARGE.values(), *MALFORMED.values()], ids=[*LARGE, *MALFORMED])
def test_what_is_too_large_or_no_request_ends_its_connection_alone(port: int, text: bytes) -> None:
    with dial(port) as connection:
        try:
            connection.sendall(text)
            refused(heard(connection), 0, 400, 403, 404, 405)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was ended before all of it was sent
    assert ask(port, "/01-first/").status == 200


SLOW = {
    "silent": b"",
    "headers without an end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
    "a body without an end": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nabc",
    "chunks without an end": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "a second request without an end": b"GET /01-first/ HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT",
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webserver.Impatient, "asking", 2.0)
    monkeypatch.setattr(webserver.Impatient, "taking", 0.3)
    monkeypatch.setattr(webserver, "IDLE", 1)


@pytest.mark.usefixtures("impatient")
def test_clients_that_never_end_a_request_are_left(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webserver, "MOST", 2 * len(SLOW) + 2)
    with served(lambda _: serving.server(output)) as port:
        slow = [dial(port) for _ in range(2) for _ in SLOW]
        for connection, text in zip(slow, 2 * list(SLOW.values()), strict=True):
            connection.sendall(text)
        assert ask(port, "/01-first/").body == b"a lesson", "others are answered meanwhile"
        for connection in slow:
            heard(connection)  # until it is ended
            connection.close()
        assert ask(port, "/01-first/").body == b"a lesson"


@pytest.mark.usefixtures("impatient")
def test_drops_of_a_request_do_not_keep_it_open(output: Path) -> None:
    with served(lambda _: serving.server(output)) as port, dial(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        until = time.monotonic() + 60
        ended = False
        while not ended and time.monotonic() < until:
            try:
                connection.sendall(b"X: y\r\n")
            except OSError:
                ended = True
            time.sleep(0.1)
        assert ended


@pytest.mark.usefixtures("impatient")
def test_clients_that_never_take_an_answer_are_left(output: Path) -> None:
    server = serving.server(output)
    with served(lambda _: server) as port, dial(port) as connection:
        connection.sendall(b"GET /01-first/large.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(9) == b"HTTP/1.1 ", "it is there"
        until = time.monotonic() + 60
        while server.server_state.connections and time.monotonic() < until:
            time.sleep(0.05)
        assert not server.server_state.connections


# ── the preview ──


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("preview")
    (folder / "outside").mkdir()
    (folder / "outside" / "secret.txt").write_bytes(SECRET)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        made = Served(folder)
        yield made
        made.stop()


def test_no_path_of_the_preview_leads_to_files(preview: Served, caplog: pytest.LogCaptureFixture) -> None:
    cookie = f"deckcast-{preview.port}={TOKEN}"
    rooms = [f"/{room}/{path.strip('/')}" for room in ("file", "picture", "stage", "sound") for path in OTHERS]
    for path in (*OTHERS, *rooms, *ROUNDABOUT[::7]):
        refused(
            ask(preview.port, path.replace(" ", ""), Cookie=cookie) if path.isascii() else ask(preview.port, "/x"),
            400,
            401,
            404,
        )
    assert [one for one in caplog.records if one.exc_info] == []


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "OPTIONS", "PATCH"])
def test_the_preview_is_only_read(preview: Served, method: str) -> None:
    own = {"Cookie": f"deckcast-{preview.port}={TOKEN}", "Content_Length": "0"}
    assert ask(preview.port, "/", method, **own).status == 405
    evil = ask(preview.port, "/", method, Origin="http://evil.example", **own)
    assert evil.status == 403
    assert b"access-control" not in evil.head.lower()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "localhost.evil.example:{port}"]
)
def test_the_preview_is_not_for_pages_whose_name_was_made_to_lead_here(preview: Served, host: str) -> None:
    cookie = f"deckcast-{preview.port}={TOKEN}"
    assert ask(preview.port, "/", host=host.replace("{port}", str(preview.port)), Cookie=cookie).status == 403
    query = f"/?token={TOKEN}"
    assert b"set-cookie" not in ask(preview.port, query, host=host.replace("{port}", str(preview.port))).head.lower()


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Version": "13",
}


@pytest.mark.parametrize(
    ("origin", "cookie"),
    [
        ("http://127.0.0.1:{port}", ""),
        ("http://127.0.0.1:{port}", "deckcast-{port}=wrong"),
        ("http://evil.example", "deckcast-{port}={token}"),
        ("http://127.0.0.1:1", "deckcast-{port}={token}"),
        ("null", "deckcast-{port}={token}"),
        ("file://", "deckcast-{port}={token}"),
        ("http://127.0.0.1:{port}.evil.example", "deckcast-{port}={token}"),
    ],
)
def test_no_socket_without_token_and_our_page(preview: Served, origin: str, cookie: str) -> None:
    known = {"port": preview.port, "token": TOKEN}
    headers = [f"{name.replace('_', '-')}: {value}" for name, value in UPGRADE.items()]
    headers += [
        f"Host: 127.0.0.1:{preview.port}",
        f"Origin: {origin.format(**known)}",
        f"Cookie: {cookie.format(**known)}",
    ]
    answer = say(preview.port, ("\r\n".join(["GET /live HTTP/1.1", *headers]) + "\r\n\r\n").encode())
    assert answer.status == 403


def test_ranges_and_words_that_no_page_of_ours_would_send_break_nothing(
    preview: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with preview.page() as page:
        deck(page)
        page.send(json.dumps({"do": "speak", "slide": 1}))
        sound = hear(page, "speech")["sound"]
        whole = preview.get(sound)[1]
        for asked in RANGES:
            answer = ask(preview.port, sound, Range=asked, Cookie=f"deckcast-{preview.port}={TOKEN}")
            refused(answer, 200, 206, 416)
            assert len(answer.body) <= len(whole)
        for words in (
            '{"do": "at", "slide": 1e999}',
            '{"do": "speak", "slide": -1e999}',
            "[" * 30_000,
            "9" * 6000,
            "NaN",
        ):
            with preview.page() as bad:
                bad.send(words)
                for _ in range(50):  # what it is told before it is heard
                    try:
                        bad.recv(60)
                    except (ConnectionClosed, TimeoutError):
                        break
        page.send(json.dumps({"do": "speak", "slide": 1}))
        assert hear(page, "speech")["slide"] == 1
    assert [one for one in caplog.records if one.exc_info] == []
