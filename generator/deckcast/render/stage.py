"""The stage itself: asks the store for each step's picture and has the browser draw what is not there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from pathlib import Path
from typing import Any

from deckcast.digest import Question
from deckcast.errors import DeckcastError, raise_all
from deckcast.keep import Keeper
from deckcast.model import NO_RESULTS, Deck, Document, Finding, Frame, Opening, Region, Results, Step
from deckcast.ports import Answer, Browser, Graphs, Page
from deckcast.render import filming, typed
from deckcast.render.assets import Assets
from deckcast.render.complaints import told, wrong
from deckcast.render.compose import Composition, Picture, compose, with_made
from deckcast.render.diagrams import Dress, placed
from deckcast.render.document import document
from deckcast.render.drawn import drawn
from deckcast.render.made import make
from deckcast.render.orders import Orders
from deckcast.render.parts import with_parts
from deckcast.render.thumbnail import INDEX, thumbnail
from deckcast.render.zooming import wish
from deckcast.settings import Settings
from deckcast.shape import shape_of
from deckcast.theme import Theme, find_theme

KIND = "frame-3"
"""Raise the number when equal questions get other pictures."""
MEASURED = "regions-1"
"""Raise the number when regions are measured otherwise; it is asked only where a slide has some."""
PAINTED = ("black", "white", "empty")
"""What the pictures with painted openings are kept as."""


def render(
    deck: Deck,
    steps: Sequence[Step],
    settings: Settings,
    keeper: Keeper,
    browser: Browser,
    graphs: Graphs,
    themes: Sequence[Path],
    results: Results = NO_RESULTS,
    pointed: AbstractSet[int] = frozenset(),
    *,
    titled: bool = False,
) -> tuple[tuple[Frame, ...], Document, tuple[Finding, ...]]:
    """A frame for each of `steps`, kept or drawn now, the page of all of them, and what the author should know.

    `themes` are folders that may hold the author's own `themes/`; `pointed` is `Step.index` of the steps at whose parts
    the notes point; with `titled`, the first frame has a thumbnail, where the lesson begins with a title. Raises every
    mistake of the author at once (`AssetError`), `TemplateError`, `ConfigError` for an unknown theme, `BrowserError`.
    What was drawn by then is kept.
    """
    theme = find_theme(settings.slides.theme, themes)
    assets = Assets(deck.folder, theme)
    assets.check_theme()
    composition = composed(deck, steps, settings, assets, results, theme, keeper, browser, graphs)
    title = thumbnail(composition, deck, steps, settings, theme) if titled else None
    composition = with_parts(composition, pointed)
    if title:
        composition = dataclasses.replace(composition, pictures={**composition.pictures, INDEX: title})
    sheets, errors = deck_sheets(settings, assets)
    raise_all([*composition.errors, *errors])

    drawing = Drawing(deck, settings, theme, composition, sheets)
    identity = browser.identity
    answers: dict[int, Answer] = {}
    missing: list[tuple[Picture, Question]] = []
    pictures = [composition.pictures[step.index] for step in steps]
    asked = [(picture, drawing.question(picture, identity)) for picture in pictures]
    keeper.expect(question for _, question in asked)
    for picture, question in asked:
        answer = keeper.find("render", picture.slot, question)
        if answer is None:
            missing.append((picture, question))
        else:
            answers[picture.step.index] = answer
    if title:
        question = drawing.question(title, identity)
        found = keeper.find_part(question)
        if found is None:
            missing.append((title, question))
        else:
            answers[INDEX] = found
    if missing:
        check_pictures((picture for picture, _ in missing), assets)
        answers |= _draw(missing, drawing, browser, assets, keeper)

    shown = [(picture, question, answers[picture.step.index]) for picture, question in asked]
    page = document(shown, lambda: drawing.page([one for one, _ in asked]).html, drawing.size, assets, keeper)
    frames = tuple(_frame(composition.pictures[step.index], answers[step.index]) for step in steps)
    if INDEX in answers:
        frames = (dataclasses.replace(frames[0], thumbnail=answers[INDEX].blobs["png"]), *frames[1:])
    least = settings.check.smallest_text
    seen = [
        finding
        for step in steps
        for finding in told(composition.pictures[step.index], answers[step.index].facts, least)
    ]
    return frames, page, tuple(dict.fromkeys([*composition.findings, *seen]))


def _frame(picture: Picture, answer: Answer) -> Frame:
    facts, blobs = answer.facts, answer.blobs
    frame = Frame(
        picture.step.index,
        blobs["png"],
        facts["width"],
        facts["height"],
        facts["text"],
        tuple(
            dataclasses.replace(region, text=picture.parts.get(region.name, ""))
            for region in map(_region, facts.get("regions", ()))
        ),
        Opening(*(blobs[name] for name in PAINTED)) if PAINTED[0] in blobs else None,
    )
    if picture.films:
        found = filming.wish(frame, picture.films, facts["films"], blobs)
    else:
        found = wish(frame, picture.moves, blobs) if picture.moves else None
    wishes = (found,) if found else typed.wishes(frame, picture.typed, blobs)
    return dataclasses.replace(frame, wishes=wishes) if wishes else frame


def _region(kept: Sequence[Any]) -> Region:
    name, left, top, width, height, colour, text, *edges = kept
    return Region(name, left, top, width, height, colour, text, tuple(*edges))


def composed(
    deck: Deck,
    steps: Sequence[Step],
    settings: Settings,
    assets: Assets,
    results: Results,
    theme: Theme,
    keeper: Keeper,
    browser: Browser,
    graphs: Graphs,
) -> Composition:
    """The composition with all in it that scripts make, kept or made now."""
    orders = Orders()
    composition = compose(deck, steps, settings, assets, results, orders)
    slides = [picture.section.html for picture in composition.pictures.values()]
    dress = Dress(theme, deck_sheets(settings, assets)[0], composition.styles)
    return with_made(composition, make(orders, slides, settings, dress, assets, keeper, browser, graphs))


class Drawing:
    """What all pictures of a deck have in common."""

    def __init__(
        self,
        deck: Deck,
        settings: Settings,
        theme: Theme,
        composition: Composition,
        sheets: dict[str, dict[str, str]],
    ) -> None:
        self._theme = theme
        self._composition = composition
        self._sheets = sheets
        self._title = settings.lesson.title or deck.slides[0].title
        self._language = settings.lesson.language
        shape = shape_of(settings.slides.ratio, settings.video.size)
        self.width, self.height, self.scale = shape.width, shape.height, shape.scale

    @property
    def size(self) -> tuple[int, int]:
        """Of the stage, in CSS pixels."""
        return self.width, self.height

    def question(self, picture: Picture, identity: str) -> Question:
        """What the picture depends on; `id` and position do not show, the number does."""
        fullest = self._composition.pictures[picture.fullest]
        return Question.of(
            KIND,
            html=dataclasses.replace(picture.section, id="", fit_of=""),
            fullest_step=(fullest.section.html, fullest.section.classes) if fullest is not picture else None,
            files=picture.files,
            theme=self._theme.digest,
            style_sheets=self._sheets,
            styles=self._composition.styles,
            title=self._title,
            language=self._language,
            size=(self.width, self.height, self.scale),
            browser=identity,
            **({"regions": MEASURED} if _measured(picture) else {}),
        )

    def page(self, pictures: Sequence[Picture]) -> Page:
        """The document with these pictures' sections, and those in whose size they are set."""
        needed = {index for picture in pictures for index in (picture.step.index, picture.fullest)}
        html = self._theme.page(
            language=self._language,
            title=self._title,
            width=self.width,
            height=self.height,
            sheets=[f"/deck/{name}" for name in self._sheets],
            libraries=sorted({sheet for index in needed for sheet in self._composition.pictures[index].sheets}),
            styles=[_safe(style) for style in self._composition.styles],
            slides=[
                dataclasses.replace(picture.section, html=_safe(placed(picture.section.html, picture.section.id)))
                for index, picture in self._composition.pictures.items()
                if index in needed
            ],
        )
        sections = tuple(picture.section.id for picture in pictures)
        measured = tuple(picture.section.id for picture in pictures if _measured(picture))
        return Page(html, sections, self.width, self.height, self.scale, measured)


