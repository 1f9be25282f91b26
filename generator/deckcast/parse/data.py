"""A deck as plain data, in the shape in which remark's own reading of it is recorded.

`{"slides": [{"properties", "content", "notes", "html"}]}`; content is a list of texts and of
`{"class", "block", "content"}` for content classes.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from deckcast.markup import Dialect, Math, to_html
from deckcast.model import Box, Content, Deck, Property
from deckcast.parse.properties import Slip
from deckcast.parse.variables import plain
from deckcast.settings import SlidesSettings

Json: TypeAlias = dict[str, Any]


def of_deck(deck: Deck) -> Json:
    """The visible slides, increments counted, with all that they inherit."""
    dialect = Dialect.of(deck, SlidesSettings(highlight_lines=False))
    return {
        "slides": [
            {
                "properties": _properties(step.properties, step.increment),
                "content": of_content(step.content),
                "notes": of_content(step.notes),
                "html": to_html(step.content, dialect, math=_as_written).html,
            }
            for step in deck.steps
        ]
    }


def of_slips(slips: Sequence[Slip]) -> Json:
    """The slides as written: layouts and excluded slides too, nothing inherited, variables not replaced."""
    return {
        "slides": [
            {
                "properties": _properties(slip.properties, slip.draft.increment),
                "content": of_content(plain(slip.content)),
                "notes": of_content(plain(slip.draft.notes)),
            }
            for slip in slips
        ]
    }


def _properties(properties: Iterable[Property], continued: bool) -> dict[str, str]:
    return {item.key: item.value for item in properties} | {"continued": "true" if continued else "false"}


def of_content(content: Content) -> list[Any]:
    """Neighbouring texts are one."""
    found: list[Any] = []
    for piece in content:
        if isinstance(piece, Box):
            inside = of_content(piece.content)
            found.append({"class": " ".join(piece.classes), "block": piece.block, "content": inside})
        elif found and isinstance(found[-1], str):
            found[-1] += piece.text
        else:
            found.append(piece.text)
    return found


def _as_written(math: Math) -> str:
    """remark knows no formulas: the page's scripts find them in its HTML."""
    return html.escape(math.source, quote=False)
