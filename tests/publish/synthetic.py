"""Pages of lessons of any length, with a video that shows a new picture thirty times a second where it is played."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from deckcast.captions import cues
from deckcast.model import NO_RESULTS
from deckcast.publish.lesson import picture_names
from deckcast.publish.page_lesson import lesson_page, small_name
from deckcast.settings import LessonSettings, Settings
from publish.said import lesson, picture, take

SENTENCE = "The root of this tree goes down {at} steps to where water is."
PLAYED = 20
"""Seconds from the middle of the lesson on in which the video moves."""


def write(folder: Path, slides: int) -> float:
    """Writes a lesson's page and what lies beside it; gives its length in seconds."""
    sentences = [[SENTENCE.format(at=at)] * 4 for at in range(1, slides + 1)]
    deck, timeline = lesson([(f"Slide number {at}", take(at, *own, pace=17)) for at, own in enumerate(sentences, 1)])
    pictures = picture_names(deck, timeline)
    settings = Settings(lesson=LessonSettings(title=f"{slides} slides"))
    text = lesson_page(
        deck,
        timeline,
        settings,
        cues=cues(timeline, "en"),
        pictures=pictures,
        files={"lesson.mp4": 1},
        results=NO_RESULTS,
    )
    (folder / "slides").mkdir(parents=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    image = picture(320, 180)
    for name in pictures:
        (folder / name).write_bytes(image)
        (folder / small_name(name)).write_bytes(image)
    _film(folder / "lesson.mp4", timeline.seconds)
    return timeline.seconds


def _film(path: Path, seconds: float) -> None:
    """A film with few pictures outside the part that is played."""
    import av
    import numpy as np

    middle = seconds / 2
    moments = [*range(0, int(middle), 60), *(middle + at / 30 for at in range(30 * PLAYED))]
    moments += [*range(int(middle) + PLAYED + 10, int(seconds), 60), seconds - 0.1]
    with av.open(str(path), "w", options={"movflags": "faststart"}) as file:
        stream: Any = file.add_stream("libx264", rate=30, options={"preset": "ultrafast", "g": "30"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for at, moment in enumerate(sorted({round(30 * moment) for moment in moments})):
            frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 40 + at % 160, np.uint8))
            frame.pts, frame.time_base = moment, Fraction(1, 30)
            for packet in stream.encode(frame):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)


def played(page: Any, address: str, seconds: float, wait: float) -> dict[str, float]:
    """Plays from the middle on; gives what the browser spent for each second of it, in seconds, by CDP's metrics."""
    page.goto(f"{address}#t={seconds / 2:.0f}")
    while page.evaluate("document.querySelector('video').readyState < 3"):
        page.wait_for_timeout(50)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    page.evaluate("document.querySelector('video').muted = true; document.querySelector('video').play()")
    page.wait_for_timeout(1000)
    before, then = _metrics(devtools), page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_timeout(round(1000 * wait))
    after, now = _metrics(devtools), page.evaluate("document.querySelector('video').currentTime")
    return {name: (after[name] - before[name]) / (now - then) for name in KINDS}


KINDS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration", "TaskDuration")


def _metrics(devtools: Any) -> dict[str, float]:
    return {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
