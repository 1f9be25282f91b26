"""Code that is typed before the viewer's eyes: `typed` behind its language, or `typed=1.5s`.

The page shows it as it is in the end. The browser tells where each letter lies, and how the slide looks without
the code and without what came out of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deckcast.model import Blob, Finding, Frame, Region, Typing, Where, Wish

SPEED = 26.0
"""Letters a second, where the author names no time."""
LEAST, MOST = 0.8, 6.0
"""Seconds."""
OUTPUT = "output"
"""Follows the name of code in that of what came out of it: `typed-1/output`."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A block of code that is typed with a step."""

    name: str
    """In the page, its `data-typed`."""
    seconds: float
    """0 for as long as its letters need."""
    where: Where | None


def wishes(frame: Frame, typed: Sequence[Typed], blobs: Mapping[str, Blob]) -> tuple[Wish, ...]:
    """What is to be typed over a frame, one after the other."""
    found: list[Wish] = []
    done: tuple[Region, ...] = ()
    for one in typed:
        parts = tuple(region for region in frame.regions if region.name.startswith(f"{one.name}/"))
        lines = tuple(region for region in parts if not region.name.endswith(f"/{OUTPUT}"))
        if "untyped" in blobs and any(line.edges for line in lines):
            recipe = Typing(blobs["untyped"], frame.image, done, lines)
            needed = round(min(max(recipe.letters / SPEED, LEAST), MOST), 3)
            found.append(Wish(recipe, one.seconds or needed, name=one.name))
        done += parts
    return tuple(found)


def beside(one: Typed) -> Finding:
    """On a slide on which a film plays or a picture moves."""
    return Finding(
        "motion-two",
        "warning",
        "this code is not typed: a film or a picture moves on the slide, and two things do not move at once",
        one.where,
        hint="leave out `typed`, or put the code on a slide of its own",
    )
