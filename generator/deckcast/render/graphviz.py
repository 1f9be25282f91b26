"""Graphs in the language of Graphviz: what they may name, how they are dressed, and what is said of wrong ones."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from deckcast.errors import DeckcastError, DrawingError, GraphError
from deckcast.markup import Diagram
from deckcast.ports import Graphs
from deckcast.render.diagram_colours import MARKS
from deckcast.theme import Theme

FONT = "Inter"
LETTERS = 14.0
"""Points, in which graphs are laid out where they say nothing else."""
FILES = frozenset({"image", "imagepath", "shapefile", "fontpath", "stylesheet", "_background", "libs"})
"""Attributes that name files, or draw what is not a graph."""
DEFAULTS = (
    *(f"{kind}fontname={FONT}" for kind in "GNE"),
    *(f"{kind}fontsize={LETTERS:g}" for kind in "GNE"),
    *(f"{kind}fontcolor={MARKS['text']}" for kind in "GNE"),
    "Gbgcolor=transparent",
    "Gpad=0.06",
    f"Gcolor={MARKS['group-border']}",
    f"Gfillcolor={MARKS['group']}",
    "Nstyle=filled",
    f"Nfillcolor={MARKS['node']}",
    f"Ncolor={MARKS['border']}",
    "Npenwidth=1.4",
    "Nmargin=0.18,0.08",
    f"Ecolor={MARKS['line']}",
    "Epenwidth=1.4",
    "Earrowsize=0.8",
)
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/|^\#[^\n]*)|(?P<quoted>"(?:\\.|[^"\\])*")|(?P<name>[\w.\u0080-\uffff-]+)
    |(?P<sign>[=\[\]{};,<>])|(?P<other>\S)""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_PICTURE = re.compile(r"<\s*img\b", re.IGNORECASE)
_LINE = re.compile(r"\b(?:in|near) line (\d+)(?: near '(?P<near>[^']*)')?")


def identity(diagram: Diagram, graphs: Graphs) -> str:
    """Raises `GraphError` at the diagram where there is no Graphviz."""
    try:
        return graphs.identity
    except GraphError as error:
        error.finding = dataclasses.replace(error.finding, where=diagram.where, width=3 + len(diagram.language))
        raise


def check(diagram: Diagram) -> None:
    """Raises `DrawingError` where a graph names files."""
    for name, at in _attributes(diagram.source):
        if name.lower() in FILES:
            raise _error(
                diagram,
                f"`{name}` is not for slides, whose graphs load no files",
                at,
                len(name),
                "show the picture beside the graph: `![what it shows](picture.png)`",
            )
    found = _PICTURE.search(diagram.source)
    if found:
        hint = "show the picture beside the graph: `![what it shows](picture.png)`"
        raise _error(diagram, "`<img>` is not for slides, whose graphs load no files", found.start(), 4, hint)


def draw(diagram: Diagram, graphs: Graphs, theme: Theme) -> tuple[str, float] | DeckcastError:
    """The drawing, with marked colours, and the size of most of its letters; or what is wrong with the graph."""
    found = graphs.lay_out(diagram.source, DEFAULTS, theme.plots.fonts)
    if found.slow:
        hint = "make it smaller: what is that large cannot be read on a slide"
        return _error(diagram, "Graphviz is not done with it in time", 0, 1, hint)
    if not found.svg:
        return _fault(diagram, found.said)
    sizes = [float(size) for size in re.findall(r'<text[^>]* font-size="([\d.]+)"', found.svg)]
    usual = max(set(sizes), key=lambda size: (sizes.count(size), -size), default=LETTERS)
    text = found.svg.replace(f' font-family="{FONT}"', "")
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL), usual


def _attributes(source: str) -> Iterator[tuple[str, int]]:
    """(name, offset) of whatever stands before a `=`."""
    before: tuple[str, int] | None = None
    for found in _TOKEN.finditer(source):
        if found["comment"]:
            continue
        if found["sign"] == "=" and before is not None:
            yield before
        text = found["name"] or (found["quoted"] or "").strip('"')
        before = (text, found.start()) if text else None


MANUAL = "https://graphviz.org/doc/info/lang.html tells the language"
_HINTS = (
    (r"near '(?:->|--)'", "a `digraph` has `->`, a `graph` has `--`"),
    (r"near '\}'|syntax error", 'look at the brackets and quotes there: `digraph { a -> b [label="words"] }`'),
    (r"unterminated|scanning a quoted", "a quote is not closed"),
)


def _fault(diagram: Diagram, said: str) -> DeckcastError:
    lines = [line for line in said.splitlines() if line.strip()]
    first = next((line for line in lines if line.startswith("Error")), lines[0] if lines else "it says nothing")
    message = re.sub(r"^Error:\s*(?:<stdin>:\s*)?", "", first)
    found = _LINE.search(message)
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, message)), "")
    if found is None:
        return _error(diagram, _short(message), 0, 1, hint or MANUAL)
    number = min(max(int(found[1]) - 1, 0), diagram.source.count("\n"))
    line = diagram.line(number)
    near = found["near"] or ""
    column = line.find(near) if near else len(line) - len(line.lstrip())
    what = f"`{near}` does not belong here" if near else "this line is no part of a graph"
    if "syntax error" not in message:
        what = _short(message)
    return DrawingError(
        f"this graph cannot be drawn: {what}",
        where=diagram.place(number, max(column, 0)),
        width=max(len(near), 1),
        hint=hint or MANUAL,
        code="diagram",
    )


def _short(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= 160 else f"{text[:159]}…"


def _error(diagram: Diagram, what: str, at: int, width: int, hint: str) -> DrawingError:
    number = diagram.source.count("\n", 0, at)
    column = at - (diagram.source.rfind("\n", 0, at) + 1)
    return DrawingError(
        f"this graph cannot be drawn: {what}",
        where=diagram.place(number, column),
        width=width,
        hint=hint,
        code="diagram",
    )
