"""Content → HTML (FORMAT 10, 11, 14)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from deckcast.markup.diagrams import KINDS
from deckcast.markup.engine import engine
from deckcast.markup.fence import LINES, fence_of, language_of, without_signs
from deckcast.markup.footnotes import Notes, notes_in, unused
from deckcast.markup.joined import BEGIN, HOLDER, Held, HeldFormula, with_sources
from deckcast.markup.page import Page, is_block, read
from deckcast.markup.tags import find_files, find_tags
from deckcast.markup.values import PLAIN, Code, Dialect, Markup, Math, Reference, Span
from deckcast.model import Content, Finding

UNMARKED_LANGUAGES = frozenset(
    {"", "markdown", "md", "diff", "patch", "text", "txt", "plain", "plaintext", "none", *KINDS}
)
"""In these a star at the beginning of a line is something else than a mark (FORMAT 11.2)."""

_LANGUAGE_IN_BRACES = re.compile(rf"(?!{LINES})\{{[ \t]*\.?(?P<language>[^\s,}}.]+)")
_NOT_WORD = re.compile(r"[^\w]+")


def plain_code(code: Code) -> str:
    """Code without colours, as remark writes it: the class of `<code>` is the word behind the fence as it stands."""
    lines = [
        f'<span class="remark-code-line-highlighted">{html.escape(line, quote=False)}</span>'
        if number in code.marked
        else html.escape(line, quote=False)
        for number, line in enumerate(code.text.split("\n"))
    ]
    word = code.info if code.info and not re.search(r"\s", code.info) else code.language
    name = f' class="{html.escape(word)}"' if word else ""
    return f"<pre><code{name}>{chr(10).join(lines)}\n</code></pre>"


def plain_math(math: Math) -> str:
    """A formula as TeX in an element of its own."""
    tex = html.escape(math.tex, quote=False)
    if math.display:
        return f'<div class="math display">{tex}</div>'
    return f'<span class="math inline">{tex}</span>'


def as_it_stands(_span: Span) -> str | None:
    """Code spans are code spans."""
    return None


def to_html(
    content: Content,
    dialect: Dialect = PLAIN,
    *,
    code: Callable[[Code], str] = plain_code,
    math: Callable[[Math], str] = plain_math,
    inline: Callable[[Span], str | None] = as_it_stands,
    whole: Content | None = None,
) -> Markup:
    """The content as HTML. `code` turns each block of code into HTML, `math` each formula, `inline` each code span
    (None: as it stands). `whole` is all of a slide that `content` is a step of: foot-notes may stand in the rest."""
    complete = whole is None or whole is content
    notes = notes_in(content if whole is None else whole, dialect, Renderer)
    writing = _Writing(dialect, code, math, inline, notes)
    written = writing.content(content) + writing.foot()
    if complete:
        writing.findings += [*notes.findings, *unused(notes)]
    return Markup(written, tuple(writing.references), tuple(writing.findings))


@dataclass(slots=True)
class _Writing:
    """One call of `to_html`, content classes in the content included."""

    dialect: Dialect
    code: Callable[[Code], str]
    math: Callable[[Math], str]
    inline: Callable[[Span], str | None]
    notes: Notes
    references: list[Reference] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def content(self, content: Content, inline: bool = False) -> str:
        page = read(content, self.dialect, Renderer, self.notes.known)
        self.findings.extend(page.findings)
        kinds = [token.type for token in page.tokens]
        if inline and kinds == ["paragraph_open", "inline", "paragraph_close"]:
            page.tokens = page.tokens[1:2]
        return self.page(page)

    def page(self, page: Page) -> str:
        md = engine(Renderer, self.dialect.extras)
        return str(md.renderer.render(page.tokens, md.options, {"writing": self, "page": page}))

    def foot(self) -> str:
        """The foot-notes that the slide's marks lead to; their own words may have marks, too."""
        items: list[str] = []
        while new := list(self.notes.shown)[len(items) :]:
            items += [f"<li>{self.page(self.notes.known[label].page).strip()}</li>\n" for label in new]
        return f'<div class="footnote footnotes"><ol>\n{"".join(items)}</ol></div>\n' if items else ""

    def held(self, held: Held) -> str:
        if isinstance(held, HeldFormula):
            return self.math(Math(held.tex, held.display, held.source, held.origins[0], held.origins))
        tag = "div" if held.block else "span"
        inside = self.content(held.content, inline=not held.block)
        return f'<{tag} class="{html.escape(" ".join(held.classes))}">{inside}</{tag}>'


