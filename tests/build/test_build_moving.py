"""A lesson in which everything moves that can, read by other programs."""

from __future__ import annotations

import random
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from deckcast.model import Lesson
from encode.built import Talk
from encode.measure import decoded_luma, index, luma
from render.films import film

pytestmark = pytest.mark.slow

DECK = """\
---
title: Everything moves
transition: fade
keyframe: 1s
webm: true
---

# One

- Queries ask
- Keys answer

???

Here is [point "queries"] one and [point "keys"] there is the other, that is all.

---
transition: push-up

# Two

```js typed=3s
const one = 1;
  const two = one + one;
```

???

Here is some code. It takes three seconds until all of it is there, so this takes longer.

---
zoom: 1.5
transition-seconds: 2s

# Three

![A red picture](red.png)

???

This picture comes nearer while somebody speaks of it, for as long as that takes.

---

# Four

![A film](demo.mp4 "loop")

???

And this one plays again and again, while there is something to be said of it.

--

More of it.
"""


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    from PIL import Image

    folder = tmp_path_factory.mktemp("moving")
    film(folder / "talk" / "demo.mp4", 40, 25)
    Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(folder / "talk" / "red.png")
    made, _ = Talk(folder).build(DECK)
    assert {one.code for one in made.findings} <= {"chapters-few"}
    return made


def probed(path: Path, entry: str, *more: str) -> str:
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", *more, "-show_entries", f"stream={entry}"]
    done = subprocess.run([*command, "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True)
    return done.stdout.strip().strip(",")


@pytest.mark.parametrize("name", ["lesson.mp4", "lesson.webm"])
def test_another_program_counts_as_many_frames_as_the_lesson_lasts(lesson: Lesson, name: str) -> None:
    path = lesson.folder / name
    frames = round(lesson.seconds * 30)
    assert probed(path, "nb_read_frames", "-count_frames") == str(frames)
    assert probed(path, "nb_read_packets", "-count_packets") == str(frames)
    assert probed(path, "r_frame_rate") == "30/1"


@pytest.mark.parametrize("name", ["lesson.mp4", "lesson.webm"])
def test_another_program_decodes_all_of_it_without_a_word(lesson: Lesson, name: str) -> None:
    decode = ["ffmpeg", "-v", "warning", "-xerror", "-err_detect", "explode", "-i", str(lesson.folder / name)]
    to = ["-map", "0:v:0", "-map", "0:a:0", "-f", "null", "-"]
    done = subprocess.run([*decode, *to], capture_output=True, text=True, check=True)
    known = (
        "Unsupported codec",  # about the chapters' own track, which it reads by other means
        "timescale not set",  # about any file with a cover, which has no place in time
        "EOI missing",  # about any JPEG of one colour that Pillow writes, as the covers of fake slides are
    )
    assert [line for line in done.stderr.splitlines() if not any(word in line for word in known)] == []


def test_pictures_come_evenly_and_none_is_far_from_a_key_picture(lesson: Lesson) -> None:
    samples = index(lesson.video, "video")
    assert (
        [one.pts for one in samples] == [one.dts for one in samples] == [Fraction(at, 30) for at in range(len(samples))]
    )
    keys = [one.pts for one in samples if one.key]
    assert max(later - earlier for earlier, later in pairwise(keys)) <= 1


def test_seeking_into_anything_that_moves_shows_what_playing_shows(lesson: Lesson) -> None:
    shown = [picture for _, picture in decoded_luma(lesson.video)]
    changes = [at for at in range(1, len(shown)) if not np.array_equal(shown[at], shown[at - 1])]
    assert len(changes) > 300
    with av.open(str(lesson.video)) as container:
        stream = container.streams.video[0]
        for number in random.Random(5).sample(changes, 80):
            container.seek(int(Fraction(number, 30) / stream.time_base), stream=stream)
            frame = next(one for one in container.decode(video=0) if one.pts * stream.time_base >= Fraction(number, 30))
            assert np.array_equal(luma(frame), shown[number])
