"""What the page shows, as plain values: a slide that looks and says the same is the same value."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deckcast.digest import digest
from deckcast.model import Blob, Finding


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the notes."""

    text: str
    step: int
    """Of the slide, from 1."""
    line: int
    """In the author's file, counted from the slide's first one."""


@dataclass(frozen=True, slots=True)
class CellShown:
    """A cell that stands on the slide, and whether what came out of it is there."""

    label: str
    source: str
    language: str
    line: int
    """In the author's file, counted from the slide's first one."""
    ran: str = ""
    """Where and when; empty where it has to run first."""
    seconds: float = 0.0
    why: str = ""
    """Why it has to run."""
    needs: str = ""
    """What it needs that was not at hand when it should have run; running it here may not help."""
    failed: str = ""
    """The error that it ended with, where it may."""


@dataclass(frozen=True, slots=True)
class SlideShown:
    """A slide."""

    index: int
    name: str
    title: str
    path: str
    line: int
    pictures: tuple[Blob, ...]
    """A PNG for each of its steps."""
    lines: tuple[Line, ...]
    cells: tuple[CellShown, ...]
    seconds: float
    """That it is guessed to last, before it is spoken."""
    written: str = ""
    """Digest of what its author wrote."""

    @property
    def key(self) -> str:
        """Of all that the page shows of it, its place in the deck left out."""
        return digest(dataclasses.replace(self, index=0, line=0))[:16]

    @property
    def said(self) -> str:
        """Of what it says, when: its sound is another when this is."""
        return digest([(line.text, line.step) for line in self.lines])[:16]


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of the stage in CSS pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class State:
    """A deck as it was when it was last good, and what is wrong with it now."""

    revision: int
    name: str
    title: str
    language: str
    voice: str
    shape: Shape
    slides: tuple[SlideShown, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[Finding, ...] = ()
    """Why the deck of now cannot be shown; the slides are those of before."""
    unread: bool = True
    """True until the deck could be shown once."""


def message(state: State, before: State | None = None) -> dict[str, Any]:
    """What a page is told: the whole state, or what is another than `before`, which it has."""
    old = {slide.key for slide in before.slides} if before else set()
    return {
        "type": "deck",
        "whole": before is None,
        "revision": state.revision,
        "name": state.name,
        "title": state.title,
        "language": state.language,
        "voice": state.voice,
        "width": state.shape.width,
        "height": state.shape.height,
        "order": [
            {"key": slide.key, "index": slide.index, "line": slide.line, "said": slide.said} for slide in state.slides
        ],
        "slides": {slide.key: _slide(slide) for slide in state.slides if slide.key not in old},
        "changed": first_changed(state, before),
        "findings": [_finding(one) for one in state.findings],
        "errors": [_finding(one) for one in state.errors],
        "unread": state.unread,
    }


def first_changed(state: State, before: State | None) -> int:
    """The index of the first slide that was changed or is new, 0 where there is none: where the author is writing.

    A slide may look another way though nobody wrote there, such as with a new total behind its number.
    """
    if before is None or before.unread:
        return 0
    written = {slide.written for slide in before.slides}
    old = {slide.key for slide in before.slides}
    new = [slide.index for slide in state.slides if slide.written not in written]
    other = [slide.index for slide in state.slides if slide.key not in old]
    return new[0] if new else other[0] if 0 < len(other) < len(state.slides) else 0


def _slide(slide: SlideShown) -> Mapping[str, Any]:
    return {
        "name": slide.name,
        "title": slide.title,
        "path": slide.path,
        "pictures": [one.sha256 for one in slide.pictures],
        "lines": [dataclasses.asdict(line) for line in slide.lines],
        "cells": [dataclasses.asdict(cell) for cell in slide.cells],
        "seconds": round(slide.seconds, 1),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    from deckcast.report import finding_json, render_finding

    told = finding_json(finding)
    told["text"] = render_finding(finding)
    return told


def pictures(slides: Sequence[SlideShown]) -> dict[str, Blob]:
    """Every picture that a page may ask for, by its digest."""
    return {one.sha256: one for slide in slides for one in slide.pictures}
