"""Which captions break which rule, and where in the deck they come from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from deckcast.captions.cues import Cue
from deckcast.captions.graphemes import width
from deckcast.captions.limits import LINES, LONGEST, SHORTEST, limits
from deckcast.model import Deck, Finding

Rule: TypeAlias = Literal["fast", "short", "long", "wide", "lines", "over"]

LENIENT = 0.0005
"""Seconds that rounding to milliseconds may cost."""
FEW = 2
"""So many captions that break a rule are told one by one; more are told together."""

_WHAT: dict[Rule, tuple[str, str]] = {
    "fast": ("faster to read than {limit:g} characters a second", "{value:.1f} characters a second"),
    "short": ("shown for less than {limit:g} s", "{value:.2f} s"),
    "long": ("shown for more than {limit:g} s", "{value:.1f} s"),
    "wide": ("wider than {limit:g} columns", "{value:g} columns"),
    "lines": ("longer than {limit:g} lines", "{value:g} lines"),
    "over": ("shown before the one before is gone", "{value:.2f} s"),
}
_HINTS: dict[Rule, str] = {
    "fast": "speak more slowly: `rate: 0.9` for the slide, or `[rate 0.9]` in its notes",
    "short": "a short sentence that stands alone is soon over: join it to another, or add a `[pause 1s]` behind it",
    "long": "part the sentence",
    "wide": "write the word so that a line can hold it",
    "lines": "part the sentence",
    "over": "",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One caption that breaks a rule."""

    rule: Rule
    cue: int
    """Its number in the file, from 1."""
    step: int
    """`Step.index`."""
    value: float
    """What it has: columns a second, seconds, columns, lines."""
    limit: float
    text: str


def flaws(cues: Sequence[Cue], language: str) -> tuple[Flaw, ...]:
    """Every rule that a caption breaks, in the order of the captions."""
    allowed = limits(language)
    found: list[Flaw] = []
    for number, cue in enumerate(cues, 1):
        text = plain(" ".join(cue.lines))
        seconds = (cue.stop - cue.start) / 1000
        columns = sum(map(width, cue.lines))

        def add(rule: Rule, value: float, limit: float, number: int = number, cue: Cue = cue, text: str = text) -> None:
            found.append(Flaw(rule, number, cue.step, value, limit, text))

        if columns > allowed.reading * (seconds + LENIENT):
            add("fast", columns / max(seconds, 0.001), allowed.reading)
        if seconds < SHORTEST - LENIENT:
            add("short", seconds, SHORTEST)
        if seconds > LONGEST + LENIENT:
            add("long", seconds, LONGEST)
        widest = max(map(width, cue.lines), default=0)
        if widest > allowed.line:
            add("wide", widest, allowed.line)
        if len(cue.lines) > LINES:
            add("lines", len(cue.lines), LINES)
        if number > 1 and cues[number - 2].stop > cue.start:
            add("over", (cues[number - 2].stop - cue.start) / 1000, 0)
    return tuple(found)


def findings(found: Iterable[Flaw], deck: Deck, total: int) -> tuple[Finding, ...]:
    """What an author should know: one line a rule, however many of the `total` captions break it."""
    by_rule: dict[Rule, list[Flaw]] = {}
    for flaw in found:
        by_rule.setdefault(flaw.rule, []).append(flaw)
    return tuple(
        finding
        for rule, own in by_rule.items()
        for finding in ([_one(flaw, deck) for flaw in own] if len(own) <= FEW else [_many(rule, own, deck, total)])
    )


def _one(flaw: Flaw, deck: Deck) -> Finding:
    what, value = _WHAT[flaw.rule]
    step = next((one for one in deck.steps if one.index == flaw.step), None)
    return Finding(
        f"captions-{flaw.rule}",
        "warning",
        f"a caption is {what.format(limit=flaw.limit)} ({value.format(value=flaw.value)}): “{_shortened(flaw.text)}”",
        step.where if step else None,
        hint=_HINTS[flaw.rule],
        slide=_slide(deck, flaw.step),
    )


def _many(rule: Rule, own: Sequence[Flaw], deck: Deck, total: int) -> Finding:
    what, value = _WHAT[rule]
    worst = min(own, key=lambda flaw: flaw.value) if rule == "short" else max(own, key=lambda flaw: flaw.value)
    slides = list(dict.fromkeys(_slide(deck, flaw.step).partition(" ")[2].partition(" ")[0] for flaw in own))
    listed = ", ".join(slides[:8]) + (f" and {len(slides) - 8} more" if len(slides) > 8 else "")
    said = f"{len(own)} of {total} captions are {what.format(limit=worst.limit)}"
    message = f"{said}, the worst {value.format(value=worst.value)} (slides {listed})"
    return Finding(f"captions-{rule}", "warning", message, hint=_HINTS[rule])


def _slide(deck: Deck, step: int) -> str:
    return next((slide.label for slide in deck.slides for one in slide.steps if one.index == step), "")


def plain(text: str) -> str:
    """The text without marks of direction."""
    return "".join(one for one in text if unicodedata.category(one) != "Cf")


def _shortened(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49].rsplit(' ', 1)[0]}…"
