"""Small lessons for the encoder's tests: real pictures and sounds, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from deckcast.digest import sha256
from deckcast.encode import NARRATION, Score, encode, encode_audio, encode_webm
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.keep import Keeper
from deckcast.model import Blob, Deck, Encoded, Frame, Properties, Slide, Step, Take, Timeline, Utterance, Where
from deckcast.ports import Store
from deckcast.settings import LessonSettings, NarrationSettings, Settings, VideoSettings
from deckcast.sound import resampled, write_wav
from deckcast.timeline import plan

RATE = 16_000
"""Of the voices below, as flite's."""


@dataclass
class Progress:
    """Writes down what it is told."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)

    def begin(self, stage: str, total: int) -> None: ...

    def end(self, stage: str, note: str = "") -> None: ...

    def say(self, message: str) -> None: ...

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        (self.kept if kept else self.made).append(what)
        if not kept:
            self.why[what] = why


def slide_png(text: str, size: tuple[int, int] = (640, 360), number: int = 0) -> bytes:
    """A slide of text, with `number` in 16 black or white squares at its top, to be read back by `slide_number`."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    side = size[0] // 16
    for bit in range(16):
        draw.rectangle((bit * side, 0, (bit + 1) * side, side), "black" if number >> bit & 1 else "white")
    for row, line in enumerate(text.split("\n")):
        draw.text((40, 80 + 22 * row), line, fill=(20, 40, 110), font_size=18)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def slide_jpeg() -> bytes:
    """A cover."""
    image = Image.new("RGB", (1280, 720), (20, 40, 110))
    ImageDraw.Draw(image).text((100, 100), "A lesson", font_size=80)
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def slide_number(picture: NDArray[np.uint8]) -> int:
    """The number of `slide_png` in a decoded picture (height × width, luma)."""
    side = picture.shape[1] // 16
    middle = picture[side // 2, side // 2 :: side]
    return sum(1 << bit for bit, value in enumerate(middle[:16]) if value < 126)


def speech(seconds: float, seed: int) -> NDArray[np.int16]:
    """Something like speech: voiced syllables over noise, loud from its first sample on."""
    chance = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    pitch = 110 + 30 * np.sin(2 * np.pi * 1.7 * time + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voiced = sum(np.cos(k * phase) / k**1.5 for k in range(1, 25))
    noise = 0.2 * chance.standard_normal(len(time))
    syllables = 0.35 + 0.65 * np.cos(np.pi * 3.1 * time) ** 2
    wave = (voiced + noise) * syllables
    return np.asarray(wave / np.abs(wave).max() * 0.6 * 32767, np.int16)


def tune(seconds: float, seed: int, rate: int = 44_100) -> NDArray[np.float32]:
    """Something like music: chords of decaying tones, struck on a beat, with a drum's noise."""
    chance = np.random.default_rng(seed)
    since = np.arange(2 * rate) / rate
    wave = np.zeros(round(seconds * rate) + len(since))
    for beat in range(0, round(seconds * rate), rate // 2):
        root = 110 * 2 ** (chance.integers(0, 12) / 12)
        chord = sum(np.sin(2 * np.pi * root * ratio * since) / ratio for ratio in (1, 1.25, 1.5, 2, 3))
        drum = 0.3 * np.exp(-60 * since) * chance.standard_normal(len(since))
        wave[beat : beat + len(since)] += np.exp(-3 * since) * chord + drum
    wave = wave[: round(seconds * rate)]
    return np.asarray(0.5 * wave / np.abs(wave).max(), np.float32)


@dataclass
class Studio:
    """Keeps what is made; `lesson` lays out a deck of (picture text, seconds of speech or 0)."""

    store: Store = field(default_factory=MemoryStore)
    settings: Settings = field(default_factory=Settings)

    def put(self, data: bytes) -> Blob:
        return self.store.put(sha256(data), {}, {"it": data}).blobs["it"]

    def take(self, step: int, *parts: tuple[float, float], seed: int = 0) -> Take:
        """A take of utterances of (start, length) in seconds."""
        utterances = []
        for number, (start, length) in enumerate(parts):
            pcm = speech(length, 1000 * step + number + seed)
            sound = self.put(write_wav(pcm.tobytes(), RATE))
            utterances.append(Utterance("Words.", round(start * 48_000), resampled(len(pcm), RATE), sound, ()))
        end = max((one.start + one.samples for one in utterances), default=0)
        return Take(step, end, tuple(utterances))

    def lesson(self, slides: Sequence[tuple[str, float]], size: tuple[int, int] = (640, 360)) -> tuple[Deck, Timeline]:
        steps = [
            Step(at, at, "", Properties(), (), (), Where("deck.md", at), False) for at in range(1, len(slides) + 1)
        ]
        frames, takes = [], []
        for step, (text, seconds) in zip(steps, slides, strict=True):
            image = self.put(slide_png(text, size, number=step.index))
            frames.append(Frame(step.index, image, *size, text))
            takes.append(self.take(step.index, (0, seconds)) if seconds else Take(step.index, 0))
        deck = Deck(
            "deck.md",
            Path(),
            tuple(Slide(step.index, text, (step,)) for step, (text, _) in zip(steps, slides, strict=True)),
        )
        return deck, plan(steps, frames, takes, [self.settings] * len(steps))

    def encode(
        self,
        deck: Deck,
        timeline: Timeline,
        target: Path,
        *,
        executor: Executor | None = None,
        force: bool = False,
        cover: Blob | None = None,
        score: Score = NARRATION,
    ) -> tuple[Encoded, Progress]:
        progress = Progress()
        keeper = Keeper(self.store, progress, "lesson", force=force)
        of = (deck, timeline, self.settings, keeper, executor or InlineExecutor(), target)
        if target.suffix == ".webm":
            made = encode_webm(*of, score=score)
        else:
            made = (encode if target.suffix == ".mp4" else encode_audio)(*of, cover=cover, score=score)
        keeper.remember()
        return made, progress


def quick(**video: Any) -> Settings:
    """Small and short: 360 lines, key pictures every 2 s."""
    return Settings(
        lesson=LessonSettings(title="A lesson", author="Ada", language="de-AT"),
        narration=NarrationSettings(silent=1.0),
        video=VideoSettings(**{"size": 360, "keyframe": 2.0, **video}),
    )
