"""Code that runs: cells and inline values as written, and what came out of them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from deckcast.model.deck import Where

OutputPlace: TypeAlias = Literal["below", "right", "only", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A block of code that runs."""

    index: int
    """Position among the chapter's cells, from 1: the order in which they run."""
    language: str
    """In lower case: `python`, `bash`."""
    source: str
    """What runs: without the stars of marked lines and without `#|` lines."""
    lines: tuple[Where, ...]
    """Where each line of `source` stands in the author's file."""
    where: Where
    """The line that opens the fence. No two cells share it."""
    step: int
    """`Step.index` of the step where it first stands."""
    name: str = ""
    echo: bool = True
    """Whether the slide shows the code."""
    output: OutputPlace = "below"
    """Where the slide shows what came out; `only`: in the code's place."""
    timeout: float = 0.0
    """Seconds that it may take; 0 for the chapter's own limit."""
    needs: tuple[str, ...] = ()
    """What the machine must have: `hub`, `gpu`."""
    files: tuple[str, ...] = ()
    """Files of the deck's folder whose change makes the cell run again, as the author names them."""
    may_fail: bool = False
    """An error is shown on the slide, and the next cells run."""
    varies: bool = False
    """Each run gives something else, such as a time: `verify` does not compare it."""
    highlights: tuple[frozenset[int], ...] = ()
    """Groups of lines of `source` to emphasise, from 1, one group a step from the cell's first one on. The empty
    group emphasises nothing, and the last one stays."""
    fold: tuple[int, int] | None = None
    """First and last line of `source`, from 1, that the slide leaves out."""
    alt: str = ""
    """What its pictures show, for those who do not see them."""
    typed: float | None = None
    """Seconds in which its code is typed before the viewer's eyes; 0 for as long as its letters need."""
    numbers: int | None = None
    """The number of its first line; 0 for none, None where the deck decides."""
    title: str = ""
    """Such as the name of a file, shown above its code."""

    @property
    def label(self) -> str:
        """How reports name the cell."""
        return f"cell `{self.name}`" if self.name else f"cell {self.index}"


@dataclass(frozen=True, slots=True)
class Inline:
    """An expression in a sentence, whose value stands in its place: `` `{python} round(score, 2)` ``."""

    language: str
    expression: str
    where: Where
    """Of the first character behind the opening back-tick. No two expressions share it."""
    step: int
    """`Step.index` of the step where it first stands; it is evaluated when that step's cells have run."""

    @property
    def label(self) -> str:
        """How reports name the expression."""
        return f"`{{{self.language}}} {self.expression}`"


OutputKind: TypeAlias = Literal["stdout", "stderr", "display", "result"]


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that a cell put out, in the forms in which the kernel offers it."""

    kind: OutputKind
    data: tuple[tuple[str, str | bytes], ...]
    """(media type, content) sorted by media type: bytes for `image/png` and `image/jpeg`, else text, JSON included.
    A stream has `text/plain` alone, its ANSI colours kept, its carriage returns resolved."""
    width: int = 0
    """Of a picture, in CSS pixels, where the kernel says it; else 0."""

    def get(self, media_type: str) -> str | bytes | None:
        return next((content for name, content in self.data if name == media_type), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that a cell raised, or what ended it."""

    name: str
    """Of the exception, or what ended the cell from outside: `Timeout`, `KernelDied`, `MemoryLimit`, `OutputLimit`."""
    message: str
    traceback: str = ""
    """As the language prints it, without colours."""
    line: int = 0
    """The line of the cell's source, from 1, where it went wrong; 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where, when and with what a kernel ran."""

    date: str
    """When it started, UTC, to the second: `2026-11-24T20:15:00Z`."""
    kernel: str
    """The Jupyter kernel's name: `python3`."""
    language: str = ""
    """`Python 3.11.2`."""
    system: str = ""
    """`Linux 6.1 x86_64`."""
    cpu: str = ""
    """`Intel Xeon Platinum 8480+`."""
    cores: int = 0
    """How many of them the kernel may use."""
    memory: int = 0
    """Of the machine, in bytes."""
    accelerators: tuple[str, ...] = ()
    """`NVIDIA H200`, one entry a device."""
    versions: tuple[tuple[str, str], ...] = ()
    """(package, version) of those that the chapter's cells had imported in the end, by name."""

    @property
    def day(self) -> str:
        """`24 Nov 2026`, in every locale; a date that is none as it stands."""
        try:
            day = datetime.date.fromisoformat(self.date[:10])
        except ValueError:
            return self.date
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    @property
    def devices(self) -> str:
        """`NVIDIA H200`, `2 × NVIDIA H200`; empty where there are no accelerators."""
        counted = Counter(self.accelerators)
        return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in counted.items())


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of a cell."""

    outputs: tuple[Output, ...] = ()
    failure: Failure | None = None
    """Of a cell that may fail."""
    dropped: int = 0
    """Bytes of output beyond the limit, which are not in `outputs`."""
    seconds: float = 0.0
    peak: int = 0
    """Most memory that the kernel had held by its end, in bytes; 0 where that is not known."""
    provenance: Provenance | None = None
    """None for a cell that was not run."""
    lacking: tuple[str, ...] = ()
    """What the machine did not have, so that the cell was not run."""


@dataclass(frozen=True)
class Results:
    """What came out of a chapter's cells."""

    cells: tuple[tuple[Cell, Result], ...] = ()
    values: tuple[tuple[Inline, str], ...] = ()

    def at(self, where: Where | None) -> tuple[Cell, Result] | None:
        """The cell whose fence opens there."""
        return None if where is None else self._places.get(where)

    def named(self, name: str) -> tuple[Cell, Result] | None:
        return next((pair for pair in self.cells if pair[0].name == name), None)

    def value(self, where: Where | None) -> str | None:
        """Of the expression that begins there."""
        return None if where is None else self._values.get(where)

    @cached_property
    def _places(self) -> Mapping[Where, tuple[Cell, Result]]:
        return {pair[0].where: pair for pair in self.cells}

    @cached_property
    def _values(self) -> Mapping[Where, str]:
        return {inline.where: value for inline, value in self.values}


NO_RESULTS = Results()
"""Of a deck whose code has not run."""
