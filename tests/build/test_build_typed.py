"""Code that is typed, through whole builds: what is made again, and what is seen in the finished file."""

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

???

Here comes a line of code. [click] Look, it is there and it is a long line, so that is all.

--

```js typed
const attention = softmax(queries);
let two = 2;
```
```output
it works well
```

---
class: inverse

# Dark

```python typed=0.8s
print("as before")
```

???

Here is another line, and that is all that there is to say of it.
"""


def test_only_what_is_typed_otherwise_is_made_again(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    lesson, made = talk.build(DECK.replace(" typed", ""))
    first = lesson.video.read_bytes()
    lesson, made = talk.build(DECK)
    assert [one.code for one in lesson.findings] == ["chapters-few"]
    assert [one for one in made if one.startswith("typing")] == ["typing on slide 1 step 2", "typing on slide 2"]
    second = lesson.video.read_bytes()
    assert second != first
    assert talk.build(DECK)[1] == []
    lesson, made = talk.build(DECK.replace("typed=0.8s", "typed=1s"))
    assert made == ["typing on slide 2", "lesson.mp4", "companions"]
    again = Talk(tmp_path)
    assert again.build(DECK)[0].video.read_bytes() == second


def test_a_pointer_over_what_is_typed_all_the_time_is_told_with_its_place(tmp_path: Path) -> None:
    notes = 'Look [point "code"] here [/point] and that is what there is to say.'
    deck = f"```js typed=60s\nthis is the code;\n```\n\n???\n\n{notes}\n"
    lesson, _ = Talk(tmp_path).build(deck)
    (finding,) = [one for one in lesson.findings if one.code == "motion-two"]
    assert finding.where is not None
    assert finding.line[finding.where.column - 1 :][: finding.width] == '[point "code"]'
    assert finding.slide == "slide 1"


@pytest.mark.slow
def test_letters_come_one_after_the_other_from_the_word_on_and_the_output_in_the_end(tmp_path: Path) -> None:
    browser = open_browser("", Told())
    try:
        lesson, _ = Talk(tmp_path, browser=browser, size=720).build(DECK)
    finally:
        browser.close()
    with av.open(str(lesson.video)) as video:
        frames = [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in video.decode(video=0)]
    assert len(frames) == round(lesson.seconds * 30)
    whole = still(lesson.folder, "001-2")
    _, one, two, output, *_ = rows_of_words(whole)

    def ink(picture: NDArray[np.int16], row: tuple[int, int, int, int], column: slice = slice(None)) -> int:
        part = picture[row[1] : row[3], row[0] : row[2]][:, column]
        return int((np.abs(part - np.median(part, axis=(0, 1))).max(axis=2) > 90).sum())

    begin = int(heard(lesson.folder, "Look,") * 30)
    needed = round((35 + 12 + 6) / 26 * 30)
    amounts = [ink(frame, one) for frame in frames[begin : begin + needed]]
    assert ink(frames[begin], one) < 0.1 * ink(whole, one), "the caret alone"
    assert np.median(np.diff(amounts)) >= 0
    half = frames[begin + needed // 2]
    width = one[2] - one[0]
    assert ink(half, one, slice(0, width // 2)) == pytest.approx(ink(whole, one, slice(0, width // 2)), rel=0.1)
    assert ink(half, output) == ink(half, two) == 0
    nearly = frames[begin + needed - 1]
    assert ink(nearly, two) > 0.9 * ink(whole, two)
    assert ink(nearly, output) == 0
    after = frames[begin + needed]
    assert np.abs(after - whole).mean() < 1
    # What is typed has the pixels of what stays, in the dark as well.
    dark = still(lesson.folder, "002")
    last = next(at for at in reversed(range(len(frames) - 1)) if np.abs(frames[at] - frames[-1]).max() > 60)
    assert np.abs(frames[last] - dark).mean() < 1
    assert ink(frames[last - 23], rows_of_words(dark)[1]) < 0.1 * ink(dark, rows_of_words(dark)[1])
