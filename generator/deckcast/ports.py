"""Where the program ends and the world begins.

Each engine has an `identity` that names all that can change its answer (kind, version, voice, rate,
size, …). It enters the key of every answer that is kept; the engine itself is never kept. Shipped
fakes live in `engines/*_fake.py`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from deckcast.model import Blob, Failure, Inspection, Output, Phonemes, Provenance, Region, Speech


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an engine works here, why not, and the command that mends it."""

    works: bool
    reason: str
    mend: str = ""


# ── Browser ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Resource:
    """What a page asked for, as the browser is to see it."""

    body: bytes
    media_type: str


class Resources(Protocol):
    """Answers a page's requests. Nothing else answers them: there is no network."""

    def get(self, path: str) -> Resource | None:
        """The resource at a URL path such as `/deck/images/a.png`, or None to refuse."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """A document whose `<section>` children of `<main>` are shown and photographed one at a time.

    It lies at `/deck/`, so that `images/a.png` on a slide is asked for as `/deck/images/a.png`.
    What is `aria-hidden` is drawn, but is none of a section's words. What has `data-words` says these words, however
    it is drawn; where it is drawn by something `aria-hidden`, that has `data-ink`. A section's
    `data-fit="1.2@600 1 0.9"` are values for its `--fit`, tried in turn until its words have room (above 600, for the
    first); `data-fit-of` names the section that must have it. What has `data-shrink="0.6"` and is wider than its place
    is set smaller by itself first, down to that part of its size. Where a section has something with `data-room="0.8"`,
    its `--room` is the part of their size for which such things have room: down to 0.8 while words may be larger than
    in their smallest type, and then as small as it takes.
    """

    html: str
    sections: tuple[str, ...]
    """The `id` of each section to photograph, in order."""
    width: int
    """Of the stage, in CSS pixels."""
    height: int
    scale: float = 1.0
    """Device pixels a CSS pixel: 0.6667 makes 720p of a 1080p stage."""
    measured: tuple[str, ...] = ()
    """The sections of which it is to be told where elements with `data-region="name"` lie, and how the section looks
    when its pictures with `data-opening` are painted over. `data-typed="name"` names code whose letters are to be told,
    too, and `data-typed="name/output"` what came out of it."""
    inspected: bool = False
    """Whether the looks of words and pictures are to be measured."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One section, photographed."""

    section: str
    png: bytes
    text: str
    """The section's visible words."""
    failed: tuple[str, ...] = ()
    """URL paths that the section asked for and did not get, or could not decode."""
    unshown: tuple[str, ...] = ()
    """Characters for which no font has a glyph: they show as empty boxes."""
    borrowed: tuple[tuple[str, str], ...] = ()
    """(font of this machine, characters drawn with it): elsewhere they may look different."""
    overflow: int = 0
    """CSS pixels by which words and pictures leave the section's `data-safe` area (left, top, right, bottom), else the
    stage; those that are placed by themselves have the whole stage."""
    smallest: tuple[tuple[float, str], ...] = ()
    """(CSS pixels, words) of the smallest letters in each thing that has `data-room`, in their order; 0 where it has
    none."""
    regions: tuple[Region, ...] = ()
    """Of a section that is `measured`, in pixels of `png`. A picture has a second one, `name/whole`: where all of it
    would lie if its box did not cut it off. Code that is typed has one for each line that one sees: `name/1` and so on,
    each with the edges of its letters but for its indentation."""
    painted: tuple[bytes, ...] = ()
    """The section with its openings black, white, and empty; nothing where it has none."""
    untyped: bytes = b""
    """The section without what is `data-typed`; nothing where nothing is."""
    attributes: tuple[tuple[str, str], ...] = ()
    """What measuring left at the section: its `style`, with the values of `data-fit` that were chosen, and `data-full`
    where nothing gave it room. With them, the section is set alike where nothing measures."""
    shrunk: tuple[float, ...] = ()
    """The part of its size in which each of the section's elements with `data-shrink` is set, in order: its
    `--shrink`."""
    inspection: Inspection = field(default_factory=Inspection)
    """Of a page that is `inspected`."""
    beyond: str = ""
    """The first words that leave that area; nothing where only pictures do."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be printed, on pages as large as its `@page` says. It lies at `/deck/`, as a `Page` does."""

    html: str


