"""`handout.pdf`: the slides, one a page, or each on a sheet of paper with its notes below.

It is the document that was photographed, printed by the browser; `pdf.py` makes it the same whenever it is made.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deckcast.digest import Question
from deckcast.keep import Keeper
from deckcast.markup.tags import find_tags
from deckcast.model import MARK, Blob, Deck, Document, Results, Slide, Step
from deckcast.outline import deck_title, slides_by_step
from deckcast.ports import Browser, Paper, Resource
from deckcast.publish import pdf
from deckcast.publish.notes import notes
from deckcast.publish.slides_page import page_file, taken_apart, with_labels
from deckcast.settings import Settings

KIND = "handout-1"
"""Raise the number when the same slides become another handout."""
STAGE = "print"
SLOT = "handout"
FILES = "/deck/attached/"
_MARKED = re.compile(rf"{MARK}(\d+)")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Paper, in millimetres."""

    name: str
    width: float
    edge: float


SHEETS = {"A4": _Sheet("A4", 210.0, 18.0), "letter": _Sheet("letter", 215.9, 19.0)}
TWO_COLUMNS = 1200
"""Characters of notes that are set in two columns, since one would be a page of long lines."""


def handout(
    deck: Deck,
    document: Document,
    settings: Settings,
    results: Results,
    keeper: Keeper,
    browser: Browser,
    *,
    kind: str,
    every_step: bool = False,
) -> Blob:
    """A PDF with the slides (`kind` is `slides`) or with slides and `notes`, kept or made now.

    Each slide is there once, with all its steps, or `every_step` has a page. Raises `BrowserError`.
    """
    shown = _shown(deck, document, every_step=every_step)
    said = {step.index: _said(deck, slide, step, settings, results, every_step=every_step) for slide, step in shown}
    question = Question.of(
        KIND,
        document=document,
        shown=[(slide.index, slide.title, step.index, step.number, step.name) for slide, step in shown],
        notes=said if kind == "notes" else None,
        what=kind,
        lesson=settings.lesson,
        paper=settings.publish.paper if kind == "notes" else None,
        style=[page_file("handout.css"), page_file("slides.css")],
        browser=browser.identity,
        pdf=pdf.KIND,
    )
    answer = keeper.find(STAGE, SLOT, question)
    if answer is None:
        source = keeper.read(document.html).decode()
        files = _Files(document, keeper.read)
        text = _page(source, deck, document, settings, shown, said if kind == "notes" else None)
        printed = browser.print(Paper(text), files)
        headings = [_heading(slide, step) for slide, step in shown]
        pages = pdf.pages_of(printed, headings) if kind == "notes" else range(len(shown))
        marks = list(zip([slide.title or f"Slide {slide.index}" for slide, _ in shown], pages, strict=True))
        whole = pdf.finished(printed, settings.lesson, settings.lesson.title or deck_title(deck), marks)
        answer = keeper.keep(STAGE, SLOT, question, {}, {"pdf": whole})
    return answer.blobs["pdf"]


def _shown(deck: Deck, document: Document, *, every_step: bool) -> list[tuple[Slide, Step]]:
    slides = slides_by_step(deck)
    there = {index for index, _ in document.sections}
    steps = [step for step in deck.steps if step.index in there]
    last = {slides[step.index].index: step.index for step in steps}
    return [(slides[step.index], step) for step in steps if every_step or last[slides[step.index].index] == step.index]


def _said(deck: Deck, slide: Slide, step: Step, settings: Settings, results: Results, *, every_step: bool) -> list[str]:
    steps = [step] if every_step else slide.steps
    return [text for one in steps for text in notes(deck, one, settings, results, click="")]


def _heading(slide: Slide, step: Step) -> str:
    """What stands above a sheet's notes."""
    return " ".join(f"{step.number} · {slide.title}".split()) if slide.title else f"Slide {step.number}"


