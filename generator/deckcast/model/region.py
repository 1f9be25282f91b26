"""Where on a slide something is, and what lies over it."""

from __future__ import annotations

from dataclasses import dataclass

from deckcast.model.blob import Blob


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a picture, in its pixels."""

    name: str
    left: float
    top: float
    width: float
    height: float
    colour: str = ""
    """In which it is pointed at, `#rrggbb`."""
    text: str = ""
    """What is to be read in it."""
    edges: tuple[float, ...] = ()
    """Of a line that is typed: the left and the right edge of each of its letters, in the order of reading."""

    def cut(self, other: Region) -> Region:
        """The part of it that lies in another one, too; without width or height where none does."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right = min(self.left + self.width, other.left + other.width)
        bottom = min(self.top + self.height, other.top + other.height)
        return Region(self.name, left, top, max(right - left, 0.0), max(bottom - top, 0.0))


@dataclass(frozen=True, slots=True)
class Opening:
    """A slide with a hole in it, through which something that moves is seen, under whatever lies over it there.

    Each pixel of the slide is `black + (white - black) · what moves`, so rounded corners, words and half transparent
    plates over the hole stay as they are.
    """

    black: Blob
    """The slide, where the hole is painted black."""
    white: Blob
    empty: Blob
    """Where what lies under the hole is seen: the ground for what is half transparent itself."""
