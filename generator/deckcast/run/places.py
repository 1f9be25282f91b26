"""The author's own lines, found again from the content that was made of them."""

from __future__ import annotations

from dataclasses import dataclass

from deckcast.model import Content, Where, proses


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


def lines_of(content: Content) -> dict[tuple[str, int], Place]:
    """The author's lines that a piece of content is made of, by file and number."""
    found: dict[tuple[str, int], Place] = {}
    for place in (
        Place(where, text)
        for prose in proses(content)
        for text, where in zip(prose.text.split("\n"), prose.origins, strict=True)
    ):
        key = (place.where.path, place.where.line)
        known = found.get(key)
        if known is None or not known.text:
            found[key] = place
        elif known.where.column + len(known.text) == place.where.column:
            found[key] = Place(known.where, known.text + place.text)
    return found
