"""Finds the files that a style sheet names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      /\*.*?(?:\*/|\Z)                             # a comment
    | @import\s+(?P<sheet>"[^"\n]*"|'[^'\n]*')     # @import "a.css"
    | (?P<import>@import\s+)?\burl\(\s*            # url(a.png), quoted or not
      (?P<url>"[^"\n]*"|'[^'\n]*'|(?:\\[0-9a-f]{1,6}\s?|\\.|[^\s"'()\\])*)\s*\)
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'    # any other string
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a style sheet names."""

    url: str
    offset: int
    """Where it stands in the text."""
    sheet: bool
    """True for `@import`."""


def named(text: str) -> Iterator[Named]:
    """Every `url(…)` and `@import` of a style sheet or a `style` attribute, outside comments and strings."""
    for found in _TOKEN.finditer(text):
        group = "sheet" if found["sheet"] is not None else "url"
        if found[group] is not None:
            quoted = found[group]
            url = quoted[1:-1] if quoted[:1] in ('"', "'") else quoted
            url = re.sub(r"\\([0-9a-fA-F]{1,6}\s?|.)", _unescape, url)
            sheet = group == "sheet" or found["import"] is not None
            yield Named(url, found.start(group) + (quoted != url), sheet)


def _unescape(found: re.Match[str]) -> str:
    """A CSS escape: `\\26 ` is `&`, `\\(` is `(`."""
    code = found[1].strip()
    if re.fullmatch(r"[0-9a-fA-F]{1,6}", code):
        number = int(code, 16)
        return chr(number) if 0 < number < 0x110000 else "\ufffd"
    return found[1]
