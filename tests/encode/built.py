"""A deck that is built again and again with fakes, and what is to be seen in its lesson."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import deckcast
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.ports import Browser
from deckcast.stages import Silence
from deckcast.workshop import Workshop


class Told(Silence):
    """Remembers what a build made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made.append(what)


@dataclass
class Talk:
    """A deck that is built again and again."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    browser: Browser = field(default_factory=FakeBrowser)
    size: int = 240

    def build(self, deck: str) -> tuple[deckcast.Lesson, list[str]]:
        """The lesson, and what was made."""
        (self.folder / "talk").mkdir(exist_ok=True)
        (self.folder / "talk" / "presentation.md").write_text(deck)
        told = Told()
        shop = Workshop(
            lambda *_: self.store, lambda *_: InlineExecutor(), lambda *_: self.browser, lambda *_: (FakeVoice(), "")
        )
        settings = {"video.size": self.size}
        output = self.folder / "out"
        lesson = deckcast.build(self.folder / "talk", output=output, workshop=shop, settings=settings, progress=told)
        return lesson, told.made


def heard(folder: Path, phrase: str) -> float:
    """When a phrase begins, in seconds of the lesson, from the captions' word times."""
    words: list[tuple[str, str]] = []
    for cue in (folder / "captions.words.vtt").read_text().split("\n\n")[1:]:
        times, text = cue.split("\n", 2)[1:]
        words += re.findall(r"<([\d:.]+)>([^<]*)", f"<{times.split()[0]}>{text}")
    spoken = [" ".join(word for _, word in words[at:]).split() for at in range(len(words))]
    at = next(at for at, one in enumerate(spoken) if one[: len(phrase.split())] == phrase.split())
    hours, minutes, seconds = words[at][0].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def still(folder: Path, name: str) -> NDArray[np.int16]:
    with Image.open(folder / "slides" / f"{name}.png") as image:
        return np.asarray(image.convert("RGB"), np.int16)


def rows_of_words(picture: NDArray[np.int16]) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of each line of words."""
    ink = np.abs(picture - picture[2, 2]).max(axis=2) > 90
    rows = np.flatnonzero(np.diff(np.concatenate([[0], ink.any(axis=1).astype(int), [0]])))
    found = []
    for top, bottom in zip(rows[::2], rows[1::2], strict=True):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        found.append((int(columns[0]), int(top), int(columns[-1]) + 1, int(bottom)))
    return found
