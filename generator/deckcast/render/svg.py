"""SVG of others as a part of a slide: read strictly, written anew with what only draws, its names made its own.

No script, no handler, no address of elsewhere, no HTML and nothing that moves survives. Ids get a prefix, because many
drawings stand in one document, and so do the selectors of its style sheets, which go into the lowest cascade layer.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from typing import TypeAlias
from xml.parsers import expat

MOST = 2_000_000
"""Characters of a drawing."""
DEEPEST = 200
ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """svg g defs symbol use switch path rect circle ellipse line polyline polygon text tspan textPath title desc
        marker linearGradient radialGradient stop clipPath mask pattern image style filter feBlend feColorMatrix
        feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
        feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
        feSpecularLighting feSpotLight feTile feTurbulence""",
    )
)
OPENED = frozenset({"a", "switch"})
"""Left out, but not what is in them."""
_REFERENCES = frozenset({"aria-labelledby", "aria-describedby"})
_INLINE_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_URL = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<address>[^)]*?)(?P=quote)\s*\)""", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d.])-?\d*\.\d{4,}(?:e-?\d+)?")
_NUMBERS = frozenset(
    re.findall(
        r"[\w-]+",
        """viewBox d points transform x y x1 x2 y1 y2 cx cy r rx ry dx dy width height refX refY style offset
        stroke-width""",
    )
)
_PLAIN = r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_SIDE = re.compile(rf"[-+]?{_PLAIN}", re.ASCII)
_LENGTH = re.compile(rf"\s*({_PLAIN})\s*(px|pt|mm|cm|in|)\s*\Z", re.ASCII)
_UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


class SvgError(Exception):
    """It is no SVG; `line` and `column` count from 0."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line, self.column = line, column


@dataclass(slots=True, eq=False)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    line: int = 0
    """From 0."""

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


Child: TypeAlias = Element | str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that was left out."""

    what: str
    line: int
    """From 0."""


@dataclass(frozen=True, slots=True)
class Drawing:
    html: str
    """The `<svg>` element, without width and height."""
    width: float
    height: float
    """Of its view box."""
    size: tuple[float, float]
    """That it asks for, in CSS pixels."""
    dropped: tuple[Dropped, ...] = ()


def read(source: str) -> Element:
    """The tree of an SVG document. Raises `SvgError`."""
    if len(source) > MOST:
        raise SvgError(f"it is longer than {MOST:,} characters")
    parser = expat.ParserCreate()
    root = Element("")
    open_: list[Element] = [root]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(open_) > DEEPEST:
            raise SvgError(f"its elements stand more than {DEEPEST} deep in each other", parser.CurrentLineNumber - 1)
        element = Element(tag.removeprefix("svg:"), dict(attributes), [], parser.CurrentLineNumber - 1)
        open_[-1].children.append(element)
        open_.append(element)

    def entity(*_: object) -> None:
        raise SvgError("it declares entities", parser.CurrentLineNumber - 1)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_.pop()
    parser.CharacterDataHandler = lambda data: open_[-1].children.append(data)
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(_with_characters(source), True)
    except expat.ExpatError as error:
        raise SvgError(_said(error), max(error.lineno - 1, 0), error.offset) from None
    top = next(child for child in root.children if isinstance(child, Element))
    if top.tag != "svg":
        raise SvgError(f"it begins with `<{top.tag}>`, not with `<svg>`", top.line)
    return top


def _with_characters(source: str) -> str:
    """HTML's names of characters, which XML does not know, as the characters themselves."""
    return re.sub(
        r"&(?!amp;|lt;|gt;|quot;|apos;)([A-Za-z][A-Za-z0-9]*;)",
        lambda found: html5.get(found[1], found[0]),
        source,
    )


_MEANT = {
    "mismatched tag": "a tag is not closed, or closed in the wrong place",
    "no element found": "it ends before its tags are closed",
    "not well-formed (invalid token)": "this is no well-formed XML",
    "junk after document element": "something stands behind `</svg>`",
    "unbound prefix": "a prefix is not declared",
    "undefined entity": "XML does not know this `&…;`",
    "duplicate attribute": "an attribute stands twice",
}


def _said(error: expat.ExpatError) -> str:
    said = expat.ErrorString(error.code)
    return _MEANT.get(said, said)


def write(root: Element, prefix: str, *, scoped: bool, alt: str = "") -> Drawing:
    """The drawing as HTML. `scoped`: the selectors of its style sheets address it alone already."""
    writer = _Writer(root, prefix, scoped)
    box = _box(root)
    attributes = {"viewBox": " ".join(f"{side:g}" for side in (_rounded(side) for side in box))}
    if "preserveAspectRatio" in root.attributes:
        attributes["preserveAspectRatio"] = root.attributes["preserveAspectRatio"]
    attributes |= {"role": "img"}
    if alt:
        attributes["aria-label"] = alt
    kept = {
        name: value
        for name, value in root.attributes.items()
        if name not in ("viewBox", "preserveAspectRatio", "width", "height", "role", "aria-label", "id", "x", "y")
        and not name.startswith(("aria-", "xmlns"))
    }
    start = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    inside = "".join(writer.written(child) for child in root.children)
    text = f'<svg id="{prefix}"{start}{writer.attributes(Element("svg", kept, [], root.line))}>{inside}</svg>'
    return Drawing(text, box[2], box[3], _size(root, box), tuple(dict.fromkeys(writer.dropped)))


