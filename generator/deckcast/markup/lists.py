"""Re-indents lists, so that CommonMark nests what remark nests (FORMAT 14.1).

remark's engine lets any deeper indent nest and keeps a block in its item even when it is indented too
little; CommonMark wants both to reach the text of the item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from deckcast.markup.joined import Joined
from deckcast.markup.protect import FENCE, CodeFinder

_ITEM = re.compile(r"(?P<marker>[-+*]|[0-9]{1,9}[.)])(?P<gap>[ ]+|$)")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_FENCE = re.compile(FENCE)


@dataclass(slots=True)
class _Item:
    marker: int
    """Column of its marker, as written."""
    content: int
    """Column of its text, as written."""
    out: int
    """Column of its text, as put out."""


def reindent(joined: Joined) -> Joined:
    """The text with its lists indented as CommonMark wants them, line for line."""
    if not re.search(r"^[ \t]*(?:[-+*]|[0-9]{1,9}[.)])(?:[ ]|$)", joined.text, re.M):
        return joined
    return _Reindenter(joined).walk()


class _Reindenter:
    def __init__(self, joined: Joined) -> None:
        self._joined = joined
        self._text = joined.text
        self._code = CodeFinder(joined.text)
        self._out = Joined()
        self._out.held = joined.held
        self._items: list[_Item] = []
        self._blank = True
        """Whether the line above is blank."""

    def walk(self) -> Joined:
        at = 0
        while at < len(self._text):
            newline = self._text.find("\n", at)
            end = len(self._text) if newline < 0 else newline
            at = self._line(at, end)
        return self._out.finish()

    def _line(self, begin: int, end: int) -> int:
        """Puts out one line, or a whole fence; returns where the next line begins."""
        first = begin
        while first < end and self._text[first] == " ":
            first += 1
        indent = first - begin
        if first == end or self._text[first : first + 1] == "\t":
            self._put(begin, end, indent, indent)
            self._blank = self._blank or not self._text[begin:end].strip()
            return end + 1
        item = _ITEM.match(self._text, first, end)
        if item is not None and not _RULE.match(self._text, first, end) and self._opens(indent):
            out = self._open(indent, item)
            self._put(begin, end, indent, out)
            self._blank = False
            opened = self._items[-1]
            return self._after_fence(_FENCE.match(self._text, item.end(), end), end, opened.out - opened.content)
        return self._other(begin, first, end)

    def _opens(self, indent: int) -> bool:
        """Whether a marker at this column is one: far to the right, outside of lists, it is code or text."""
        return indent < 4 or bool(self._items)

    def _open(self, indent: int, item: re.Match[str]) -> int:
        while self._items and indent <= self._items[-1].marker:
            self._items.pop()
        parent = self._items[-1] if self._items else None
        out = parent.out if parent else min(indent, 3)
        gap = len(item["gap"])
        width = len(item["marker"]) + (gap if 1 <= gap <= 4 else 1)
        self._items.append(_Item(indent, indent + width, out + width))
        return out

    def _other(self, begin: int, first: int, end: int) -> int:
        """A line that is no item: it belongs to an open item or ends the list."""
        indent = first - begin
        fence = _FENCE.match(self._text, first, end)
        if indent == 0 and (self._blank or fence is None):
            if self._blank or self._text[first] == "#" or _RULE.match(self._text, first, end):
                self._items.clear()
        else:
            while self._items and indent <= self._items[-1].marker and not (indent == 0 and fence):
                self._items.pop()
        target = self._target(indent) if indent or fence else 0
        self._put(begin, end, indent, target)
        self._blank = False
        return self._after_fence(fence, end, target - indent)

    def _target(self, indent: int) -> int:
        if not self._items:
            return indent
        item = self._items[-1]
        return item.out + max(indent - item.content, 0)

    def _after_fence(self, fence: re.Match[str] | None, end: int, shift: int) -> int:
        """Puts out the lines of a fence that opens on the line that ends at `end`."""
        if fence is None:
            return end + 1
        marks = fence["marks"]
        close = self._code.fence_end(marks[0], len(marks), end, len(self._text))
        return end + 1 if close is None else self._fence_body(end + 1, close, shift)

    def _fence_body(self, begin: int, close: int, shift: int) -> int:
        least = self._items[-1].out if self._items else 0
        while begin <= close and begin < len(self._text):
            newline = self._text.find("\n", begin)
            end = len(self._text) if newline < 0 else newline
            width = end - begin - len(self._text[begin:end].lstrip(" "))
            held = width == end - begin
            self._put(begin, end, width, width if held or not self._items else max(width + shift, least))
            begin = end + 1
        return begin

    def _put(self, begin: int, end: int, indent: int, out: int) -> None:
        """Puts out the line from `begin` to `end` with its first `indent` blanks made `out`."""
        if out > indent:
            self._out.add(" " * (out - indent), None)
            self._out.copy(self._joined, begin, min(end + 1, len(self._text)))
        else:
            self._out.copy(self._joined, begin + indent - out, min(end + 1, len(self._text)))
