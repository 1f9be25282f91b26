"""`key: value` lines at the top of a slide (FORMAT 7)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from deckcast.config import PROPERTIES as KNOWN
from deckcast.model import Property
from deckcast.parse.manuscript import Findings, Manuscript
from deckcast.parse.split import Draft
from deckcast.parse.tree import Group, Nodes, Run

RESERVED = "continued"
"""remark's own mark of an increment; an author cannot set it (FORMAT 5.7)."""

_KEY = r"(?P<key>[A-Za-z0-9_-]+):"
_LINE = re.compile(rf"\n*{_KEY}(?P<value>[^\n]*)")
_COMMENT = re.compile(rf"\n*[ \t]*<!--\s*{_KEY}(?P<value>[^\n]*?)-->")
_LONE_COMMENT = re.compile(rf"^[ \t]*<!--\s*{_KEY}(?P<value>[^\n]*?)-->[ \t]*$", re.M)
_VARIABLE = re.compile(r"(?<!\\)\{\{[ \t]*([A-Za-z0-9_-]+)[ \t]*\}\}")
_LOWER = re.compile(r"[a-z0-9_-]*[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Slip:
    """A slide with its own properties taken off its content."""

    draft: Draft
    properties: tuple[Property, ...]
    """One of each key, in the order of first use; of two the last one's value counts."""
    content: Nodes

    def get(self, key: str) -> str | None:
        return next((item.value for item in self.properties if item.key == key), None)


def take_properties(drafts: Sequence[Draft], manuscript: Manuscript, findings: Findings) -> tuple[Slip, ...]:
    used = frozenset(_variables(drafts)) - {"content"}
    return tuple(_Taker(manuscript, findings, used).take(draft) for draft in drafts)


def _variables(drafts: Iterable[Draft]) -> Iterator[str]:
    """Every `{{ name }}` that slides show, outside code (FORMAT 9.4)."""
    for draft in drafts:
        waiting = list(draft.content)
        while waiting:
            node = waiting.pop()
            if isinstance(node, Group):
                waiting.extend(node.nodes)
            elif not node.code:
                yield from _VARIABLE.findall(node.manuscript.text, node.begin, node.end)


class _Taker:
    def __init__(self, manuscript: Manuscript, findings: Findings, used: Collection[str]) -> None:
        self._manuscript = manuscript
        self._findings = findings
        self._used = used

    def take(self, draft: Draft) -> Slip:
        """Looks at the slide's first stretch, up to its first content class."""
        count = 0
        for node in draft.content:
            if not isinstance(node, Run) or node.manuscript is not self._manuscript:
                break
            count += 1
        front = _Front([node for node in draft.content[:count] if isinstance(node, Run)])
        found: dict[str, Property] = {}
        top = self._top(front, found)
        self._lone_comments(front, found, top)
        return Slip(draft, tuple(found.values()), (*front.rest(), *draft.content[count:]))

    def _top(self, front: _Front, found: dict[str, Property]) -> int:
        """Takes the run of lines and comments at the top; returns where it ends."""
        position = 0
        while True:
            comment = _COMMENT.match(front.text, position)
            match = comment or _LINE.match(front.text, position)
            if match is None:
                return position
            if self._accepts(match["key"], match["value"].strip()):
                self._keep(front, match, found)
                front.drop(*match.span())
            elif comment is None:
                self._left_as_text(front, match)
                return position
            position = match.end()

    def _lone_comments(self, front: _Front, found: dict[str, Property], top: int) -> None:
        for match in _LONE_COMMENT.finditer(front.text, top):
            if match["key"] not in KNOWN or front.in_code(match.start("key")):
                continue
            self._keep(front, match, found)
            begin, end = match.span()
            newlines = _newlines(front.text, begin)
            keep = int(newlines >= 2 and not front.text.startswith("\n\n", end))
            front.drop(begin - newlines + keep, end)

    def _accepts(self, key: str, value: str) -> bool:
        """Prose must not vanish because it looks like a property (FORMAT 7.6)."""
        if key in KNOWN or key in self._used or key == RESERVED:
            return True
        return _LOWER.fullmatch(key) is not None and not value.startswith("//")

    def _keep(self, front: _Front, match: re.Match[str], found: dict[str, Property]) -> None:
        key = match["key"]
        if key == RESERVED:
            begin = front.offset(match.start("key"))
            self._findings.add(
                "deck-property-continued",
                "`continued` cannot be set by hand and is left out",
                begin,
                begin + len(key),
                "write `--` for a slide that continues the one above",
            )
            return
        value = match["value"].strip()
        at = match.start("value") + len(match["value"]) - len(match["value"].lstrip())
        where = self._manuscript.where(front.offset(min(at, match.end("value"))))
        found[key] = Property(key, value, where)

    def _left_as_text(self, front: _Front, match: re.Match[str]) -> None:
        key, value = match["key"], match["value"].strip()
        begin = front.offset(match.start("key"))
        end = begin + len(key) + 1
        if key.lower() in KNOWN:
            self._findings.add(
                "deck-property-case",
                f"`{key}:` is no property, so this line is text",
                begin,
                end,
                f"did you mean `{key.lower()}:`?",
            )
        elif not value.startswith("//"):
            self._findings.add(
                "deck-property-prose",
                f"`{key}:` is read as text here; remark would take it for a property and hide the line",
                begin,
                end,
                "begin the slide with something else, if it must show in remark, too",
            )


def _newlines(text: str, end: int) -> int:
    begin = end
    while begin > 0 and text[begin - 1] == "\n":
        begin -= 1
    return end - begin


class _Front:
    """The runs at the front of a slide as one text, and what is dropped from it."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self._dropped: list[tuple[int, int]] = []
        self.text = "".join(run.text for run in runs)
        self._begins: list[int] = []
        offset = 0
        for run in runs:
            self._begins.append(offset)
            offset += run.end - run.begin

    def _run(self, position: int) -> int:
        return max(bisect_right(self._begins, position) - 1, 0)

    def offset(self, position: int) -> int:
        """The place in the manuscript."""
        index = self._run(position)
        return self._runs[index].begin + position - self._begins[index]

    def in_code(self, position: int) -> bool:
        return self._runs[self._run(position)].code

    def drop(self, begin: int, end: int) -> None:
        self._dropped.append((begin, end))

    def rest(self) -> Nodes:
        """The runs without what was dropped."""
        kept: list[Run] = []
        at = 0
        for begin, end in [*self._dropped, (len(self.text), len(self.text))]:
            kept.extend(self._between(at, begin))
            at = max(at, end)
        return tuple(kept)

    def _between(self, begin: int, end: int) -> Iterator[Run]:
        """The parts of runs from `begin` to `end`."""
        index = self._run(begin)
        while begin < end:
            run, first = self._runs[index], self._begins[index]
            stop = min(end, first + run.end - run.begin)
            if begin < stop:
                yield Run(run.manuscript, run.begin + begin - first, run.begin + stop - first, run.code)
            begin = stop
            index += 1
