"""A lesson's file in a browser: a page that plays it, what is asked of that page, and what it must answer."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from deckcast.encode.easing import eased
from deckcast.model import Timeline
from deckcast.settings import SlidesSettings
from deckcast.timeline import plan
from encode.lessons import Studio, quick, slide_jpeg

PAGE = "<input type=file><video></video><canvas width=640 height=360></canvas>"
Evaluate = Callable[..., Any]
"""Runs a script, a function, in the page, with an argument or none: what it returns, as JSON knows it."""

OPEN = """async () => {
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
SEEK = f"""async (moment) => {{
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
PLAY = f"""async () => {{
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


GREY = """async (moment) => {
    const video = document.querySelector("video");
    const seeked = new Promise(done => video.addEventListener("seeked", done, {once: true}));
    const shown = new Promise(done => { video.requestVideoFrameCallback(done); setTimeout(done, 3000); });
    video.currentTime = moment;
    await seeked;
    await shown;
    const canvas = document.querySelector("canvas").getContext("2d", {willReadFrequently: true});
    canvas.drawImage(video, 0, 0, 640, 360);
    return canvas.getImageData(320, 180, 1, 1).data[0];
}"""
"""The grey in the middle of what a seek shows."""
FADING = 50
"""Frames."""


def make_fade(path: Path) -> tuple[Timeline, list[float]]:
    """A black slide that turns into a white one, and the grey of each frame."""
    studio = Studio(settings=replace(quick(), slides=SlidesSettings(transition="fade", transition_seconds=FADING / 30)))
    deck, timeline = studio.lesson([("Black", 0), ("White", 2.5)])
    flat = [studio.put(picture) for picture in map(_flat, (0, 255))]
    frames = [replace(scene.frame, image=image) for scene, image in zip(timeline.scenes, flat, strict=True)]
    takes = [scene.take for scene in timeline.scenes]
    timeline = plan(deck.steps, frames, takes, [studio.settings] * 2)
    studio.encode(deck, timeline, path)
    greys = [eased((number + 1) / (FADING + 1)) * 255 for number in range(FADING)]
    first = timeline.scenes[1].first
    return timeline, [0.0] * first + greys + [255.0] * (timeline.frames - first - FADING)


def _flat(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), (level,) * 3).save(file, "PNG")
    return file.getvalue()


def assert_every_seek_into_a_fade_shows_its_frame(evaluate: Evaluate, greys: Sequence[float]) -> None:
    """To the frame, wherever frames beside each other can be told apart."""
    begin = next(number for number, grey in enumerate(greys) if grey)
    numbers = list(range(begin - 2, begin + FADING + 2))
    random.Random(4).shuffle(numbers)
    wrong = []
    for number in numbers:
        shown = evaluate(GREY, (number + 0.5) / 30)
        near = min(abs(greys[number] - other) for other in (greys[number - 1], greys[number + 1]))
        if abs(shown - greys[number]) > max(near / 2, 2):
            wrong.append((number - begin, shown, greys[number]))
    assert not wrong, wrong


def assert_a_fade_plays_to_its_end(evaluate: Evaluate, timeline: Timeline) -> None:
    stalls = []
    for _ in range(3):
        evaluate(GREY, 0)
        told = evaluate(PLAY)
        assert told["error"] is None
        assert told["at"] == pytest.approx(timeline.seconds, abs=0.1)
        moments = [moment for moment, _ in told["seen"]]
        assert moments == sorted(moments)
        stalls.append(told["waited"])
        if not told["waited"]:
            break
    assert min(stalls) == 0


def make_lesson(path: Path) -> Timeline:
    """Slides of many lengths, whose pictures tell their numbers."""
    studio = Studio(settings=quick())
    chance = random.Random(11)
    deck, timeline = studio.lesson([(f"Slide {at}", chance.choice([0, 0.4, 1.5, 3.3])) for at in range(1, 10)])
    studio.encode(deck, timeline, path, cover=studio.put(slide_jpeg()))
    return timeline


def slide_at(timeline: Timeline, moment: float) -> int:
    return next(scene.frame.step for scene in timeline.scenes if moment < (scene.first + scene.count) / timeline.fps)


def assert_opens(evaluate: Evaluate, timeline: Timeline) -> None:
    opened = evaluate(OPEN)
    assert opened == {"seconds": pytest.approx(timeline.seconds, abs=1e-3), "width": 640, "height": 360}


def assert_every_seek_shows_the_right_slide(evaluate: Evaluate, timeline: Timeline, seeks: int) -> None:
    """At so many random moments, and in the first and the last frame of each slide."""
    chance = random.Random(3)
    moments = [(chance.randrange(timeline.frames) + 0.5) / timeline.fps for _ in range(seeks)]
    moments += [(scene.first + part) / timeline.fps for scene in timeline.scenes for part in (0.5, scene.count - 0.5)]
    wrong = [
        (moment, shown, slide_at(timeline, moment))
        for moment in moments
        if (shown := evaluate(SEEK, moment)) != slide_at(timeline, moment)
    ]
    assert not wrong, wrong


def assert_it_plays_across_every_join(evaluate: Evaluate, timeline: Timeline) -> None:
    stalls = []
    for _ in range(3):  # a busy machine may make it wait once; a join that stalls it does so every time
        evaluate(SEEK, 0)
        told = evaluate(PLAY)
        assert told["error"] is None
        assert told["at"] == pytest.approx(timeline.seconds, abs=0.1)
        assert {number for _, number in told["seen"]} == {scene.frame.step for scene in timeline.scenes}
        order = [number for _, number in told["seen"]]
        assert order == sorted(order)
        stalls.append(told["waited"])
        if not told["waited"]:
            break
    assert min(stalls) == 0
