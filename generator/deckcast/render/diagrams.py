"""Diagrams of fences → SVG on slides: Mermaid in a page of its own, Graphviz by its program, SVG as it is written."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deckcast.digest import Question, digest
from deckcast.errors import DeckcastError, DrawingError
from deckcast.keep import Keeper
from deckcast.markup import Diagram
from deckcast.model import Finding
from deckcast.ports import Bench, Browser, Graphs, Resources
from deckcast.render import graphviz, mermaid_faults, scripts, svg
from deckcast.render.diagram_colours import MARKS, in_palette, named, without_black
from deckcast.theme import Theme

KIND = "diagram-2"
LIBRARY, SCRIPT = "mermaid/mermaid.min.js", "mermaid.js"
SECONDS = 20.0
"""For one diagram."""
LETTERS = 0.84
"""Size of a diagram's letters where it has room, in those of the words around."""
LEAST = 0.78
"""Part of that down to which diagrams are set smaller before the words of a slide are."""
HERE = "diagram-here"
"""Stands in ids of diagrams for the place that they will have, so that a slide's HTML does not depend on it."""
REMARK = 1.586
"""Pixels of the stage for one of a drawing that says its own size: pictures keep the share that they have in remark."""


_TAG = re.compile(
    r"</?(?:b|i|u|em|strong|small|big|sub|sup|code|span|font|center|div|p)(?:\s[^<>\n]*)?>", re.IGNORECASE
)
_ICON = re.compile(r"\bfa[bsrl]?:fa-[\w-]+[ \t]?")


@dataclass(frozen=True, slots=True)
class Dress:
    """What decides in which type a diagram is set: the theme, then the deck's own style sheets."""

    theme: Theme
    sheets: Mapping[str, Mapping[str, str]]
    """By name, with the digests of all that each names."""
    styles: tuple[str, ...]

    @property
    def digest(self) -> str:
        return digest((self.theme.digest, self.sheets, self.styles))

    @property
    def head(self) -> str:
        """The style sheets of a page, and the place in which things are measured."""
        imports = [
            "@layer library, tokens, base, look, theme, deck;",
            '@import url("/fonts/fonts.css");',
            '@import url("/themes/light/theme.css") layer(tokens);',
            *(f'@import url("/theme/{name}.css") layer(base);' for name in ("base", "diagrams")),
            '@import url("/theme/theme.css") layer(theme);',
            *(f'@import url("/deck/{html.escape(name)}") layer(deck);' for name in self.sheets),
        ]
        own = "".join(f"<style>{style}</style>" for style in self.styles)
        return (
            f"<style>{' '.join(imports)}</style>{own}"
            '<section class="remark-slide-container remark-visible"><div class="remark-slide-scaler">'
            '<div class="remark-slide"><div class="remark-slide-content">'
            '<figure class="diagram" id="place"></figure></div></div></div></section>'
        )


@dataclass(frozen=True, slots=True)
class Tools:
    """Who draws."""

    browser: Browser
    graphs: Graphs
    resources: Resources
    dress: Dress

    @property
    def bench(self) -> Bench:
        return scripts.bench(LIBRARY, SCRIPT, body=self.dress.head, seconds=SECONDS)


def draw(
    diagrams: Mapping[int, Diagram], tools: Tools, keeper: Keeper
) -> tuple[dict[int, str], list[DeckcastError], list[Finding]]:
    """The figures of these diagrams, by number; every mistake in them; what the author should know."""
    answers: dict[str, dict[str, Any]] = {}
    keys: dict[int, str] = {}
    missing: dict[str, tuple[Diagram, Question]] = {}
    errors: list[DeckcastError] = []
    for number, one in diagrams.items():
        try:
            question = _question(one, tools)
        except DeckcastError as error:
            errors.append(error)
            continue
        key = keys[number] = question.key
        if key in answers or key in missing:
            continue
        kept = keeper.find_part(question)
        if kept is None:
            missing[key] = (one, question)
        else:
            answers[key] = dict(kept.facts)
    for key, question, answer in _made(missing, tools):
        answers[key] = answer
        if "svg" in answer:
            keeper.keep_part(question, answer)

    made: dict[int, str] = {}
    findings: list[Finding] = []
    for number, key in keys.items():
        one, answer = diagrams[number], answers[key]
        if "svg" in answer:
            made[number] = figure(one, answer)
            findings += _left_out(one, answer["dropped"])
        else:
            errors.append(_fault(one, answer))
    return made, errors, findings


def figure(diagram: Diagram, answer: Mapping[str, Any]) -> str:
    """The diagram as it stands on a slide."""
    label = f' aria-label="{html.escape(diagram.alt)}"' if diagram.alt else ""
    drawn = str(answer["svg"]).replace(' role="img"', f' role="img"{label}', 1)
    kind = f"diagram {diagram.kind}"
    return f'<figure class="{kind}" data-room="{LEAST}" style="--diagram-width: {answer["width"]}">{drawn}</figure>\n'


def plain(source: str) -> str:
    """Mermaid's source without what labels of plain text cannot show: tags of HTML but `<br>`, names of icons."""
    return _ICON.sub("", _TAG.sub("", source))


def placed(text: str, place: str) -> str:
    """A slide's HTML with ids of diagrams that are this place's own: steps of a slide stand in one document."""
    return text.replace(HERE, f"{place}-diagram")


