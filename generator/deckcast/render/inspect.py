"""What can be told of slides before they are drawn, and what is measured on them when they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.digest import Question
from deckcast.errors import DeckcastError, raise_all
from deckcast.keep import Keeper
from deckcast.model import NO_RESULTS, Deck, Finding, Inspection, Lettering, Painted, Results, Step
from deckcast.ports import Answer, Browser, Graphs, Page
from deckcast.render.assets import Assets
from deckcast.render.complaints import told, wrong
from deckcast.render.compose import Picture, compose
from deckcast.render.drawn import drawn
from deckcast.render.orders import Orders
from deckcast.render.stage import Drawing, check_pictures, composed, deck_sheets
from deckcast.settings import Settings
from deckcast.theme import find_theme

KIND = "inspection-2"
"""Raise the number when other things are measured."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found without a browser."""

    findings: tuple[Finding, ...] = ()
    styles: str = ""
    """The text of all style sheets: the theme's, the deck's."""


def examine(deck: Deck, settings: Settings, themes: Sequence[Path], results: Results = NO_RESULTS) -> Examined:
    """Composes all slides. Missing and broken files are findings here; raises `TemplateError` and `ConfigError`."""
    theme = find_theme(settings.slides.theme, themes)
    assets = Assets(deck.folder, theme)
    assets.check_theme()
    composition = compose(deck, deck.steps, settings, assets, results, Orders())
    sheets, errors = deck_sheets(settings, assets)
    errors = [*composition.errors, *errors]
    try:
        check_pictures(composition.pictures.values(), assets)
    except DeckcastError as error:
        errors.append(error)
    wrong = [finding for error in errors for finding in error.findings]
    paths = [file for folder in theme.folders for file in sorted(folder.rglob("*.css"))]
    found = [next(iter(files)) for files in sheets.values() if files]  # each names itself first; none that is not there
    paths += [deck.folder / name for name in found if name.endswith(".css")]
    styles = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return Examined(tuple(dict.fromkeys((*composition.findings, *wrong))), styles)


def inspect(
    deck: Deck,
    steps: Sequence[Step],
    settings: Settings,
    keeper: Keeper,
    browser: Browser,
    graphs: Graphs,
    themes: Sequence[Path],
    results: Results = NO_RESULTS,
) -> tuple[tuple[Inspection, ...], tuple[Finding, ...]]:
    """What is seen on each of `steps` as drawn, and what the author should know of it that `examine` cannot tell.

    Raises every mistake that only a browser shows (`AssetError`, `DrawingError`), and all that `examine` raises or
    finds.
    """
    theme = find_theme(settings.slides.theme, themes)
    assets = Assets(deck.folder, theme)
    composition = composed(deck, steps, settings, assets, results, theme, keeper, browser, graphs)
    sheets, errors = deck_sheets(settings, assets)
    raise_all([*composition.errors, *errors])
    drawing = Drawing(deck, settings, theme, composition, sheets)
    identity = browser.identity
    pictures = [composition.pictures[step.index] for step in steps]
    questions = {
        picture.step.index: Question.of(KIND, picture=drawing.question(picture, identity).key) for picture in pictures
    }
    answers = {index: answer for index, question in questions.items() if (answer := keeper.find_part(question))}
    missing = [picture for picture in pictures if picture.step.index not in answers]
    if missing:
        check_pictures(missing, assets)
        answers |= _draw(missing, questions, drawing, browser, assets, keeper)
    least = settings.check.smallest_text
    seen = [finding for picture in pictures for finding in told(picture, answers[picture.step.index].facts, least)]
    return tuple(_inspection(answers[step.index].facts) for step in steps), tuple(dict.fromkeys(seen))


def _draw(
    missing: Sequence[Picture],
    questions: dict[int, Question],
    drawing: Drawing,
    browser: Browser,
    assets: Assets,
    keeper: Keeper,
) -> dict[int, Answer]:
    """Draws, measures and keeps. Raises what is wrong when all have been seen."""

    def page(pictures: Sequence[Picture]) -> Page:
        return dataclasses.replace(drawing.page(pictures), measured=(), inspected=True)

    answers: dict[int, Answer] = {}
    errors: list[DeckcastError] = []
    with closing(drawn(missing, page, browser, assets)) as shots:
        for picture, shot in shots:
            found = list(wrong(picture, shot, assets))
            errors += found
            if not found:
                facts = {
                    "overflow": shot.overflow,
                    "beyond": shot.beyond,
                    "borrowed": list(shot.borrowed),
                    "smallest": [list(one) for one in shot.smallest],
                    "letterings": [dataclasses.astuple(one) for one in shot.inspection.letterings],
                    "pictures": [dataclasses.astuple(one) for one in shot.inspection.pictures],
                }
                answers[picture.step.index] = keeper.keep_part(questions[picture.step.index], facts)
    raise_all(errors)
    return answers


def _inspection(facts: Any) -> Inspection:
    return Inspection(
        tuple(Lettering(*one) for one in facts["letterings"]),
        tuple(Painted(address, tuple(pixels), tuple(size)) for address, pixels, size in facts["pictures"]),
    )
