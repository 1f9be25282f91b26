"""What the author wrote: a deck, its slides, its findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias


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
    details: tuple[tuple[str, str], ...] = ()
    """(heading, text of any number of lines), printed behind the line: what a cell printed, its traceback."""


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


def proses(content: Content) -> Iterator[Prose]:
    """Every run of Markdown in some content, in order, content classes opened."""
    for piece in content:
        if isinstance(piece, Box):
            yield from proses(piece.content)
        else:
            yield piece


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
    focus: str = ""
    """What it draws attention to, where all its text was there before: the lines of code that it emphasises."""


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
