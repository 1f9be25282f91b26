"""Content → words to be said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from deckcast.htmltokens import unescaped
from deckcast.markup.footnotes import labels_in
from deckcast.markup.html import Renderer, as_it_stands
from deckcast.markup.joined import BEGIN, HOLDER, HeldFormula, with_sources
from deckcast.markup.page import Page, is_block, read
from deckcast.markup.tags import find_tags
from deckcast.markup.values import PLAIN, Block, BlockKind, Dialect, Span, SpanKind
from deckcast.model import Content

_SILENT = frozenset({"script", "style", "svg", "pre", "textarea", "math"})
_KINDS: dict[str, BlockKind] = {
    "list_item_open": "item",
    "blockquote_open": "quote",
    "th_open": "cell",
    "td_open": "cell",
    "heading_open": "heading",
    "dt_open": "item",
    "dd_open": "item",
}


def to_text(
    content: Content, dialect: Dialect = PLAIN, *, inline: Callable[[Span], str | None] = as_it_stands
) -> tuple[Block, ...]:
    """What is to be said, block by block: Markdown's marks, blocks of code, pictures, comments, tags, foot-notes and
    the names of boxes are gone.

    `inline` may give words to be said in the place of a code span; None: the span itself.
    """
    return tuple(_blocks(content, _Reading(dialect, inline, labels_in(content)), "paragraph"))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a piece of content is read."""

    dialect: Dialect
    inline: Callable[[Span], str | None]
    marks: frozenset[str]
    """Labels of foot-notes: their marks are not said, whatever they lead to."""


@dataclass(slots=True)
class _Speaking:
    """Words that are being put together to a block."""

    kind: BlockKind
    spans: list[Span] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        spans = _tidy(self.spans)
        if spans:
            yield Block(self.kind, spans)


def _blocks(content: Content, reading: _Reading, around: BlockKind) -> Iterator[Block]:
    page = read(content, reading.dialect, Renderer, reading.marks)
    kinds: list[BlockKind] = [around]
    for token in page.tokens:
        if token.type == "inline" and token.meta.get("kind"):
            continue  # the name of a box
        if token.type == "inline":
            page.enter(token)
            yield from _inline(token.children or [], page, reading, kinds[-1])
        elif token.type == "held":
            yield from _inline([token], page, reading, kinds[-1])
        elif token.type == "html_block":
            page.enter(token)
            yield from _raw(token.content, page, reading, kinds[-1])
        elif token.nesting == 1 and token.type in _KINDS:
            kinds.append(_KINDS[token.type])
        elif token.nesting == -1 and token.type.replace("_close", "_open") in _KINDS:
            kinds.pop()


def _inline(tokens: Sequence[Token], page: Page, reading: _Reading, kind: BlockKind) -> Iterator[Block]:
    speaking = _Speaking(kind)
    emphasis = 0
    link: SpanKind | None = None
    silent = ""
    """The raw element whose inside is not said."""
    for token in tokens:
        if token.type == "html_inline":
            page.find(token.content)
            silent = _silence(token.content, silent)
            if token.content.lower().startswith("<br"):
                speaking.spans.append(Span(" ", "text", page.where(None)))
        elif silent or token.type == "image":
            continue
        elif token.type in ("softbreak", "hardbreak"):
            speaking.spans.append(Span(" ", "text", page.where(None)))
        elif token.type == "link_open":
            link = "url" if token.info == "auto" else "link"
        elif token.type == "link_close":
            link = None
        elif token.type in ("em_open", "strong_open"):
            emphasis += 1
        elif token.type in ("em_close", "strong_close"):
            emphasis -= 1
        elif token.type == "held":
            yield from _held(token, page, reading, speaking)
        elif token.type == "emoji":
            speaking.spans.append(Span(token.content, link or "text", page.where(page.find(token.markup))))
        elif token.content:
            words: SpanKind = link or ("code" if token.type == "code_inline" else "emphasis" if emphasis else "text")
            where = page.where(page.find(token.content))
            span = Span(with_sources(token.content, page.joined.held), words, where)
            said = reading.inline(span) if token.type == "code_inline" else None
            speaking.spans.append(span if said is None else Span(said, "text", where))
    yield from speaking.blocks()


def _held(token: Token, page: Page, reading: _Reading, speaking: _Speaking) -> Iterator[Block]:
    """Says what a place-holder stands for: in the flow of words, or as blocks of its own."""
    held = page.held(token)
    at = page.find(f"{BEGIN}{token.meta['index']}")
    if isinstance(held, HeldFormula):
        speaking.spans.append(Span(held.tex, "math", page.where(at)))
        return
    blocks = tuple(_blocks(held.content, reading, speaking.kind))
    if not is_block(held) and len(blocks) <= 1:
        for block in blocks:
            speaking.spans.extend(block.spans)
        return
    yield from speaking.blocks()
    speaking.spans.clear()
    yield from blocks


def _raw(text: str, page: Page, reading: _Reading, kind: BlockKind) -> Iterator[Block]:
    """The words between the tags of raw HTML."""
    speaking = _Speaking(kind)
    silent = ""
    at = 0
    for tag in [*find_tags(text), None]:
        words = text[at : len(text) if tag is None else tag.begin]
        if not silent and words.strip():
            yield from _raw_words(words, page, reading, speaking)
        if tag is None:
            break
        silent = _silence(text[tag.begin : tag.end], silent)
        if tag.name not in ("!", "a", "b", "code", "em", "i", "span", "strong", "sub", "sup", "u"):
            yield from speaking.blocks()
            speaking.spans.clear()
        at = tag.end
    yield from speaking.blocks()


def _raw_words(words: str, page: Page, reading: _Reading, speaking: _Speaking) -> Iterator[Block]:
    at = 0
    for match in [*HOLDER.finditer(words), None]:
        said = words[at : len(words) if match is None else match.start()]
        if said:
            where = page.where(page.find(said.strip()))
            speaking.spans.append(Span(" ".join(unescaped(f".{said}.").split())[1:-1], "text", where))
        if match is not None:
            token = Token("held", "", 0, meta={"index": int(match[1])})
            yield from _held(token, page, reading, speaking)
            at = match.end()


def _silence(tag: str, silent: str) -> str:
    """The name of the element that is silent from this tag on."""
    for found in find_tags(tag):
        if silent and found.closing and found.name == silent:
            return ""
        if not silent and not found.closing and found.name in _SILENT:
            return found.name
    return silent


def _tidy(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbours on one line as one span, so that each line's words know their place; no white space at the ends."""
    tidy: list[Span] = []
    for span in spans:
        before = tidy[-1] if tidy else None
        text = (
            span.text.lstrip() if before is None or (before.text.endswith(" ") and span.kind == "text") else span.text
        )
        if not text:
            continue
        if before is not None and before.kind == span.kind == "text" and _on_one_line(before, span):
            tidy[-1] = Span(before.text + text, "text", before.where)
        else:
            tidy.append(Span(text, span.kind, span.where))
    while tidy and not tidy[-1].text.rstrip():
        tidy.pop()
    if tidy:
        tidy[-1] = Span(tidy[-1].text.rstrip(), tidy[-1].kind, tidy[-1].where)
    return tuple(tidy)


def _on_one_line(before: Span, span: Span) -> bool:
    if before.where is None or span.where is None or not span.text.strip():
        return True
    return (before.where.path, before.where.line) == (span.where.path, span.where.line)
