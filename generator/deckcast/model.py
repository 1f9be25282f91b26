"""The nouns of deckcast, in the order in which a lesson meets them.

Every value is frozen and made of tuples, strings, numbers and paths, so it can be compared, digested
and sent to another machine. What the author wrote carries its `Where`, so that any later stage can
point at the author's own line.

    text ─▶ Deck(Slide(Step(Content))) ─▶ Frame, Take ─▶ Scene, Timeline ─▶ Lesson
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

# ── where and what the author wrote ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file the author can open. Lines and columns count from 1, columns in characters."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth telling the author, in the shape that every report prints."""

    code: str
    """Stable short name of the rule, e.g. `deck-separator-blank`."""
    severity: Severity
    message: str
    where: Where | None = None
    line: str = ""
    """The author's own line, unchanged; empty where there is none to show."""
    width: int = 1
    """How many characters of `line` from `where.column` on are meant."""
    hint: str = ""
    slide: str = ""
    """`Slide.label` of the slide that is meant; filled in by whoever knows the whole deck."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A run of Markdown."""

    text: str
    origins: tuple[Where, ...]
    """Where each line of `text` begins in the author's file; as many as `text.split("\\n")`."""


@dataclass(frozen=True, slots=True)
class Box:
    """A content class, `.name.other[…]`, around content of its own."""

    classes: tuple[str, ...]
    block: bool
    """True for a `div` (there was a newline between the brackets), False for a `span`."""
    content: Content
    where: Where


Content: TypeAlias = tuple["Prose | Box", ...]


@dataclass(frozen=True, slots=True)
class Property:
    """One `key: value` line at the top of a slide; the value as written, trimmed."""

    key: str
    value: str
    where: Where


@dataclass(frozen=True, slots=True)
class Properties:
    """A slide's properties, own and inherited, at most one of each key, in the order of their keys' first use."""

    items: tuple[Property, ...] = ()

    def __iter__(self) -> Iterator[Property]:
        return iter(self.items)

    def find(self, key: str) -> Property | None:
        return next((item for item in self.items if item.key == key), None)

    def get(self, key: str, default: str = "") -> str:
        found = self.find(key)
        return default if found is None else found.value

    @property
    def classes(self) -> tuple[str, ...]:
        """The names in `class: a, b`, each once."""
        return tuple(dict.fromkeys(self.get("class").replace(",", " ").split()))


@dataclass(frozen=True, slots=True)
class Step:
    """One picture of the lesson: a slide as it first shows, or after one `--` increment.

    remark counts each of these as a slide, and so do its links and numbers (FORMAT 5.5, 12).
    """

    index: int
    """Position among all visible steps of the deck, from 1: what `[text](#3)` links to."""
    number: int
    """The number shown on the slide; `Deck.total` is the one shown behind the stroke."""
    name: str
    """Of `name: …`, or empty."""
    properties: Properties
    content: Content
    """What shows, with everything inherited, variables replaced."""
    notes: Content
    """What this step says; never inherited."""
    where: Where
    """The first line of the step's own text."""
    increment: bool = False
    """True when the step continues the one above (`--`)."""


@dataclass(frozen=True, slots=True)
class Slide:
    """What the author thinks of as one slide: a first step and its increments."""

    index: int
    """Position among the deck's slides, from 1, increments not counted: what `--only 7-9` names."""
    title: str
    """Plain text of the first heading, or empty."""
    steps: tuple[Step, ...]

    @property
    def where(self) -> Where:
        return self.steps[0].where

    @property
    def label(self) -> str:
        """How reports name the slide: `slide 7 "Caching"`."""
        return f'slide {self.index} "{self.title}"' if self.title else f"slide {self.index}"


@dataclass(frozen=True, slots=True)
class Link:
    """A reference definition, `[id]: url "title"`, known in the whole deck."""

    id: str
    """Lower case, white space folded."""
    url: str
    title: str
    where: Where


Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Option:
    """One value of the front matter. Nested names are joined by dots: `narration.voice`."""

    name: str
    value: Scalar | tuple[Scalar, ...]
    where: Where
    line: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """A lesson as written."""

    path: str
    """The deck's file as the author named it; `<text>` for text without one."""
    folder: Path
    """Where the deck's pictures and other files are looked for."""
    slides: tuple[Slide, ...]
    links: tuple[Link, ...] = ()
    options: tuple[Option, ...] = ()
    """The front matter, not yet checked against `Settings`."""
    findings: tuple[Finding, ...] = ()
    backslash_formulas: bool = False
    """True when the deck's formulas carry Markdown escapes that must be undone (FORMAT 14.3)."""

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for slide in self.slides for step in slide.steps)

    @property
    def total(self) -> int:
        """The number of the last step, shown as `7 / total`."""
        return self.slides[-1].steps[-1].number if self.slides else 0


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes in the store, named by what they are."""

    sha256: str
    size: int


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Frame:
    """The finished picture of one step."""

    step: int
    """`Step.index`."""
    image: Blob
    """PNG, 8-bit RGB."""
    width: int
    height: int
    text: str
    """The slide's visible words, for transcripts and alternative texts."""


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
class Sentence:
    """One unit of speech. An empty spoken form is silence alone: a pause before the first words."""

    written: str
    spoken: str
    tokens: tuple[tuple[int, int, int, int], ...]
    """(written begin, written end, spoken begin, spoken end) of each token, in order."""
    pause: float
    """Seconds of silence after it."""
    where: Where


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

    @property
    def text(self) -> str:
        return " ".join(utterance.text for utterance in self.utterances)

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE


# ── picture and sound in time ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Scene:
    """One frame on screen with its take."""

    frame: Frame
    take: Take
    first: int
    """The first video frame, from 0."""
    count: int
    """How many video frames it stays."""
    onset: int
    """The sample of the whole lesson at which the take begins; a multiple of `AAC_BLOCK`."""


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
