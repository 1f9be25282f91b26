"""Formulas in a text, found before Markdown can touch them (FORMAT 14.3).

`$x$`, `$$x$$`, `\\\\(x\\\\)`, `\\\\[x\\\\]` (the back-slashes doubled, as authors write them for Markdown first),
and `` `$x$` `` as xaringan's authors do. A formula does not reach over a blank line, but an environment such as
`\\begin{align}` does, which is a formula by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckcast.markup.protect import CodeRegion, code_regions

_MARK = re.compile(
    r"(?P<display>\$\$)|(?P<inline>\$)|\\\\(?P<open>[(\[])|\\\\(?P<close>[)\]])|(?P<blank>\n[ \t]*\n)|\\."
)
_CLOSING = {"(": ")", "[": "]"}
ENVIRONMENTS = ("align", "alignat", "CD", "eqnarray", "equation", "gather", "multline")
"""Those that stand outside of dollars, with a star or without."""
_BEGIN = re.compile(rf"\\begin\{{(?P<name>(?:{'|'.join(ENVIRONMENTS)})\*?)\}}")
_ESCAPE = re.compile(r"\\([_*\\])")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it stands in a text."""

    begin: int
    end: int
    tex: str
    """As written, without its marks."""
    display: bool
    escaped: bool
    """True when its own marks are escaped for Markdown, `\\\\(…\\\\)`: then what is inside is, too."""

    @property
    def has_escapes(self) -> bool:
        return "\\_" in self.tex

    def clean(self, undo: bool) -> str:
        """The TeX; with `undo`, or in a formula of escaped marks, without Markdown's escapes."""
        return _ESCAPE.sub(r"\1", self.tex) if undo or self.escaped else self.tex


def may_hold(text: str) -> bool:
    """False where a glance tells that there is no formula."""
    return "$" in text or "\\\\" in text or "\\begin{" in text


def find_formulas(text: str, code: list[CodeRegion] | None = None) -> Iterator[Formula]:
    """The formulas outside code, in order; `code` as `code_regions` finds it."""
    if not may_hold(text):
        return
    regions = list(code_regions(text)) if code is None else code
    position = 0
    for region in [*regions, None]:
        stop = len(text) if region is None else region.begin
        yield from _between(text, position, stop)
        if region is not None:
            position = region.end
            if not region.fence:
                yield from _in_ticks(text, region)


def _in_ticks(text: str, region: CodeRegion) -> Iterator[Formula]:
    inside = text[region.begin + region.marks : region.end - region.marks]
    for mark in ("$$", "$"):
        tex = inside[len(mark) : -len(mark)]
        if inside.startswith(mark) and inside.endswith(mark) and tex.strip() == tex and tex and "$" not in tex:
            yield Formula(region.begin, region.end, tex, mark == "$$", False)
            return


def _between(text: str, begin: int, stop: int) -> Iterator[Formula]:
    opened: tuple[str, int, int] | None = None
    reach = begin
    endless: set[str] = set()
    for match in _MARK.finditer(text, begin, stop):
        kind = match.lastgroup
        if match.start() < reach:
            continue
        if (
            opened is None
            and kind is None
            and (formula := _environment(text, match.start(), stop, endless)) is not None
        ):
            reach = formula.end
            yield formula
        elif kind == "blank":
            opened = None
        elif kind in ("inline", "display"):
            mark = match[0]
            if opened is not None and opened[0] == mark and _closes(text, opened[2], match):
                yield Formula(opened[1], match.end(), text[opened[2] : match.start()], mark == "$$", False)
                opened = None
            elif mark == "$$" or not text[match.end() : match.end() + 1].isspace():
                opened = (mark, match.start(), match.end())
            else:
                opened = None
        elif kind == "open" and (opened is None or opened[0] == "$"):
            opened = (match["open"], match.start(), match.end())
        elif kind == "close" and opened is not None and _CLOSING.get(opened[0]) == match["close"]:
            tex = text[opened[2] : match.start()]
            if tex.strip():
                yield Formula(opened[1], match.end(), tex, opened[0] == "[", True)
            opened = None


def _environment(text: str, begin: int, stop: int, endless: set[str]) -> Formula | None:
    """The environment that begins there. Escaped line breaks, `\\\\\\\\`, tell that it was written for Markdown first.

    `endless` remembers the names of those that never end, so that nobody looks twice.
    """
    name = _BEGIN.match(text, begin, stop)
    if name is None or name["name"] in endless:
        return None
    end = text.find(f"\\end{{{name['name']}}}", name.end(), stop)
    if end < 0:
        endless.add(name["name"])
        return None
    end += len(f"\\end{{{name['name']}}}")
    tex = text[begin:end]
    return Formula(begin, end, tex, True, "\\\\\\\\" in tex)


def _closes(text: str, begin: int, mark: re.Match[str]) -> bool:
    """Whether a dollar ends what was opened: money (`$5 and $6`) must not look like a formula."""
    tex = text[begin : mark.start()]
    if not tex.strip():
        return False
    if mark[0] == "$$":
        return True
    return not tex[-1].isspace() and not text[mark.end() : mark.end() + 1].isdigit()
