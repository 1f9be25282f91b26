"""Rules of good lessons. Pure: they look at what others have read, drawn and timed, and say what is wrong.

rule.py     what a rule is; its docstring is its page in docs/checks.md
subject.py  what rules look at
suppress.py what the author has switched off
fix.py      what is mended without asking
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deckcast.check import (
    cells,
    drawn,
    known,
    lesson,
    links,
    names,
    notes,
    pictures,
    slides,
    speaking,
    suppress,
    timing,
    turned,
)
from deckcast.check.rule import Rule
from deckcast.check.subject import Subject
from deckcast.labels import label
from deckcast.model import Deck, Finding
from deckcast.settings import Settings

__all__ = ["RULES", "Rule", "Subject", "cheap", "check", "every_code", "summaries", "told"]

FAMILIES = (slides, pictures, drawn, notes, speaking, timing, links, names, lesson, cells, turned)
RULES: tuple[Rule, ...] = tuple(one for family in FAMILIES for one in family.RULES)
"""By family, in the order in which they are documented."""


def every_code() -> frozenset[str]:
    """The codes of all findings, whoever makes them."""
    return frozenset((*(one.code for one in RULES), *known.ELSEWHERE, *known.DECK))


def summaries() -> dict[str, str]:
    """What each finding tells, in one line, by its code."""
    return {**known.ELSEWHERE, **{one.code: one.summary for one in RULES}}


def check(subject: Subject) -> Iterator[Finding]:
    """What the rules find, by rule."""
    for one in RULES:
        yield from one.findings(subject)


def cheap(deck: Deck, settings: Settings) -> Iterator[Finding]:
    """Errors that the text alone shows, for every build."""
    subject = Subject(deck, settings)
    for one in links.RULES:
        yield from one.findings(subject)


def told(
    findings: Iterable[Finding], deck: Deck, settings: Settings, *, complete: bool = False, drawn: bool = False
) -> tuple[Finding, ...]:
    """The findings, each with its slide, without those that the author has switched off.

    With `complete`, all rules have looked, those about drawn slides if these were `drawn`: so what was switched off and
    not met is told, too.
    """
    offs = suppress.find(deck, settings)
    kept = suppress.apply(dict.fromkeys(label(findings, deck)), offs)
    if not complete:
        return kept
    needs = {one.code for one in RULES if one.drawn} | known.DRAWN
    looked_for = every_code() - (frozenset() if drawn else needs) - known.SELDOM
    about = label(suppress.about(offs, every_code(), looked_for), deck)
    return (*kept, *suppress.apply(about, offs))
