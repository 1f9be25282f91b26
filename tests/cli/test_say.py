"""`deckcast say`: one slide's sound, as the lesson has it, with a voice of tones and a kernel that is none."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import deckcast
from cli.talk import edit, project
from deckcast.cli import run
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.loudness import gated, levels
from deckcast.workshop import Workshop
from faults import harness

DECK = """\
---
voice: fake
size: 240
---

# Trees

???

Trees have roots. They also have leaves.

---

# Roots

???

Roots are below.

--

- and deep

???

And they go deep. [pause 1s] Very deep.

---

# Nothing is said

---

# Counted

```python exec
count = 3
```

???

There are `{python} count` of them.
"""


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeKernels:
    return project(tmp_path, DECK, monkeypatch)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(["say", "talk", "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)["said"]


def sound(path: str | Path) -> Any:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (48_000, 2, 1)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768


def test_a_slide_is_a_sound_file_in_the_current_folder(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["say", "talk", "--slide", "1"]) == 0
    captured = capsys.readouterr()
    heard = sound("slide-001.wav")
    assert captured.out.startswith(f"slide-001.wav  {len(heard) / 48_000:.1f} s · 7 words · ")
    assert captured.out.endswith(" words/min\n")
    assert "speaking notes: 2 made" in captured.err
    assert "voice: fake" in captured.err
    assert kernels.kernels == [], "no cell runs for a slide whose notes hold no value"
    assert gated(levels(heard)) == pytest.approx(-14, abs=0.5)


def test_every_step_is_heard_in_order_with_its_pauses(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    whole = said(capsys, "--slide", "2")
    assert [one["text"] for one in whole["sentences"]] == ["Roots are below.", "And they go deep.", "Very deep."]
    assert [one["step"] for one in whole["sentences"]] == [1, 2, 2]
    below, deep, very = whole["sentences"]
    assert below["start"] == pytest.approx(0.35, abs=0.022), "the lead-in, up to the next packet of sound"
    assert deep["start"] - below["stop"] > 0.6 + 0.35
    assert very["start"] - deep["stop"] == pytest.approx(1.0, abs=0.001)
    heard = sound(whole["file"])
    assert whole["seconds"] == pytest.approx(len(heard) / 48_000, abs=0.001)
    assert whole["words_a_minute"] == pytest.approx(whole["words"] / whole["spoken"] * 60, abs=0.1)

    def loudest(begin: float, end: float) -> float:
        return float(np.abs(heard[round(begin * 48_000) : round(end * 48_000)]).max())

    for one in whole["sentences"]:
        assert loudest(one["start"], one["stop"]) > 0.1
    assert loudest(0, below["start"]) == 0
    assert loudest(deep["stop"], very["start"]) == 0


def test_one_step_can_be_heard_alone(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    second = said(capsys, "--slide", "2", "--step", "2")
    assert second["file"] == "slide-002-2.wav"
    assert [one["text"] for one in second["sentences"]] == ["And they go deep.", "Very deep."]
    assert second["sentences"][0]["start"] == pytest.approx(0.35, abs=0.022)
    assert said(capsys, "--slide=2", "--step=1", "-o", "new/roots.wav")["file"] == "new/roots.wav"
    assert len(sound("new/roots.wav")) < len(sound("slide-002-2.wav"))


def test_with_v_each_sentence_stands_with_its_time(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["say", "talk", "--slide", "1", "-v"]) == 0
    _, first, second = capsys.readouterr().out.splitlines()
    assert first.split(maxsplit=1) == ["0.36", "Trees have roots."]
    assert second.endswith("  They also have leaves.")


def test_a_build_and_say_speak_for_each_other(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    def build() -> tuple[int, int]:
        lesson = deckcast.build("talk", workshop=Workshop(browser=lambda *_: FakeBrowser()))
        (stage,) = [stage for stage in lesson.stages if stage.name == "narrate"]
        return stage.made, stage.kept

    def say() -> str:
        assert run(["say", "talk", "--slide", "1"]) == 0
        return capsys.readouterr().err

    assert "2 made" in say()
    assert build() == (4, 2)
    assert "2 kept" in say()
    edit("They also", "And they")
    assert "1 made, 1 kept" in say()
    assert build() == (0, 6)


def test_after_a_build_it_is_as_loud_as_in_the_lesson(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deckcast.build("talk", workshop=Workshop(browser=lambda *_: FakeBrowser()))

    def find(*_: object) -> None:
        raise AssertionError("the lesson's own gains are to be taken")

    monkeypatch.setattr("deckcast.encode.levels.find", find)
    said(capsys, "--slide", "2")
    with pytest.raises(AssertionError, match="own gains"):
        run(["say", "talk", "--slide", "2", "-s", "loudness=-20"])


def test_values_are_spoken_from_the_record_or_from_a_run(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["say", "talk", "--slide", "4", "--exec", "never"]) == 1
    assert "error[cell-stale]" in capsys.readouterr().err
    for _ in range(2):
        (sentence,) = said(capsys, "--slide", "4")["sentences"]
        assert sentence["text"] == "There are 3 of them."
    assert len(kernels.kernels) == 1
    assert Path("talk/outputs/presentation.json").is_file()


def test_warnings_about_other_slides_are_left_out(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    edit("Trees have", "```python exec needs=hub\n1\n```\n\nTrees have")
    assert run(["run", "talk"]) == 0
    assert "cell-not-run" in capsys.readouterr().err
    assert run(["say", "talk", "--slide", "4"]) == 0
    assert "cell-not-run" not in capsys.readouterr().err
    edit("There are", "```python exec needs=gpu\n2\n```\n\nThere are")
    assert run(["say", "talk", "--slide", "4"]) == 0
    assert capsys.readouterr().err.count("cell-not-run") == 1


def test_code_from_elsewhere_waits_for_trust(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    Path("deckcast.toml").unlink()
    assert run(["say", "talk", "--slide", "4"]) == 2
    assert "--trust" in capsys.readouterr().err
    assert run(["say", "talk", "--slide", "4", "--trust"]) == 0


def test_a_slide_without_words_ends_with_1(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["say", "talk", "--slide", "3"]) == 1
    captured = capsys.readouterr()
    assert 'slide 3 "Nothing is said" says nothing: there are no words in its notes' in captured.err
    assert "talk/presentation.md:29" in captured.err
    assert captured.out == ""
    assert run(["say", "talk", "--slide", "3", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["said"], answer["diagnostics"][0]["code"]) == (False, None, "narration")
    assert list(Path().glob("*.wav")) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--slide", "5"], "the deck has slides 1 to 4"),
        (["--slide", "0"], "the deck has slides 1 to 4"),
        (["--slide", "2", "--step", "3"], 'slide 2 "Roots" has steps 1 to 2'),
        (["--slide", "1", "--step", "2"], 'slide 1 "Trees" has one step'),
        (["--slide", "1", "-o", "a.mp3"], "only WAV files are written"),
        (["--slide", "1", "--voice", "flight"], "did you mean `flite`?"),
        (["--slide", "1", "--voice", "edge"], "nobody has allowed yet"),
        ([], "--slide"),
    ],
)
def test_wrong_usage_is_told_with_a_way_out(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(["say", "talk", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert list(Path().glob("*.wav")) == []


@pytest.mark.slow
def test_a_real_voice_says_a_slide_of_a_deck_without_code(tmp_path: Path) -> None:
    harness.chapter(tmp_path, voice="espeak")
    done = harness.deckcast("say", "talk", "--slide", "2", "-v", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    head, first, second = done.stdout.splitlines()
    assert head.startswith("slide-002.wav  ")
    assert "A picture is worth a thousand words." in first
    assert float(second.split()[0]) > float(first.split()[0]) + 2
    assert "espeak" in done.stderr
    heard = sound(tmp_path / "slide-002.wav")
    assert gated(levels(heard)) == pytest.approx(-14, abs=1)

    again = harness.deckcast("say", "talk", "--slide", "2", cwd=tmp_path)
    assert "2 kept" in again.stderr
