"""Makes a slide's HTML safe to stand among others: every tag it opens is closed, and it closes no tag but its own.

remark gives each slide to the browser by itself, so a stray `</div>` harms nothing there. Here all slides are one
document. On the way, `<style>` is taken out (it works for the whole page, also when its own slide is not drawn), what
could never run or navigate is dropped, and what the slide consists of is noted for the choice of its look.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.entities import html5

from deckcast.htmltree import Reader

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
DROPPED = frozenset(["html", "head", "body", "base", "meta", "script", "noscript"])
"""Tags without a meaning inside a slide; the content of `script` goes with it."""
RAW = ("style", "script")
ASIDES = frozenset(["footnote", "cell-provenance"])
"""Classes of what stands apart."""
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


def _is_sheet(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether a `<link>` has a style sheet; others would have a viewer's browser look for what lies elsewhere."""
    return any(name == "rel" and (value or "").strip().lower() == "stylesheet" for name, value in attrs)


def tidy(source: str) -> Tidy:
    parser = _Parser()
    parser.feed(source)
    parser.close()
    return parser.result()


class _Parser(Reader):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._out: list[str] = []
        self._open: list[str] = []
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in RAW:
            self._raw = []
            return
        if tag in DROPPED or (tag == "link" and not _is_sheet(attrs)):
            return
        classes = next((value or "" for name, value in attrs if name == "class"), "").split()
        if not self._open:
            self._end_block()
            self._outline.append("cell" if tag == "div" and "cell" in classes else tag)
        if tag in ("img", "svg"):
            self._pictures += 1
            self._shown += 1
            self._sized |= any(name in ("width", "height", "style") for name, _ in attrs)
        if not ASIDES.isdisjoint(classes) and self._aside is None and tag not in VOID:
            self._aside = len(self._open)
            self._asides += 1
        text = self.get_starttag_text() or ""
        if tag == "code" and "pre" not in self._open and not any(name == "class" for name, _ in attrs):
            text = text.replace("<code", '<code class="remark-inline-code"', 1)
        self._out.append(text)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if {"svg", "math"} & set(self._open) and self._open[-1] == tag:
            self._open.pop()  # only there does a stroke close a tag
        if tag in RAW:
            self._raw = None

    def handle_endtag(self, tag: str) -> None:
        if tag in RAW and self._raw is not None:
            if tag == "style":
                self._styles.append(re.sub(r"<!\[CDATA\[|\]\]>", "", "".join(self._raw)))
            self._raw = None
        elif tag in self._open:
            while self._open.pop() != tag:
                pass
            if self._aside is not None and len(self._open) <= self._aside:
                self._aside = None
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._raw is not None:
            self._raw.append(data)
            return
        self._note_words(data)
        self._out.append(data.replace("<", "&lt;"))

    def handle_entityref(self, name: str) -> None:
        self._note_words(name)
        self._out.append(f"&{name};" if f"{name};" in html5 else f"&amp;{name}")

    def handle_charref(self, name: str) -> None:
        self._note_words(name)
        self._out.append(html.escape(html.unescape(f"&#{name};")))

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
