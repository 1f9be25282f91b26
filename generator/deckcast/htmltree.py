"""HTML as a tree, in the manner of browsers where tags are left out, and never deeper than a program can go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from deckcast.htmltokens import End, Start, tokens

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
DEEPEST = 60
"""Tags that stand in more than this many others are ignored."""

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main
        nav ol p pre section table ul""",
    )
)
_CLOSES = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"table", "tr"}),
    "th": ({"td", "th"}, {"table", "tr"}),
    "tr": ({"tr"}, {"table"}),
    "thead": ({"thead", "tbody", "tfoot"}, {"table"}),
    "tbody": ({"thead", "tbody", "tfoot"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tfoot"}, {"table"}),
}
"""By a tag that opens: what it closes, and which open tag it does not look beyond."""


@dataclass(slots=True, eq=False)
class Node:
    """An element; the whole text is one of the tag ``."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()

    def nodes(self) -> Iterator[Node]:
        """The elements right in it."""
        return (child for child in self.children if isinstance(child, Node))

    def walk(self) -> Iterator[Node]:
        """Itself and every element in it, in the order of the text."""
        yield self
        for node in self.nodes():
            yield from node.walk()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


Child: TypeAlias = Node | str


def parse(source: str) -> Node:
    """The tree of some HTML. What closes without having been opened is ignored; comments are left out."""
    reader = _Reader()
    for token in tokens(source):
        if isinstance(token, Start):
            reader.start(token)
        elif isinstance(token, End):
            reader.end(token.tag)
        else:
            reader.text(token.words)
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root = Node("")
        self._open = [self.root]

    def start(self, token: Start) -> None:
        tag = token.tag
        if tag in _CLOSES:
            self._close(*_CLOSES[tag])
        elif tag in _BLOCKS:
            self._close({"p"}, set(_BLOCKS - {"p"}))
        if len(self._open) > DEEPEST:
            return
        node = Node(tag, {name: value or "" for name, value in token.attrs.items()})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)
            if token.stroke and any(one.tag in ("svg", "math") for one in self._open):
                self._open.pop()

    def end(self, tag: str) -> None:
        if any(node.tag == tag for node in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def text(self, words: str) -> None:
        self._open[-1].children.append(words)

    def _close(self, tags: set[str], within: set[str]) -> None:
        for number in range(len(self._open) - 1, 0, -1):
            if self._open[number].tag in within:
                return
            if self._open[number].tag in tags:
                del self._open[number:]
                return