@dataclass(frozen=True, slots=True)
class Bench:
    """A document of ours whose scripts make something of each job, such as HTML of a formula's TeX.

    They run, unlike those of a `Page`, and nothing of a deck stands in the document. They define `work(job)` in
    `window`, which answers JSON data, or a promise of it. The document lies at `/deck/`; only `resources` answers it.
    """

    html: str
    seconds: float = 10.0
    """How long one job may take."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job."""

    answer: Any = None
    trouble: str = ""
    """Why there is no answer: what the script threw, or that it took too long."""


class Browser(Protocol):
    """Turns pages into pictures. Opened by whoever needs it, closed by whoever opened it."""

    @property
    def identity(self) -> str: ...

    def shoot(self, page: Page, resources: Resources) -> Generator[Shot, None, None]:
        """Photographs the page's sections in order. Raises `BrowserError`: with the code `browser-slide` where it fails
        at one section, with `browser-page` where the document of several cannot be read."""
        ...

    def work(self, bench: Bench, jobs: Sequence[Any], resources: Resources) -> Generator[Done, None, None]:
        """Has the bench's scripts do each job (JSON data), in order. Raises `BrowserError` when the browser fails.

        A job that never ends is stopped, and the next one has a fresh document.
        """
        ...

    def print(self, paper: Paper, resources: Resources) -> bytes:
        """The document as a tagged PDF, with an outline of its headings; it tells when it was made.

        Raises `BrowserError`.
        """
        ...

    def close(self) -> None: ...


# ── Graphs ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What came of a graph."""

    svg: str = ""
    """Empty where it could not be laid out."""
    said: str = ""
    """Errors and warnings as they come from the program."""
    slow: bool = False
    """Whether it was stopped because it took too long."""


class Graphs(Protocol):
    """Lays out graphs that are written in the language of Graphviz. It reads no file but the fonts it is given."""

    @property
    def identity(self) -> str:
        """Raises `GraphError` where there is no such program."""
        ...

    def availability(self) -> Availability: ...

    def lay_out(self, source: str, defaults: Sequence[str], fonts: Sequence[Path]) -> LaidOut:
        """`defaults` are attributes of all graphs, nodes and edges, such as `Nshape=box`. Raises `GraphError`."""
        ...


# ── Kernel ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Ran:
    """What running a piece of code gave."""

    outputs: tuple[Output, ...] = ()
    """Streams merged, progress bars and carriage returns at their last state, updated displays in their last form."""
    failure: Failure | None = None
    count: int = 0
    """The kernel's own number of this run: the 3 in the `Cell In[3]` of a traceback."""
    seconds: float = 0.0
    peak: int = 0
    """Most memory that the kernel and its children have held so far, in bytes; 0 where that is not known."""
    dropped: int = 0
    """Bytes beyond `limit`, not in `outputs`."""
    alive: bool = True
    """False when the kernel did not survive, so that it can run nothing more."""
    withheld: bool = False
    """Whether something secret was taken out of it."""


class Kernel(Protocol):
    """One process that runs cells and keeps their state. Closed by whoever started it."""

    def run(self, source: str, *, timeout: float, limit: int) -> Ran:
        """Runs a cell for at most `timeout` seconds: it is interrupted then, and killed where that does not help.

        At most `limit` bytes of output are kept. What the cell does wrong is in the answer.
        Raises `KernelError` when the kernel itself cannot be reached, `LostError` when its machine was lost.
        """
        ...

    def evaluate(self, expression: str, *, timeout: float) -> Ran:
        """The value of an expression as text: one `Output` of kind `result`, `text/plain`, as `str(…)` writes it."""
        ...

    def provenance(self) -> Provenance:
        """Where it runs, and with which packages by now."""
        ...

    def late(self) -> tuple[tuple[int, str], ...]:
        """(`Ran.count`, text) of what a run's threads printed after the run had ended; it is in no answer."""
        ...

    def close(self) -> None:
        """Ends the process and all that it started."""
        ...


