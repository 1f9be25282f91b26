"""The finished file in the Firefox that is installed here, if there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deckcast.model import Timeline
from encode import firefox, player

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firefox.Page]:
    found = firefox.find()
    if found is None:
        pytest.skip(firefox.INSTALL)
    folder = tmp_path_factory.mktemp("firefox")
    with firefox.served(player.PAGE) as address, firefox.started(found, folder) as page:
        page.open(address)
        if not page.evaluate(
            """() => document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028"')"""
        ):
            pytest.skip("this Firefox has no H.264: it takes it from FFmpeg's libavcodec, where that is installed")
        yield page


@pytest.fixture(scope="module", params=["mp4", "webm"])
def lesson(page: firefox.Page, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Timeline:
    path: Path = tmp_path_factory.mktemp("film") / f"lesson.{request.param}"
    timeline = player.make_lesson(path)
    page.set_file("input", path)
    player.assert_opens(page.evaluate, timeline)
    return timeline


@pytest.mark.parametrize("lesson", ["mp4"], indirect=True)  # of a WebM, Firefox shows no repeated frame by itself
def test_every_seek_shows_the_right_slide(page: firefox.Page, lesson: Timeline) -> None:
    player.assert_every_seek_shows_the_right_slide(page.evaluate, lesson, seeks=60)


def test_it_plays_across_every_join(page: firefox.Page, lesson: Timeline) -> None:
    player.assert_it_plays_across_every_join(page.evaluate, lesson)
