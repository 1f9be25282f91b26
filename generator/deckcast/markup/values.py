"""What `markup` gives back, and what it must know of the deck to read a piece of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from deckcast.model import Deck, Finding, Link, Where
from deckcast.settings import EXTRAS, SlidesSettings


@dataclass(frozen=True)
class Dialect:
    """What a whole deck says about how each of its slides is read."""

    links: tuple[Link, ...] = ()
    """Reference definitions, known in the whole deck."""
    backslash_formulas: bool = False
    """Undo Markdown's escapes in formulas (FORMAT 14.3)."""
    highlight_lines: bool = True
    """A leading `*` marks a line of code, but for languages that use it otherwise (FORMAT 11.2)."""
    highlight_language: str = ""
    """Language of code blocks that name none."""
    extras: frozenset[str] = frozenset(EXTRAS)
    """What is read beyond remark's Markdown (FORMAT 14.5)."""

    @classmethod
    def of(cls, deck: Deck, slides: SlidesSettings) -> Dialect:
        return cls(
            deck.links,
            deck.backslash_formulas,
            slides.highlight_lines,
            slides.highlight_language,
            frozenset(slides.extras),
        )

    @cached_property
    def references(self) -> dict[str, dict[str, str]]:
        """The definitions in markdown-it's form."""
        from markdown_it.common.utils import normalizeReference

        return {normalizeReference(link.id): {"href": link.url, "title": link.title} for link in self.links}


PLAIN = Dialect()
"""Of a text that belongs to no deck."""


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced or indented block of code."""

    text: str
    """Without the stars of marked lines and without a newline at its end; tabs are four blanks."""
    language: str
    """The first word of `info` or the deck's default; empty when there is neither."""
    info: str
    """All that stands behind the fence's marks; empty for indented code."""
    marked: frozenset[int]
    """Lines to emphasise, from 0."""
    where: Where | None
    """The fence's own line, or the first line of indented code."""
    origins: tuple[Where | None, ...] = ()
    """Where each line of `text` stands, with its star if it has one."""
    groups: tuple[frozenset[int], ...] = ()
    """Groups of lines to emphasise, from 0, one a step from the first one on. The first one is in `marked`, too."""
    numbers: int | None = None
    """The number of the first line; 0 for none, None where the deck decides."""
    title: str = ""
    """Such as the name of a file."""
    signs: tuple[str, ...] = ()
    """Of a change, the sign of each line: `+`, `-`, or a blank."""


_MARKS = re.compile(r"`*(?:\$\$?|\\\\[(\[])?\s*")


@dataclass(frozen=True, slots=True)
class Math:
    """A formula."""

    tex: str
    """Without its marks and without Markdown's escapes."""
    display: bool
    """True for a formula in a block of its own."""
    source: str
    """As the author wrote it, marks included."""
    where: Where | None
    """Where `source` begins."""
    origins: tuple[Where | None, ...] = ()
    """Where each line of `source` begins."""

    def place(self, offset: int) -> Where | None:
        """The author's own place of a character of `tex`, which lacks marks and escapes that `source` has."""
        marks = _MARKS.match(self.source)
        at = marks.end() if marks else 0
        for char in self.tex[:offset]:
            if self.source[at : at + 1] != char and self.source[at : at + 1] == "\\":
                at += 1
            at += 1
        if self.source[at : at + 1] == "\\" and self.tex[offset : offset + 1] not in ("\\", ""):
            at += 1
        at = min(at, len(self.source))
        line = self.source.count("\n", 0, at)
        begin = self.origins[line] if line < len(self.origins) else self.where
        if begin is None or line >= len(self.origins):
            return begin
        return Where(begin.path, begin.line, begin.column + at - (self.source.rfind("\n", 0, at) + 1))


ReferenceKind: TypeAlias = Literal["image", "media", "style"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Something outside the deck's text that must be there for the slide to look right.

    Links that a reader could follow (`<a href>`) are not among them.
    """

    url: str
    """As it stands in the HTML, character references resolved; Markdown's own are percent-encoded."""
    where: Where | None
    alt: str = ""
    kind: ReferenceKind = "image"
    """`image`: `![…](…)`, `<img>`, `<image>`; `media`: `src`, `href`, `data`, `poster` of other tags;
    `style`: `url(…)` in a `style` attribute or a `<style>` element."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of content as HTML."""

    html: str
    references: tuple[Reference, ...] = ()
    """In the order of the text."""
    findings: tuple[Finding, ...] = ()
    """`Finding.line` is empty: markup does not see the author's file."""


SpanKind: TypeAlias = Literal["text", "emphasis", "code", "link", "url", "math"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of words to be said."""

    text: str
    kind: SpanKind
    """`link`: the words of a link; `url`: a bare address; `code`: an inline code span; `math`: TeX."""
    where: Where | None


BlockKind: TypeAlias = Literal["paragraph", "item", "heading", "quote", "cell"]


@dataclass(frozen=True, slots=True)
class Block:
    """Words that belong together: a paragraph, a list item, a heading, a quoted paragraph, a table cell."""

    kind: BlockKind
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)
