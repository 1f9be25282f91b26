"""How loud the finished file is, by meters that are not ours."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deckcast.model import Deck, Take, Timeline, Utterance
from deckcast.sound import resampled, write_wav
from encode.lessons import RATE, Progress, Studio, quick, speech
from encode.measure import decoded_sound, metered

pytestmark = pytest.mark.slow

VOICES = {"near": 1.0, "far": 0.12}
SAID = [("near", 2.1), ("far", 1.9), ("near", 2.6), ("near", 1.7), ("far", 2.2), ("near", 3.0), ("near", 2.4)]


def lesson(studio: Studio, changed: int = 0) -> tuple[Deck, Timeline]:
    """Two voices, one far from the microphone; slide `changed` says something else."""
    deck, timeline = studio.lesson([(f"Slide {at}", seconds) for at, (_, seconds) in enumerate(SAID, 1)])
    scenes = []
    for scene, (voice, seconds) in zip(timeline.scenes, SAID, strict=True):
        step = scene.take.step
        pcm = np.asarray(speech(seconds, step + (50 if step == changed else 0)) * VOICES[voice], np.int16)
        sound = studio.put(write_wav(pcm.tobytes(), RATE))
        said = Utterance("Words.", 0, resampled(len(pcm), RATE), sound, (), voice)
        scenes.append(replace(scene, take=Take(step, said.samples, (said,))))
    return deck, replace(timeline, scenes=tuple(scenes))


def built(path: Path, **video: Any) -> tuple[Studio, Progress]:
    studio = Studio(settings=quick(**video))
    _, progress = studio.encode(*lesson(studio), path)
    return studio, progress


@pytest.mark.parametrize(
    ("loudness", "peak", "bitrate"), [(-14.0, -1.5, 128), (-14.0, -1.5, 32), (-23.0, -1.0, 128), (-16.0, -3.0, 96)]
)
def test_a_lesson_is_as_loud_as_wanted(tmp_path: Path, loudness: float, peak: float, bitrate: int) -> None:
    path = tmp_path / "lesson.mp4"
    built(path, loudness=loudness, true_peak=peak, audio_bitrate=bitrate)
    measured, highest = metered(path)
    assert measured == pytest.approx(loudness, abs=0.5)
    assert highest <= peak


@pytest.mark.parametrize(
    ("seconds", "level"), [((0.7,), 1.0), ((0.7,), 0.01), ((2.0, 3.0, 2.0), 0.003), ((0.5, 0.5, 0.5), 0.1)]
)
def test_short_and_quiet_lessons_are_as_loud(tmp_path: Path, seconds: tuple[float, ...], level: float) -> None:
    studio = Studio(settings=quick())
    deck, timeline = studio.lesson([(f"Slide {at}", one) for at, one in enumerate(seconds, 1)])
    scenes = []
    for scene, one in zip(timeline.scenes, seconds, strict=True):
        pcm = np.asarray(speech(one, scene.take.step) * level, np.int16)
        said = Utterance("Words.", 0, resampled(len(pcm), RATE), studio.put(write_wav(pcm.tobytes(), RATE)), (), "one")
        scenes.append(replace(scene, take=Take(scene.take.step, said.samples, (said,))))
    path = tmp_path / "lesson.mp4"
    studio.encode(deck, replace(timeline, scenes=tuple(scenes)), path)
    measured, highest = metered(path)
    assert measured == pytest.approx(-14, abs=0.5)
    assert highest <= -1.5


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="the ffmpeg program is not installed")
def test_the_ffmpeg_program_measures_the_same(tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    built(path)
    command = ["ffmpeg", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = told[told.rindex("Summary:") :]
    measured, highest = (float(re.search(rf"{name}:\s+(-?[\d.]+)", summary)[1]) for name in ("I", "Peak"))  # type: ignore[index]
    assert measured == pytest.approx(-14, abs=0.5)
    assert highest <= -1.5


def test_voices_are_equally_loud(tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    studio, _ = built(path)
    _, timeline = lesson(studio)
    for scene, following in zip(timeline.scenes[:2], timeline.scenes[1:3], strict=True):
        assert metered(path, scene.first / 30, following.first / 30)[0] == pytest.approx(-14, abs=1.0)


def test_a_changed_sentence_leaves_the_other_takes_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    studio, _ = built(path)
    before = decoded_sound(path)
    _, progress = studio.encode(*lesson(studio, changed=4), path)
    assert progress.made == ["loudness", "sound of slide 4", "lesson.mp4"]
    after = decoded_sound(path)
    assert metered(path)[0] == pytest.approx(-14, abs=0.5)
    onset = lesson(studio)[1].scenes[3].onset
    assert np.array_equal(before[: onset - 1024], after[: onset - 1024])
    fresh = Studio(settings=quick())
    made, _ = fresh.encode(*lesson(fresh, changed=4), tmp_path / "fresh.mp4")
    assert made.path.read_bytes() == path.read_bytes()


def test_another_loudness_costs_only_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    studio, _ = built(path)
    studio.settings = quick(loudness=-20.0)
    _, progress = studio.encode(*lesson(studio), path)
    assert progress.made == ["loudness", *(f"sound of slide {at}" for at in range(1, 8)), "lesson.mp4"]
    assert progress.why["sound of slide 3"] == "gains changed"
    assert progress.why["loudness"] == "loudness changed"
