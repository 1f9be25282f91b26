"""The author's own recordings in place of a voice: which file is heard where, how it is cut, what is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from align.babble import babble
from deckcast.align import RATE
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import ConfigError, DeckcastError, NarrationError
from deckcast.model import SAMPLE_RATE, Finding, Take
from narrate.recordings import DECK, ONE, TWO, Counted, Said, write


@pytest.mark.parametrize(
    ("name", "rate", "channels"),
    [
        ("1.wav", 44_100, 1),
        ("001.mp3", 44_100, 2),
        ("intro.flac", 48_000, 2),
        ("01.m4a", 48_000, 1),
        ("1.OGG", 48_000, 1),
    ],
)
def test_a_slides_recording_is_played_with_its_words(tmp_path: Path, name: str, rate: int, channels: int) -> None:
    samples, words = babble(f"{ONE} {TWO}", pace=1.2, pitch=160, gaps=(0.0, 0.1, 0.5), ends=0.8)
    path = write(tmp_path / "audio" / name.lower(), samples, rate, channels)
    path.rename(path.with_name(name))
    said = Said(tmp_path)
    take = said.takes[0]
    assert take.text == f"{ONE} {TWO}"
    assert said.voice.heard == [TWO, ONE], "the other slide is spoken"
    assert all(one.voice.startswith("recorded ") for one in take.utterances)
    starts = np.array([word.start for one in take.utterances for word in one.words])
    true = np.array([word.start for word in words])
    assert np.abs((starts - starts[0]) - (true - true[0])).max() <= 0.06
    assert take.seconds == pytest.approx(words[-1].stop - words[0].start + 0.4, abs=0.1), "outer silence is trimmed"
    first, second = take.utterances
    assert second.start == first.start + first.samples, "nothing is lost between sentences"
    assert said.findings == ()
    assert said.voices.told(said.takes) == "fake: it is a test; recorded: slide 1"
    assert f"audio/{name}" in said.voices.identity(said.takes)


def test_steps_are_cut_out_of_a_slides_recording(tmp_path: Path) -> None:
    samples, _ = babble(f"{TWO} {ONE}", gaps=(*[0.0] * 9, 1.5, *[0.0] * 8), ends=0.5)
    write(tmp_path / "audio" / "2.wav", samples)
    said = Said(tmp_path)
    two, three = said.takes[1:]
    assert (two.text, three.text) == (TWO, ONE)
    for take, text in ((two, TWO), (three, ONE)):
        sound, _ = babble(text, ends=0.0)
        assert take.seconds == pytest.approx(len(sound) / RATE + 0.4, abs=0.12)
        assert take.utterances[0].words[0].start == pytest.approx(0.15, abs=0.05)
    assert np.abs(said.sound(1)[-100:]).max() < 0.01


def test_a_recording_without_notes_plays_and_is_told(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "001.wav", babble(ONE, ends=1.0)[0])
    said = Said(tmp_path, "# One\n\n---\n# Two\n")
    assert said.takes[0].text == ""
    assert said.takes[0].seconds > 1
    assert [one.code for one in said.findings] == ["recording-notes"]


def test_another_text_is_told_and_still_played(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "2-2.wav", babble("Pears and apples grow behind our old house today.", pitch=150)[0])
    said = Said(tmp_path)
    assert [one.code for one in said.findings] == ["recording-text"]
    assert said.takes[2].utterances[0].voice.startswith("recorded")
    words = said.takes[2].utterances[0].words
    assert [word.start for word in words] == sorted(word.start for word in words)


def test_a_voice_that_is_named_wins(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "1.wav", babble(ONE)[0])
    said = Said(tmp_path, f"voice: silent\n\n# One\n\n???\n{ONE}\n")
    assert said.voice.heard == [ONE]
    assert [one.code for one in said.findings] == ["recording-unused"]
    assert Said(tmp_path, f"# One\n\n???\n{ONE}\n", {"narration.voice": "silent"}).voice.heard == [ONE]


def test_recorded_demands_a_recording_of_every_slide_with_notes(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "1.wav", babble(f"{ONE} {TWO}")[0])
    with pytest.raises(NarrationError, match='slide 2 "Two" has no recording') as caught:
        Said(tmp_path, voice="recorded")
    assert "audio/002.wav" in caught.value.finding.hint


def place(finding: Finding) -> str:
    """The words that a finding is about."""
    assert finding.where is not None
    return finding.line[finding.where.column - 1 :][: finding.width]


def test_marks_that_a_recording_cannot_follow_are_told(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "1.wav", babble(f"{ONE} {TWO}", gaps=(0.0, 0.2))[0])
    notes = f"[pause 1s] {ONE} [pause 9s] [rate 0.8]{TWO}[/rate] [pause 2s]"
    said = Said(tmp_path, f"rate: 0.9\n\n# One\n\n???\n{notes}\n")
    assert [one.message for one in said.findings] == [
        "`rate` changes nothing in audio/1.wav",
        "`[rate 0.8]` changes nothing in audio/1.wav",
        "`[pause 9s]` changes nothing in audio/1.wav",
    ]
    assert {(one.code, one.severity) for one in said.findings} == {("recording-mark", "note")}
    assert list(map(place, said.findings[1:])) == ["[rate 0.8]", "[pause 9s]"]
    (take,) = said.takes
    first, second = take.utterances
    assert first.start == SAMPLE_RATE, "a pause before all words counts"
    assert second.start == first.start + first.samples
    assert take.samples - second.start - second.samples == 2 * SAMPLE_RATE, "and so does one behind them"


def test_like_pauses_are_told_each_at_its_place(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "1.wav", babble(f"{ONE} {TWO} {ONE}", gaps=(0.0, 0.2))[0])
    said = Said(tmp_path, f"# One\n\n???\n[pause 1s] {ONE} [pause 1s] {TWO} [pause 1s] {ONE} [pause 1s]\n")
    line = said.findings[0].line
    columns = [one.where.column - 1 for one in said.findings if one.where is not None]
    assert columns == [line.index("[pause 1s] Att"), line.index("[pause 1s] Every", 12)]


def test_values_in_the_notes_are_told_and_code_is_not(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "1.wav", babble(ONE)[0])
    notes = "It takes `{python} count` of them, not `{count}`. <!-- `{python} other` -->"
    found = [one for one in Said(tmp_path, f"# One\n\n???\n{notes}\n").findings if one.code == "recording-value"]
    assert [(place(one), one.severity) for one in found] == [("{python} count", "note")]


def test_a_click_shows_the_next_step_with_the_recorded_word(tmp_path: Path) -> None:
    samples, words = babble(f"{ONE} {TWO}", pace=1.3, pitch=170, gaps=(0.0, 0.15, 0.4), ends=0.9)
    write(tmp_path / "audio" / "1.wav", samples)
    notes = f"{ONE} {TWO}".replace("text", "[click] text").replace("finds", "[click] finds")
    (take, *_) = Said(tmp_path, f"# One\n\n???\n{notes}\n\n--\nmore\n\n--\neven more\n").takes
    true = [one.start for one in words if f"{ONE} {TWO}"[one.begin :].startswith(("text", "finds"))]
    lead = take.utterances[0].words[0].start - words[0].start
    assert [at / SAMPLE_RATE - lead for at in take.clicks] == pytest.approx(true, abs=0.15)


def test_another_recording_is_cut_alone_and_another_word_keeps_the_sound(tmp_path: Path) -> None:
    store, counted = MemoryStore(), Counted()
    for name, text in (("1.wav", f"{ONE} {TWO}"), ("2-1.wav", TWO)):
        write(tmp_path / "audio" / name, babble(text, gaps=(0.0, 0.3))[0])

    def made(deck: str = DECK) -> list[str]:
        counted.made.clear()
        takes.append(Said(tmp_path, deck, store=store, progress=counted).takes)
        return list(counted.made)

    takes: list[tuple[Take, ...]] = []
    assert made() == ["slide 1 audio/1.wav", "slide 2 audio/2-1.wav", "slide 2 step 2 sentence 1"]
    assert made() == []
    assert takes[0] == takes[1]
    write(tmp_path / "audio" / "2-1.wav", babble(TWO, pitch=150)[0])
    assert made() == ["slide 2 audio/2-1.wav"]
    assert counted.why == "recording changed"
    assert made(DECK.replace("labelled", "labeled", 1)) == ["slide 1 audio/1.wav"]
    assert counted.why == "text changed"
    before, after = takes[0][0], takes[-1][0]
    assert after.text != before.text
    assert [one.sound for one in after.utterances] == [one.sound for one in before.utterances]


def test_one_step_of_a_slides_recording_is_what_it_is_in_the_lesson(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "2.wav", babble(f"{TWO} {ONE}", gaps=(*[0.0] * 9, 1.5, *[0.0] * 8))[0])
    whole = Said(tmp_path)
    alone = Said(tmp_path, only=(2,))
    assert alone.takes == whole.takes[2:]


@pytest.mark.parametrize("folder", ["../elsewhere", "/etc", ""])
def test_the_folder_lies_inside_the_decks(tmp_path: Path, folder: str) -> None:
    with pytest.raises((ConfigError, DeckcastError), match="recordings"):
        Said(tmp_path, recordings=folder)
