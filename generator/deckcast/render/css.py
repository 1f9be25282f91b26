"""Finds the files that a style sheet names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
            quoted, url = found[group], _address(found)
            sheet = group == "sheet" or found["import"] is not None
            yield Named(url, found.start(group) + (quoted != url), sheet)


_CONDITIONS = re.compile(r"[^;{}]*;?")
_LAYER = re.compile(r"layer(?:\(\s*(?P<name>[^)]*?)\s*\))?(?=\s|$)", re.IGNORECASE)
_SUPPORTS = re.compile(r"supports\((?P<all>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)", re.IGNORECASE)
_CHARSET = re.compile(r"\s*@charset\s+\"[^\"]*\"\s*;", re.IGNORECASE)


def replaced(text: str, file: Callable[[str], str], sheet: Callable[[str], str]) -> str:
    """The style sheet with other addresses, and with sheets in the place of their `@import`s, under their conditions.

    `file` gives the new address for each that is named, `sheet` the text of each that is imported.
    """
    parts: list[str] = []
    at = 0
    for found in _TOKEN.finditer(text):
        if found["sheet"] is None and found["url"] is None:
            continue
        url = _address(found)
        parts.append(text[at : found.start()])
        at = found.end()
        if found["sheet"] is not None or found["import"] is not None:
            conditions = _CONDITIONS.match(text, at)
            parts.append(_under(conditions[0].rstrip(";").strip() if conditions else "", sheet(url)))
            at = conditions.end() if conditions else at
        else:
            new = file(url)
            parts.append(found[0] if new == url else f'url("{new}")')
    return "".join([*parts, text[at:]])


def _under(conditions: str, text: str) -> str:
    """What is imported under some conditions (css-cascade-5, 2), as it stands where it is not imported."""
    text = _CHARSET.sub("", text, count=1)
    layer = _LAYER.match(conditions)
    if layer is not None:
        conditions = conditions[layer.end() :].strip()
        text = f"@layer {layer['name'] or ''} {{\n{text}\n}}"
    supports = _SUPPORTS.match(conditions)
    if supports is not None:
        conditions = conditions[supports.end() :].strip()
        asked = supports["all"] if supports["all"].lstrip().startswith("(") else f"({supports['all']})"
        text = f"@supports {asked} {{\n{text}\n}}"
    return f"@media {conditions} {{\n{text}\n}}" if conditions else text


def _address(found: re.Match[str]) -> str:
    quoted = found["sheet"] if found["sheet"] is not None else found["url"]
    url = quoted[1:-1] if quoted[:1] in ('"', "'") else quoted
    return re.sub(r"\\([0-9a-fA-F]{1,6}\s?|.)", _unescape, url)


def _unescape(found: re.Match[str]) -> str:
    """A CSS escape: `\\26 ` is `&`, `\\(` is `(`."""
    code = found[1].strip()
    if re.fullmatch(r"[0-9a-fA-F]{1,6}", code):
        number = int(code, 16)
        return chr(number) if 0 < number < 0x110000 else "\ufffd"
    return found[1]