class Renderer(RendererHTML):
    """Tokens → HTML. `env` carries the page and the writing it belongs to."""

    def held(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        page: Page = env["page"]
        token = tokens[idx]
        held = page.held(token)
        page.find(f"{BEGIN}{token.meta['index']}")
        written = env["writing"].held(held)
        return f"{written}\n" if token.block and is_block(held) else str(written)

    def render(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        parts: list[str] = []
        for index, token in enumerate(tokens):
            if token.type == "inline":
                env["page"].enter(token)
                parts.append(self.renderInline(token.children or [], options, env))
            elif token.type in self.rules:
                parts.append(self.rules[token.type](tokens, index, options, env))
            else:
                parts.append(self.renderToken(tokens, index, options, env))
        return "".join(parts)

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return html.escape(tokens[idx].content, quote=False)

    def emoji(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        env["page"].find(tokens[idx].markup)
        return html.escape(tokens[idx].content)

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        label, notes = tokens[idx].meta["label"], env["writing"].notes
        if label not in notes.known:  # what defines it is in code
            return html.escape(f"[^{label}]", quote=False)
        return f'<sup class="footnote-mark">{notes.number(label)}</sup>'

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        inline = tokens[idx + 1]
        words = self.renderInlineAsText(inline.children, options, env)
        name = _NOT_WORD.sub("-", words.lower()).strip("-")
        identity = f' id="{html.escape(name)}"' if name else ""
        return f"<{tokens[idx].tag}{identity}>"

    def code_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        page: Page = env["page"]
        where = page.where(page.find(tokens[idx].content))
        text = with_sources(tokens[idx].content, page.joined.held)
        made = env["writing"].inline(Span(text, "code", where))
        return f"<code>{html.escape(text, quote=False)}</code>" if made is None else str(made)

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        page: Page = env["page"]
        info = with_sources(token.info, page.joined.held)
        return self._code(token, info, page, env["writing"])

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return self._code(tokens[idx], None, env["page"], env["writing"])

    def _code(self, token: Token, info: str | None, page: Page, writing: _Writing) -> str:
        text = with_sources(token.content, page.joined.held).replace("\t", "    ")
        text = text.removesuffix("\n")
        language = _language(info) if info else writing.dialect.highlight_language
        marked: list[int] = []
        if writing.dialect.highlight_lines and language.lower() not in UNMARKED_LANGUAGES:
            text, marked = _take_stars(text)
        fence = fence_of(info or "", text.count("\n") + 1)
        groups = tuple(frozenset(line - 1 for line in group) for group in fence.groups)
        if groups:
            marked += groups[0]
        signs: tuple[str, ...] = ()
        if fence.diff:
            text, signs = without_signs(text)
        first = page.first_line(token)
        begin = (token.map or [0])[0] + (token.type == "fence")
        origins = tuple(page.line_where(begin + number) for number in range(text.count("\n") + 1))
        code = Code(
            text, language, info or "", frozenset(marked), first, origins, groups, fence.numbers, fence.title, signs
        )
        return f"{writing.code(code)}\n"

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        page: Page = env["page"]
        held = page.joined.held
        source = _restored(str(token.attrs.get("src", "")), held)
        alt = with_sources(self.renderInlineAsText(token.children, options, env), held)
        begin = page.find("![")
        where = page.where(begin)
        address = page.find(source)
        if address is None:
            address = page.find(unquote(source))
        if address is not None and begin is not None:
            where = page.where(address)
        env["writing"].references.append(Reference(source, where, alt, "image"))
        title = str(token.attrs.get("title", ""))
        extra = f' title="{html.escape(with_sources(title, held))}"' if title else ""
        for name in ("class", "id", "style"):
            if name in token.attrs:
                extra += f' {name}="{html.escape(str(token.attrs[name]))}"'
        return f'<img src="{html.escape(source)}" alt="{html.escape(alt)}"{extra}>'

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        held = env["page"].joined.held
        attributes = {key: _restored(str(value), held) for key, value in tokens[idx].attrs.items()}
        return "<a" + "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items()) + ">"

    def html_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        page: Page = env["page"]
        content = tokens[idx].content
        begin = page.find(content)
        self._named(content, begin, page, env["writing"])
        return with_sources(content, page.joined.held)

    def html_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        page: Page = env["page"]
        writing: _Writing = env["writing"]
        content = tokens[idx].content
        page.enter(tokens[idx])
        begin = page.find(content.rstrip("\n"))
        self._named(content, begin, page, writing)
        if BEGIN not in content:
            return content
        parts: list[str] = []
        at = 0
        for tag in find_tags(content):
            parts.append(_with_held(content[at : tag.begin], page, writing))
            parts.append(with_sources(content[tag.begin : tag.end], page.joined.held))
            at = tag.end
        parts.append(_with_held(content[at:], page, writing))
        return "".join(parts)

    def _named(self, content: str, begin: int | None, page: Page, writing: _Writing) -> None:
        """Notes the files that raw HTML names."""
        for named in find_files(content):
            url = with_sources(named.url, page.joined.held)
            where = page.where(None if begin is None else begin + named.begin)
            writing.references.append(Reference(url, where, with_sources(named.alt, page.joined.held), named.kind))


def _with_held(text: str, page: Page, writing: _Writing) -> str:
    return HOLDER.sub(lambda match: writing.held(page.joined.held[int(match[1])]), text)


def _restored(url: str, held: Sequence[Held]) -> str:
    """An address as the author wrote it where a place-holder got into it, percent-encoded by Markdown."""
    return with_sources(unquote(url), held) if "%EF%B7%90" in url else with_sources(url, held)


def _language(info: str) -> str:
    braces = _LANGUAGE_IN_BRACES.match(info)
    return language_of(info) if braces is None else braces["language"]


def _take_stars(text: str) -> tuple[str, list[int]]:
    """The code without its stars, and which lines had one: `*x` is `x`, `* x` is two blanks and `x`."""
    lines = text.split("\n")
    marked = [number for number, line in enumerate(lines) if line.startswith("*")]
    for number in marked:
        rest = lines[number][1:]
        lines[number] = f" {rest}" if rest.startswith(" ") else rest
    return "\n".join(lines), marked
