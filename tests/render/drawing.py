"""A deck's folder with files in it, and one call that renders."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from deckcast import parse
from deckcast.config import from_options, overlay
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.graphviz_fake import FakeGraphs
from deckcast.engines.store_memory import MemoryStore
from deckcast.keep import Keeper
from deckcast.model import Deck, Document, Finding, Frame, Results
from deckcast.pointing import pointed
from deckcast.ports import Browser, Graphs, Store
from deckcast.render import render
from deckcast.settings import Settings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4" fill="red"/></svg>'


def picture(kind: str = "PNG", colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, kind)
    return file.getvalue()


def folder(tmp_path: Path) -> Path:
    """A deck's folder with good files and bad ones."""
    deck = tmp_path / "talk"
    (deck / "images" / "sub").mkdir(parents=True)
    images = deck / "images"
    for name, data in {
        "red.png": picture(),
        "with blank.png": picture(),
        "broken.png": picture()[:60],
        "half.jpg": picture("JPEG")[:400],
        "words.png": b"not a picture",
        "scan.tiff": picture("TIFF"),
        "red.svg": SVG.encode(),
        "open.svg": SVG.removesuffix("</svg>").encode(),
        "bare.svg": b"<svg><rect/></svg>",
        "empty.svg": b"",
    }.items():
        (images / name).write_bytes(data)
    (tmp_path / "secret.png").write_bytes(picture())
    (images / "link.png").symlink_to(tmp_path / "secret.png")
    (deck / "good.css").write_text('@import "more.css"; p { background: url("images/red.png") }')
    (deck / "more.css").write_text("p { background: url(images/red.svg) }")
    (deck / "bad.css").write_text("/* url(images/no.png) */\np {\n  background: url(images/rad.png) }\n")
    (deck / "web.css").write_text("@import url('https://fonts.example/css?family=X');\n")
    return deck


class Told:
    """A progress that keeps what was made and why."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []
        self.kept: list[str] = []

    def begin(self, stage: str, total: int) -> None: ...
    def end(self, stage: str, note: str = "") -> None: ...
    def say(self, message: str) -> None: ...
    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if kept:
            self.kept.append(what)
        else:
            self.made.append((what, why))


@dataclass
class Studio:
    """Renders decks one after the other with the same store."""

    folder: Path
    browser: Browser = field(default_factory=FakeBrowser)
    graphs: Graphs = field(default_factory=FakeGraphs)
    store: Store = field(default_factory=MemoryStore)
    told: Told = field(default_factory=Told)
    keeper: Keeper | None = None
    document: Document = field(init=False)

    def render(
        self,
        text: str,
        *,
        only: tuple[int, ...] = (),
        points: bool = False,
        titled: bool = False,
        themes: tuple[Path, ...] = (),
        results: Callable[[Deck, Settings], Results] = lambda deck, settings: Results(),
    ) -> tuple[tuple[Frame, ...], tuple[Finding, ...]]:
        script = parse.script_of([("deck.md", text)], self.folder)
        settings = overlay(Settings(), from_options(script.options))
        deck = parse.compose(script, settings.slides)
        steps = [step for slide in deck.slides for step in slide.steps if not only or slide.index in only]
        self.told = Told()
        self.keeper = Keeper(self.store, self.told, "talk")
        frames, self.document, findings = render(
            deck,
            steps,
            settings,
            self.keeper,
            self.browser,
            self.graphs,
            themes,
            results(deck, settings),
            pointed(deck, settings) if points else frozenset(),
            titled=titled,
        )
        self.keeper.remember()
        return frames, findings

    def png(self, frame: Frame) -> Image.Image:
        assert self.keeper is not None
        return Image.open(io.BytesIO(self.keeper.read(frame.image))).convert("RGB")
