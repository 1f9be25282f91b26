"""What slides order from scripts: places noted while slides are written, filled when all has been made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from deckcast.markup import Diagram, Math
from deckcast.model import Cell

_PLACE = re.compile(r'<(?P<tag>span|div|figure) data-made="(?P<number>\d+)">(?:<svg></svg>)?</(?P=tag)>')


@dataclass(frozen=True, slots=True)
class Formula:
    math: Math
    cell: Cell | None = None
    """The cell that put it out; None for the author's own."""


Order: TypeAlias = Formula | Diagram


class Orders:
    """The orders of a deck, in the order of its text."""

    def __init__(self) -> None:
        self._orders: list[Order] = []

    def formula(self, math: Math, cell: Cell | None = None) -> str:
        """The `math` callback of `markup.to_html`."""
        return self._place("div" if math.display else "span", Formula(math, cell))

    def diagram(self, diagram: Diagram) -> str:
        """A figure, so that the slide's look is that of one with a picture."""
        return self._place("figure", diagram, "<svg></svg>") + "\n"

    def all(self) -> Iterator[tuple[int, Order]]:
        return iter(enumerate(self._orders))

    def _place(self, tag: str, order: Order, inside: str = "") -> str:
        self._orders.append(order)
        return f'<{tag} data-made="{len(self._orders) - 1}">{inside}</{tag}>'


def ordered(html: str) -> Iterable[int]:
    """The numbers of the orders in a slide's HTML."""
    return (int(found["number"]) for found in _PLACE.finditer(html))


def fill(html: str, made: Mapping[int, str]) -> str:
    """The HTML with what has been made in its places."""
    return _PLACE.sub(lambda found: made.get(int(found["number"]), found[0]), html)
