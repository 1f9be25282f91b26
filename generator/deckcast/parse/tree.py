"""The scanner's tokens as trees of content, and what they become in the end.

Until variables are replaced, content keeps which stretches are code, where nothing is replaced
(FORMAT 9.4); `Content` of the model no longer knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from deckcast.model import Where
from deckcast.parse.manuscript import Manuscript


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a manuscript."""

    manuscript: Manuscript
    begin: int
    end: int
    code: bool = False

    @property
    def text(self) -> str:
        return self.manuscript.text[self.begin : self.end]


@dataclass(frozen=True, slots=True)
class Group:
    """A content class."""

    classes: tuple[str, ...]
    block: bool
    nodes: Nodes
    where: Where


Nodes: TypeAlias = tuple["Run | Group", ...]


def newline(where: Where) -> Run:
    """A line end that we put between two parts."""
    return Run(Manuscript.made("\n", where), 0, 1)


def size(nodes: Sequence[Run | Group]) -> int:
    """What it costs to write this content out: characters and pieces."""
    total = 0
    stack = list(nodes)
    while stack:
        node = stack.pop()
        total += 8
        if isinstance(node, Group):
            stack.extend(node.nodes)
        else:
            total += node.end - node.begin
    return total
