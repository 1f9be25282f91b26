"""Notes that point at the slide, through whole builds: what is told, made again, and seen in the finished file."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from deckcast.engines.browsers import open_browser
from encode.built import Talk, Told, heard, rows_of_words, still

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


def test_only_what_points_otherwise_is_made_again(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    lesson, made = talk.build(DECK)
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


@pytest.mark.slow
def test_the_highlight_lies_around_the_words_from_the_frame_in_which_they_are_spoken(tmp_path: Path) -> None:
    browser = open_browser("", Told())
    try:
        lesson, _ = Talk(tmp_path, browser=browser, size=720).build(DECK)
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
