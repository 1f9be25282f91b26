"""The slides as a page: what the browser was shown, set as it was photographed."""

from __future__ import annotations

from dataclasses import dataclass

from deckcast.model.blob import Blob

MARK = "deckcast-file:"
"""What stands in a document before the number of a file, in the place of its address."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a document shows."""

    media_type: str
    content: Blob


@dataclass(frozen=True, slots=True)
class Played:
    """A film, or an animated picture, that a section shows the first picture of."""

    section: str
    """The section's `id`."""
    region: str
    """The `data-region` of the picture in its stead."""
    file: int
    begin: float
    """Seconds of the film."""
    end: float
    plays: int
    """0 for ever."""
    muted: bool


@dataclass(frozen=True, slots=True)
class Document:
    """The theme's document with the sections of all steps, one after the other; nothing in it needs to be measured."""

    html: Blob
    """UTF-8. In the place of each file's address stands `MARK` and its number in `files`."""
    files: tuple[Attached, ...]
    sections: tuple[tuple[int, str], ...]
    """(`Step.index`, `id` of its section), in order."""
    width: int
    """Of the stage, in CSS pixels."""
    height: int
    films: tuple[Played, ...] = ()
