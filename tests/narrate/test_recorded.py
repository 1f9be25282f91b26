"""The author's own recordings in place of a voice: which file is heard where, how it is cut, what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from align.babble import babble
from deckcast import config, parse
from deckcast.align import RATE
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import AssetError, ConfigError, DeckcastError, NarrationError
from deckcast.keep import Keeper
from deckcast.model import SAMPLE_RATE, Finding, Take
from deckcast.narrate import Voices, narrate
from deckcast.settings import NarrationSettings, Settings
from deckcast.sound import read_wav
from deckcast.stages import Silence
from narrate.test_narrate_timing import Babbler

ONE = "Every model learns from text that nobody labelled."
TWO = "Attention weighs all words, and so it finds what matters."
DECK = f"name: intro\n\n# One\n\n???\n{ONE} {TWO}\n\n---\n# Two\n\n???\n{TWO}\n\n--\nmore\n\n???\n{ONE}\n"
CODECS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "m4a": "aac", "ogg": "libopus"}


def write(path: Path, samples: NDArray[np.float32], rate: int = 48_000, channels: int = 1) -> Path:
    """`samples` at `RATE` as a sound file."""
    import soxr

    path.parent.mkdir(exist_ok=True)
    sound = np.asarray(soxr.resample(samples, RATE, rate), np.float32)
    with av.open(str(path), "w") as file:
        stream = file.add_stream(CODECS[path.suffix[1:]], rate=rate)
        stream.layout = "stereo" if channels == 2 else "mono"
        resampler = av.AudioResampler(format=stream.format, layout=stream.layout, rate=rate, frame_size=960)
        frame = av.AudioFrame.from_ndarray(
            np.repeat(sound[None], channels, axis=0), format="fltp", layout=stream.layout
        )
        frame.sample_rate = rate
        for one in [*resampler.resample(frame), *resampler.resample(None), None]:
            file.mux(stream.encode(one))
    return path


class Said:
    def __init__(self, folder: Path, text: str = DECK, given: Any = None, voice: str = "auto", **options: Any) -> None:
        deck_file = folder / "presentation.md"
        deck_file.write_text(text)
        deck = parse.load([deck_file]) and parse.compose(parse.load([deck_file]), Settings().slides)
        values = config.from_command_line(given or {})
        base = Settings(narration=NarrationSettings(voice=voice, **options))
        each = [config.overlay(config.lay_slide(base, step.properties), values) for step in deck.steps]
        self.voice = Babbler(told=99)
        self.voices = Voices(base, lambda _: (self.voice, "it is a test"), values, lambda _: Babbler(told=99))
        self.keeper = Keeper(options.get("store") or MemoryStore(), Silence(), "lesson")
        self.takes: tuple[Take, ...]
        self.findings: tuple[Finding, ...]
        self.takes, self.findings = narrate(deck, deck.steps, each, self.keeper, self.voices, InlineExecutor())

    def sound(self, number: int) -> NDArray[np.float32]:
        """A take's utterances, one behind the other."""
        parts = [
            np.frombuffer(read_wav(self.keeper.read(one.sound))[0], "<i2") for one in self.takes[number].utterances
        ]
        return np.concatenate(parts).astype(np.float32) / 32768


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


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (("1.wav", "001.flac"), "are both recordings of slide 1"),
        (("intro.wav", "1.wav"), "are both recordings of slide 1"),
        (("2.wav", "2-2.wav"), "in each other's way"),
    ],
)
def test_files_in_each_others_way_are_errors(tmp_path: Path, files: tuple[str, ...], message: str) -> None:
    for name in files:
        write(tmp_path / "audio" / name, babble(ONE)[0])
    with pytest.raises(AssetError, match=message):
        Said(tmp_path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "^audio/2.wav is empty$"),
        (b"no sound at all" * 99, "^audio/2.wav cannot be read as sound: invalid data found when processing input$"),
        (b"#EXTM3U\nhttp://x/y.mp3\n", "^audio/2.wav cannot be read as sound: "),
    ],
)
def test_files_that_are_no_sound_are_errors_at_their_slide(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "2.wav").write_bytes(data)
    with pytest.raises(AssetError, match=message) as caught:
        Said(tmp_path)
    assert caught.value.finding.where is not None
    assert caught.value.finding.where.line == 9


def test_silence_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "2.flac", np.zeros(RATE, np.float32))
    with pytest.raises(AssetError, match="silent from beginning to end"):
        Said(tmp_path)


@pytest.mark.parametrize("name", ["9.wav", "2-7.wav", "outro.wav", "intor.wav"])
def test_a_file_for_no_slide_is_told(tmp_path: Path, name: str) -> None:
    write(tmp_path / "audio" / name, babble(ONE)[0])
    (finding,) = Said(tmp_path).findings
    assert (finding.code, finding.severity) == ("recording-stray", "warning")
    assert name in finding.message


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


def test_marks_that_a_recording_cannot_follow_are_told(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "1.wav", babble(f"{ONE} {TWO}", gaps=(0.0, 0.2))[0])
    said = Said(tmp_path, f"# One\n\n???\n{ONE} [pause 9s] {TWO} [pause 2s]\n")
    assert {one.code for one in said.findings} == {"recording-mark"}
    (take,) = said.takes
    last = take.utterances[-1]
    assert take.samples - last.start - last.samples == 2 * SAMPLE_RATE, "a pause behind all words counts"
    assert take.utterances[1].start == take.utterances[0].samples


@pytest.mark.parametrize("folder", ["../elsewhere", "/etc", ""])
def test_the_folder_lies_inside_the_decks(tmp_path: Path, folder: str) -> None:
    with pytest.raises((ConfigError, DeckcastError), match="recordings"):
        Said(tmp_path, recordings=folder)
