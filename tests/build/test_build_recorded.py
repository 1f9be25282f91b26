"""Whole builds of a deck with the author's own recordings, with the shipped fakes for all else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import deckcast
from align.babble import babble
from cli.talk import edit
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import NarrationError
from deckcast.model import SAMPLE_RATE, Lesson
from deckcast.ports import Voice
from deckcast.say import Said, say
from deckcast.sound import read_wav
from deckcast.stages import Silence
from deckcast.workshop import Workshop
from narrate.recordings import ONE, TWO, write
from narrate.test_narrate_timing import Babbler

DECK = f"""\
---
title: Trees
size: 240
---

# One

???

{ONE}

---

# Two

???

{TWO}

--

more

???

{ONE}

---

# Three

???

{TWO} {ONE}
"""


class Told(Silence):
    """Remembers what a build made, and why."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made[what] = why


@dataclass
class Place:
    store: MemoryStore = field(default_factory=MemoryStore)
    told: Told = field(default_factory=Told)
    voice: Babbler = field(default_factory=lambda: Babbler(told=99))

    def workshop(self) -> Workshop:
        def voice(settings: Any) -> tuple[Voice, str]:
            return self.voice, f"`voice` is {settings.narration.voice}"

        return Workshop(
            lambda *_: self.store,
            lambda *_: InlineExecutor(),
            lambda *_: FakeBrowser(),
            voice,
            lambda *_: FakeKernels(),
            lambda _: Babbler(told=99),
        )

    def build(self, **options: Any) -> Lesson:
        self.told = Told()
        return deckcast.build("talk", output="out", workshop=self.workshop(), progress=self.told, **options)

    def say(self, slide: int, step: int | None = None) -> tuple[Said, int]:
        """What is said, and how many samples its file holds."""
        said = say("talk", slide, step=step, output="out", target="said.wav", workshop=self.workshop())
        pcm, rate = read_wav(Path("said.wav").read_bytes())
        assert rate == SAMPLE_RATE
        return said, len(pcm) // 2


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "presentation.md").write_text(DECK)
    (tmp_path / "deckcast.toml").write_text("")
    record("2.wav", f"{TWO} {ONE}", gaps=(*[0.0] * 9, 1.0, *[0.0] * 8))
    record("3.flac", f"{TWO} {ONE}", gaps=(*[0.0] * 9, 0.5, *[0.0] * 8))
    return Place()


def record(name: str, text: str, **how: Any) -> None:
    write(Path("talk/audio") / name, babble(text, **how)[0])


def test_who_spoke_is_told_with_the_files(place: Place) -> None:
    lesson = place.build()
    assert lesson.voice == "fake: `voice` is auto; recorded: slide 2, slide 3"
    engines = json.loads((lesson.folder / "manifest.json").read_text())["engines"]
    first, second, third = engines["voice"].split(", ")
    assert first == place.voice.identity
    assert second.endswith(" audio/2.wav")
    assert third.endswith(" audio/3.flac")
    assert place.voice.heard == [ONE]
    (captions,) = [path for path in lesson.files if path.name.endswith(".vtt") and "words" not in path.name]
    assert " ".join(captions.read_text().split()).count("that nobody labelled") == 3, "recorded words are captions, too"


def test_another_recording_makes_its_own_slide_anew(place: Place) -> None:
    first = place.build()
    assert place.build().unchanged
    record("3.flac", f"{TWO} {ONE}", gaps=(*[0.0] * 9, 0.8, *[0.0] * 8), pitch=160)
    again = place.build()
    assert place.told.made["slide 3 audio/3.flac"] == "recording changed"
    sounds = [name for name in place.told.made if name.startswith(("slide", "sound of"))]
    assert sounds == ["slide 3 audio/3.flac", "sound of slide 3"]
    assert not [name for name in place.told.made if name.startswith("picture")]
    assert again.durations[:3] == first.durations[:3]
    assert again.durations[3] > first.durations[3]


def test_a_recording_that_is_taken_away_is_spoken_again(place: Place) -> None:
    place.build()
    Path("talk/audio/3.flac").unlink()
    lesson = place.build()
    assert lesson.voice.endswith("recorded: slide 2")
    assert place.voice.heard == [ONE, TWO], "the first sentence is kept"


def test_an_excerpt_plays_its_recordings_alone(place: Place) -> None:
    Path("talk/audio/3.flac").write_bytes(b"is not read")
    lesson = place.build(only="2")
    assert lesson.voice == "recorded: slide 2"
    assert (lesson.slides, len(lesson.durations)) == (1, 2)
    assert [name for name in place.told.made if "audio" in name] == ["slide 2 audio/2.wav"]


def test_a_slide_says_its_recording(place: Place) -> None:
    said, samples = place.say(2)
    assert said.voice == "recorded: slide 2"
    assert [(one.step, one.text) for one in said.sentences] == [(1, TWO), (2, ONE)]
    assert samples / SAMPLE_RATE == pytest.approx(said.seconds, abs=0.1)


def test_a_step_says_its_part_of_the_slides_recording(place: Place) -> None:
    whole, _ = place.say(2)
    said, _ = place.say(2, step=2)
    (sentence,) = said.sentences
    assert sentence.text == ONE
    second = whole.sentences[1]
    assert sentence.stop - sentence.start == pytest.approx(second.stop - second.start)


def test_a_voice_on_the_slide_or_the_command_line_wins(place: Place) -> None:
    edit("# Three", "voice: fake anna\n\n# Three")
    lesson = place.build()
    assert lesson.voice.endswith("recorded: slide 2")
    (finding,) = [one for one in lesson.findings if one.code == "recording-unused"]
    assert finding.message == "audio/3.flac is not heard, since the slide names a voice"
    assert "recorded" not in place.build(settings={"narration.voice": "fake"}).voice


def test_recorded_asks_for_all(place: Place) -> None:
    edit("size: 240", "size: 240\nvoice: recorded")
    with pytest.raises(NarrationError) as caught:
        place.build()
    assert caught.value.finding.message == 'slide 1 "One" has no recording, and `voice: recorded` asks for one'
    assert caught.value.finding.hint == "put it there as audio/001.wav, or name another voice for the slide"
    record("001.wav", ONE)
    assert place.build().voice == "recorded: slide 1, slide 2, slide 3"
    assert place.voice.heard == []
