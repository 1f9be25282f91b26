"""A slide's title: the words of its first heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckcast.markup.words import to_text
from deckcast.model import Box, Content

_MAYBE = re.compile(r"^[ \t>]*#{1,6}|\n[ ]{0,3}(?:=+|--+)[ \t]*$", re.M)


def title_of(content: Content) -> str:
    """The plain text of the first heading, or nothing."""
    if not any(_MAYBE.search(text) for text in _texts(content)):
        return ""
    for block in to_text(content):
        if block.kind == "heading":
            return " ".join(block.text.split())
    return ""


def _texts(content: Content) -> Iterator[str]:
    for piece in content:
        if isinstance(piece, Box):
            yield from _texts(piece.content)
        else:
            yield piece.text
