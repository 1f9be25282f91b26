"""Has made what the slides of a deck order: asks the store for each thing, and scripts for what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from deckcast.errors import DeckcastError
from deckcast.keep import Keeper
from deckcast.markup import Diagram
from deckcast.model import Finding, Where
from deckcast.ports import Browser, Graphs
from deckcast.render import diagrams, formulas, scripts
from deckcast.render.assets import Assets
from deckcast.render.diagrams import Dress
from deckcast.render.orders import Formula, Orders, ordered
from deckcast.settings import Settings


@dataclass(frozen=True, slots=True)
class Library:
    """A style sheet without which some of what has been made looks wrong."""

    sheet: str
    """Its address."""
    digest: str
    """Of the sheet and all that it names."""
    orders: frozenset[int]
    """Who needs it."""


@dataclass(frozen=True, slots=True)
class Made:
    html: Mapping[int, str]
    """By the number of the order."""
    libraries: tuple[Library, ...] = ()
    errors: tuple[DeckcastError, ...] = ()
    findings: tuple[Finding, ...] = ()
    diagrams: Mapping[int, Where | None] = field(default_factory=dict)
    """Where each diagram's fence stands."""


def make(
    orders: Orders,
    slides: Iterable[str],
    settings: Settings,
    dress: Dress,
    assets: Assets,
    keeper: Keeper,
    browser: Browser,
    graphs: Graphs,
) -> Made:
    """What the HTML of these slides has places for."""
    wanted = frozenset(number for html in slides for number in ordered(html))
    if not wanted:
        return Made({})
    all_formulas = {number: order for number, order in orders.all() if isinstance(order, Formula)}
    resources = scripts.Scripts(dress.theme, assets)
    html, errors, findings = formulas.typeset(
        all_formulas, wanted, settings.slides.math_macros, keeper, browser, resources
    )
    libraries = (Library(formulas.SHEET, scripts.files_of("katex", (".css", ".woff2")), frozenset(html)),)
    drawings = {number: order for number, order in orders.all() if isinstance(order, Diagram) and number in wanted}
    figures, wrong, left_out = diagrams.draw(drawings, diagrams.Tools(browser, graphs, resources, dress), keeper)
    return Made(
        {**html, **figures},
        libraries if html else (),
        (*errors, *wrong),
        (*findings, *left_out),
        {number: order.where for number, order in drawings.items()},
    )
