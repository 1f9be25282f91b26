"""Has made what the slides of a deck order: asks the store for each thing, and scripts for what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deckcast.errors import DeckcastError
from deckcast.keep import Keeper
from deckcast.model import Finding
from deckcast.ports import Browser
from deckcast.render import formulas, scripts
from deckcast.render.orders import Formula, Orders, ordered
from deckcast.settings import Settings
from deckcast.theme import Theme


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


def make(
    orders: Orders, slides: Iterable[str], settings: Settings, theme: Theme, keeper: Keeper, browser: Browser
) -> Made:
    """What the HTML of these slides has places for."""
    wanted = frozenset(number for html in slides for number in ordered(html))
    if not wanted:
        return Made({})
    all_formulas = {number: order for number, order in orders.all() if isinstance(order, Formula)}
    html, errors, findings = formulas.typeset(
        all_formulas, wanted, settings.slides.math_macros, keeper, browser, scripts.Scripts(theme)
    )
    library = Library(formulas.SHEET, scripts.files_of("katex", (".css", ".woff2")), frozenset(html))
    return Made(html, (library,), tuple(errors), tuple(findings))