def _page(
    source: str,
    deck: Deck,
    document: Document,
    settings: Settings,
    shown: Sequence[tuple[Slide, Step]],
    said: dict[int, list[str]] | None,
) -> str:
    """The document to be printed."""
    ids = dict(document.sections)
    pieces = {section: source[begin:end] for section, begin, end in _sections(source, ids.values())}
    begin = min(at for _, at, _ in _sections(source, ids.values()))
    end = max(at for _, _, at in _sections(source, ids.values()))
    title = settings.lesson.title or deck_title(deck)
    sheets: list[str] = []
    for slide, step in shown:
        piece = pieces[ids[step.index]]
        if said is None:
            sheets.append(piece)
            continue
        lines = said[step.index]
        columns = 2 if sum(map(len, lines)) > TWO_COLUMNS else 1
        words = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        sheets.append(
            f'<article class="deckcast-sheet"><div class="deckcast-slide">{piece}</div>\n'
            f'<h2 class="deckcast-heading">{html.escape(_heading(slide, step))}</h2>\n'
            f'<div class="deckcast-notes" style="--columns: {columns}">{words}</div></article>'
        )
    source = "".join([source[:begin], "\n".join(sheets), source[end:]])
    source = with_labels(source, deck, document).replace(" data-passing", "")
    source = _linked(source, deck, {step.index: slide for slide, step in shown}, ids)
    source = _MARKED.sub(rf"{FILES}\1", source)
    before, head, *rest = taken_apart(source)
    style = f"<style>{_style(document, settings, title, notes=said is not None)}</style>\n"
    return "".join([before, head, style, *rest])


def _style(document: Document, settings: Settings, title: str, *, notes: bool) -> str:
    if not notes:
        size = f"{document.width}px {document.height}px"
        return page_file("slides.css").replace("var(--deckcast-page, 1920px 1080px)", size)
    sheet = SHEETS[settings.publish.paper]
    measure = sheet.width - 2 * sheet.edge
    words = title.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
    values = {
        "sheet": sheet.name,
        "edge": f"{sheet.edge:g}mm",
        "title": f'"{words}"',
        "measure": f"{measure:g}mm",
        "shape": f"{document.height / document.width:.6f}",
        "small": f"{measure / 25.4 * 96 / document.width:.6f}",
    }
    # Where a page is described, no custom property holds.
    return re.sub(r"var\(--(\w+)\)", lambda one: values.get(one[1], one[0]), page_file("handout.css"))


def _sections(source: str, ids: object) -> list[tuple[str, int, int]]:
    """(id, begin, end) of each section of a step."""
    wanted = set(ids)  # type: ignore[call-overload]
    found: list[tuple[str, int]] = []
    main = len(source)
    for tag in find_tags(source):
        if tag.name == "section" and not tag.closing:
            name = next((one.value for one in tag.attributes if one.name == "id"), "")
            if name in wanted:
                found.append((name, tag.begin))
        elif tag.name == "main" and tag.closing:
            main = tag.begin
    ends = [*(begin for _, begin in found[1:]), main]
    close = "</section>"
    return [
        (name, begin, source.rindex(close, begin, end) + len(close))
        for (name, begin), end in zip(found, ends, strict=True)
    ]


def _linked(source: str, deck: Deck, shown: dict[int, Slide], ids: dict[int, str]) -> str:
    """The document, whose links lead to the page of the slide that they mean; those that lead nowhere are none."""
    pages = {slide.index: ids[index] for index, slide in shown.items()}
    slides = slides_by_step(deck)
    goals = {str(step.index): pages.get(slides[step.index].index, "") for step in deck.steps}
    goals |= {step.name: pages.get(slides[step.index].index, "") for step in reversed(deck.steps) if step.name}
    parts: list[str] = []
    at = 0
    for tag in find_tags(source):
        if tag.name != "a" or tag.closing:
            continue
        for one in tag.attributes:
            if one.name != "href" or re.match(r"(https?:|mailto:)", one.value, re.IGNORECASE):
                continue
            quoted = source[one.begin - 1] in "\"'"
            end = source.index(source[one.begin - 1], one.begin) if quoted else one.begin + len(one.value)
            goal = goals.get(one.value[1:], "") if one.value.startswith("#") else ""
            name = source.rindex("href", tag.begin, one.begin) if "href" in source[tag.begin : one.begin] else one.begin
            parts += [source[at:name], f'href="#{goal}"' if goal else "data-nowhere"]
            at = end + quoted
    return "".join([*parts, source[at:]])


class _Files:
    """The document's files. Answers a browser's requests as `ports.Resources`."""

    def __init__(self, document: Document, read: Callable[[Blob], bytes]) -> None:
        self._files = document.files
        self._read = read

    def get(self, path: str) -> Resource | None:
        number = path.removeprefix(FILES)
        if number == path or not number.isdigit() or int(number) >= len(self._files):
            return None
        file = self._files[int(number)]
        return Resource(self._read(file.content), file.media_type)
