"""The server with a session of fakes: what pages are told, and when."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from deckcast import webserver
from deckcast.preview.guard import Guard
from deckcast.preview.server import Preview
from preview.studio import Studio

TOKEN = "token-of-a-test"


class Served(Studio):
    """A studio behind a port."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        self.port = listening.getsockname()[1]
        preview = Preview(self.session, [self.deck.parent], ahead=False)
        guarded = Guard(preview.app, token=TOKEN, port=self.port)
        self.server = webserver.server(guarded, lives=True)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]})
        self.thread.start()

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(60)
        assert not self.thread.is_alive()

    def page(self) -> contextlib.AbstractContextManager[ClientConnection]:
        origin = f"http://127.0.0.1:{self.port}"
        cookie = {"Cookie": f"deckcast-{self.port}={TOKEN}", "Origin": origin}
        return connect(f"ws://127.0.0.1:{self.port}/live", additional_headers=cookie)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        for name, value in {"Cookie": f"deckcast-{self.port}={TOKEN}", **headers}.items():
            asked.add_header(name, value)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = Served(tmp_path)
    yield made
    made.stop()


def hear(page: ClientConnection, kind: str, seconds: float = 60) -> dict[str, Any]:
    """The next message of a kind."""
    end = time.monotonic() + seconds
    while True:
        told: dict[str, Any] = json.loads(page.recv(max(end - time.monotonic(), 0.1)))
        if told["type"] == kind:
            return told


def deck(page: ClientConnection) -> dict[str, Any]:
    """The first deck that has slides."""
    while True:
        told = hear(page, "deck")
        if told["order"]:
            return told


def test_a_page_is_told_the_whole_deck_and_then_what_changes(served: Served) -> None:
    with served.page() as page:
        first = deck(page)
        assert [one["index"] for one in first["order"]] == [1, 2, 3]
        served.edit("# Two", "# Two!")
        told = hear(page, "deck")
        while not told["slides"]:
            told = hear(page, "deck")  # of the rules that were checked meanwhile
        assert [one["title"] for one in told["slides"].values()] == ["Two!"]
        assert told["changed"] == 2


def test_two_pages_are_told_the_same_and_one_that_comes_back_is_told_all(served: Served) -> None:
    with served.page() as one, served.page() as two:
        assert {entry["key"] for entry in deck(one)["order"]} == {entry["key"] for entry in deck(two)["order"]}
        one.close()
        served.edit("# Three", "# Third")
        told = hear(two, "deck")
        while not told["slides"]:
            told = hear(two, "deck")
    with served.page() as again:
        whole = hear(again, "deck")
        assert whole["whole"]
        assert "Third" in {slide["title"] for slide in whole["slides"].values()}


def test_pictures_and_sounds_are_served_in_parts_where_asked(served: Served) -> None:
    with served.page() as page:
        told = deck(page)
        picture = told["slides"][told["order"][0]["key"]]["pictures"][0]
        status, png = served.get(f"/picture/{picture}.png")
        assert (status, png[:4]) == (200, b"\x89PNG")
        page.send(json.dumps({"do": "speak", "slide": 1}))
        speech = hear(page, "speech")
        assert speech["said"] == told["order"][0]["said"]
        status, wav = served.get(speech["sound"])
        assert (status, wav[:4]) == (200, b"RIFF")
        assert served.get(speech["sound"], Range="bytes=0-3") == (206, b"RIFF")
        assert served.get(speech["sound"], Range="bytes=-2") == (206, wav[-2:])
        assert served.get(speech["sound"], Range=f"bytes={len(wav)}-")[0] == 416
    assert served.get("/picture/nothing.png")[0] == 404
    assert served.get("/sound/nothing.wav")[0] == 404


@pytest.mark.parametrize(
    "path", ["/../deckcast.toml", "/%2e%2e/deckcast.toml", "/picture/..%2f..%2fx", "/preview.css/../x"]
)
def test_no_other_file_is_served(served: Served, path: str) -> None:
    assert served.get(path)[0] == 404


def test_a_mistake_is_told_with_its_line_and_the_deck_stays(served: Served) -> None:
    with served.page() as page:
        deck(page)
        served.edit("- more", "![x](nowhere.png)")
        told = hear(page, "deck")
        while not told["errors"]:
            told = hear(page, "deck")
        assert told["errors"][0]["line"] == 14
        assert len(told["order"]) == 3
        served.edit("![x](nowhere.png)", "- more")
        while told["errors"]:
            told = hear(page, "deck")


def test_cells_run_when_asked_and_a_failure_is_told(served: Served) -> None:
    with served.page() as page:
        deck(page)
        page.send(json.dumps({"do": "run"}))
        told = hear(page, "deck")
        while not any(slide["cells"] and slide["cells"][0]["ran"] for slide in told["slides"].values()):
            told = hear(page, "deck")
        served.edit("1 + 1", "1 / 0")
        while not any(slide["cells"] and slide["cells"][0]["why"] for slide in told["slides"].values()):
            told = hear(page, "deck")
        page.send(json.dumps({"do": "run"}))
        failed = hear(page, "failed")
        assert failed["what"] == "run"
        assert "ZeroDivisionError" in failed["findings"][0]["text"]


def test_what_no_page_of_ours_would_say_ends_its_connection_alone(served: Served) -> None:
    with served.page() as good:
        deck(good)
        for nonsense in ("", "[]", '{"do": 3}', '{"do": "speak"}', '{"do": "speak", "slide": "x"}', "{" * 5000):
            with served.page() as bad:
                bad.send(nonsense)
        good.send(json.dumps({"do": "speak", "slide": 1}))
        assert hear(good, "speech")["slide"] == 1


def test_nobody_comes_in_without_the_token(served: Served) -> None:
    assert served.get("/", Cookie="")[0] == 401
    with pytest.raises(InvalidHandshake), connect(f"ws://127.0.0.1:{served.port}/live"):
        pass
