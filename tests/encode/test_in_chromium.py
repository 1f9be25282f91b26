"""The finished file in a real browser: every seek shows the right slide, and it plays across every join."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import browsing
from deckcast.model import Timeline
from encode import player

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["mp4", "webm"])
def lesson(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> tuple[Path, Timeline]:
    path = tmp_path_factory.mktemp("film") / f"lesson.{request.param}"
    return path, player.make_lesson(path)


@pytest.fixture(scope="module")
def player_page() -> Iterator[Any]:
    with browsing.chromium("--no-sandbox") as browser:
        page = browser.new_page()
        page.set_content(player.PAGE)
        if not page.evaluate("""document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028"')"""):
            pytest.skip("this Chromium has no H.264")
        yield page


@pytest.fixture(scope="module")
def page(player_page: Any, lesson: tuple[Path, Timeline]) -> Any:
    player_page.set_input_files("input", lesson[0])
    player.assert_opens(player_page.evaluate, lesson[1])
    return player_page


def test_every_seek_shows_the_right_slide(page: Any, lesson: tuple[Path, Timeline]) -> None:
    player.assert_every_seek_shows_the_right_slide(page.evaluate, lesson[1], seeks=200)


def test_it_plays_across_every_join(page: Any, lesson: tuple[Path, Timeline]) -> None:
    player.assert_it_plays_across_every_join(page.evaluate, lesson[1])


@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_a_seek_into_what_moves_shows_its_frame_and_it_plays_to_the_end(
    player_page: Any, tmp_path: Path, form: str
) -> None:
    path, page = tmp_path / f"fade.{form}", player_page
    timeline, greys = player.make_fade(path)
    page.set_input_files("input", path)
    player.assert_opens(page.evaluate, timeline)
    player.assert_every_seek_into_a_fade_shows_its_frame(page.evaluate, greys)
    player.assert_a_fade_plays_to_its_end(page.evaluate, timeline)
