"""Layouts, templates, increments: what each slide gets from another (FORMAT 8, 5.6, 12.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckcast.errors import DeckError
from deckcast.model import Property, Where
from deckcast.parse.manuscript import Findings, Manuscript
from deckcast.parse.properties import Slip
from deckcast.parse.scan import MAX_DEPTH
from deckcast.parse.tree import Group, Nodes, Run, newline, size

NEVER_INHERITED = frozenset({"name", "layout", "count"})
CONTENT_MARK = re.compile(r"(?<!\\)\{\{[ \t]*content[ \t]*\}\}")
_BASE_BUDGET = 10_000_000
_BUDGET_A_CHARACTER = 8
"""A deck may grow by inheritance to this many times its own length, beyond `_BASE_BUDGET` characters."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A visible slide with all that it inherits."""

    slip: Slip
    properties: tuple[Property, ...]
    content: Nodes
    increment: bool
    size: int
    """Of the content, as `tree.size` counts."""
    marks: int
    """How many `{{content}}` it holds."""

    def get(self, key: str) -> str | None:
        return next((item.value for item in self.properties if item.key == key), None)


def inherit(slips: Sequence[Slip], manuscript: Manuscript, findings: Findings) -> tuple[Whole, ...]:
    """The slides that are shown, in order. Raises `DeckError` when the deck would grow out of all bounds."""
    return tuple(_Heirs(manuscript, findings).walk(slips))


class _Heirs:
    def __init__(self, manuscript: Manuscript, findings: Findings) -> None:
        self._manuscript = manuscript
        self._findings = findings
        self._named: dict[str, Whole] = {}
        self._layout: Whole | None = None
        self._budget = _BASE_BUDGET + _BUDGET_A_CHARACTER * len(manuscript.text)

    def walk(self, slips: Sequence[Slip]) -> Iterator[Whole]:
        above: Whole | None = None
        """The slide that `--` would continue."""
        excluded = False
        for slip in slips:
            continues = slip.draft.increment and above is not None
            excluded = (excluded and slip.draft.increment) or (slip.get("exclude") or "").lower() == "true"
            if excluded:
                continue
            if slip.get("layout") == "true":
                self._layout = self._named_whole(slip, self._template(slip), False)
                above = None
                continue
            if slip.get("layout") == "false":
                self._layout = None
            parent = above if continues else self._template(slip) or self._layout
            above = self._named_whole(slip, parent, continues)
            yield above

    def _template(self, slip: Slip) -> Whole | None:
        wanted = next((item for item in slip.properties if item.key == "template"), None)
        if wanted is None:
            return None
        template = self._named.get(wanted.value)
        if template is None:
            self._findings.add_at(
                "deck-template-unknown",
                f"no slide above is named `{wanted.value}`",
                wanted.where,
                len(wanted.value),
                _near(wanted.value, self._named) if self._findings.wants("deck-template-unknown") else "",
            )
        return template

    def _named_whole(self, slip: Slip, parent: Whole | None, increment: bool) -> Whole:
        whole = self._whole(slip, parent, increment)
        name = slip.get("name")
        if name:
            self._named[name] = whole
        return whole

    def _whole(self, slip: Slip, parent: Whole | None, increment: bool) -> Whole:
        own_size, own_marks = size(slip.content), _marks(slip.content)
        if parent is None:
            return Whole(slip, slip.properties, slip.content, increment, own_size, own_marks)
        where = self._manuscript.where(slip.draft.begin)
        total = parent.size + max(parent.marks, 1) * own_size
        self._spend(total, where)
        if parent.marks:
            content = _filled(parent.content, slip.content)
            if _depth(content) > MAX_DEPTH:
                message = f"content classes stand more than {MAX_DEPTH} deep in inherited content"
                raise self._too_large(message, where)
        else:
            content = _appended(parent.content, slip.content, where)
        properties = _merged(parent.properties, slip.properties)
        return Whole(slip, properties, content, increment, total, max(parent.marks, 1) * own_marks)

    def _spend(self, characters: int, where: Where) -> None:
        self._budget -= characters
        if self._budget < 0:
            raise self._too_large("this deck grows out of all bounds by what its slides inherit", where)

    def _too_large(self, message: str, where: Where) -> DeckError:
        return DeckError(
            message,
            where=where,
            line=self._manuscript.original(where),
            hint="use fewer increments to a slide, or smaller layouts and templates",
            code="deck-inheritance",
        )


def _near(name: str, names: dict[str, Whole]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(names)[-1000:], n=1)
    return f"did you mean `{near[0]}`?" if near else "name a slide with `name:` before it serves as template"


def _merged(inherited: Sequence[Property], own: Sequence[Property]) -> tuple[Property, ...]:
    merged = {item.key: item for item in inherited if item.key not in NEVER_INHERITED}
    for item in own:
        base = merged.get(item.key)
        if item.key == "class" and base is not None:
            both = f"{base.value}, {item.value}" if item.value else base.value
            item = Property("class", both, item.where if item.value else base.where)
        merged[item.key] = item
    return tuple(merged.values())


def _appended(inherited: Nodes, own: Nodes, where: Where) -> Nodes:
    """The parts one behind the other, with a line end between them where they would run together."""
    glued = bool(inherited) and bool(own) and not _ends_line(inherited[-1]) and not _begins_line(own[0])
    return (*inherited, newline(where), *own) if glued else (*inherited, *own)


def _ends_line(node: Run | Group) -> bool:
    return isinstance(node, Run) and node.manuscript.text.endswith("\n", node.begin, node.end)


def _begins_line(node: Run | Group) -> bool:
    return isinstance(node, Run) and node.manuscript.text.startswith("\n", node.begin, node.end)


def _marks(nodes: Nodes) -> int:
    """How many `{{content}}` there are."""
    count = 0
    for node in nodes:
        if isinstance(node, Group):
            count += _marks(node.nodes)
        elif not node.code:
            count += sum(1 for _ in CONTENT_MARK.finditer(node.manuscript.text, node.begin, node.end))
    return count


def _filled(nodes: Nodes, own: Nodes) -> Nodes:
    """The nodes with `own` in place of each `{{content}}`."""
    filled: list[Run | Group] = []
    for node in nodes:
        if isinstance(node, Group):
            filled.append(Group(node.classes, node.block, _filled(node.nodes, own), node.where))
        elif node.code:
            filled.append(node)
        else:
            at = node.begin
            for match in CONTENT_MARK.finditer(node.manuscript.text, node.begin, node.end):
                filled.append(Run(node.manuscript, at, match.start()))
                filled.extend(own)
                at = match.end()
            filled.append(Run(node.manuscript, at, node.end))
    return tuple(node for node in filled if isinstance(node, Group) or node.begin < node.end)


def _depth(nodes: Nodes) -> int:
    return max((1 + _depth(node.nodes) for node in nodes if isinstance(node, Group)), default=0)
