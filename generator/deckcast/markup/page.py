"""A piece of content, read as Markdown: what HTML and spoken words are both made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from markdown_it.token import Token

from deckcast.markup.engine import MAX_NESTING, engine
from deckcast.markup.footnotes import Note, environment, taken_out, unknown
from deckcast.markup.joined import HOLDER, Held, HeldFormula, Joined, join, take_formulas_out
from deckcast.markup.lists import reindent
from deckcast.markup.sized import unread
from deckcast.markup.values import Dialect
from deckcast.model import Box, Content, Finding, Where

_SLIPS = (
    (
        re.compile(r"(?<!\S)(\*\*|__)[ ]+[^*_\n]*[^\W\d_][^*_\n]*[ ]+\1(?!\S)"),
        "deck-bold-blank",
        "with blanks inside its marks this is not bold",
        "let the marks touch the words: `**bold**`",
    ),
    (
        re.compile(r"\]\([^\s()<>]+(?: [^\s()<>\"']+)+\)"),
        "deck-link-blank",
        "an address with blanks in it is no link and no picture",
        "put the address in `<…>`, or write `%20` for each blank",
    ),
)
_BLOCK = re.compile(
    r"\s*(?:#{1,6}(?=[\s]|[^\W\d_])|[-+*][ ]|[0-9]{1,9}[.)][ ]|>|<(?:div|h[1-6]|ol|p|pre|table|ul)\b)", re.I
)
_LONE_MARK = re.compile(r"\s*(?:[-+*]|[0-9]{1,9}[.)]|#{1,6}|>)\s*")
MAX_SLIPS = 20
"""Findings about one piece of content."""
_WINDOW = 4000
"""How far a word is looked for behind the last one that was found."""


@dataclass(slots=True)
class Page:
    """Tokens of markdown-it, place-holders as tokens of type `held`, and the way back to the author's lines."""

    joined: Joined
    tokens: list[Token]
    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    """Foot-notes that are defined here."""
    _at: int = 0
    _stop: int = 0
    _begins: list[int] = field(default_factory=list)

    def held(self, token: Token) -> Held:
        return self.joined.held[int(token.meta["index"])]

    def part(self, tokens: list[Token]) -> Page:
        """The same text with these tokens alone."""
        return Page(self.joined, tokens, _begins=self._begins)

    def enter(self, token: Token) -> None:
        """Goes to the lines of a block; words are looked for there from now on."""
        if not token.map:
            return
        first, last = token.map
        self._at = max(self._at, self.line_begin(first))
        self._stop = self.line_begin(last)

    def line_begin(self, number: int) -> int:
        """Where a line begins, from 0; the text's end for the line behind the last one."""
        if not self._begins:
            self._begins = [0, *(match.end() for match in re.finditer("\n", self.joined.text)), len(self.joined.text)]
        return self._begins[min(number, len(self._begins) - 1)]

    def find(self, text: str) -> int | None:
        """The next place of a text in the current block, and goes behind it."""
        found = self.joined.text.find(text, self._at, min(self._stop, self._at + _WINDOW + len(text)))
        if found < 0:
            return None
        self._at = found + len(text)
        return found

    def where(self, offset: int | None) -> Where | None:
        """Of an offset in the joined text; of None, where we are."""
        return self.joined.where(self._at if offset is None else offset)

    def line_where(self, number: int) -> Where | None:
        """Of the first character that is no blank in a line, or of its end."""
        begin = self.line_begin(number)
        text = self.joined.text
        while text[begin : begin + 1] in (" ", "\t"):
            begin += 1
        return self.joined.where(begin)

    def first_line(self, token: Token) -> Where | None:
        if not token.map:
            return None
        self.enter(token)
        return self.line_where(token.map[0])


def read(content: Content, dialect: Dialect, renderer: Any, labels: Iterable[str] = ()) -> Page:
    """The content as tokens. `labels` are those of foot-notes that are known besides its own."""
    joined = reindent(take_formulas_out(join(content), dialect.backslash_formulas))
    if _LONE_MARK.fullmatch(joined.text):
        tokens = _words_alone(joined.text)
    else:
        env = {"references": dialect.references, "footnotes": environment(labels)}
        tokens = engine(renderer, dialect.extras).parse(joined.text, env)
    page = Page(joined, [])
    page.findings.extend(_too_deep(page, tokens))
    page.findings.extend(islice(_slips(page, tokens), MAX_SLIPS))
    if "image-sizes" in dialect.extras and "){" in joined.text:
        page.findings.extend(islice(_unread_sizes(page, tokens), MAX_SLIPS))
    if "footnotes" in dialect.extras and "[^" in joined.text:
        page.findings.extend(islice(unknown(page, tokens, labels), MAX_SLIPS))
    for token in tokens:
        if token.type == "inline":
            token.children = list(_with_held(token.children or []))
    rest, defined = taken_out(tokens)
    page.tokens = list(_outputs_apart(_split_paragraphs(rest, joined.held)))
    for label, inside, opening in defined:
        where = page.line_where(opening.map[0]) if opening.map else None
        page.notes.append(Note(label, page.part(list(_split_paragraphs(inside, joined.held))), where))
    return page


def _words_alone(text: str) -> list[Token]:
    """A paragraph: `.red[*]` marks a foot-note, it does not begin a list."""
    word = Token("text", "", 0, content=text.strip())
    inline = Token("inline", "", 0, children=[word], content=word.content, level=1, map=[0, 1], block=True)
    opening = Token("paragraph_open", "p", 1, map=[0, 1], block=True)
    return [opening, inline, Token("paragraph_close", "p", -1, block=True)]


