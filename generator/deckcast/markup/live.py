"""The words by which an author says that code runs: fences' options, expressions in code spans, outputs elsewhere.

```python exec name=scores        a cell                  (`Code.info`, read in the stage `run`)
`{python} round(score, 2)`        an expression           (`expression`)
`{output} scores`                 alone in a paragraph: what the cell of that name put out   (`output_of`)
```python typed=1.5s              code, that runs or not, which is typed before the viewer's eyes   (`typed_of`)
#| label: fig-scores              options in the first lines of a cell                      (`option_lines`)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from deckcast.markup.html import to_html
from deckcast.markup.values import PLAIN, Code, Dialect, Span
from deckcast.model import Content, Results, proses

_EXPRESSION = re.compile(r"\{([A-Za-z][\w+#-]*)\}\s+(\S.*)", re.DOTALL)
_OPTION = re.compile(r"[ \t]*(?:#|//|--|%%?|;;?)\|(.*)")
_LISP_OPTION = re.compile(r"[ \t]*;+\|(.*)")
_LISPS = frozenset({"scheme", "racket", "lisp", "clojure", "elisp"})
"""In these `#|` begins a comment of several lines."""
_TYPED = re.compile(r"""(?<=[\s,])typed(?:=("[^"]*"|'[^']*'|[^\s,}]*))?(?=[\s,}]|\Z)""", re.IGNORECASE)
_TIME = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(s|ms|)", re.ASCII)
_OUTPUT = re.compile(r"\{output\}\s+(\S+)\s*")


def expression(text: str) -> tuple[str, str] | None:
    """(language, expression) in the text of a code span, or None where it is just code."""
    found = _EXPRESSION.fullmatch(text)
    return None if found is None or found[1] == "output" else (found[1].lower(), found[2].strip())


def value_of(span: Span, results: Results) -> str | None:
    """The value of the expression in a code span; None where it is just code, or has not been evaluated."""
    return results.value(span.where) if expression(span.text) is not None else None


def output_of(info: str) -> str | None:
    """The name of the cell whose output is wanted there, of `Code.info`; None for every other block of code."""
    found = _OUTPUT.fullmatch(info)
    return None if found is None else found[1]


LONGEST_TYPING = 60.0
"""Seconds."""


def typed_of(info: str) -> float | None:
    """Seconds in which code that does not run is typed, of `Code.info`: 0 for as long as its letters need, None where
    it just shows. Raises `ValueError` with the reason for a time that is none."""
    found = _TYPED.search(info)
    return None if found is None else typing_time(found[1])


def typing_time(value: str | None) -> float | None:
    """The same of what stands behind `typed=`, None where nothing does."""
    text = "" if value is None else value.strip("\"'").lower()
    if value is None or text in ("true", "yes", "on", "t"):
        return 0.0
    if text in ("false", "no", "off", "f"):
        return None
    time = _TIME.fullmatch(text)
    if time is None:
        raise ValueError(f"`typed` is a time, not `{text}`")
    seconds = float(time[1]) / (1000 if time[2] == "ms" else 1)
    if not 0.1 <= seconds <= LONGEST_TYPING:
        raise ValueError(f"code is typed in 0.1 to {LONGEST_TYPING:g} seconds, not in {text}")
    return seconds


def option_lines(language: str, lines: Sequence[str]) -> list[str]:
    """What stands in the leading `#|` lines, without the sign."""
    sign = _LISP_OPTION if language in _LISPS else _OPTION
    found: list[str] = []
    for line in lines:
        match = sign.fullmatch(line)
        if match is None:
            break
        found.append(match[1])
    return found


def find_code(content: Content, dialect: Dialect = PLAIN) -> tuple[Code | Span, ...]:
    """Every block of code and every code span, in the order of the text. What stands in HTML comments is none."""
    if not any(mark in prose.text for prose in proses(content) for mark in ("`", "~~~", "    ", "\t")):
        return ()
    found: list[Code | Span] = []

    def note_block(code: Code) -> str:
        found.append(code)
        return ""

    def note_span(span: Span) -> str:
        found.append(span)
        return ""

    to_html(content, dialect, code=note_block, inline=note_span)
    return tuple(found)