def _question(diagram: Diagram, tools: Tools) -> Question:
    parts: dict[str, Any] = {"diagram": diagram.kind, "source": diagram.source}
    if diagram.kind == "mermaid":
        parts |= {
            "mermaid": scripts.version(LIBRARY, SCRIPT),
            "dress": tools.dress.digest,
            "browser": tools.browser.identity,
        }
    elif diagram.kind == "graphviz":
        graphviz.check(diagram)
        parts |= {"graphviz": graphviz.identity(diagram, tools.graphs), "fonts": tools.dress.theme.digest}
    return Question.of(KIND, **parts)


def _made(
    missing: Mapping[str, tuple[Diagram, Question]], tools: Tools
) -> Iterator[tuple[str, Question, dict[str, Any]]]:
    """(key, question, answer): `svg`, `width` and `dropped`, or `error` and what is known of it."""
    mermaid = {key: one for key, one in missing.items() if one[0].kind == "mermaid"}
    jobs = [{"source": plain(one.source), "colours": dict(MARKS)} for one, _ in mermaid.values()]
    if jobs:
        done = tools.browser.work(tools.bench, jobs, tools.resources)
        for (key, (_, question)), result in zip(mermaid.items(), done, strict=True):
            answer = result.answer if not result.trouble else {"trouble": result.trouble}
            if "svg" in answer:
                answer = _of_mermaid(key, answer)
            yield key, question, answer
    for key, (one, question) in missing.items():
        if one.kind == "graphviz":
            yield key, question, _of_graphviz(one, key, tools)
        elif one.kind == "svg":
            yield key, question, _of_svg(one, key)


def _of_mermaid(key: str, said: Mapping[str, Any]) -> dict[str, Any]:
    text = without_black(named(str(said["svg"])))
    if said["kind"] in ("sankey", "journey"):
        text = in_palette(text)
    drawing = svg.write(svg.read(text), _id(key), scoped=True)
    size = _usual([(float(size), int(count)) for size, count, _ in said["letters"]])
    return {"svg": drawing.html, "width": f"{drawing.width / size * LETTERS:.3f}", "dropped": []}


def _of_graphviz(diagram: Diagram, key: str, tools: Tools) -> dict[str, Any]:
    drawn = graphviz.draw(diagram, tools.graphs, tools.dress.theme)
    if isinstance(drawn, DeckcastError):
        return {"raised": drawn}
    text, size = drawn
    drawing = svg.write(svg.read(named(text)), _id(key), scoped=False)
    return {"svg": drawing.html, "width": f"{drawing.width / size * LETTERS:.3f}", "dropped": []}


def _of_svg(diagram: Diagram, key: str) -> dict[str, Any]:
    try:
        drawing = svg.write(svg.read(diagram.source), _id(key), scoped=False)
    except svg.SvgError as error:
        blanks = len(diagram.source) - len(diagram.source.lstrip("\n"))
        return {"error": str(error), "line": max(error.line, blanks), "column": error.column}
    return {
        "svg": drawing.html,
        "width": f"{drawing.size[0] * REMARK:.1f}; --diagram-unit: 1px",
        "dropped": [[one.what, one.line] for one in drawing.dropped],
    }


def _id(key: str) -> str:
    """What ids of a drawing begin with."""
    return f"{HERE}-{key[:10]}"


def _usual(letters: list[tuple[float, int]]) -> float:
    """The size in which most characters are set."""
    counts: dict[float, int] = {}
    for size, count in letters:
        counts[round(size, 1)] = counts.get(round(size, 1), 0) + count
    return max(counts, key=lambda size: (counts[size], -size), default=16.0)


def _fault(diagram: Diagram, answer: Mapping[str, Any]) -> DeckcastError:
    if "raised" in answer:
        return answer["raised"]  # type: ignore[no-any-return]
    if "trouble" in answer:
        slow = "is not done within" in answer["trouble"]
        said = f"it is not drawn within {SECONDS:g} seconds" if slow else answer["trouble"]
        hint = "make it smaller: what is that large cannot be read on a slide" if slow else "write it in another way"
        return DrawingError(
            f"this diagram cannot be drawn: {said}", where=diagram.where, width=3, hint=hint, code="diagram"
        )
    if diagram.kind == "mermaid":
        return mermaid_faults.fault(diagram, answer)
    line = int(answer["line"])
    return DrawingError(
        f"this drawing cannot be shown: {answer['error']}",
        where=diagram.place(line, int(answer["column"])),
        width=1,
        hint="it is XML: each tag is closed, and each value stands in quotes",
        code="diagram",
    )


def _left_out(diagram: Diagram, dropped: list[list[Any]]) -> Iterator[Finding]:
    if diagram.kind == "mermaid" and (found := re.search(r"\$\$.+?\$\$", diagram.source)):
        number = diagram.source.count("\n", 0, found.start())
        column = found.start() - (diagram.source.rfind("\n", 0, found.start()) + 1)
        yield Finding(
            "diagram-left-out",
            "warning",
            "formulas are not set in diagrams: this one stands there as TeX",
            diagram.place(number, column),
            width=len(found[0]),
            hint="write it in plain characters, such as `x²`, or beside the diagram",
        )
    for what, line in dropped:
        yield Finding(
            "diagram-left-out",
            "warning",
            f"{what} of this drawing is left out: on slides, drawings neither run, link nor load anything",
            diagram.place(int(line)),
            hint="draw it with shapes and text; pictures stand in it as `data:image/png;base64,…`",
        )
