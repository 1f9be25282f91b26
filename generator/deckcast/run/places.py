"""The author's own lines, found again from the content that was made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deckcast.model import Box, Content, Where


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the author's file, as far as it is at hand."""

    where: Where
    text: str = ""
    """From `where` on."""

    @property
    def line(self) -> str:
        """The whole line; empty where only a part of it is known."""
        return self.text if self.where.column == 1 else ""

    def at(self, offset: int) -> Where:
        return Where(self.where.path, self.where.line, self.where.column + offset)


def texts(content: Content) -> Iterator[str]:
    """Every text of a piece of content, content classes opened."""
    for part in content:
        if isinstance(part, Box):
            yield from texts(part.content)
        else:
            yield part.text


def lines_of(content: Content) -> dict[tuple[str, int], Place]:
    """The author's lines that a piece of content is made of, by file and number."""
    found: dict[tuple[str, int], Place] = {}
    for place in _pieces(content):
        key = (place.where.path, place.where.line)
        known = found.get(key)
        if known is None or not known.text:
            found[key] = place
        elif known.where.column + len(known.text) == place.where.column:
            found[key] = Place(known.where, known.text + place.text)
    return found


def _pieces(content: Content) -> Iterator[Place]:
    for part in content:
        if isinstance(part, Box):
            yield from _pieces(part.content)
        else:
            for text, where in zip(part.text.split("\n"), part.origins, strict=True):
                yield Place(where, text)
