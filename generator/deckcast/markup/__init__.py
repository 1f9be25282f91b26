"""Content as HTML for the slide and as plain words for the voice. Pure: no files, no printing.

    dialect = Dialect.of(deck, settings.slides)
    to_html(step.content, dialect, code=paint).html
    to_text(step.notes, dialect)
"""

from __future__ import annotations

from deckcast.markup.html import plain_code, to_html
from deckcast.markup.values import Block, Code, Dialect, Markup, Reference, Span
from deckcast.markup.words import to_text

__all__ = ["Block", "Code", "Dialect", "Markup", "Reference", "Span", "plain_code", "to_html", "to_text"]
