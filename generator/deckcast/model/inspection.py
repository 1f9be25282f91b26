"""What can be measured on a slide as it is drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lettering:
    """Words as they are drawn: one stretch of one look."""

    text: str
    size: float
    """Height of the type in CSS pixels of the stage; 0 in diagrams, whose smallest letters are told as a whole."""
    large: bool
    """Whether the contrast of large type is enough for it (WCAG 1.4.3)."""
    contrast: float
    """With what is painted behind it, from 1 to 21; 0 where that has no one colour."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture as it is drawn."""

    address: str
    """Its URL path: `/deck/images/a.png`."""
    pixels: tuple[int, int]
    """Width and height of the file."""
    size: tuple[float, float]
    """Width and height on the slide, in CSS pixels of the stage."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was measured on a drawn slide."""

    letterings: tuple[Lettering, ...] = ()
    pictures: tuple[Painted, ...] = ()