def _measured(picture: Picture) -> bool:
    """Whether parts of it are to move, so that one must know where they lie."""
    return any(name in picture.section.html for name in ("data-region=", "data-typed="))


def _safe(text: str) -> Any:
    """HTML that the template is to take as it is."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - a deck's HTML is its author's, and the browser runs nothing of it


def deck_sheets(settings: Settings, assets: Assets) -> tuple[dict[str, dict[str, str]], list[DeckcastError]]:
    """The deck's own style sheets, each with the digests of all that it names."""
    sheets: dict[str, dict[str, str]] = {}
    errors: list[DeckcastError] = []
    for name in settings.slides.css:
        sheets[name], found = assets.sheet(name)
        errors += found
    return sheets, errors


def check_pictures(pictures: Iterable[Picture], assets: Assets) -> None:
    """Raises every picture file that no browser could show."""
    errors: list[DeckcastError] = []
    for picture in pictures:
        for path, (where, width) in picture.pictures.items():
            try:
                assets.check(path, where, width=width)
            except DeckcastError as error:
                errors.append(error)
        for film in picture.films:
            try:
                filming.check(film, assets)
            except DeckcastError as error:
                errors.append(error)
    raise_all(errors)


def _draw(
    missing: Sequence[tuple[Picture, Question]], drawing: Drawing, browser: Browser, assets: Assets, keeper: Keeper
) -> dict[int, Answer]:
    """Draws and keeps. Raises what is wrong with the pictures when all have been seen."""
    size = {"width": round(drawing.width * drawing.scale), "height": round(drawing.height * drawing.scale)}
    questions = {picture.step.index: question for picture, question in missing}
    answers: dict[int, Answer] = {}
    errors: list[DeckcastError] = []
    with closing(drawn([picture for picture, _ in missing], drawing.page, browser, assets)) as shots:
        for picture, shot in shots:
            found = list(wrong(picture, shot, assets))
            if picture.step.index == INDEX:  # what is wrong with it is told of the slide
                if not found:
                    answers[INDEX] = keeper.keep_part(questions[INDEX], {}, {"png": shot.png})
                continue
            errors += found
            if not found:
                facts = {**size, "text": shot.text, "overflow": shot.overflow, "beyond": shot.beyond}
                facts |= {
                    "borrowed": list(shot.borrowed),
                    "attributes": list(shot.attributes),
                    "shrunk": list(shot.shrunk),
                }
                if picture.diagrams:
                    facts["smallest"] = [list(one) for one in shot.smallest]
                if _measured(picture):
                    facts["regions"] = [dataclasses.astuple(region) for region in shot.regions]
                painted: dict[str, bytes] = dict(zip(PAINTED, shot.painted, strict=False))
                if picture.typed:
                    painted["untyped"] = shot.untyped
                moving = assets.get(picture.moving) if picture.moving else None
                if moving is not None:
                    painted["picture"] = moving.body
                if picture.films:
                    facts["films"] = [filming.check(film, assets) for film in picture.films]
                    painted |= {film.name: film.path.read_bytes() for film in picture.films}
                question = questions[picture.step.index]
                kept = keeper.keep("render", picture.slot, question, facts, {"png": shot.png, **painted})
                answers[picture.step.index] = kept
    raise_all(errors)
    return answers
