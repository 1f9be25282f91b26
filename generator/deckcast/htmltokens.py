"""HTML taken apart into tags and text as the HTML Standard has it (13.2.5), in time that grows with its length alone.

Browsers read any text to its end, and so does this: a tag that is never closed takes all that follows with it, as does
a comment. Python's own `html.parser` looks for the end again at each new try, and what it makes of such texts differs
from release to release.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

RAW = frozenset(["iframe", "noembed", "noframes", "script", "style", "xmp"])
"""Elements whose content is text as it stands, up to their own closing tag."""
_REFERENCES_ONLY = frozenset(["textarea", "title"])
"""Elements whose content is text with character references."""
_ANYWHERE = frozenset(["script", "style"])
"""Those of them that are read so in drawings, too."""
_DRAWINGS = frozenset(["svg", "math"])

_NAME = re.compile(r"[A-Za-z][^\t\n\f\r />]*")
_GAP = re.compile(r"[\t\n\f\r /]*")
_SPACE = re.compile(r"[\t\n\f\r ]*")
_ATTRIBUTE = re.compile(r"=?[^\t\n\f\r />=]*")
_BARE = re.compile(r"[^\t\n\f\r >]*")
_COMMENT_ENDS = re.compile(r"--!?>")
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_ENDS = {tag: re.compile(rf"</{tag}(?=[\t\n\f\r />])", re.IGNORECASE) for tag in RAW | _REFERENCES_ONLY}
_ZEROS = re.compile(r"&#0+(?=[0-9])")
_ENDLESS = re.compile(r"&#[0-9]{8,};?")


@dataclass(frozen=True, slots=True)
class Start:
    """A tag that opens."""

    tag: str
    attrs: dict[str, str | None]
    """The first value of each, with its character references as characters; None where there is no `=`."""
    stroke: bool
    """Whether it ends in `/>`, which means something in drawings only."""
    source: str
    at: int
    """Where it begins, in characters."""


@dataclass(frozen=True, slots=True)
class End:
    """A tag that closes."""

    tag: str


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between tags and comments, as it is written."""

    source: str
    raw: bool = False
    """Whether an ampersand in it is nothing but that: it is the content of a style sheet, a script or the like."""

    @property
    def words(self) -> str:
        return self.source if self.raw else unescaped(self.source)


Token: TypeAlias = Start | End | Text


def tokens(source: str) -> Iterator[Token]:
    """Comments, declarations and processing instructions are left out, and so is a tag that the text ends in."""
    at = begin = 0
    drawings = 0
    while (at := source.find("<", at)) >= 0:
        name = _NAME.match(source, at + 1)
        closing = name is None and source.startswith("/", at + 1)
        if closing:
            name = _NAME.match(source, at + 2)
        if name is None and not (closing and at + 2 < len(source)) and source[at + 1 : at + 2] not in ("!", "?"):
            at += 1  # a bracket that is nothing but that
            continue
        if begin < at:
            yield Text(source[begin:at])
        if name is None:
            kept, at = _passed_over(source, at, drawings > 0)
            if kept:
                yield Text(html.escape(kept, quote=False))
            begin = at
            continue
        tag = name[0].translate(_SMALL)
        attrs, stroke, stop = _attributes(source, name.end())
        if stop < 0:
            return
        begin, start, at = stop, at, stop
        if closing:
            drawings -= tag in _DRAWINGS and drawings > 0
            yield End(tag)
            continue
        yield Start(tag, attrs, stroke, source[start:stop], start)
        drawings += tag in _DRAWINGS and not stroke
        if tag in _ENDS and (not drawings or (tag in _ANYWHERE and not stroke)):
            found = _ENDS[tag].search(source, at)
            at = begin = found.start() if found else len(source)
            if at > stop:
                yield Text(source[stop:at], tag in RAW)
    if begin < len(source):
        yield Text(source[begin:])


def _passed_over(source: str, at: int, in_drawing: bool) -> tuple[str, int]:
    """The text in a `CDATA` section of a drawing, and where what begins with `<!`, `<?` or `</` ends."""
    if source.startswith("<!--", at):
        if source.startswith((">", "->"), at + 4):
            return "", source.index(">", at) + 1
        found = _COMMENT_ENDS.search(source, at + 4)
        return "", found.end() if found else len(source)
    if in_drawing and source.startswith("<![CDATA[", at):
        stop = source.find("]]>", at)
        return (source[at + 9 : stop], stop + 3) if stop >= 0 else (source[at + 9 :], len(source))
    stop = source.find(">", at)
    return "", stop + 1 if stop >= 0 else len(source)


def _attributes(source: str, at: int) -> tuple[dict[str, str | None], bool, int]:
    """What a tag's name is followed by, whether it ends in `/>`, and where it has ended; -1 where it does not."""
    attrs: dict[str, str | None] = {}
    while True:
        gap = _GAP.match(source, at)
        at = gap.end() if gap else at
        if at >= len(source):
            return attrs, False, -1
        if source[at] == ">":
            return attrs, gap is not None and gap[0].endswith("/"), at + 1
        name = _ATTRIBUTE.match(source, at)
        at = name.end() if name else at
        value: str | None = None
        after = _SPACE.match(source, at)
        if after and source.startswith("=", after.end()):
            value, at = _value(source, after.end() + 1)
            if at < 0:
                return attrs, False, -1
        attrs.setdefault(name[0].translate(_SMALL) if name else "", value)


def _value(source: str, at: int) -> tuple[str, int]:
    """The value behind an `=`, and where it has ended; -1 where its quote is not closed."""
    space = _SPACE.match(source, at)
    at = space.end() if space else at
    quote = source[at : at + 1]
    if quote in ('"', "'") and quote:
        stop = source.find(quote, at + 1)
        return (unescaped(source[at + 1 : stop]), stop + 1) if stop >= 0 else ("", -1)
    bare = _BARE.match(source, at)
    return (unescaped(bare[0]), bare.end()) if bare else ("", at)


def unescaped(text: str) -> str:
    """The text with characters for its character references, however many digits these have."""
    if "&#" in text:  # Python makes no number of more than 4,300 digits
        text = _ENDLESS.sub("\ufffd", _ZEROS.sub("&#", text))
    return html.unescape(text)
