"""Our WebVTT as Chromium's own parser reads it, and how it lays out a line that runs from right to left."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deckcast.captions import Cue, cues
from deckcast.captions.write import vtt, words_vtt
from deckcast.engines.browser_find import find
from publish.said import lesson, take

pytestmark = pytest.mark.slow

_READ = """async text => {
    const video = document.createElement("video");
    const track = document.createElement("track");
    const url = URL.createObjectURL(new Blob([text], {type: "text/vtt"}));
    const done = new Promise((yes, no) => { track.onload = yes; track.onerror = () => no("not read"); });
    track.default = true; track.src = url; track.track.mode = "hidden";
    video.append(track); document.body.append(video);
    await done;
    const stamps = node => node.nodeType === 7 ? [node.data] : [...node.childNodes].flatMap(stamps);
    return [...track.track.cues].map(cue => {
        const shown = cue.getCueAsHTML();
        return {id: cue.id, start: cue.startTime, stop: cue.endTime, text: shown.textContent, stamps: stamps(shown)};
    });
}"""

_LAID = """([line, direction]) => {
    const box = document.createElement("div");
    const way = direction ? `direction: ${direction}` : "unicode-bidi: plaintext";
    box.style.cssText = `${way}; white-space: pre`;
    box.textContent = line; document.body.append(box);
    const text = box.firstChild, places = [];
    for (let at = 0; at < line.length; at++) {
        const range = document.createRange(); range.setStart(text, at); range.setEnd(text, at + 1);
        const place = range.getBoundingClientRect();
        if (place.width) places.push([place.left, line[at]]);
    }
    return places.sort((one, other) => one[0] - other[0]).map(place => place[1]).join("");
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = find()
    if found is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto("data:text/html;base64," + base64.b64encode(b"<!doctype html><meta charset=utf-8><body>").decode())
        yield page
        browser.close()


def shown() -> tuple[Cue, ...]:
    said = {
        "en": ["Is 1 < 2 && 3 > 2, and what --> else is there to be said of it, and by whom?", "One two."],
        "he": ["מודל שפה קורא מילים, ואז הוא מנבא את המילה הבאה (GPT-2)."],
        "ja": ["トランスフォーマーは、単語の列を読み取って、次の単語を予測するプログラムです。👨‍👩‍👧‍👦"],
    }
    found: list[Cue] = []
    for language, texts in said.items():
        _, timeline = lesson([("", take(1, *texts, pace=8))])
        later = found[-1].stop if found else 0
        found += (
            Cue(
                cue.start + later,
                cue.stop + later,
                cue.lines,
                tuple(tuple((at, moment + later) for at, moment in line) for line in cue.words),
            )
            for cue in cues(timeline, language)
        )
    return tuple(found)


def test_chromium_reads_each_caption_with_its_text_and_times(page: Any) -> None:
    ours = shown()
    theirs = page.evaluate(_READ, vtt(ours))
    assert [(one["id"], round(1000 * one["start"]), round(1000 * one["stop"]), one["text"]) for one in theirs] == [
        (str(number), cue.start, cue.stop, "\n".join(cue.lines)) for number, cue in enumerate(ours, 1)
    ]


def test_chromium_reads_the_times_of_the_words(page: Any) -> None:
    ours = shown()
    theirs = page.evaluate(_READ, words_vtt(ours))
    assert [one["text"] for one in theirs] == ["\n".join(cue.lines) for cue in ours]
    for cue, one in zip(ours, theirs, strict=True):
        times = [milliseconds(stamp) for stamp in one["stamps"]]
        starts = {moment for line in cue.words for _, moment in line}
        assert times == sorted({moment for moment in starts if cue.start < moment < cue.stop})


@pytest.mark.parametrize("direction", ["ltr", "rtl", ""])
def test_a_line_from_right_to_left_is_laid_out_alike_whatever_the_player_takes_for_its_direction(
    page: Any, direction: str
) -> None:
    _, timeline = lesson([("", take(1, "GPT-2 הוא מודל (שפה)."))])
    (cue,) = cues(timeline, "he")
    # As seen from the left; brackets are told as they are written, and drawn turned round.
    wanted = ".)הפש( לדומ אוה GPT-2"
    assert page.evaluate(_LAID, [cue.lines[0], direction]) == wanted
    bare = "GPT-2 הוא מודל (שפה)."
    assert direction == "rtl" or page.evaluate(_LAID, [bare, direction]) != wanted, "marks are needed"


def milliseconds(stamp: str) -> int:
    hours, minutes, seconds = re.fullmatch(r"(\d+):(\d+):([\d.]+)", stamp).groups()  # type: ignore[union-attr]
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
