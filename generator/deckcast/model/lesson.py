"""What is made of a deck: sound, picture and sound in time, and the lesson that a build gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from deckcast.model.blob import Blob
from deckcast.model.deck import Finding, Where
from deckcast.model.motion import Motion
from deckcast.model.picture import Frame

# ── sound ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of text and the time in which it is spoken."""

    begin: int
    """First character in the text."""
    end: int
    """One past its last character."""
    start: float
    """Seconds from the beginning of the sound."""
    stop: float


@dataclass(frozen=True, slots=True)
class Speech:
    """What a voice makes of one text."""

    pcm: bytes
    """Signed 16-bit little-endian samples, one channel."""
    rate: int
    """Samples a second."""
    words: tuple[Word, ...] = ()
    """In order; ranges refer to the text that the voice was given."""


@dataclass(frozen=True, slots=True)
class Phonemes:
    """How a stretch of a text sounds, where its letters do not tell."""

    begin: int
    """First character in the text, a letter or digit."""
    end: int
    """One past its last character, a letter or digit, too; no letter or digit touches the stretch."""
    ipa: str
    """In the International Phonetic Alphabet, without strokes; blanks part words."""


@dataclass(frozen=True, slots=True)
class Point:
    """A moment from which on the pointer is somewhere else."""

    at: int
    """In a sentence the character, in a take the sample."""
    words: str
    """Words of the part of the slide that it moves to; empty where it is taken away."""
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One unit of speech. An empty spoken form is silence alone: a pause before the first words."""

    written: str
    spoken: str
    tokens: tuple[tuple[int, int, int, int], ...]
    """(written begin, written end, spoken begin, spoken end) of each token, in order."""
    pause: float
    """Seconds of silence after it."""
    where: Where
    voice: str = ""
    """Who speaks it, as the notes name it; empty for the slide's own."""
    rate: float = 0.0
    """Speed of speech that the notes ask for; 0 for the slide's own."""
    clicks: tuple[int, ...] = ()
    """Where in `written` a `[click]` stands: the next step shows with the word that begins or goes on there."""
    phonemes: tuple[Phonemes, ...] = ()
    """Stretches of the spoken form whose sounds the author gives, in order, none over another."""
    points: tuple[Point, ...] = ()
    """Where in `written` the pointer moves, as with clicks."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence that has been spoken, and its place in its take."""

    text: str
    """As written: what captions and transcripts show."""
    start: int
    """First sample in the take, at `SAMPLE_RATE`."""
    samples: int
    """Length at `SAMPLE_RATE`."""
    sound: Blob
    """A WAV file, one channel, 16 bit, at the voice's own rate."""
    words: tuple[Word, ...]
    """Ranges in `text`; seconds from the beginning of the take."""
    voice: str = ""
    """`Voice.identity` of what spoke it: all that one voice says is made louder or softer together."""


SAMPLE_RATE = 48_000
"""Samples a second of every lesson's sound."""


@dataclass(frozen=True, slots=True)
class Take:
    """What is heard over one step: utterances with silence between them."""

    step: int
    """`Step.index`."""
    samples: int
    """At `SAMPLE_RATE`, with the pauses that the author asks for at its ends; 0 when nothing is said."""
    utterances: tuple[Utterance, ...] = ()
    clicks: tuple[int, ...] = ()
    """Samples of the take, in order, with which the steps behind its own are to show."""
    points: tuple[Point, ...] = ()
    """When the pointer moves, in order."""

    @property
    def text(self) -> str:
        return " ".join(utterance.text for utterance in self.utterances)

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE


# ── picture and sound in time ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Scene:
    """One frame on screen, and the take that begins while it shows.

    A take may go on over the scenes behind its own, which have empty takes: their steps show while it is spoken.
    """

    frame: Frame
    take: Take
    first: int
    """The first video frame, from 0."""
    count: int
    """How many video frames it stays."""
    onset: int
    """The sample of the whole lesson at which the take begins; a multiple of `AAC_BLOCK`."""
    motions: tuple[Motion, ...] = ()
    """What moves in it, in order; they never overlap, and lie within the scene."""


AAC_BLOCK = 1024
"""Samples in an AAC-LC packet (ISO/IEC 14496-3)."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Exactly what is seen and heard when."""

    fps: int
    scenes: tuple[Scene, ...]

    @property
    def frames(self) -> int:
        return self.scenes[-1].first + self.scenes[-1].count if self.scenes else 0

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    def start(self, scene: Scene) -> float:
        """Seconds from the beginning of the lesson to the scene's first frame."""
        return scene.first / self.fps


# ── what a build gives back ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Stage:
    """How one stage of a build went."""

    name: str
    made: int
    kept: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Encoded:
    """The finished video file."""

    path: Path
    sha256: str
    size: int
    """In bytes."""
    made: bool
    """False when the file stood there already, just as it would have become."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A built lesson."""

    name: str
    title: str
    folder: Path
    video: Path
    files: tuple[Path, ...]
    """Everything that was written beside the video, the video itself first."""
    seconds: float
    slides: int
    words: int
    spoken: float
    """Seconds in which something is said."""
    voice: str
    """Which voice spoke and why it was chosen."""
    durations: tuple[float, ...] = ()
    """Seconds of each step, in order."""
    stages: tuple[Stage, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def unchanged(self) -> bool:
        """True when nothing had to be made again."""
        return all(stage.made == 0 for stage in self.stages)
