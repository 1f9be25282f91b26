"""Says of a finding which slide it is about, once the whole deck is known."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from deckcast.errors import DeckcastError, alone
from deckcast.model import Deck, Finding


def label(findings: Iterable[Finding], deck: Deck) -> tuple[Finding, ...]:
    """The findings with `slide` filled in where their place lies in the deck."""
    begins = sorted(
        (step.where.path, step.where.line, step.where.column, slide.label)
        for slide in deck.slides
        for step in slide.steps
    )

    def labelled_one(finding: Finding) -> Finding:
        where = finding.where
        if where is None or finding.slide:
            return finding
        at = bisect.bisect(begins, (where.path, where.line, where.column, "\U0010ffff")) - 1
        if at < 0 or begins[at][0] != where.path:
            return finding
        return dataclasses.replace(finding, slide=begins[at][3])

    return tuple(labelled_one(finding) for finding in findings)


@contextmanager
def labelled(deck: Deck) -> Iterator[None]:
    """Labels the findings of a `DeckcastError` that passes through."""
    try:
        yield
    except DeckcastError as error:
        for one in alone(error):
            (one.finding,) = label((one.finding,), deck)
        raise
