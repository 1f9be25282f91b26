"""A slide's title: the words of its first heading."""

from __future__ import annotations

import re
from collections.abc import Callable

from deckcast.harmless import without_turns
from deckcast.markup.html import as_it_stands
from deckcast.markup.values import Span
from deckcast.markup.words import to_text
from deckcast.model import Box, Content, Prose, proses

_MAYBE = re.compile(r"^[ \t>]*#{1,6}[^#\n]|\n[ ]{0,3}(?:=+|--+)[ \t]*$", re.M)
_PLAIN = re.compile(r"\s*^ {0,3}#{1,6}[ \t]+(?P<words>[^\n#*_`<>&\\$\[\]!~:|]+)(?:\n|\Z)", re.M)
"""A heading at the very top, of words alone."""
_MAY_HIDE = re.compile(r"```|~~~|<")
"""Before a heading, these might turn out to be around it."""


def title_of(content: Content, *, inline: Callable[[Span], str | None] = as_it_stands) -> str:
    """The plain text of the first heading, or nothing. `inline` may give words in the place of a code span."""
    if content and isinstance(content[0], Prose) and (plain := _PLAIN.match(content[0].text)) is not None:
        whole = len(content) == 1 or plain.end() < len(content[0].text)
        if whole and not plain[0].startswith((" ", "\t")):
            return without_turns(" ".join(plain["words"].split()))
    if not any(_MAYBE.search(prose.text) for prose in proses(content)):
        return ""
    return _first_heading(_head(content), inline) or _first_heading(content, inline)


def _first_heading(content: Content, inline: Callable[[Span], str | None]) -> str:
    for block in to_text(content, inline=inline):
        if block.kind == "heading":
            return without_turns(" ".join(block.text.split()))
    return ""


def _head(content: Content) -> Content:
    """The content up to its first heading's end, so that the rest need not be read; nothing when in doubt."""
    head: list[Prose | Box] = []
    found = False
    for piece in content:
        if isinstance(piece, Box):
            if not found:
                return ()
            head.append(piece)
            continue
        match = None if found else _MAYBE.search(piece.text)
        begin = 0 if match is None else match.end()
        if not found and _MAY_HIDE.search(piece.text, 0, begin or len(piece.text)):
            return ()
        found = found or match is not None
        end = piece.text.find("\n", begin) if found else -1
        if end >= 0:
            text = piece.text[:end]
            head.append(Prose(text, piece.origins[: text.count("\n") + 1]))
            return tuple(head)
        head.append(piece)
    return tuple(head)
