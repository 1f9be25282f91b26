"""What rules look at: a lesson as far as it is known without a voice and without running code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from deckcast.htmltree import Node, parse
from deckcast.markup import Code, Diagram, Dialect, Reference, Span, diagram_of, plain_code, to_html, value_of
from deckcast.model import (
    NO_RESULTS,
    Cell,
    Deck,
    Inspection,
    Results,
    Slide,
    Step,
    Timeline,
)
from deckcast.settings import Settings
from deckcast.spoken import Script

_WORD = re.compile(r"\w+(?:[’'.,:/+-]\w+)*")
_UNREAD = frozenset({"pre", "table", "style", "script", "svg", "math"})


def words_in(text: str) -> list[str]:
    """`don't`, `3.5` and `state-of-the-art` are one word each; signs alone are none."""
    return _WORD.findall(text)


@dataclass(frozen=True)
class Sheet:
    """A slide as it shows in the end, with the values of its code but without its cells' outputs."""

    slide: Slide
    html: str
    references: tuple[Reference, ...]
    codes: tuple[tuple[Code, Cell | None], ...]
    """Every block of code that shows, and the cell that it is."""
    diagrams: tuple[Diagram, ...] = ()
    """Those that are drawn instead of being shown as code."""

    @property
    def step(self) -> Step:
        """The fullest one."""
        return self.slide.steps[-1]

    @cached_property
    def tree(self) -> Node:
        return parse(self.html)

    @cached_property
    def words(self) -> list[str]:
        """What is to be read on it but code, tables and formulas."""
        return words_in(" ".join(_texts(self.tree, _UNREAD)))

    @cached_property
    def sentences(self) -> list[list[str]]:
        """The words of each block of text, headings and code left out."""
        unread = _UNREAD | {"h1", "h2", "h3", "h4", "h5", "h6"}
        return [found for text in _texts(self.tree, unread) if (found := words_in(text))]


def _texts(node: Node, unread: frozenset[str]) -> Iterator[str]:
    """The text in elements, piece by piece; what belongs together in a paragraph or an item is one piece."""
    blocks = {"p", "li", "div", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "ul", "ol", "section"}
    own: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            own.append(child)
        elif child.tag in unread or "math" in child.classes or child.attrs.get("aria-hidden") == "true":
            continue
        elif child.tag in blocks:
            yield " ".join("".join(own).split())
            own = []
            yield from _texts(child, unread)
        elif child.tag == "br":
            own.append(" ")
        else:
            own += _texts(child, unread)
    yield " ".join("".join(own).split()) if node.tag in blocks or not node.tag else "".join(own)


@dataclass(frozen=True)
class Subject:
    """A lesson. What nobody could find out is None or empty, and rules that need it find nothing."""

    deck: Deck
    settings: Settings
    each: Mapping[int, Settings] = field(default_factory=dict)
    """Each step's own, by `Step.index`."""
    cells: tuple[Cell, ...] = ()
    results: Results = NO_RESULTS
    """As far as they are recorded."""
    scripts: Mapping[int, Script] = field(default_factory=dict)
    """What each step says, by `Step.index`."""
    timeline: Timeline | None = None
    """With the time that speech would take."""
    inspections: Mapping[int, Inspection] | None = None
    """What was seen on slides as drawn, by `Step.index` of each slide's last step; None where nothing was drawn."""
    styles: str = ""
    """The text of all style sheets."""

    @cached_property
    def dialect(self) -> Dialect:
        return Dialect.of(self.deck, self.settings.slides)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(self.sheet(slide, slide.steps[-1]) for slide in self.deck.slides)

    def sheet(self, slide: Slide, step: Step) -> Sheet:
        """The slide up to one of its steps."""
        cells = {cell.where: cell for cell in self.cells}
        shown: list[tuple[Code, Cell | None]] = []
        diagrams: list[Diagram] = []

        def paint(code: Code) -> str:
            cell = cells.get(code.where) if code.where else None
            if cell is not None and (not cell.echo or cell.output == "only"):
                return ""
            diagram = diagram_of(code) if cell is None else None
            if diagram is not None:
                diagrams.append(diagram)
                return "<figure></figure>"
            shown.append((code, cell))
            return plain_code(code)

        def value(span: Span) -> str | None:
            return value_of(span, self.results)

        markup = to_html(step.content, self.dialect, code=paint, inline=value)
        return Sheet(slide, markup.html, markup.references, tuple(shown), tuple(diagrams))

    def own(self, step: Step) -> Settings:
        return self.each.get(step.index, self.settings)

    def spoken(self, slide: Slide) -> str:
        """All that is said over a slide, as written."""
        scripts = [self.scripts[step.index] for step in slide.steps if step.index in self.scripts]
        return " ".join(sentence.written for script in scripts for sentence in script.sentences)
