"""`{{ name }}` becomes the slide's property of that name (FORMAT 9); what comes out is the model's content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from deckcast.errors import DeckError
from deckcast.model import Box, Content, Prose, Where
from deckcast.parse.inherit import Whole
from deckcast.parse.manuscript import Manuscript
from deckcast.parse.tree import Group, Nodes, Run

_MARK = re.compile(r"\\?(?<!\{)\{\{(?P<key>[^{}\n]*+)\}\}")
MAX_GROWTH = 20_000_000
"""Characters that all variables of a deck may put in."""


class Variables:
    """Writes content out with its variables replaced."""

    def __init__(self, manuscript: Manuscript) -> None:
        self._manuscript = manuscript
        self._left = MAX_GROWTH

    def content(self, whole: Whole) -> Content:
        """What a slide shows. Raises `DeckError` when variables make it grow out of all bounds."""
        values = {item.key: Prose(item.value, (item.where,)) for item in whole.properties}
        where = self._manuscript.where(whole.slip.draft.begin)
        values["continued"] = Prose("true" if whole.increment else "false", (where,))
        values["content"] = Prose("", (where,))
        return tuple(self._nodes(whole.content, values))

    def _nodes(self, nodes: Nodes, values: Mapping[str, Prose]) -> Iterator[Prose | Box]:
        for node in _merged(nodes):
            if isinstance(node, Group):
                yield Box(node.classes, node.block, tuple(self._nodes(node.nodes, values)), node.where)
            elif node.code:
                yield from node.manuscript.prose(node.begin, node.end)
            else:
                yield from self._run(node, values)

    def _run(self, run: Run, values: Mapping[str, Prose]) -> Iterator[Prose]:
        manuscript = run.manuscript
        at = run.begin
        for match in _MARK.finditer(manuscript.text, run.begin, run.end):
            if match[0].startswith("\\"):
                yield from manuscript.prose(at, match.start())
                at = match.start() + 1
                continue
            value = values.get(match["key"].strip())
            if value is None:
                continue
            yield from manuscript.prose(at, match.start())
            if value.text:
                self._spend(len(value.text), manuscript.where(match.start()))
                yield value
            at = match.end()
        yield from manuscript.prose(at, run.end)

    def _spend(self, characters: int, where: Where) -> None:
        self._left -= characters
        if self._left < 0:
            raise DeckError(
                "variables make this deck grow out of all bounds",
                where=where,
                line=self._manuscript.original(where),
                hint="keep the values of properties short",
                code="deck-variables",
            )


def plain(nodes: Nodes) -> Content:
    """Content as it stands, variables left alone: notes are read so (FORMAT 6.3)."""
    content: list[Prose | Box] = []
    for node in _merged(nodes, code=False):
        if isinstance(node, Group):
            content.append(Box(node.classes, node.block, plain(node.nodes), node.where))
        else:
            content.extend(node.manuscript.prose(node.begin, node.end))
    return tuple(content)


def _merged(nodes: Nodes, code: bool = True) -> Iterator[Run | Group]:
    """Runs that follow each other in one manuscript as one run; with `code`, those of code stay apart."""
    open_run: Run | None = None
    for node in nodes:
        if isinstance(node, Group):
            if open_run is not None:
                yield open_run
            open_run = None
            yield node
        elif (
            open_run is not None
            and node.manuscript is open_run.manuscript
            and node.begin == open_run.end
            and (not code or node.code == open_run.code)
        ):
            open_run = Run(node.manuscript, open_run.begin, node.end, node.code)
        else:
            if open_run is not None:
                yield open_run
            open_run = node
    if open_run is not None:
        yield open_run
