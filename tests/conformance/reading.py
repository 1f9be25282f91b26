"""Two readings of a deck held against each other, layer by layer.

A reading is `{"slides": [{"properties", "content", "notes", "html"}]}`, ours or remark's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

Difference = tuple[str, int, Any, Any]
"""(layer, slide from 0, ours, theirs)."""


def tree(content: Any) -> list[Any]:
    """Content with neighbouring texts joined, without outer newlines and blanks at line ends."""
    nodes: list[Any] = []
    for node in [content] if isinstance(content, str) else content or []:
        if not isinstance(node, str):
            classes = " ".join(node["class"].split())
            nodes.append({"class": classes, "block": bool(node["block"]), "content": tree(node["content"])})
        elif nodes and isinstance(nodes[-1], str):
            nodes[-1] += node
        else:
            nodes.append(node)
    nodes = [re.sub(r"[ \t]+\n", "\n", node) if isinstance(node, str) else node for node in nodes]
    if nodes and isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip("\n")
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip("\n ")
    return [node for node in nodes if node != ""]


class _Events(HTMLParser):
    """HTML as a list of tags and words, without what two Markdown dialects may write either way."""

    _VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"})

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self._tag("<", tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag("<", tag, attrs)

    def _tag(self, mark: str, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p":
            return
        heading = re.fullmatch("h[1-6]", tag) is not None
        kept = [
            (name, (value or "").removeprefix("language-") if name == "class" else value or "")
            for name, value in attrs
            if name != "start" and not (heading and name == "id")
        ]
        self.events.append((mark, "del" if tag == "s" else tag, tuple(sorted(kept))))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")
        if tag != "p" and tag not in self._VOID:
            self.events.append((">", "del" if tag == "s" else tag))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
        text = " ".join(data.split())
        if text and self.events and isinstance(self.events[-1], str):
            self.events[-1] += f" {text}"
        elif text:
            self.events.append(text)


def _parsed(html: str) -> _Events:
    events = _Events()
    events.feed(html)
    events.close()
    return events


def words(html: str) -> list[str]:
    """The visible words."""
    return re.findall(r"\w+", "".join(_parsed(html).words))


def html_tree(html: str) -> list[Any]:
    return _parsed(html).events


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    """Every difference in the layers `slides`, `properties`, `tree`, `notes`, `words`, `html`."""
    mine, remarks = ours["slides"], theirs["slides"]
    if len(mine) != len(remarks):
        yield ("slides", -1, len(mine), len(remarks))
        return
    for index, (a, b) in enumerate(zip(mine, remarks, strict=True)):
        yield from _slide_differences(index, a, b)


def _slide_differences(index: int, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    own, remarks = dict(ours["properties"]), dict(theirs["properties"])
    continued = (own.pop("continued", "false"), remarks.pop("continued", "false"))
    if continued[0] != continued[1]:
        yield ("slides", index, *continued)
    if own != remarks:
        yield ("properties", index, own, remarks)
    for layer, key in (("tree", "content"), ("notes", "notes")):
        a, b = tree(ours.get(key)), tree(theirs.get(key))
        if key == "notes" and isinstance(theirs.get(key), str) and theirs[key]:
            # remark has put the notes of the slides above in front: only the end is this slide's own
            b = a if theirs[key].rstrip().endswith("".join(_texts(a)).rstrip()) else b
        if a != b:
            yield (layer, index, a, b)
    if "html" in ours and "html" in theirs:
        if words(ours["html"]) != words(theirs["html"]):
            yield ("words", index, words(ours["html"]), words(theirs["html"]))
        if html_tree(ours["html"]) != html_tree(theirs["html"]):
            yield ("html", index, html_tree(ours["html"]), html_tree(theirs["html"]))


def _texts(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            yield from _texts(node["content"])
