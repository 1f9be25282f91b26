"""Diagrams as pages with a script of Mermaid's have them: in elements of the class `mermaid`, or `.mermaid[…]`."""

from __future__ import annotations

import re

from deckcast.htmltokens import unescaped
from deckcast.markup import Diagram
from deckcast.model import Content, Where
from deckcast.places import place
from deckcast.render.orders import Orders

_ELEMENT = re.compile(
    r"""<(?P<tag>div|pre)\s+class\s*=\s*(?P<quote>["']?)mermaid(?P=quote)\s*>(?P<inside>[^<]*(?:<(?:/?p|br\s*/?)>[^<]*)*)</(?P=tag)>""",
    re.IGNORECASE,
)


def ordered_diagrams(text: str, content: Content, fallback: Where, orders: Orders) -> str:
    """A slide's HTML with places for what stands in such elements. One with other markup in it is left as it is."""

    def put(found: re.Match[str]) -> str:
        source = unescaped(re.sub(r"</?p>", "", found["inside"], flags=re.IGNORECASE)).strip("\n")
        lines = source.split("\n")
        if not source.strip():
            return found[0]
        first = next(number for number, line in enumerate(lines) if line.strip())
        begin = place(content, lines[first].strip()) or fallback
        origins = tuple(
            Where(begin.path, begin.line + number - first, len(line) - len(line.lstrip()) + 1)
            for number, line in enumerate(lines)
        )
        return orders.diagram(Diagram("mermaid", source, "", begin, origins, "mermaid"))

    return _ELEMENT.sub(put, text) if "mermaid" in text else text
