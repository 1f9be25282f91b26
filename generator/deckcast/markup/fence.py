"""What stands behind a fence's language and says how its code looks, whether it runs or not.

```python {1|3-5|all}             lines that are emphasised, one group a step; `lines=1|3-5|all` says the same
```python numbers=10              lines are numbered, from 10 on
```python title="train.py"        the name of the file above the code
```python diff                    `+` and `-` at the beginning of lines tell what changes
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckcast.markup.groups import read_groups

LINES = r"\{[ \t]*(?P<lines>(?:[0-9][0-9,| \t-]*|\|[ \t]*|\b(?:all|none)\b[ \t]*)+)\}"
"""Lines in braces."""
NAMES = ("lines", "numbers", "title", "diff", "typed")
"""Options of all code."""
CELLS_ONLY = frozenset(
    ["exec", "echo", "output", "hidden", "timeout", "name", "needs", "files", "fold", "may_fail", "varies", "alt"]
)
"""Options of code that runs."""
ELSEWHERE = {
    "linenos": "numbers", "linenums": "numbers", "linenumbers": "numbers", "line_numbers": "numbers",
    "numberlines": "numbers", "number_lines": "numbers", "showlinenumbers": "numbers", "lineno": "numbers",
    "startfrom": "numbers", "start_line": "numbers", "firstnumber": "numbers", "linenostart": "numbers",
    "numbered": "numbers",
    "hl_lines": "lines", "highlight": "lines", "emphasize_lines": "lines", "mark": "lines",
    "filename": "title", "file": "title", "caption": "title",
}  # fmt: skip
"""What other tools call them."""
_OPTION = re.compile(
    rf"""{LINES}|(?P<name>[A-Za-z][\w-]*)(?:=(?P<value>"[^"]*"|'[^']*'|\S*))?(?=\s|\Z)|(?P<other>\S+)"""
)
_LANGUAGE = re.compile(rf"[ \t]*(?P<language>(?:(?!{LINES})\S)*)")
_IN_BRACES = re.compile(r"\{[ \t]*\.?[A-Za-z][^}]*\}")
MOST = 1_000_000
"""The largest number of a line."""


@dataclass(frozen=True, slots=True)
class Fence:
    """How a block of code looks."""

    groups: tuple[frozenset[int], ...] = ()
    """Lines to emphasise, from 1, one group a step."""
    numbers: int | None = None
    """The number of the first line; 0: none are shown; None: nothing is said."""
    title: str = ""
    diff: bool = False


def language_of(info: str) -> str:
    """The first word; lines in braces, glued to it or not, are no part of it."""
    match = _LANGUAGE.match(info)
    return match["language"] if match else ""


def options_of(info: str) -> Iterator[tuple[str, str | None]]:
    """The names and values behind the language, in order; those of a language in braces are another tool's."""
    braces = _IN_BRACES.match(info)
    begin = braces.end() if braces else len(info) - len(info.lstrip()) + len(language_of(info))
    for match in _OPTION.finditer(info, begin):
        if match["lines"] is not None:
            yield "lines", match["lines"].strip()
        elif match["name"]:
            value = match["value"]
            if value is not None and len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            yield match["name"].lower().replace("-", "_"), value


def fence_of(info: str, count: int) -> Fence:
    """How the code behind these words looks, which has `count` lines. What cannot be is left out: the stage that reads
    options tells it."""
    groups: tuple[frozenset[int], ...] = ()
    numbers: int | None = None
    title = ""
    diff = False
    for name, value in options_of(info) if " " in info or "{" in info or "\t" in info else ():
        try:
            if name == "lines" and value is not None:
                groups = read_groups(value, count)
            elif name == "numbers":
                numbers = first_number(value)
            elif name == "title":
                title = value or ""
            elif name == "diff":
                diff = value is None
        except ValueError:
            continue
    return Fence(groups, numbers, title, diff)


def first_number(value: str | None) -> int:
    """Of `numbers=10`, the number of the first line; 0 where lines have none. Raises `ValueError`."""
    text = "" if value is None else value.lower()
    if value is None or text in ("true", "yes", "on", "t"):
        return 1
    if text in ("false", "no", "off", "f"):
        return 0
    if not re.fullmatch("[0-9]{1,7}", text) or not 1 <= int(text) <= MOST:
        raise ValueError(f"is the number of the first line, not `{value}`")
    return int(text)


def without_signs(text: str) -> tuple[str, tuple[str, ...]]:
    """The code without the signs in its first column, and these: `+`, `-` or a blank."""
    lines = text.split("\n")
    signs = tuple(line[:1] if line[:1] in ("+", "-") else " " for line in lines)
    return "\n".join(line[1:] if line[:1] in ("+", "-", " ") else line for line in lines), signs
