"""Each step of a deck as it stands in the page, with the files it names: what its picture depends on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deckcast.config import lay_slide
from deckcast.errors import DeckcastError
from deckcast.film import is_film
from deckcast.markup import Dialect, Markup, Reference, to_html
from deckcast.model import Deck, Finding, Results, Slide, Step, Where
from deckcast.render import filming, zooming
from deckcast.render.assets import PICTURES, Assets
from deckcast.render.backgrounds import Ground, files_of, ground
from deckcast.render.edges import Edges, edges, logo_of
from deckcast.render.filming import Shown
from deckcast.render.live import Live
from deckcast.render.looks import aspect, look
from deckcast.render.made import Made
from deckcast.render.orders import Orders, fill, ordered
from deckcast.render.page_diagrams import ordered_diagrams
from deckcast.render.tidy import Tidy, tidy
from deckcast.render.typed import Typed, beside
from deckcast.render.zooming import Movement
from deckcast.settings import Settings


@dataclass(frozen=True, slots=True)
class Section:
    """One step's part of the page: the values its template is filled with."""

    id: str
    name: str
    classes: tuple[str, ...]
    look: str
    ground: Ground
    html: str
    edges: Edges
    increment: bool
    fit_of: str
    """The `id` of the slide's fullest step: all steps of a slide are set in the size in which that one has room."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A step to be drawn."""

    step: Step
    slot: str
    section: Section
    fullest: int
    """`Step.index` of the slide's last step."""
    files: Mapping[str, str]
    """Digests of the files it names, by name."""
    pictures: Mapping[Path, tuple[Where | None, int]]
    """Those of them that are pictures, with the place and width of their naming."""
    said: tuple[tuple[Where, str], ...]
    """(place, HTML) of what cells and inline values put out on it."""
    sheets: tuple[str, ...] = ()
    """Addresses of style sheets of libraries that it needs."""
    diagrams: tuple[Where | None, ...] = ()
    """Where the fences of its diagrams stand, in their order."""
    moves: Movement | None = None
    moving: str = ""
    """The address of the picture that moves, where there is one."""
    films: tuple[Shown, ...] = ()
    typed: tuple[Typed, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    """What is to be read in each part that the notes may point at, by region."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A whole deck, composed."""

    pictures: Mapping[int, Picture]
    """By `Step.index`."""
    styles: tuple[str, ...]
    """All `<style>` elements of the deck, which work for the whole page."""
    errors: tuple[DeckcastError, ...]
    findings: tuple[Finding, ...]


def compose(
    deck: Deck, chosen: Iterable[Step], settings: Settings, assets: Assets, results: Results, orders: Orders
) -> Composition:
    """Composes every step, since each may style the others, but looks only after the chosen ones' files.

    What scripts are to make is noted in `orders`; `with_made` puts it into its places.
    """
    dialect = Dialect.of(deck, settings.slides)
    wanted = {step.index for step in chosen}
    pictures: dict[int, Picture] = {}
    styles: dict[str, None] = {}
    errors: list[DeckcastError] = []
    findings: list[Finding] = []
    seen: set[Where] = set()
    part = ""
    """The heading of the last slide that began a section."""
    for slide in deck.slides:
        written: list[tuple[Step, Markup, Live]] = []
        for step in slide.steps:
            live = Live(results, slide, step, settings.cells, assets, settings.slides, orders, seen)
            markup = to_html(
                step.content,
                dialect,
                code=live.code,
                math=orders.formula,
                inline=live.inline,
                whole=slide.steps[-1].content,
            )
            written.append((step, markup, live))
        # All steps of a slide show as much of an output as its fullest one has room for.
        rooms = written[-1][2].rooms(written[-1][1].html)
        whole: list[tuple[Step, Markup, Tidy, Live]] = []
        for step, markup, live in written:
            filled, about_outputs = live.fill(markup.html, rooms)
            neat = tidy(ordered_diagrams(filled, step.content, step.where, orders))
            styles.update(dict.fromkeys(neat.styles))
            whole.append((step, markup, neat, live))
            if step.index in wanted:
                findings += [*markup.findings, *live.painter.findings, *about_outputs]
        moves = _movement(slide, wanted, errors)
        last, _, fullest, _ = whole[-1]
        try:
            own = lay_slide(settings, last.properties).slides
        except DeckcastError as error:
            errors.append(error)
            own = settings.slides
        shape = look(
            fullest,
            last.properties.classes,
            own.look,
            first=slide.index == 1,
            last=slide is deck.slides[-1],
            aspect=aspect(fullest, assets),
        )
        part = " ".join(slide.title.split()) if shape == "section" else part
        try:
            under = ground(last.properties, shape, assets, styled=bool(settings.slides.css or fullest.styles))
        except DeckcastError as error:
            errors.append(error)
            under = Ground()
        for number, (step, markup, neat, live) in enumerate(whole, 1):
            if step.index not in wanted and step is not last:
                continue
            references = [*markup.references, *files_of(step.properties)] if step.index in wanted else []
            edge = edges(deck, step, settings.lesson, own, part)
            if edge.logo and step.index in wanted:
                references.append(logo_of(deck, step, edge.logo))
            files, shown, films = _files(references, assets, errors, findings)
            text, playing, about_films = _filmed(neat.html, films, assets, errors)
            findings += about_films
            if playing and moves:
                errors.append(filming.beside(moves.asked))
                moves = None
            text, moving = _marked(text, moves, errors)
            typed = tuple(live.typed)
            if typed and (playing or moves):
                findings += [beside(one) for one in typed] if step.index in wanted else []
                typed = ()
            section = Section(
                id=f"step-{step.index}",
                name=step.name,
                classes=step.properties.classes,
                look=shape,
                ground=under,
                html=text,
                edges=edge,
                increment=step.increment,
                fit_of="" if step is last else f"step-{last.index}",
            )
            parts = f" step {number}" if len(slide.steps) > 1 else ""
            slot = f"picture of slide {slide.index}{parts}"
            pictures[step.index] = Picture(
                step,
                slot,
                section,
                last.index,
                files,
                shown,
                tuple(live.said),
                moves=moves,
                moving=moving,
                films=playing,
                typed=typed,
            )
        if moves and not any(pictures[step.index].moving for step in slide.steps if step.index in pictures):
            errors.append(zooming.no_picture(moves))
    return Composition(pictures, tuple(styles), tuple(errors), tuple(findings))


def with_made(composition: Composition, made: Made) -> Composition:
    """The composition with all that has been made in its places, and every mistake in it."""
    pictures: dict[int, Picture] = {}
    for index, picture in composition.pictures.items():
        numbers = set(ordered(picture.section.html))
        libraries = [one for one in made.libraries if not numbers.isdisjoint(one.orders)]
        pictures[index] = dataclasses.replace(
            picture,
            section=dataclasses.replace(picture.section, html=fill(picture.section.html, made.html)),
            files={**picture.files, **{one.sheet: one.digest for one in libraries}},
            sheets=tuple(one.sheet for one in libraries),
            diagrams=tuple(
                made.diagrams[number] for number in ordered(picture.section.html) if number in made.diagrams
            ),
        )
    errors, findings = (*composition.errors, *made.errors), (*composition.findings, *made.findings)
    return dataclasses.replace(composition, pictures=pictures, errors=errors, findings=findings)


def _movement(slide: Slide, wanted: set[int], errors: list[DeckcastError]) -> Movement | None:
    """What is to move on a slide that is drawn."""
    if not any(step.index in wanted for step in slide.steps):
        return None
    try:
        return zooming.movement(slide.steps[0].properties)
    except DeckcastError as error:
        errors.append(error)
        return None


def _marked(text: str, moves: Movement | None, errors: list[DeckcastError]) -> tuple[str, str]:
    try:
        return zooming.marked(text, moves) if moves else (text, "")
    except DeckcastError as error:
        if error not in errors:
            errors.append(error)
        return text, "none"


def _filmed(
    text: str, films: Mapping[str, tuple[Path, Reference]], assets: Assets, errors: list[DeckcastError]
) -> tuple[str, tuple[Shown, ...], tuple[Finding, ...]]:
    try:
        return filming.marked(text, films, assets)
    except DeckcastError as error:
        errors.append(error)
        return text, (), ()


def _files(
    references: Iterable[Reference], assets: Assets, errors: list[DeckcastError], findings: list[Finding]
) -> tuple[dict[str, str], dict[Path, tuple[Where | None, int]], dict[str, tuple[Path, Reference]]]:
    """The digests of the files that are named, the pictures among them, and the films."""
    films: dict[str, tuple[Path, Reference]] = {}
    files: dict[str, str] = {}
    pictures: dict[Path, tuple[Where | None, int]] = {}
    for reference in references:
        if reference.kind == "media" and "//" in reference.url[:8]:
            message = f"{reference.url} is on the web and does not show: slides are drawn without a network"
            findings.append(
                Finding("asset-web", "warning", message, reference.where, hint="show a picture of it instead")
            )
            continue
        try:
            path = assets.find(reference.url, reference.where)
            if path is None:
                continue
            files[reference.url] = assets.digest(path)
            if reference.kind in ("image", "media") and is_film(path):
                films.setdefault(reference.url, (path, reference))
            elif reference.kind == "image" or path.suffix.lower() in PICTURES:
                pictures.setdefault(path, (reference.where, len(reference.url)))
        except DeckcastError as error:
            errors.append(error)
    return files, pictures, films
