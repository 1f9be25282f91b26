"""Films in finished lessons: decoded, and each picture of theirs looked for in its place and at its time."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import deckcast
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.model import Lesson
from deckcast.ports import Browser, Voice
from deckcast.stages import Silence
from deckcast.workshop import Workshop
from encode.measure import decoded_luma, decoded_sound, lag, metered
from render.films import animation, film, number

pytestmark = pytest.mark.slow

FPS = 30
HEAD = "---\ntitle: Films\nsize: 240\nsilent: 1s\nlead_in: 0\n---\n\n"


class Told(Silence):
    """Remembers what a build made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made.append(what)


class Room:
    """A deck's folder with films, and fakes that last."""

    def __init__(self, folder: Path) -> None:
        self.talk = folder / "talk"
        self.out = folder / "out"
        self.store = MemoryStore()
        self.told = Told()

    def workshop(self) -> Workshop:
        def browser(*_: Any) -> Browser:
            return FakeBrowser()

        def voice(*_: Any) -> tuple[Voice, str]:
            return FakeVoice(), "it is a test"

        def executor(*_: Any) -> Executor:
            return InlineExecutor()

        return Workshop(lambda *_: self.store, executor, browser, voice)

    def build(self, deck: str, **options: Any) -> Lesson:
        self.talk.mkdir(exist_ok=True)
        (self.talk / "presentation.md").write_text(HEAD + deck)
        self.told = Told()
        return deckcast.build(self.talk, output=self.out, workshop=self.workshop(), progress=self.told, **options)

    @property
    def made(self) -> list[str]:
        return [name for name in self.told.made if name.startswith("film on")]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = Room(tmp_path)
    film(made.talk / "demo.mp4", 50, 25)
    return made


def noise(seconds: float, seed: int = 1) -> NDArray[np.float32]:
    """Without high tones, of which an encoder leaves some out."""
    white = np.random.default_rng(seed).standard_normal(round(seconds * 48_000) + 31)
    return np.asarray(np.convolve(white, np.hanning(32) / 4, "valid") * 0.1, np.float32)


def numbers(path: Path, row: float = 0.5) -> list[int]:
    """Which picture of a film each frame shows in the middle of a row of the stage."""
    found = []
    for _, luma in decoded_luma(path):
        high, wide = luma.shape
        middle = luma[round(high * row) - 8 : round(high * row) + 8, wide // 2 - 8 : wide // 2 + 8]
        found.append(number((float(middle.mean()) - 16) * 255 / 219))
    return found


def begins(lesson: Lesson, step: int) -> int:
    """The first video frame of a step."""
    return round(sum(lesson.durations[:step]) * FPS)


@pytest.mark.parametrize("file", ["lesson.mp4", "lesson.webm"])
def test_each_picture_shows_at_its_time_and_the_last_one_stays(room: Room, file: str) -> None:
    words = "Nine words are spoken here while the film plays on, and then some more words."
    lesson = room.build(f"# A\n---\n# B\n\n![x](demo.mp4)\n\n???\n{words}\n", settings={"webm": file.endswith("webm")})
    first = begins(lesson, 1)
    shown = numbers(lesson.folder / file)[first:]
    assert len(shown) > 70
    assert shown == [min(at * 25 // 30, 49) for at in range(len(shown))]


def test_a_film_begins_with_its_click_and_its_slide_waits_for_it(room: Room) -> None:
    lesson = room.build("# A\n--\n\n![x](demo.mp4#t=0.4,1.6)\n\n???\nSome words, [click] and more.\n---\n# B\n")
    first, end = begins(lesson, 1), begins(lesson, 2)
    assert end - first == 36
    assert numbers(lesson.video)[first:end] == [10 + at * 25 // 30 for at in range(36)]


def test_films_that_loop_begin_again_and_two_play_at_once(room: Room) -> None:
    animation(room.talk / "spin.gif", [100, 200, 300], loop=0)
    lesson = room.build('silent: 3s\n\n![x](demo.mp4#t=0,0.8 "loop")\n\n![y](spin.gif)\n')
    upper = numbers(lesson.video, 0.25)
    assert len(upper) == 90
    assert upper == [at % 24 * 25 // 30 for at in range(90)]


def test_the_sound_begins_to_the_sample_with_the_first_picture(room: Room) -> None:
    said = noise(2)
    film(room.talk / "heard.mkv", 60, sound=said)
    lesson = room.build("# A\n---\n# B\n--\n\n![x](heard.mkv)\n---\n# C\n")
    heard = decoded_sound(lesson.video)
    first = begins(lesson, 2)
    assert numbers(lesson.video)[first] == 0
    assert abs(lag(heard, said[:40_000], first * 1600)) <= 1
    assert np.abs(heard[: first * 1600 - 3000]).max() < 1e-3
    loudness, peak = metered(lesson.video)
    assert loudness == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5


def test_a_film_under_speech_is_softer_by_fifteen_and_the_whole_as_loud_as_ever(room: Room) -> None:
    film(room.talk / "heard.mkv", 90, sound=noise(3))
    words = "Many words are spoken while the film plays, one after the other, and no end of them is seen."
    alone = room.build(f"![x](heard.mkv)\n---\n# B\n\n???\n{words}\n")
    apart = metered(alone.video, 0.3, 2.7)[0]
    assert apart == pytest.approx(metered(alone.video, 3.5)[0], abs=1.5)
    both = room.build(f"![x](heard.mkv)\n\n???\n{words}\n")
    loudness, peak = metered(both.video)
    assert loudness == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5
    mixed = decoded_sound(both.video)[20_000:120_000]
    muted = room.build(f'![x](heard.mkv "muted")\n\n???\n{words}\n')
    voice = decoded_sound(muted.video)[20_000:120_000]
    film_alone = mixed - voice * (mixed @ voice) / (voice @ voice)
    assert -25 < 20 * np.log10(film_alone.std() / voice.std()) < -8


def test_a_changed_sentence_elsewhere_makes_no_film_anew_and_on_its_slide_only_the_end(room: Room) -> None:
    deck = '![x](demo.mp4 "loop")\n\n???\n{}\n---\n# B\n\n???\n{}\n'
    long = "Words that go on for a while, so that the film begins again and again while they are spoken, word by word."
    room.build(deck.format(long, "One."), settings={"keyframe": 1})
    assert len(room.made) > 3
    count = len(room.made)
    room.build(deck.format(long, "One, two, three."), settings={"keyframe": 1})
    assert room.made == []
    room.build(deck.format(long + " And more.", "One, two, three."), settings={"keyframe": 1})
    assert 1 <= len(room.made) <= count // 2 + 1


def test_a_transition_leads_into_the_first_picture(room: Room) -> None:
    lesson = room.build("transition: fade\n\n# A\n---\ntransition: fade\n\n![x](demo.mp4)\n")
    first = begins(lesson, 1)
    shown = numbers(lesson.video)[first + 12 :]
    assert shown[:50] == [at * 25 // 30 for at in range(50)]
