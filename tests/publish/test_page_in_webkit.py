"""The lesson's page in WebKitGTK, the next thing to Safari that runs here, if it is installed: from a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.harness import soon
from publish import watched, webkit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webkit.Page]:
    found = webkit.find()
    if found is None:
        pytest.skip(webkit.INSTALL)
    with webkit.started(found, tmp_path_factory.mktemp("webkit")) as page:
        page.open(f"{folder.as_uri()}/index.html")
        if not page.evaluate(PLAYABLE):
            pytest.skip(f"this WebKit plays no H.264: {webkit.INSTALL}")
        yield page


PLAYABLE = """async () => {
    const video = document.querySelector("video"), later = () => new Promise((done) => setTimeout(done, 100));
    for (let tries = 0; tries < 300 && !video.readyState && video.networkState !== 3; tries++) await later();
    return video.readyState > 0;
}"""


def test_it_plays_and_each_word_lights_up_as_it_is_spoken(page: webkit.Page, folder: Path) -> None:
    page.open(f"{folder.as_uri()}/index.html")
    assert page.evaluate(watched.READY) > 20
    assert "garden" in page.evaluate(watched.CAPTIONS)
    assert page.evaluate(watched.SEARCH) == ["1 of 1", "Caf\u00e9 owners"]
    # WebKitGTK decodes and paints by the processor here, and shows pictures late: Safari's own times are not known.
    watched.assert_words_in_time(page.evaluate, usual=0.2, most=0.4)


def test_a_link_goes_to_its_moment(page: webkit.Page, folder: Path) -> None:
    page.open("about:blank")
    page.open(f"{folder.as_uri()}/index.html#slide-3")
    page.evaluate(watched.READY)
    soon(lambda: page.evaluate("() => document.getElementById('ui-title').textContent") == "Counted")
    soon(lambda: page.evaluate("() => document.querySelector('video').currentTime") > 10)


def test_it_knows_the_lessons_before_and_after(page: webkit.Page, folder: Path) -> None:
    page.open(f"{folder.as_uri()}/index.html")
    assert page.evaluate(watched.AROUND) == ["Seeds", "Trees, and how they grow"]
