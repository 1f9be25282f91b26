"""Makes a slide's HTML safe to stand among others: every tag it opens is closed, and it closes no tag but its own.

remark gives each slide to the browser by itself, so a stray `</div>` harms nothing there. Here all slides are one
document. On the way, `<style>` is taken out (it works for the whole page, also when its own slide is not drawn), what
could never run or navigate is dropped, and what the slide consists of is noted for the choice of its look.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html.entities import html5

from deckcast.htmltokens import End, Start, Text, tokens, unescaped
from deckcast.render.unarmed import unarmed

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
DROPPED = frozenset(["html", "head", "body", "base", "meta", "script", "noscript", "plaintext"])
"""Tags without a meaning inside a slide; the content of `script` goes with it. Nothing ends a `plaintext`."""
RAW = ("style", "script")
ASIDES = frozenset(["footnote", "cell-provenance"])
"""Classes of what stands apart."""
_REFERENCE = re.compile(r"&(?:#(?:[0-9]+|[xX][0-9A-Fa-f]+)|([A-Za-z][-.A-Za-z0-9]*));?")
FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
"""What goes on behind the end of the element around it until it is closed (HTML, section 13.2.4.3): for all slides."""
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True, slots=True)
class Tidy:
    """A slide's HTML, ready to stand in a page."""

    html: str
    styles: tuple[str, ...]
    """The contents of its `<style>` elements."""
    outline: tuple[str, ...]
    """What it consists of, from top to bottom: tag names; `img` for a paragraph that is only a picture; `text`; `cell`
    for code with what came out of it. Foot-notes, which stand apart, are left out."""
    words: int
    pictures: int
    sized: bool
    """Whether the author gave a picture a size."""


def _is_sheet(attrs: Mapping[str, str | None]) -> bool:
    """Whether a `<link>` has a style sheet; others would have a viewer's browser look for what lies elsewhere."""
    return (attrs.get("rel") or "").strip().lower() == "stylesheet"


def tidy(source: str) -> Tidy:
    writer = _Writer()
    for token in tokens(source):
        if isinstance(token, Start):
            writer.start(token)
        elif isinstance(token, End):
            writer.end(token.tag)
        else:
            writer.text(token)
    return writer.result()


class _Writer:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []
        self._inside: Counter[str] = Counter()
        """How many of each tag are open."""
        self._raw: list[str] | None = None
        self._styles: list[str] = []
        self._outline: list[str] = []
        self._pictures = 0
        self._shown = 0
        self._count = 0
        self._sized = False
        self._words = False
        """What the paragraph at the top level holds so far."""
        self._aside: int | None = None
        """How many elements are open around the foot-note that is being read."""
        self._asides = 0

    def result(self) -> Tidy:
        self._end_block()
        closing = "".join(f"</{tag}>" for tag in reversed(self._open) if tag != "p")
        return Tidy(
            "".join(self._out) + closing,
            tuple(self._styles),
            tuple(self._outline),
            self._count,
            self._shown,
            self._sized,
        )

    def start(self, token: Start) -> None:
        tag, attrs = token.tag, token.attrs
        if tag in RAW:
            self._raw = []
        elif tag not in DROPPED and (tag != "link" or _is_sheet(attrs)):
            self._begin(token)
        if token.stroke and (self._inside["svg"] or self._inside["math"]):  # only there does a stroke close a tag
            if tag in RAW:
                self._raw = None
            elif self._open[-1] == tag:
                self._shut(tag)

    def _begin(self, token: Start) -> None:
        tag, attrs = token.tag, token.attrs
        classes = (attrs.get("class") or "").split()
        if not self._open:
            self._end_block()
            self._outline.append("cell" if tag == "div" and "cell" in classes else tag)
        if tag in ("img", "svg"):
            self._pictures += 1
            self._shown += 1
            self._sized |= not attrs.keys().isdisjoint(("width", "height", "style"))
        if not ASIDES.isdisjoint(classes) and self._aside is None and tag not in VOID:
            self._aside = len(self._open)
            self._asides += 1
        text = unarmed(token)
        if tag == "code" and not self._inside["pre"] and "class" not in attrs:
            text = text.replace("<code", '<code class="remark-inline-code"', 1)
        self._out.append(text)
        if tag not in VOID:
            self._open.append(tag)
            self._inside[tag] += 1

    def _shut(self, tag: str) -> None:
        """Closes the last such element, and all that is open in it."""
        while True:
            last = self._open.pop()
            self._inside[last] -= 1
            if last == tag:
                return
            if last in FORMATTING:
                self._out.append(f"</{last}>")

    def end(self, tag: str) -> None:
        if tag in RAW and self._raw is not None:
            if tag == "style":
                self._styles.append(re.sub(r"<!\[CDATA\[|\]\]>", "", "".join(self._raw)))
            self._raw = None
        elif self._inside[tag]:
            self._shut(tag)
            if self._aside is not None and len(self._open) <= self._aside:
                self._aside = None
            self._out.append(f"</{tag}>")

    def text(self, token: Text) -> None:
        if self._raw is not None:
            self._raw.append(token.source)
            return
        if token.raw:
            self._note_words(token.source)
            self._out.append(token.source)
            return
        begin = 0
        for found in _REFERENCE.finditer(token.source):
            self._plain(token.source[begin : found.start()])
            self._note_words(found[1] or "0")
            known = found[1] and f"{found[1]};" in html5
            self._out.append(f"&{found[1]};" if known else html.escape(unescaped(found[0])))
            begin = found.end()
        self._plain(token.source[begin:])

    def _plain(self, text: str) -> None:
        self._note_words(text)
        self._out.append(text.replace("&", "&amp;").replace("<", "&lt;"))

    def _note_words(self, data: str) -> None:
        if not data.strip() or self._aside is not None:
            return
        if not self._open:
            self._end_block()
            self._outline.append("text")
        self._words = True
        self._count += len(data.split())

    def _end_block(self) -> None:
        """A paragraph that held one picture and no words counts as that picture, one of foot-notes only not at all."""
        if self._outline and self._outline[-1] in ("p", "figure") and self._pictures == 1 and not self._words:
            self._outline[-1] = "img"
        elif self._outline and self._asides and not self._pictures and not self._words:
            self._outline.pop()
        self._pictures, self._words, self._asides = 0, False, 0
