"""What the service behind `edge` may do to a build, and what becomes of the build: a small deck, built for real.

Everything is real but the service, which is `fake_edge.py` on the loopback, the browser, since nobody looks, and the
waiting, which is shortened.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import deckcast
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.voice_edge import EdgeVoice, Patience
from deckcast.errors import DeckcastError
from deckcast.workshop import Workshop
from engines.fake_edge import FakeEdge

PATIENCE = Patience(first=3.0, between=1.5, total=20.0, pause=0.02)
SENTENCES = 8
DONE = 4
"""Sentences that are spoken before the trouble begins."""

DECK = """\
---
title: Outages
voice: edge
online: true
size: 240
---

# One

???

The first sentence is spoken. The second sentence follows it. A third one ends the slide.

---

# Two

???

On the next slide there is a fourth. The fifth may be the one that fails. Who knows about the sixth?

---

# Three

???

The seventh is nearly the last. The eighth is the last.
"""

FAULTS = {
    "403": "refuses requests (403)",
    "403-nodate": "refuses requests (403) and hides its time",
    "429": "is asked too often (429)",
    "503": "is overloaded (503)",
    "gone": "is gone: nothing listens any more",
    "close-early": "closes the connection at once",
    "close": "closes the connection in mid-sentence",
    "drop": "resets the connection in mid-sentence",
    "stall": "is silent",
    "stall-midway": "falls silent in mid-sentence",
    "noaudio": "sends no sound",
    "bad-mp3": "sends sound that is none",
    "half-sound": "sends half of the sound",
    "truncate": "leaves out half of the words",
    "no-words": "sends sound without word times",
    "bad-json": "sends broken JSON",
    "bad-path": "sends a message of a new kind",
}
"""What the service does."""


@dataclass(frozen=True)
class Outcome:
    """Of a fault."""

    fault: str
    mended: bool
    """The lesson was made as if nothing had been, when it happened once."""
    message: str
    """What the author is told when it lasts."""
    hint: str
    where: str
    kept: int
    """Sentences that need not be asked for again."""
    again: int
    """Sentences that the next build asks for."""
    same: bool
    """That build's lesson is the one that would have been made without the fault."""


def observe(fault: str, folder: Path) -> Outcome:
    """Builds the deck with the fault once, then with the fault from the fifth call on, then without it."""
    calm = _calm()
    once = _built(FakeEdge(*["ok"] * DONE, fault, "ok"), folder / "once")
    lasting = _built(FakeEdge(*["ok"] * DONE, fault), folder / "lasting")
    if not isinstance(lasting.end, DeckcastError):
        raise AssertionError(f"{fault}: the build went well")
    after = _built(FakeEdge(), folder / "lasting")
    finding = lasting.end.findings[0]
    where = finding.where
    return Outcome(
        fault,
        once.end == calm,
        finding.message,
        finding.hint,
        f"{finding.slide}, line {where.line}" if where else "",
        SENTENCES - after.asked,
        after.asked,
        after.end == calm,
    )


@dataclass(frozen=True)
class _Built:
    end: str | DeckcastError
    """The digest of the lesson's video, or what went wrong."""
    asked: int
    """Sentences that reached the service."""


@cache
def _calm() -> str | DeckcastError:
    """The end of a build without trouble."""
    with tempfile.TemporaryDirectory() as folder:
        return _built(FakeEdge(), Path(folder) / "calm").end


def _built(service: FakeEdge, output: Path) -> _Built:
    deck = output.parent / "talk"
    deck.mkdir(parents=True, exist_ok=True)
    (deck / "presentation.md").write_text(DECK, encoding="utf-8")
    shop = Workshop(
        browser=lambda *_: FakeBrowser(), voice=lambda settings: (EdgeVoice(patience=PATIENCE), "as the settings say")
    )
    end: str | DeckcastError
    with pytest.MonkeyPatch.context() as patch, service:
        service.stand_in(patch)
        try:
            lesson = deckcast.build(deck, output=output, workshop=shop)
            end = hashlib.sha256(lesson.video.read_bytes()).hexdigest()
        except DeckcastError as error:
            end = error
    return _Built(end, len(service.requests))


def table(outcomes: list[Outcome]) -> str:
    """In Markdown."""
    lines = [
        "| the service … | once | if it lasts, the author is told | kept | asked for by the next build |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in outcomes:
        told = one.message.partition(": edge ")[2].partition(": ")[2]
        lines.append(
            f"| {FAULTS[one.fault]} | {'mended' if one.mended else 'told'} | {told} | {one.kept} of {SENTENCES}"
            f" | {one.again}{'' if one.same else ', and the lesson is another'} |"
        )
    return "\n".join(lines)
