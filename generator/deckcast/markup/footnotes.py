"""Foot-notes: `[^1]` in the text, `[^1]: words` anywhere on the slide, which numbers its own in the order of the marks.

What a slide says in a foot-note is known before it is rendered, since marks and words may stand in different content
classes, and on different steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markdown_it.token import Token

from deckcast.model import Box, Content, Finding, Where, proses

if TYPE_CHECKING:
    from deckcast.markup.page import Page
    from deckcast.markup.values import Dialect

_DEFINITION = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)?\[\^(?P<label>[^\]\s]+)\]:", re.M)
_MARK = re.compile(r"\[\^(?P<label>[^\]\s\[]{1,40})\](?!:)")
CODE = "deck-footnote"


@dataclass(frozen=True, slots=True)
class Note:
    """The words of a foot-note."""

    label: str
    page: Page
    """Its tokens alone."""
    where: Where | None


@dataclass(slots=True)
class Notes:
    """The foot-notes that a slide may show, and those that it does, in order."""

    known: dict[str, Note] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    """Their numbers."""
    findings: list[Finding] = field(default_factory=list)

    def number(self, label: str) -> int:
        """Of a mark, from 1."""
        return self.shown.setdefault(label, len(self.shown) + 1)


def notes_in(content: Content, dialect: Dialect, renderer: Any) -> Notes:
    """All that is defined in a piece of content and in the classes in it."""
    notes = Notes()
    labels = frozenset(match["label"] for prose in proses(content) for match in _DEFINITION.finditer(prose.text))
    if "footnotes" in dialect.extras and labels:
        for note in _defined(content, dialect, renderer, labels):
            if note.label in notes.known:
                message = f"the slide has two foot-notes `[^{note.label}]`; the first one shows"
                hint = "give each a label of its own"
                notes.findings.append(Finding(CODE, "warning", message, note.where, hint=hint))
            else:
                notes.known[note.label] = note
    return notes


def labels_in(content: Content) -> frozenset[str]:
    """What stands like a mark in the content, code included."""
    return frozenset(match["label"] for prose in proses(content) for match in _MARK.finditer(prose.text))


def _defined(content: Content, dialect: Dialect, renderer: Any, labels: frozenset[str]) -> Iterator[Note]:
    from deckcast.markup.page import read

    yield from read(content, dialect, renderer, labels).notes
    for piece in content:
        if isinstance(piece, Box):
            yield from _defined(piece.content, dialect, renderer, labels)


def environment(labels: Iterable[str]) -> dict[str, Any]:
    """What the plug-in must know to read marks with these labels."""
    return {"refs": {f":{label}": -1 for label in labels}, "list": {}}


def taken_out(tokens: Sequence[Token]) -> tuple[list[Token], list[tuple[str, list[Token], Token]]]:
    """The tokens without those of definitions, and of each definition: label, tokens, and the one that opens it."""
    rest: list[Token] = []
    found: list[tuple[str, list[Token], Token]] = []
    depth = 0
    for token in tokens:
        if token.type == "footnote_reference_open":
            found.append((token.meta["label"], [], token))
            depth += 1
        elif token.type == "footnote_reference_close":
            depth -= 1
        elif depth:
            found[-1][1].append(token)
        else:
            rest.append(token)
    return rest, found


def unknown(page: Page, tokens: Sequence[Token], known: Iterable[str]) -> Iterator[Finding]:
    """Marks that stand as text, since the slide has no words for them."""
    text = page.joined.text
    for token in tokens:
        for child in token.children or []:
            for match in _MARK.finditer(child.content) if child.type == "text" and "[^" in child.content else ():
                if match["label"] in known or not re.search(r"\w", match["label"]):
                    continue
                at = text.find(match[0], page.line_begin(token.map[0]) if token.map else 0)
                where = page.joined.where(at) if at >= 0 else None
                message = f"`{match[0]}` is shown as it stands: the slide has no foot-note of that name"
                hint = f"write its words in a paragraph of the same slide: `{match[0]}: …`"
                yield Finding(CODE, "warning", message, where, width=len(match[0]), hint=hint)


def unused(notes: Notes) -> Iterator[Finding]:
    """Foot-notes that no mark leads to, so that they do not show."""
    for note in notes.known.values():
        if note.label not in notes.shown:
            message = f"the foot-note `[^{note.label}]` does not show: nothing on the slide leads to it"
            hint = f"put its mark into the text, `[^{note.label}]`, or use `.footnote[…]`"
            yield Finding(CODE, "warning", message, note.where, hint=hint)
