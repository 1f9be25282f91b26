"""The lesson's page in the Firefox that is installed here, if there is one: from a disk, as strict as it is at home."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from encode import firefox
from faults.harness import soon
from publish import watched

pytestmark = pytest.mark.slow

STRICT = {"security.fileuri.strict_origin_policy": True, "remote.prefs.recommended": False}
"""A Firefox that is driven by a program would let pages from a disk load what others may not."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firefox.Page]:
    found = firefox.find()
    if found is None:
        pytest.skip(firefox.INSTALL)
    with firefox.started(found, tmp_path_factory.mktemp("firefox"), STRICT) as page:
        if not page.evaluate(
            """() => document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028"')"""
        ):
            pytest.skip("this Firefox has no H.264: it takes it from FFmpeg's libavcodec, where that is installed")
        yield page


@pytest.mark.parametrize("place", ["file", "http"])
def test_it_plays_and_each_word_lights_up_as_it_is_spoken(page: firefox.Page, folder: Path, place: str) -> None:
    with watched.served(folder.parent) as address:
        page.open(f"{folder.as_uri()}/index.html" if place == "file" else f"{address}{folder.name}/index.html")
        assert page.evaluate(watched.READY) > 20
        assert "garden" in page.evaluate(watched.CAPTIONS)
        assert page.evaluate(watched.SEARCH) == ["1 of 1", "Caf\u00e9 owners"]
        watched.assert_words_in_time(page.evaluate)


def test_a_link_goes_to_its_moment(page: firefox.Page, folder: Path) -> None:
    page.open("about:blank")
    page.open(f"{folder.as_uri()}/index.html#slide-3")
    page.evaluate(watched.READY)
    soon(lambda: page.evaluate("() => document.getElementById('ui-title').textContent") == "Counted")
    soon(lambda: page.evaluate("() => document.querySelector('video').currentTime") > 10)


def test_where_it_was_is_remembered(page: firefox.Page, folder: Path) -> None:
    page.open("about:blank")
    page.open(f"{folder.as_uri()}/index.html#t=14")
    page.evaluate(watched.READY)
    where = page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            video.muted = true;
            video.play();
            while (video.currentTime < 14.2) await new Promise((done) => setTimeout(done, 50));
            video.pause();
            await new Promise((done) => setTimeout(done, 300));
            return video.currentTime;
        }"""
    )
    page.open("about:blank")
    page.open(f"{folder.as_uri()}/index.html")
    page.evaluate(watched.READY)
    resume = "() => document.getElementById('ui-resume-at').textContent"
    soon(lambda: page.evaluate(resume) == f"You were at 0:{int(where)}.")


def test_it_knows_the_lessons_before_and_after(page: firefox.Page, folder: Path) -> None:
    page.open(f"{folder.as_uri()}/index.html")
    assert page.evaluate(watched.AROUND) == ["Seeds", "Trees, and how they grow"]


def test_on_paper_every_heading_has_its_picture_on_the_same_page(page: firefox.Page, folder: Path) -> None:
    page.open(f"{folder.as_uri()}/index.html")
    page.evaluate(watched.READY)
    # In a font that is not variable: of those, Firefox tells no letters in a PDF.
    page.evaluate(
        """() => {
            for (const one of document.querySelectorAll(".slide h3 .name")) one.style.font = "400 13pt monospace";
            return true;
        }"""
    )
    titles = ["Roots", "How a tree drinks", "Counted", "Look at it", "The end"]
    for height in range(12, 30, 3):
        pages = PdfReader(io.BytesIO(page.pdf(height))).pages
        texts = [f"\n{one.extract_text()}\n" for one in pages]
        where = [next(at for at, text in enumerate(texts) if f"\n{title}\n" in text) for title in titles]
        assert [len(one.images.keys()) for one in pages] == [where.count(at) for at in range(len(pages))], (
            f"{height} cm"
        )


SITTING = """async ([from, to]) => {
    const later = () => new Promise((done) => setTimeout(done, 50));
    platform.launch("unpacked/index.html");
    const frame = document.querySelector("iframe");
    while (!(frame.contentDocument?.querySelector("video")?.readyState >= 2)) await later();
    const unit = frame.contentDocument, video = unit.querySelector("video");
    const offered = unit.getElementById("ui-resume").hidden ? "" : unit.getElementById("ui-resume-at").textContent;
    video.muted = true;
    video.currentTime = from;
    while (video.seeking) await later();
    video.playbackRate = 4;
    await video.play();
    while (video.currentTime < to && !video.ended) await later();
    video.pause();
    await later();
    const stopped = video.currentTime;
    platform.close();
    for (let tries = 0; tries < 100 && platform.calls.at(-1)[0] !== "LMSFinish"; tries++) await later();
    return {offered, stopped, kept: platform.kept, calls: platform.calls};
}"""


def test_a_learning_platform_learns_what_was_watched(page: firefox.Page, folder: Path, tmp_path: Path) -> None:
    for name in ("platform.html", "platform.js"):
        shutil.copyfile(Path(__file__).parent / name, tmp_path / name)
    with zipfile.ZipFile(folder / "lesson-scorm.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    with watched.served(tmp_path) as address:
        page.open(f"{address}platform.html")
        first = page.evaluate(SITTING, [0, 14])
        assert first["calls"][-1][0] == "LMSFinish"
        assert first["kept"]["cmi.core.lesson_status"] == "incomplete"
        assert abs(float(first["kept"]["cmi.core.lesson_location"]) - first["stopped"]) < 0.11
        second = page.evaluate(SITTING, [first["stopped"] - 2, 60])
        assert f"0:{int(float(first['kept']['cmi.core.lesson_location'])):02}" in second["offered"]
        assert second["calls"][-1][0] == "LMSFinish"
        assert second["kept"]["cmi.core.lesson_status"] == "completed"
        assert [call for call in second["calls"] if call[3] != "0"] == []
        page.open("about:blank")
