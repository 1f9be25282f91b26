"""What moves: for how many video frames of a scene, and after which recipe.

A recipe is a pure value: it holds all that decides how its pictures look, blobs of pictures and numbers in pixels of
the video. So it can be asked of the store, and made anywhere. `encode/motion.py` composes each kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from deckcast.model.blob import Blob
from deckcast.model.region import Opening, Region


@dataclass(frozen=True, slots=True)
class Fade:
    """One picture turns into another."""

    before: Look
    after: Look
    kind: str = field(default="fade", init=False)


@dataclass(frozen=True, slots=True)
class Push:
    """One picture pushes another out."""

    before: Look
    after: Look
    across: int
    """Where both move: -1 to the left, 1 to the right, 0 neither."""
    down: int
    """-1 up, 1 down, 0 neither."""
    kind: str = field(default="push", init=False)


@dataclass(frozen=True, slots=True)
class View:
    """A part of a picture that fills the picture's whole box."""

    scale: float
    """1 as it lies on the slide, 2 twice as large."""
    across: float
    """The point that stays where it is: 0 at the box's left edge, 1 at its right."""
    down: float
    """0 at its top, 1 at its bottom."""


@dataclass(frozen=True, slots=True)
class Zoom:
    """A picture on a slide, of which a larger or smaller part, or another one, comes into view."""

    opening: Opening
    picture: Blob
    """The picture's own file, as sharp as it is."""
    box: Region
    """Where it is seen."""
    whole: Region
    """Where all of it lies at a scale of 1."""
    begin: View
    end: View
    at: int = 0
    """Where a slide comes in steps: how many frames of the whole movement are over."""
    of: int = 0
    """How many frames it has; 0 means those of the recipe alone."""
    kind: str = field(default="zoom", init=False)


@dataclass(frozen=True, slots=True)
class Film:
    """A film or an animated picture on a slide, or a part of one."""

    name: str
    """The same in all steps of its slide, and only there."""
    file: Blob
    box: Region
    """Where it is seen."""
    whole: Region
    """Where all of it would lie."""
    begin: float
    """Seconds of the film."""
    end: float
    plays: int
    """How often it is seen; 0 for as long as the slide shows. Then its last picture stays."""
    at: int = 0
    """How many of its video frames are over when the recipe begins."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Films that play on a slide, all at once."""

    opening: Opening
    films: tuple[Film, ...]
    kind: str = field(default="film", init=False)


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a slide that is pointed at, in pixels."""

    left: float
    top: float
    width: float
    height: float
    colour: str
    """`#rrggbb`."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What points at a part of a slide moves to another one."""

    ground: Look
    """What it lies over."""
    begin: Spot | None
    """None where it only comes now."""
    end: Spot | None
    """None where it goes."""
    shape: str
    """`highlight` or `underline`."""
    kind: str = field(default="pointer", init=False)


@dataclass(frozen=True, slots=True)
class Typing:
    """Code appears letter by letter, with a caret where the next one comes."""

    BREAK: ClassVar[int] = 3
    """A new line takes as long as so many letters."""

    before: Blob
    """The slide without what is typed on it, and without what came out of it."""
    after: Blob
    """The slide as it is in the end."""
    done: tuple[Region, ...]
    """What is there already: other code, and what came out of it."""
    lines: tuple[Region, ...]
    """What is typed, line by line."""
    kind: str = field(default="typing", init=False)

    @property
    def letters(self) -> int:
        """How many there are to be typed, new lines included."""
        return sum(len(line.edges) // 2 + self.BREAK for line in self.lines)


Recipe: TypeAlias = Fade | Push | Zoom | Clip | Pointer | Typing
"""`kind` names it in keys and reports: two recipes of equal numbers are not the same."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a recipe shows at one of its frames."""

    recipe: Recipe
    number: int
    """From 0."""
    count: int
    """How many frames the recipe has in all."""


Look: TypeAlias = Blob | Moment
"""Anything that is seen in one video frame: a slide's picture, or a moment of something that moves."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A span of a scene in which something moves."""

    first: int
    """Its first video frame, counted from the scene's."""
    count: int
    recipe: Recipe
    hold: bool = False
    """Whether its last picture stays when it is over; otherwise the scene's own shows."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a frame wants to move; the timeline says when."""

    recipe: Zoom | Clip | Typing
    seconds: float = 0.0
    """How long from the beginning of its slide on; 0 means as long as the slide shows. Then its last picture stays.
    Of what is typed: how long at most. Then the slide's own picture stays."""
    name: str = ""
    """Wishes of one name in the steps of a slide are one movement, which begins with the first of these steps."""
    sounds: tuple[tuple[str, str], ...] = ()
    """(name of a film, how it is heard): `under` what is spoken, `full`, `instead` of it, or `auto`: `under` where
    something is spoken, else `full`. A film that is not named is silent."""
