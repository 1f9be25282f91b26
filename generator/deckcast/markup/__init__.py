"""Content as HTML for the slide and as plain words for the voice. Pure: no files, no printing.

dialect = Dialect.of(deck, settings.slides)
to_html(step.content, dialect, code=paint).html
to_text(step.notes, dialect)
"""

from __future__ import annotations

from deckcast.markup.diagrams import Diagram, DiagramKind, diagram_of
from deckcast.markup.html import plain_code, plain_math, to_html
from deckcast.markup.live import expression, find_code, option_lines, output_of, typed_of, typing_time, value_of
from deckcast.markup.title import title_of
from deckcast.markup.values import Block, Code, Dialect, Markup, Math, Reference, Span
from deckcast.markup.words import to_text

__all__ = [
    "Block",
    "Code",
    "Diagram",
    "DiagramKind",
    "Dialect",
    "Markup",
    "Math",
    "Reference",
    "Span",
    "diagram_of",
    "expression",
    "find_code",
    "option_lines",
    "output_of",
    "plain_code",
    "plain_math",
    "title_of",
    "to_html",
    "to_text",
    "typed_of",
    "typing_time",
    "value_of",
]
