"""What is seen while it stands still."""

from __future__ import annotations

from dataclasses import dataclass

from deckcast.model.blob import Blob
from deckcast.model.motion import Wish
from deckcast.model.region import Opening, Region


@dataclass(frozen=True, slots=True)
class Frame:
    """The finished picture of one step."""

    step: int
    """`Step.index`."""
    image: Blob
    """PNG, 8-bit RGB."""
    width: int
    height: int
    text: str
    """The slide's visible words, for transcripts and alternative texts."""
    regions: tuple[Region, ...] = ()
    """Where the parts of the slide lie that asked for it."""
    opening: Opening | None = None
    wishes: tuple[Wish, ...] = ()
    """What is to move while it shows."""
    thumbnail: Blob | None = None
    """Of the lesson's title: the same slide in larger type, for lists of lessons."""