class Kernels(Protocol):
    """A place where kernels can be started: this machine, a Jupyter server elsewhere, or a cluster's worker.

    Kernels that are open at the same time run on the same machine.
    """

    @property
    def name(self) -> str:
        """What a person calls it: `this machine`, `http://gpu-box:8888`."""
        ...

    def availability(self, language: str) -> Availability:
        """Whether cells of a language can run there."""
        ...

    def meets(self, need: str) -> Availability:
        """Whether the place has what a cell needs (`hub`, `gpu`). Looks once, then remembers. Takes seconds at most."""
        ...

    def start(self, language: str, folder: Path, files: tuple[str, ...]) -> Kernel:
        """A fresh kernel whose working folder is the deck's, with these files of it. Raises `KernelError`."""
        ...

    def close(self) -> None: ...


# ── Voice ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What an engine can speak a language with."""

    voices: tuple[tuple[str, str], ...]
    """(what to write behind `voice:`, who that is); the one that is taken where none is named stands first."""
    note: str = ""
    """What else there is, and how to come by it."""


class Voice(Protocol):
    """Speaks text. Opened by whoever needs it, closed by whoever opened it."""

    @property
    def identity(self) -> str: ...

    @property
    def name(self) -> str:
        """What a person calls it: `flite rms`, `edge en-US-EmmaMultilingualNeural`."""
        ...

    @property
    def parallel(self) -> int:
        """How many calls of `speak` may run at once."""
        ...

    def lacks(self, ipa: str) -> tuple[str, ...] | None:
        """The sounds among these phonemes that it has nothing like, each once; None for a voice that takes none."""
        ...

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        """Speaks one sentence. Raises `VoiceError` for good; tries again by itself where that helps.

        `phonemes` are stretches of `text` that are to sound as they say, instead of being read: in order, none over
        another. They are only such as `lacks` answered with `()`, so a voice that takes none never gets any. The words
        of the answer are those of `text` all the same; those of one stretch share the time of its sounds.
        `engines/phonemes.py` writes them into the text for engines that take them so.
        """
        ...

    def close(self) -> None:
        """Lets go of what it holds, such as a process with its model. It may be called more than once."""
        ...


# ── Store ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Answer:
    """What was made for a question: small facts (JSON) and named blobs."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    blobs: Mapping[str, Blob] = field(default_factory=dict)


class Store(Protocol):
    """Answers kept under the key of their question. Whatever is read back has been verified."""

    @property
    def damaged(self) -> tuple[str, ...]:
        """The names of answers and blobs that were asked for and turned out to be damaged or lost."""
        ...

    def get(self, key: str) -> Answer | None:
        """The whole answer, or None when there is none or any part of it is missing or damaged."""
        ...

    def put(self, key: str, facts: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Answer:
        """Keeps an answer: blobs first, the answer last, each written aside and renamed. Raises `StorageError`."""
        ...

    def read(self, blob: Blob) -> bytes:
        """Raises `StorageError` when the blob is missing or is not what its name says."""
        ...

    def expect(self, keys: Iterable[str]) -> None:
        """Is told what will be asked for soon, so that a store far away can look it up together."""
        ...

    def flush(self) -> None:
        """Waits until whatever was put lies where others find it. Raises `StorageError` where it does not get there."""
        ...

    def close(self) -> None:
        """Lets go of what it holds. What is asked afterwards may be gone at any time."""
        ...


# ── Progress ─────────────────────────────────────────────────────────────────────────────────────


class Progress(Protocol):
    """Told what a build does; decides what a person sees of it."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        """One piece is there: `what` names it, `why` tells why it had to be made when it was not kept."""
        ...

    def end(self, stage: str, note: str = "") -> None: ...

    def say(self, message: str) -> None:
        """Something a person should know that is no finding: which voice was chosen, what is being installed."""
        ...
