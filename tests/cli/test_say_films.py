"""`deckcast say` of slides with films and music: held against the lesson that a build makes of the same deck."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import deckcast
from cli.talk import edit, project
from deckcast.cli import run
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.sound import write_wav
from deckcast.workshop import Workshop
from encode.measure import decibels, decoded_sound
from render.films import film

DECK = """\
---
voice: fake
size: 240
---

# A film

![It](films/demo.mkv)

???

Trees have roots. They also have leaves.
"""


def noise(seconds: float, seed: int = 1) -> NDArray[np.float32]:
    white = np.random.default_rng(seed).standard_normal(round(seconds * 48_000) + 31)
    return np.asarray(np.convolve(white, np.hanning(32) / 4, "valid") * 0.1, np.float32)


@pytest.fixture(autouse=True)
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, DECK, monkeypatch)
    film(tmp_path / "talk" / "films" / "demo.mkv", 60, 30, sound=noise(2))
    pcm = np.rint(noise(7, 2) * 32767).astype("<i2")
    (tmp_path / "talk" / "song.wav").write_bytes(write_wav(pcm.tobytes(), 48_000))


def said(capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    assert run(["say", "talk", "--json", "--slide", "1", *more]) == 0
    return json.loads(capsys.readouterr().out)["said"]


def sound(path: str) -> NDArray[np.float32]:
    with wave.open(path) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768


@pytest.mark.parametrize(
    ("title", "music"),
    [("", ""), ("", "song.wav"), (' "instead"', ""), (' "full, loop"', ""), (' "muted"', "song.wav")],
)
@pytest.mark.parametrize("built_before", [True, False])
@pytest.mark.slow
def test_it_is_what_the_lesson_has(
    capsys: pytest.CaptureFixture[str], title: str, music: str, built_before: bool
) -> None:
    edit("demo.mkv", f"demo.mkv{title}")
    if music:
        edit("size: 240", f"size: 240\nmusic: {music}")
    told = said(capsys) if not built_before else None
    lesson = deckcast.build("talk", workshop=Workshop(browser=lambda *_: FakeBrowser()))
    told = told or said(capsys)
    assert (told["films"], told["music"]) == ([] if "muted" in title else ["films/demo.mkv"], [music] if music else [])
    assert told["seconds"] == pytest.approx(lesson.seconds, abs=0.001)
    wanted = decoded_sound(lesson.video)
    heard = sound(told["file"])
    count = min(len(heard), len(wanted))
    assert abs(len(heard) - len(wanted)) <= 2048
    assert decibels(wanted[:count], wanted[:count] - heard[:count]) > 20, "but for what encoding does to it"


def test_what_is_heard_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    edit("size: 240", "size: 240\nmusic: song.wav")
    assert run(["say", "talk", "--slide", "1"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert "films: films/demo.mkv" in lines
    assert "music: song.wav, from the beginning; the lesson may be further on in it" in lines
    told = said(capsys, "--set", "music=none")
    assert told["music"] == []


def test_a_slide_that_says_nothing_but_has_a_film_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    edit("???\n\nTrees have roots. They also have leaves.\n", "")
    told = said(capsys)
    assert (told["words"], told["films"], told["seconds"]) == (0, ["films/demo.mkv"], 3.0)
    assert np.abs(sound(told["file"])[:90_000]).max() > 0.1
    edit("demo.mkv", "demo.mkv#t=0,1")
    Path("talk/films/demo.mkv").unlink()
    assert run(["say", "talk", "--slide", "1"]) == 1
    assert "demo.mkv" in capsys.readouterr().err, "why there is nothing to be heard"


def test_a_film_that_is_missing_is_told_and_the_words_are_spoken(capsys: pytest.CaptureFixture[str]) -> None:
    edit("demo.mkv", "demos.mkv")
    assert run(["say", "talk", "--slide", "1"]) == 1
    told = capsys.readouterr()
    assert "films/demos.mkv" in told.err
    assert "8:7" in told.err
    assert "slide-001.wav" in told.out
    assert sound("slide-001.wav").any()
