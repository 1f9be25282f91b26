"""Tags in a piece of raw HTML, and the files that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckcast.htmltokens import unescaped
from deckcast.markup.ahead import Ahead
from deckcast.markup.values import ReferenceKind

_START = re.compile(r"<!--|<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*)")
_ATTRIBUTE = re.compile(r"[\s/]*(?P<name>[^\s\"'<>/=]+)(?P<equals>\s*=\s*)?")
_CLOSE = re.compile(r"[\s/]*>?")
_BARE = re.compile(r"[^\s>]+")
_URL = re.compile(
    r"""url\(\s*(?:"(?P<double>[^"]{0,4000})"|'(?P<single>[^']{0,4000})'|(?P<bare>[^)"'\s]{0,4000}))\s*\)"""
)

FILES = {
    ("img", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("source", "src"),
    ("track", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("input", "src"),
    ("script", "src"),
    ("object", "data"),
    ("link", "href"),
    ("use", "href"),
    ("use", "xlink:href"),
}
"""(tag, attribute) whose values are addresses of files."""


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    """Lower case."""
    value: str
    """Character references resolved."""
    begin: int
    """Where the value begins in the text."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag or a comment."""

    begin: int
    end: int
    name: str
    """Lower case; `!` for a comment."""
    closing: bool
    attributes: tuple[Attribute, ...] = ()


def find_tags(text: str) -> Iterator[Tag]:
    """The tags and comments of a text, in order, in time linear in its length."""
    ends = {mark: Ahead(text, mark) for mark in ('"', "'", "-->")}
    position = 0
    while match := _START.search(text, position):
        if match["name"] is None:
            end = ends["-->"].find(match.end()) + 3
            position = min(end, len(text))
            yield Tag(match.start(), position, "!", False)
            continue
        tag = _tag(text, match, ends)
        position = tag.end
        yield tag


def _tag(text: str, start: re.Match[str], ends: dict[str, Ahead]) -> Tag:
    position = start.end()
    attributes: list[Attribute] = []
    while match := _ATTRIBUTE.match(text, position):
        position = match.end()
        value, begin = "", position
        if match["equals"] is not None:
            quote = text[position : position + 1]
            if quote in ('"', "'"):
                begin = position + 1
                end = ends[quote].find(begin)
                if end > len(text):
                    break
                value, position = text[begin:end], end + 1
            elif bare := _BARE.match(text, position):
                value, position = bare[0], bare.end()
        attributes.append(Attribute(match["name"].lower(), unescaped(value), begin))
    close = _CLOSE.match(text, position)
    end = position if close is None else close.end()
    return Tag(start.start(), end, start["name"].lower(), bool(start["slash"]), tuple(attributes))


@dataclass(frozen=True, slots=True)
class Named:
    """A file that raw HTML names."""

    url: str
    begin: int
    alt: str
    kind: ReferenceKind


def find_files(text: str) -> Iterator[Named]:
    """The files that tags, `style` attributes and `<style>` elements of a text name."""
    style_begin: int | None = None
    for tag in find_tags(text):
        if tag.name == "style":
            if tag.closing and style_begin is not None:
                yield from _in_style(text, style_begin, tag.begin)
            style_begin = None if tag.closing else tag.end
        if tag.name == "!" or tag.closing:
            continue
        alt = next((one.value for one in tag.attributes if one.name == "alt"), "")
        for attribute in tag.attributes:
            if attribute.name == "style":
                yield from _in_style(attribute.value, 0, len(attribute.value), attribute.begin)
            elif (tag.name, attribute.name) in FILES and _is_file(attribute.value):
                kind: ReferenceKind = "image" if tag.name in ("img", "image") else "media"
                yield Named(attribute.value.strip(), attribute.begin, alt, kind)
    if style_begin is not None:
        yield from _in_style(text, style_begin, len(text))


def files_in_style(style: str) -> tuple[str, ...]:
    """The files that a piece of CSS names."""
    return tuple(named.url for named in _in_style(style, 0, len(style)))


def _in_style(text: str, begin: int, end: int, shift: int = 0) -> Iterator[Named]:
    for match in _URL.finditer(text, begin, end):
        group = next(name for name in ("double", "single", "bare") if match[name] is not None)
        if _is_file(match[group]):
            yield Named(match[group], match.start(group) + shift, "", "style")


def _is_file(url: str) -> bool:
    return bool(url.strip()) and not url.strip().lower().startswith(("data:", "#", "about:", "javascript:", "blob:"))
