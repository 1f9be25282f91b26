"""Notes that point at the slide, through whole builds: what is told, made again, and seen in the finished file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import deckcast
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.browsers import open_browser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.ports import Browser
from deckcast.stages import Silence
from deckcast.workshop import Workshop

DECK = """\
---
title: Words
---

# Attention

- Queries ask
- Keys answer
- Values are mixed

???

First all. Then [point "keys answer"] the keys. And [point "values"] the values. [/point] All was said here, that is it.

---
class: inverse

# Dark

- One thing
- Another thing

???

Here is [point "another"] the other one, and that is all that there is to say.
"""


class Told(Silence):
    """Remembers what a build made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made.append(what)


@dataclass
class Talk:
    """A deck that is built again and again."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    browser: Browser = field(default_factory=FakeBrowser)
    size: int = 240

    def build(self, deck: str = DECK) -> tuple[deckcast.Lesson, list[str]]:
        """The lesson, and what was made."""
        (self.folder / "talk").mkdir(exist_ok=True)
        (self.folder / "talk" / "presentation.md").write_text(deck)
        told = Told()
        shop = Workshop(
            lambda *_: self.store, lambda *_: InlineExecutor(), lambda *_: self.browser, lambda *_: (FakeVoice(), "")
        )
        settings = {"video.size": self.size}
        output = self.folder / "out"
        lesson = deckcast.build(self.folder / "talk", output=output, workshop=shop, settings=settings, progress=told)
        return lesson, told.made


def test_only_what_points_otherwise_is_made_again(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    lesson, made = talk.build()
    assert [one.code for one in lesson.findings] == ["chapters-few"]
    assert [one for one in made if one.startswith("pointer")] == [
        "pointer on slide 1",
        "pointer on slide 1, number 2",
        "pointer on slide 1, number 3",
        "pointer on slide 2",
        "pointer on slide 2, number 2",
    ]
    _, made = talk.build(DECK.replace('[point "another"]', '[point "one thing"]'))
    assert [one for one in made if one.startswith(("pointer", "picture", "sound of"))] == [
        "pointer on slide 2",
        "pointer on slide 2, number 2",
    ]


def test_what_does_not_show_is_told_with_its_place_and_what_is_near(tmp_path: Path) -> None:
    lesson, _ = Talk(tmp_path).build(DECK.replace('"values"', '"valves"'))
    (finding,) = [one for one in lesson.findings if one.code != "chapters-few"]
    assert (finding.code, finding.severity) == ("narration-point", "warning")
    assert finding.where is not None
    assert finding.line[finding.where.column - 1 :][: finding.width] == '[point "valves"]'
    assert "“Values are mixed”" in finding.hint
    assert finding.slide == 'slide 1 "Attention"'


# ── with a real browser ──────────────────────────────────────────────────────────────────────────


def heard(folder: Path, phrase: str) -> float:
    """When a phrase begins, in seconds of the lesson, from the captions' word times."""
    words: list[tuple[str, str]] = []
    for cue in (folder / "captions.words.vtt").read_text().split("\n\n")[1:]:
        times, text = cue.split("\n", 2)[1:]
        words += re.findall(r"<([\d:.]+)>([^<]*)", f"<{times.split()[0]}>{text}")
    spoken = [" ".join(word for _, word in words[at:]).split() for at in range(len(words))]
    at = next(at for at, one in enumerate(spoken) if one[: len(phrase.split())] == phrase.split())
    hours, minutes, seconds = words[at][0].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def still(folder: Path, name: str) -> NDArray[np.int16]:
    with Image.open(folder / "slides" / f"{name}.png") as image:
        return np.asarray(image.convert("RGB"), np.int16)


def rows_of_words(picture: NDArray[np.int16]) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of each line of words."""
    ink = np.abs(picture - picture[2, 2]).max(axis=2) > 90
    rows = np.flatnonzero(np.diff(np.concatenate([[0], ink.any(axis=1).astype(int), [0]])))
    found = []
    for top, bottom in zip(rows[::2], rows[1::2], strict=True):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        found.append((int(columns[0]), int(top), int(columns[-1]) + 1, int(bottom)))
    return found


@pytest.mark.slow
def test_the_highlight_lies_around_the_words_from_the_frame_in_which_they_are_spoken(tmp_path: Path) -> None:
    browser = open_browser("", Told())
    try:
        lesson, _ = Talk(tmp_path, browser=browser, size=720).build()
    finally:
        browser.close()
    with av.open(str(lesson.video)) as video:
        frames = [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in video.decode(video=0)]
    light, dark = still(lesson.folder, "001"), still(lesson.folder, "002")
    _, _, keys, values, *_ = rows_of_words(light)

    def changed(number: int, picture: NDArray[np.int16]) -> tuple[int, int, int, int] | None:
        far = np.abs(frames[number] - picture).max(axis=2) > 60
        # of the outline's sides; a letter differs in fewer pixels, since it was encoded
        rows, columns = np.flatnonzero(far.sum(axis=1) >= 20), np.flatnonzero(far.sum(axis=0) >= 20)
        if not len(rows) or not len(columns):
            return None
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    def around(box: tuple[int, int, int, int] | None, words: tuple[int, int, int, int], bullet: int = 30) -> None:
        """The outline encloses the line of words, but for its bullet, and no more of the slide than a little."""
        assert box is not None
        left, top, right, bottom = box
        assert words[0] <= left <= words[0] + bullet
        assert words[1] - 24 <= top < words[1] < words[3] < bottom <= words[3] + 24
        assert words[2] < right <= words[2] + 24

    begin, moves = heard(lesson.folder, "the keys."), heard(lesson.folder, "the values.")
    first = next(number for number in range(len(frames)) if changed(number, light) is not None)
    assert 0 <= first - int(begin * 30) <= 3, "it grows out of nothing in the frames from the word on"
    around(changed(int(begin * 30) + 12, light), keys)
    assert np.array_equal(frames[int(begin * 30) + 12], frames[int(moves * 30) - 1]), "a still between"
    assert not np.array_equal(frames[int(moves * 30) - 1], frames[int(moves * 30) + 2])
    around(changed(int(moves * 30) + 12, light), values)
    gone = heard(lesson.folder, "All was") + 0.4
    assert changed(int(gone * 30), light) is None

    other = heard(lesson.folder, "the other")
    around(changed(int(other * 30) + 12, dark), rows_of_words(dark)[2])
    # no word is hidden: inside the outline the words stand out from the ground as they do without it
    left, top, right, bottom = rows_of_words(dark)[2]
    words = frames[int(other * 30) + 12][top:bottom, left + 30 : right]
    assert words.max() - np.median(words) > 150
