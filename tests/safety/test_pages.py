"""The pages that viewers open, of a lesson full of attacks, in a browser without walls of ours: nothing runs, nobody is
asked, no window opens, and each page does what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from browsing import chromium, expect, until
from deckcast import build, course
from deckcast.errors import DeckcastError
from deckcast.settings import Settings
from publish.fakes import Fakes
from render.drawing import Studio
from safety.attacks import attacks, plant
from safety.listener import Listener

EVIL = "</script><script>alert(1)</script>\u2028<img src=x onerror=alert(2)>\"'&lt;\u202e<!--"
TAKES_IN = {"More markup that is two things"}
"""Takes in the slides behind it: a build with a real browser tells of it, and the author has spoilt his own page."""
FRONT = {
    "title": f"T {EVIL}",
    "author": f"A {EVIL}",
    "description": f"D {EVIL}",
    "licence": f"javascript:alert(3)//{EVIL}",
    "date": f"2026 {EVIL}",
    "base_url": "https://example.org/a/",
    "scorm": True,
}


def deck(server: Listener, folder: Path, around: Path) -> str:
    """A slide for each attack that a build does not refuse, some with titles, notes, code and names that are."""
    taken: list[str] = []
    for attack in attacks():
        if attack.name in TAKES_IN:
            continue
        text = f"# {attack.name}\n\n{attack.at(server.address, around)}\n"
        try:
            Studio(folder).render(text)
        except DeckcastError:
            continue
        taken.append(text)
    assert len(taken) > 60
    links = "[x](<javascript:alert(4)>) [y](data:text/html,<b>)"
    words = f"name: a&b\n\n# <b onclick=alert(5)>T</b> `{EVIL}`\n\n{links}\n\n???\n\nSay {EVIL} now.\n"
    code = f"# Code\n\n```html\n{EVIL}\n```\n"
    head = "\n".join(f"{name}: {json.dumps(value)}" for name, value in FRONT.items())
    return f"---\n{head}\n---\n\n" + "\n---\n\n".join([words, code, *taken])


@pytest.fixture(scope="module")
def server() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def output(server: Listener, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, around = plant(tmp_path_factory.mktemp("pages"))
    (folder / "presentation.md").write_text(deck(server, folder, around))
    output = folder.parent / "output"
    build(folder, output=output, workshop=Fakes().workshop())
    settings = Settings()
    course.write(output, settings)
    return output


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


@pytest.mark.slow
def test_nothing_of_a_hostile_lesson_runs_in_its_viewers_browsers(server: Listener, output: Path) -> None:
    server.clear()
    with chromium() as browser, served(output) as site:
        for root in (site, output.as_uri()):
            for path in ("talk/slides.html", "talk/index.html", "index.html"):
                assert visited(browser, root, path, output) == [], (root, path)
    assert server.heard == []


def visited(browser: Any, root: str, path: str, output: Path) -> list[str]:
    """What a page does that it should not."""
    strange: list[str] = []
    context = browser.new_context()
    page = context.new_page()

    def dialog(one: Any) -> None:
        strange.append(f"a dialog: {one.message}")
        one.dismiss()

    def answered(one: Any) -> None:
        if not own(one.url, root, output):
            strange.append(one.url)

    context.on("page", lambda one: strange.append(f"a window: {one.url}"))
    page.on("dialog", dialog)
    page.on("requestfinished", answered)  # others were refused by the policy of the page
    page.goto(f"{root}/{path}", wait_until="load")
    works(page, path)
    armed = page.evaluate("document.querySelectorAll('[href^=\"javascript:\" i], [onclick], [onerror]').length")
    strange += [f"{armed} elements act"] if armed else []
    strange += [] if urlsplit(page.url).path.endswith(path) else [page.url]
    context.close()
    return strange


def own(url: str, root: str, output: Path) -> bool:
    """Whether a request is for a file of the lesson's."""
    if url.startswith(("data:", "blob:")):
        return True
    path = unquote(urlsplit(url).path.removeprefix(urlsplit(root).path)).lstrip("/")
    return url.startswith(f"{root}/") and (output / path).is_file()


def works(page: Any, path: str) -> None:
    """Waits until the page does what it is for."""
    if path == "talk/slides.html":
        until(page, "document.querySelectorAll('main > section[data-shown]').length === 1")
        page.keyboard.press("End")
        until(page, "location.hash.length > 2")
        expect(page.locator("#deckcast-live").last).to_contain_text("Slide")
    elif path == "talk/index.html":
        expect(page.locator("h1")).to_have_text(FRONT["title"])
        page.keyboard.press("?")
        until(page, "document.querySelector('dialog').open")
    else:
        expect(page.locator("#lessons > li")).to_have_count(1)
        page.locator("#search").fill("alert")
        until(page, "document.getElementById('found').textContent !== ''")
