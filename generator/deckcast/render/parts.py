"""Names the parts of a slide that its notes may point at, so that the browser tells where they lie."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from deckcast.htmltokens import Start, tokens
from deckcast.htmltree import Node, parse
from deckcast.pointing import PARTS
from deckcast.render.compose import Composition

TAGS = frozenset(
    re.findall(
        r"\w+",
        """blockquote dd div dt figcaption figure h1 h2 h3 h4 h5 h6 img li p pre summary svg table td th tr""",
    )
)
DRAWN = frozenset({"node", "cluster", "actor"})
"""Classes of groups in diagrams."""
PRINTED = "cell-line"
"""Class of a line that a cell has put out."""
_OUTPUT = re.compile(r"(<samp\b[^>]*>)(.*?)(?=</samp>)", re.S)
_INLINE = frozenset(re.findall(r"\w+", "a abbr b code del em i ins kbd mark s small span strong sub sup u var"))


def with_parts(composition: Composition, pointed: AbstractSet[int]) -> Composition:
    """The composition with names for the parts of the steps of these `Step.index`."""
    pictures = dict(composition.pictures)
    for index in pointed & pictures.keys():
        picture = pictures[index]
        text, words = marked(picture.section.html)
        section = dataclasses.replace(picture.section, html=text)
        pictures[index] = dataclasses.replace(picture, section=section, parts=words)
    return dataclasses.replace(composition, pictures=pictures)


def marked(source: str) -> tuple[str, Mapping[str, str]]:
    """A slide's HTML in which each such part has a name as a region, and what is to be read in each."""
    source = _OUTPUT.sub(_by_line, source)
    out: list[str] = []
    begin = 0
    for number, at in enumerate(_starts(source), 1):
        out += [source[begin:at], f' data-region="{PARTS}{number}"']
        begin = at
    whole = "".join([*out, source[begin:]])
    named = ((node.attrs.get("data-region", ""), node) for node in parse(whole).walk())
    return whole, {name: text_of(node) for name, node in named if name.startswith(PARTS)}


def _by_line(output: re.Match[str]) -> str:
    """Text that a cell has put out, each of its lines a part. No colour of a terminal's goes on over a line's end."""
    lines = (f'<span class="{PRINTED}">{line}</span>' if line.strip() else line for line in output[2].split("\n"))
    return output[1] + "\n".join(lines)


def _starts(source: str) -> Iterator[int]:
    """Where the attributes of each part begin."""
    for token in tokens(source):
        if isinstance(token, Start) and token.attrs.keys().isdisjoint(("data-region", "aria-hidden")):
            classes = (token.attrs.get("class") or "").split()
            drawn = token.tag == "g" and not DRAWN.isdisjoint(classes)
            printed = token.tag == "span" and PRINTED in classes
            if token.tag in TAGS or drawn or printed:
                yield token.at + 1 + len(token.tag)


def text_of(node: Node) -> str:
    """What a reader reads: pictures as what they show, formulas as their words."""
    return " ".join("".join(_words(node)).split())


def _words(node: Node) -> list[str]:
    if node.attrs.get("aria-hidden") == "true":
        return []
    if "data-words" in node.attrs:
        return [node.attrs["data-words"]]
    if node.tag == "img":
        return [f" {node.attrs.get('alt', '')} "]
    if node.tag in ("style", "script"):
        return []
    inside = [word for child in node.children for word in ([child] if isinstance(child, str) else _words(child))]
    return inside if node.tag in _INLINE else [" ", *inside, " "]
