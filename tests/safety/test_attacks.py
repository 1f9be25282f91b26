"""A hostile slide in a real Chromium reaches nobody and reads nothing, each way of trying by itself (`attacks.txt`)."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from deckcast.engines import browser_find, browser_view
from deckcast.engines.browser_chromium import Chromium
from deckcast.errors import BrowserError, DeckcastError
from deckcast.ports import Page, Resource, Resources, Shot
from deckcast.render.assets import Assets
from deckcast.theme import find_theme
from render.drawing import Studio
from safety.attacks import MAGENTA, WORD, Attack, attacks, plant, square
from safety.listener import Listener

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
ATTACKS = attacks()
AUTOPLAY = "--autoplay-policy=no-user-gesture-required"
EVERYTHING = "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'"


def program() -> Path:
    found = browser_find.find()
    assert found is not None, "the slow tests need a Chromium: deckcast doctor"
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    opened = Chromium(program, seconds=30)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def quiet(server: Listener) -> None:
    server.clear()


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return plant(tmp_path)


class Watched:
    """The real files of a deck; whether a secret was handed out is remembered."""

    def __init__(self, folder: Path) -> None:
        self._assets = Assets(folder, find_theme("default", []))
        self.gave_secrets = False

    def get(self, path: str) -> Resource | None:
        found = self._assets.get(path)
        if found is not None and (WORD.encode() in found.body or found.body == square()):
            self.gave_secrets = True
        return found


class Camera:
    """A browser whose shots are remembered."""

    def __init__(self, browser: Chromium) -> None:
        self._browser = browser
        self.identity = browser.identity
        self.work = browser.work
        self.close = browser.close
        self.shots: list[Shot] = []

    def shoot(self, page: Page, resources: Resources) -> Generator[Shot, None, None]:
        for shot in self._browser.shoot(page, resources):
            self.shots.append(shot)
            yield shot


def page(html: str) -> Page:
    body = f'<section id="a"><p>before</p>{html}</section><section id="b"><p>after</p></section>'
    return Page(f"<!doctype html><body><main>{body}</main></body>", ("a",), 640, 480)


def has_magenta(png: bytes) -> bool:
    with Image.open(io.BytesIO(png)) as image:
        colours = image.convert("RGB").getcolors(1 << 24)
    return any(colour == MAGENTA for _, colour in colours or ())


def shows_secrets(png: bytes, text: str) -> bool:
    return has_magenta(png) or WORD in text


OWN = "Frames of the deck's own files"
"""These files may be shown, were there a way."""


def placed(error: DeckcastError) -> None:
    assert all(one.where is not None for one in error.findings), error.findings


def of(*kinds: str) -> list[Attack]:
    return [attack for attack in ATTACKS if attack.kind in kinds]


def test_a_slide_reaches_nobody_and_shows_no_other_file(
    browser: Chromium, server: Listener, places: tuple[Path, Path]
) -> None:
    for attack in ATTACKS:
        files = Watched(places[0])
        [shot] = browser.shoot(page(attack.at(server.address, places[1])), files)
        assert not shows_secrets(shot.png, shot.text), attack.name
        assert attack.name == OWN or not files.gave_secrets, attack.name
        assert server.heard == [], attack.name
    assert not server.wait(1), server.heard


def test_even_scripts_that_ran_would_reach_nobody(
    browser: Chromium, server: Listener, places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policy is only one of three walls; behind it stand the answering of requests and a network that is dead."""
    monkeypatch.setattr(browser_view, "POLICY", EVERYTHING)
    monkeypatch.setattr(browser, "_seconds", 6)
    ran = '<script>document.currentScript.outerHTML = "it ran"</script>'
    hung: list[str] = []
    for attack in of("script", "file"):
        files = Watched(places[0])
        try:
            [shot] = browser.shoot(page(ran + attack.at(server.address, places[1])), files)
            assert "it ran" in shot.text, "else this would show nothing"
            assert attack.name == OWN or not shows_secrets(shot.png, shot.text), attack.name
        except BrowserError:
            hung.append(attack.name)  # a script that takes the page elsewhere may hold up the browser, no more
        assert attack.name == OWN or not files.gave_secrets, attack.name
        assert server.heard == [], attack.name
    assert not server.wait(1), server.heard
    assert len(hung) <= 4


def test_decks_with_them_are_drawn_without_them_or_refused(
    browser: Chromium, server: Listener, places: tuple[Path, Path]
) -> None:
    harmless: list[str] = []
    for attack in ATTACKS:
        text = f"# Before\n\n{attack.at(server.address, places[1])}\n"
        try:
            Studio(places[0]).render(text)  # whatever can be told without a browser is told
        except DeckcastError as error:
            placed(error)
        else:
            harmless.append(text)
    assert len(harmless) < len(ATTACKS) - 20
    watched = Camera(browser)
    with suppress(DeckcastError):
        Studio(places[0], browser=watched).render("\n---\n".join(harmless))
    assert len(watched.shots) == len(harmless)
    for shot in watched.shots:
        assert not shows_secrets(shot.png, shot.text), harmless[int(shot.section.rpartition("-")[2]) - 1]
    assert not server.wait(1), server.heard


@pytest.fixture(scope="module")
def unguarded() -> Iterator[Browser]:
    """The same browser, as anybody would start it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program(), args=["--autoplay-policy=no-user-gesture-required"]
        )
        yield opened
        opened.close()


def test_the_server_hears_each_from_a_browser_without_walls(
    unguarded: Browser, server: Listener, tmp_path: Path
) -> None:
    """Else the other tests would show nothing."""
    unheard: list[str] = []
    for attack in of("net", "script"):
        site = Listener()
        site.bodies["/deck/"] = f"<!doctype html><body>{attack.at(server.address, tmp_path)}</body>".encode()
        server.clear()
        context = unguarded.new_context()
        try:
            context.new_page().goto(f"http://{site.address}/deck/", wait_until="commit")
            if not server.wait(10):
                unheard.append(attack.name)
        finally:
            context.close()
            site.close()
    assert unheard == []


def test_a_secret_that_is_shown_is_seen(browser: Chromium, places: tuple[Path, Path]) -> None:
    (places[0] / "images" / "own.png").write_bytes(square())
    [shot] = browser.shoot(page('<img src="images/own.png">'), Watched(places[0]))
    assert shows_secrets(shot.png, shot.text)