def _too_deep(page: Page, tokens: Sequence[Token]) -> Iterator[Finding]:
    deepest = max(tokens, key=lambda token: token.level, default=None)
    if deepest is not None and deepest.level >= MAX_NESTING - 2:
        yield Finding(
            "deck-nesting",
            "error",
            "lists or quotes are nested so deep that the innermost do not show",
            page.joined.where(page.line_begin(deepest.map[0])) if deepest.map else None,
            hint=f"at most {MAX_NESTING // 2 - 2} lists can stand in each other",
        )


def _slips(page: Page, tokens: Sequence[Token]) -> Iterator[Finding]:
    """What was left as text, but is hardly meant so."""
    text = page.joined.text
    for token in tokens:
        for child in token.children or []:
            for pattern, code, message, hint in _SLIPS:
                match = pattern.search(child.content) if child.type == "text" else None
                if match is not None:
                    begin = page.line_begin(token.map[0]) if token.map else 0
                    at = text.find(match[0], begin)
                    where = page.joined.where(at) if at >= 0 else None
                    yield Finding(code, "warning", message, where, width=len(match[0]), hint=hint)


def _unread_sizes(page: Page, tokens: Sequence[Token]) -> Iterator[Finding]:
    for braces in unread(tokens):
        at = page.joined.text.find(f"){braces}")
        where = page.joined.where(at + 1) if at >= 0 else None
        message = f"`{braces}` behind a picture is no size and shows as it stands"
        hint = "such as `{width=50%}`, `{width=300 height=200}`, `{.class #id}`"
        yield Finding("deck-image-size", "warning", message, where, width=len(braces), hint=hint)


def _with_held(tokens: Sequence[Token]) -> Iterator[Token]:
    """Text tokens cut at place-holders."""
    for token in tokens:
        if token.type != "text" or HOLDER.search(token.content) is None:
            yield token
            continue
        at = 0
        for match in HOLDER.finditer(token.content):
            if at < match.start():
                yield _text(token, token.content[at : match.start()])
            yield Token("held", "", 0, meta={"index": int(match[1])}, level=token.level)
            at = match.end()
        if at < len(token.content):
            yield _text(token, token.content[at:])


def _text(token: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=token.level)


def is_block(held: Held) -> bool:
    """Whether it stands apart from the words around it; an inline class does when it holds a heading, a list …"""
    if isinstance(held, HeldFormula):
        return held.display
    if held.block or not held.content:
        return held.block
    first = held.content[0]
    return is_block(first) if isinstance(first, Box) else _BLOCK.match(first.text) is not None


def _split_paragraphs(tokens: Sequence[Token], held: Sequence[Held]) -> Iterator[Token]:
    """Paragraphs split around the blocks that stand in them (FORMAT 10.11)."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "paragraph_open" and any(_block(child, held) for child in tokens[at + 1].children or []):
            yield from _split(token, tokens[at + 1], tokens[at + 2], held)
            at += 3
        else:
            yield token
            at += 1


def _outputs_apart(tokens: Iterable[Token]) -> Iterator[Token]:
    """A paragraph that only names a cell's output as a block of code, so that a block can take its place."""
    waiting: list[Token] = []
    for token in tokens:
        waiting.append(token)
        if len(waiting) == 1 and token.type == "paragraph_open":
            continue
        if len(waiting) == 2 and token.type == "inline" and _names_output(token):
            continue
        if len(waiting) == 3:
            span = (waiting[1].children or [])[0]
            yield Token("fence", "code", 0, info=span.content, map=waiting[1].map, level=token.level, block=True)
        else:
            yield from waiting
        waiting.clear()


def _names_output(inline: Token) -> bool:
    children = inline.children or []
    return len(children) == 1 and children[0].type == "code_inline" and children[0].content.startswith("{output} ")


def _block(token: Token, held: Sequence[Held]) -> bool:
    return token.type == "held" and is_block(held[int(token.meta["index"])])


def _split(opening: Token, inline: Token, closing: Token, held: Sequence[Held]) -> Iterator[Token]:
    part: list[Token] = []
    marks: list[Token] = []
    """Emphasis and links that are open; they are closed before a block and opened again behind it."""
    for child in inline.children or []:
        if _block(child, held):
            closings = [Token(mark.type.replace("_open", "_close"), mark.tag, -1) for mark in reversed(marks)]
            yield from _paragraph(opening, [*part, *closings], closing, inline)
            yield Token("held", "", 0, meta=child.meta, map=inline.map, block=True, level=opening.level)
            part = list(marks)
            continue
        part.append(child)
        if child.nesting == 1:
            marks.append(child)
        elif child.nesting == -1 and marks:
            marks.pop()
    yield from _paragraph(opening, part, closing, inline)


def _paragraph(opening: Token, part: list[Token], closing: Token, inline: Token) -> Iterator[Token]:
    """A paragraph of what is left between two blocks; none when that is only white space and marks."""
    while part and _is_gap(part[0]):
        part = part[1:]
    while part and _is_gap(part[-1]):
        part = part[:-1]
    if all(_is_gap(token) or token.nesting for token in part):
        return
    yield opening
    yield Token("inline", "", 0, map=inline.map, children=part, level=inline.level, block=True)
    yield closing


def _is_gap(token: Token) -> bool:
    return token.type in ("softbreak", "hardbreak") or (token.type == "text" and not token.content.strip())
