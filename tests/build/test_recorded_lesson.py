"""Lessons with recordings and a voice, encoded for real: how loud they are, and when their words and clicks come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import deckcast
from align.spoken import NOTES, record
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.model import Lesson
from deckcast.workshop import Workshop
from encode.measure import metered
from narrate.recordings import write

pytestmark = pytest.mark.slow
HEAD = "---\ntitle: Loud and soft\nsize: 240\nvoice: flite rms\n---\n\n"


def lesson(folder: Path, slides: list[str]) -> Lesson:
    text = HEAD + "\n\n---\n\n".join(f"# Slide {at}\n\n???\n\n{notes}" for at, notes in enumerate(slides, 1))
    (folder / "presentation.md").write_text(text + "\n")
    return deckcast.build(folder, output=folder / "out", workshop=Workshop(browser=lambda *_: FakeBrowser()))


def loud(path: Path, durations: tuple[float, ...]) -> list[float]:
    ends = np.cumsum(durations).tolist()
    return [metered(path, end - long, end)[0] for end, long in zip(ends, durations, strict=True)]


@pytest.mark.parametrize(("soft", "strong"), [(0.01, 1.0), (0.1, 0.3)])
def test_recordings_are_as_loud_as_the_voice(tmp_path: Path, soft: float, strong: float) -> None:
    slides = [" ".join(NOTES[at : at + 3]) for at in range(0, 15, 3)]
    for number, voice, level, noise in (
        (2, "flite slt", soft, 35.0),
        (3, "espeak", strong, None),
        (5, "flite awb", 0.2, 25.0),
    ):
        sound = record(voice, NOTES[3 * number - 3 : 3 * number], noise=noise).samples
        levelled = np.asarray(sound / np.abs(sound).max() * level, np.float32)
        write(tmp_path / "audio" / f"{number}.flac", levelled)
    made = lesson(tmp_path, slides)
    assert made.voice.endswith("recorded: slide 2, slide 3, slide 5")
    assert not [one for one in made.findings if one.code.startswith("recording-")]
    whole, peak = metered(made.video)
    assert whole == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5
    each = loud(made.video, made.durations)
    assert max(each) - min(each) <= 1.0, each


def test_a_click_shows_its_step_with_the_recorded_word(tmp_path: Path) -> None:
    recorded = record("flite slt", NOTES[4:8], rate=0.9)
    write(tmp_path / "audio" / "1.mp3", recorded.samples, rate=44_100, channels=2)
    words = " ".join(NOTES[4:8]).split()
    assert len(words) == len(recorded.words)
    wanted = [len(words) // 4, len(words) // 2, len(words) - 3]
    notes = " ".join(f"[click] {word}" if at in wanted else word for at, word in enumerate(words))
    made = lesson(tmp_path, [f"{notes}\n\n--\n\none\n\n--\n\ntwo\n\n--\n\nthree"])
    shown = np.cumsum(made.durations)[:-1]
    true = np.array([recorded.starts[at] - recorded.starts[0] for at in wanted])
    assert shown - 0.35 - 0.15 == pytest.approx(true, abs=0.15)
