"""Content → words to be said."""

from __future__ import annotations

from deckcast.markup.values import Block, Dialect
from deckcast.model import Content


def to_text(content: Content, dialect: Dialect = Dialect()) -> tuple[Block, ...]:
    """What is to be said, block by block: Markdown's marks, blocks of code, pictures, comments and tags are gone."""
    raise NotImplementedError
