"""HTML that code put out, cut down to words and tables: no script, style, picture, address or class survives.

Nothing of the source is copied: what is known is written anew, and all else is left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from types import MappingProxyType

from deckcast.htmltree import VOID, Child, Node, parse

LONGEST = 300_000
"""Characters of HTML that are looked at; what is longer is no table that fits a slide."""

KEPT = frozenset(
    re.findall(
        r"\w+",
        """b big blockquote br caption code col colgroup dd del dfn div dl dt em hr i ins kbd li mark ol p pre q s samp
        small span strong sub sup table tbody td tfoot th thead tr u ul var wbr""",
    )
)
LEFT_OUT = frozenset(
    re.findall(
        r"\w+",
        """applet audio base button canvas embed frame frameset head iframe input link math meta noembed noframes
        noscript object option param script select source style svg template textarea title track video""",
    )
)
"""Tags that go with all that is in them."""
RICH = LEFT_OUT - {"style", "link", "meta", "title", "head", "base"}
"""Whoever writes these wants more than words and tables."""


def is_simple(root: Node) -> bool:
    """Whether the HTML says what it has to say in words and tables."""
    return not any(node.tag in RICH for node in root.walk()) and bool(words(root).strip())


def sanitised(source: str | Node, made: Mapping[Node, str] = MappingProxyType({})) -> str:
    """The HTML that may stand on a slide. `made` has what stands in the place of some elements."""
    root = parse(source) if isinstance(source, str) else source
    return "".join(_written(child, made) for child in root.children)


def words(child: Child) -> str:
    """The words of it that are shown."""
    if isinstance(child, str):
        return child
    return "" if child.tag in LEFT_OUT else "".join(map(words, child.children))


def _written(child: Child, made: Mapping[Node, str]) -> str:
    if isinstance(child, str):
        return html.escape(child, quote=False)
    if child in made:
        return made[child]
    tag = child.tag
    if tag in LEFT_OUT:
        return ""
    if tag == "img":
        return html.escape(child.attrs.get("alt", ""), quote=False)
    inside = "".join(_written(one, made) for one in child.children)
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return f"<p><strong>{inside}</strong></p>"
    if tag not in KEPT:
        return inside
    return f"<{tag}{attributes(child)}>" + ("" if tag in VOID else f"{inside}</{tag}>")


def attributes(node: Node) -> str:
    """The spans of a table's cell; nothing else."""
    if node.tag not in ("td", "th"):
        return ""
    return "".join(
        f' {name}="{value}"'
        for name in ("colspan", "rowspan")
        if re.fullmatch(r"[1-9][0-9]{0,2}", value := node.attrs.get(name, "").strip()) and value != "1"
    )
