"""Colours code, line by line, in the structure that remark's style sheets know."""

from __future__ import annotations

import difflib
import functools
import html
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deckcast.harmless import unturned
from deckcast.markup import Code
from deckcast.model import Finding
from deckcast.render.ansi import Line, Run, to_html

if TYPE_CHECKING:
    from pygments.lexer import Lexer

PLAIN = frozenset(
    ["", "text", "txt", "plain", "plaintext", "none", "nohighlight", "no-highlight", "output", "raw", "ascii", "remark"]
)
"""Names that authors give to what is no code."""
ELSEWHERE = {"assembly": "nasm", "mermaid": "text", "plantuml": "text", "svelte": "html", "vue": "html", "cuda": "cpp"}
"""Names of other highlighters that Pygments lacks, and what comes next to them."""


class Painter:
    """The `code` callback of `markup.to_html`. Collects what the author should know."""

    def __init__(self, numbers: bool = False) -> None:
        self._numbers = numbers
        self.findings: list[Finding] = []

    def __call__(self, code: Code) -> str:
        return self.paint(code, None)

    def paint(self, code: Code, fold: tuple[int, int] | None, typed: str = "") -> str:
        """The block; a mark stands for the lines from the first to the last of `fold`, from 0. `typed` is its name
        where it is typed."""
        lexer = self._lexer(code)
        text = unturned(code.text)  # code is to be read as it runs
        lines = runs(lexer, text) if lexer else None
        if lines is None:
            lines = tuple(((("", line),) if line else ()) for line in text.split("\n"))
        first = int(self._numbers) if code.numbers is None else code.numbers
        signs = code.signs or (_signs_of(code.text) if code.language.lower() in ("diff", "patch") else ())
        shown = [_line(code, number, line, first, signs) for number, line in enumerate(lines)]
        if fold is not None:
            count = fold[1] + 1 - fold[0]
            mark = f"⋯ {count} line{'s' * (count != 1)}"
            shown[fold[0] : fold[1] + 1] = [f'<div class="remark-code-line cell-fold">{mark}</div>']
        body = "".join(shown)
        names = " ".join(filter(None, (html.escape(code.language), "remark-code")))
        name = f' data-typed="{typed}"' if typed else ""
        title = f'<span class="code-title">{html.escape(code.title, quote=False)}</span>' if code.title else ""
        digits = len(str(first + len(lines) - 1))
        numbered = f' class="code-numbered" style="--digits: {digits}"' if first else ""
        return f'<pre{numbered}>{title}<code class="{names}"{name}>{body}</code></pre>\n'

    def _lexer(self, code: Code) -> Lexer | None:
        name = re.sub(r"^\{\.?|[},].*$", "", code.language).lower()  # `{r, echo=FALSE}`, `{.python}`
        if name in PLAIN:
            return None
        found = lexer(ELSEWHERE.get(name, name))
        if found is None and code.language:
            near = difflib.get_close_matches(name, _names(), n=1, cutoff=0.6)
            hint = (
                f"did you mean `{near[0]}`?" if near else "https://pygments.org/languages/ lists them; `text` is none"
            )
            message = f"no colours for the language `{code.language}`: it is shown as plain text"
            self.findings.append(Finding("code-language", "warning", message, code.where, hint=hint))
        return found


def _line(code: Code, number: int, line: Line, first: int, signs: Sequence[str]) -> str:
    """One line, from 0; `first` is the number that the first one shows, if any."""
    names = ["remark-code-line"]
    if number in code.marked:
        names.append("remark-code-line-highlighted")
    sign = signs[number] if number < len(signs) else ""
    names += {"+": ["code-added"], "-": ["code-removed"]}.get(sign, [])
    shown = f'<span class="code-sign">{"−" if sign == "-" else sign}</span>' if code.signs else ""
    count = f' data-number="{first + number}"' if first else ""
    return f'<div class="{" ".join(names)}"{count}>{shown}{to_html(line)}</div>'


def _signs_of(text: str) -> tuple[str, ...]:
    """The signs of a diff's lines; names of files, `+++ b.py`, are no changes."""
    return tuple(
        line[:1] if line[:1] in ("+", "-") and not line.startswith(("+++ ", "--- ")) else " "
        for line in text.split("\n")
    )


@functools.lru_cache(maxsize=64)
def lexer(name: str) -> Lexer | None:
    """Pygments' lexer for a language, by any of its names."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _names() -> list[str]:
    from pygments.lexers import get_all_lexers

    return [alias for _, aliases, _, _ in get_all_lexers() for alias in aliases]


def runs(lexer: Lexer, text: str) -> tuple[Line, ...] | None:
    """The lines of the text, as many as `text.split("\\n")`; None where the lexer loses a character.

    The console lexers drop a last line without a newline, so every text is given one.
    """
    lines: list[Line] = []
    line: list[Run] = []
    seen: list[str] = []
    for kind, value in lexer.get_tokens(f"{text}\n"):
        seen.append(value)
        name = _class(kind)
        for number, piece in enumerate(value.split("\n")):
            if number:
                lines.append(tuple(line))
                line = []
            if piece:
                line.append((name, piece))
    return tuple(lines) if "".join(seen) == f"{text}\n" else None


@functools.cache
def _class(kind: tuple[str, ...]) -> str:
    """Pygments' short name of a token type, or of the nearest one above it that has one."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:
        kind = kind.parent  # type: ignore[attr-defined]
    return STANDARD_TYPES[kind]  # type: ignore[index]