class _Writer:
    def __init__(self, root: Element, prefix: str, scoped: bool) -> None:
        self._prefix = prefix
        self._scoped = scoped
        self._ids: dict[str, str] = {}
        for element in root.walk():
            if name := element.attributes.get("id", ""):
                self._ids.setdefault(name, prefix if element is root else f"{prefix}-{len(self._ids)}")
        self.dropped: list[Dropped] = []

    def written(self, child: Child) -> str:
        if isinstance(child, str):
            return html.escape(child, quote=False)
        if child.tag in OPENED:
            if child.tag == "a":
                self._drop("a link", child)
            return self._inside(child)
        if child.tag not in ELEMENTS:
            if not child.tag.startswith(("sodipodi:", "inkscape:", "rdf:")) and child.tag != "metadata":
                self._drop(f"`<{child.tag}>`", child)
            return ""
        if child.tag == "style":
            return f"<style>{html.escape(self.sheet(child.text(), child), quote=False)}</style>"
        return f"<{child.tag}{self.attributes(child)}>{self._inside(child)}</{child.tag}>"

    def attributes(self, element: Element) -> str:
        found: list[str] = []
        for name, value in element.attributes.items():
            written = self._attribute(name, value, element)
            if written is not None:
                key = "href" if name == "xlink:href" else name
                found.append(f' {key}="{html.escape(written)}"')
        return "".join(found)

    def sheet(self, css: str, element: Element) -> str:
        css = re.sub(r"/\*.*?(?:\*/|\Z)|<!--|-->", "", css, flags=re.DOTALL)
        if re.search(r"@import|@charset|@namespace", css, re.IGNORECASE):
            self._drop("`@import`", element)
            css = re.sub(r"@(?:import|charset|namespace)[^;]*;?", "", css, flags=re.IGNORECASE)
        css = self._urls(css, element)
        for name, new in sorted(self._ids.items(), key=lambda one: -len(one[0])):
            css = re.sub(rf"#{re.escape(name)}(?![\w-])(?=[^;{{}}]*\{{)", f"#{new}", css)
        css = css.strip()
        if not css:
            return ""
        return f"@layer library {{ {css} }}" if self._scoped else f"@layer library {{ #{self._prefix} {{ {css} }} }}"

    def _inside(self, element: Element) -> str:
        return "".join(self.written(child) for child in element.children)

    def _attribute(self, name: str, value: str, element: Element) -> str | None:
        if name == "id":
            return self._ids.get(value)
        if name in ("href", "xlink:href"):
            if element.tag == "image" and _INLINE_PICTURE.fullmatch(value.strip()):
                return value
            if value.startswith("#"):
                return f"#{self._ids.get(value[1:], value[1:])}"
            self._drop(f"`{name}`", element)
            return None
        if name.lower().startswith("on"):
            self._drop(f"`{name}`", element)
            return None
        if name in _REFERENCES:
            return " ".join(self._ids.get(one, one) for one in value.split())
        if name == "xmlns" or (":" in name and name != "xml:space"):
            return None
        if not re.fullmatch(r"[A-Za-z][\w:-]*", name):
            return None
        if "url(" in value.lower():
            value = self._urls(value, element)
        return _NUMBER.sub(_short, value) if name in _NUMBERS else value

    def _urls(self, value: str, element: Element) -> str:
        def put(found: re.Match[str]) -> str:
            address = found["address"].strip()
            if address.startswith("#"):
                return f"url(#{self._ids.get(address[1:], address[1:])})"
            self._drop(f"`url({address[:60]})`", element)
            return "none"

        return _URL.sub(put, value)

    def _drop(self, what: str, element: Element) -> None:
        self.dropped.append(Dropped(what, element.line))


def _short(found: re.Match[str]) -> str:
    return f"{_rounded(float(found[0])):g}"


def _rounded(number: float) -> float:
    return round(number, 2) + 0.0  # no -0


def _box(root: Element) -> tuple[float, float, float, float]:
    given = [float(side) for side in _SIDE.findall(root.attributes.get("viewBox", ""))]
    if len(given) == 4 and all(map(math.isfinite, given)) and given[2] > 0 and given[3] > 0:
        return (given[0], given[1], given[2], given[3])
    wide, high = (_length(root.attributes.get(name, "")) for name in ("width", "height"))
    if not wide or not high:
        raise SvgError("its size is not known", root.line)
    return (0.0, 0.0, wide, high)


def _size(root: Element, box: tuple[float, float, float, float]) -> tuple[float, float]:
    wide, high = (_length(root.attributes.get(name, "")) for name in ("width", "height"))
    ratio = box[2] / box[3]
    if wide and high:
        return wide, high
    if not ratio or math.isinf(ratio):
        return box[2], box[3]
    if wide:
        return wide, wide / ratio
    return (high * ratio, high) if high else (box[2], box[3])


def _length(text: str) -> float:
    found = _LENGTH.match(text)
    length = float(found[1]) * _UNITS[found[2]] if found else 0.0
    return length if math.isfinite(length) else 0.0
