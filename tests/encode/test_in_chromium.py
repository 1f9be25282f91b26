"""The finished file in a real browser: every seek shows the right slide, and it plays across every join."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deckcast.engines.browser_find import find
from deckcast.model import Timeline
from encode.lessons import Studio, quick, slide_jpeg

pytestmark = pytest.mark.slow

_OPEN = """async () => {
    const video = document.querySelector("video");
    video.src = URL.createObjectURL(document.querySelector("input").files[0]);
    await new Promise((done, failed) => {
        video.onloadeddata = done;
        video.onerror = () => failed(new Error(video.error.message));
    });
    return {seconds: video.duration, width: video.videoWidth, height: video.videoHeight};
}"""
_LOOK = """
    const look = () => {
        const canvas = document.querySelector("canvas").getContext("2d", {willReadFrequently: true});
        canvas.drawImage(video, 0, 0, 640, 360);
        let number = 0;
        for (let bit = 0; bit < 16; bit++)
            if (canvas.getImageData(40 * bit + 20, 20, 1, 1).data[0] < 128) number |= 1 << bit;
        return number;
    };
"""
_SEEK = f"""async (moment) => {{
    const video = document.querySelector("video");
    {_LOOK}
    const seeked = new Promise(done => video.addEventListener("seeked", done, {{once: true}}));
    // On a busy machine `seeked` comes before the picture is there to be drawn.
    const shown = new Promise(done => {{ video.requestVideoFrameCallback(done); setTimeout(done, 3000); }});
    video.currentTime = moment;
    await seeked;
    await shown;
    return look();
}}"""
_PLAY = f"""async () => {{
    const video = document.querySelector("video");
    {_LOOK}
    video.muted = true;
    video.playbackRate = 2;
    const seen = [];
    const watch = (_, frame) => {{ seen.push([frame.mediaTime, look()]); video.requestVideoFrameCallback(watch); }};
    video.requestVideoFrameCallback(watch);
    let waited = 0;
    video.addEventListener("waiting", () => waited++);
    const ended = new Promise((done, failed) => {{ video.onended = done; video.onerror = failed; }});
    await video.play();
    await ended;
    return {{seen, waited, error: video.error && video.error.message, at: video.currentTime}};
}}"""


@pytest.fixture(scope="module", params=["mp4", "webm"])
def lesson(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> tuple[Path, Timeline]:
    studio = Studio(settings=quick())
    chance = random.Random(11)
    deck, timeline = studio.lesson([(f"Slide {at}", chance.choice([0, 0.4, 1.5, 3.3])) for at in range(1, 13)])
    path = tmp_path_factory.mktemp("film") / f"lesson.{request.param}"
    studio.encode(deck, timeline, path, cover=studio.put(slide_jpeg()))
    return path, timeline


@pytest.fixture(scope="module")
def page(lesson: tuple[Path, Timeline]) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = find()
    if found is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<input type=file><video></video><canvas width=640 height=360></canvas>")
        if not page.evaluate("""document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028"')"""):
            pytest.skip("this Chromium has no H.264")
        page.set_input_files("input", lesson[0])
        opened = page.evaluate(_OPEN)
        assert opened == {"seconds": pytest.approx(lesson[1].seconds, abs=1e-3), "width": 640, "height": 360}
        yield page
        browser.close()


def slide_at(timeline: Timeline, moment: float) -> int:
    return next(scene.frame.step for scene in timeline.scenes if moment < (scene.first + scene.count) / timeline.fps)


def test_every_seek_shows_the_right_slide(page: Any, lesson: tuple[Path, Timeline]) -> None:
    timeline = lesson[1]
    chance = random.Random(3)
    moments = [(chance.randrange(timeline.frames) + 0.5) / timeline.fps for _ in range(200)]
    moments += [(scene.first + part) / timeline.fps for scene in timeline.scenes for part in (0.5, scene.count - 0.5)]
    wrong = [
        (moment, shown, slide_at(timeline, moment))
        for moment in moments
        if (shown := page.evaluate(_SEEK, moment)) != slide_at(timeline, moment)
    ]
    assert wrong == []


def test_it_plays_across_every_join(page: Any, lesson: tuple[Path, Timeline]) -> None:
    timeline = lesson[1]
    stalls = []
    for _ in range(3):  # a busy machine may make it wait once; a join that stalls it does so every time
        page.evaluate(_SEEK, 0)
        told = page.evaluate(_PLAY)
        assert told["error"] is None
        assert told["at"] == pytest.approx(timeline.seconds, abs=0.1)
        assert {number for _, number in told["seen"]} == {scene.frame.step for scene in timeline.scenes}
        order = [number for _, number in told["seen"]]
        assert order == sorted(order)
        stalls.append(told["waited"])
        if not told["waited"]:
            break
    assert min(stalls) == 0
