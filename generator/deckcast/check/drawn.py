"""What can be read on slides as they are drawn."""

from __future__ import annotations

from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Sheet, Subject
from deckcast.model import Lettering, Where
from deckcast.places import place, top

LARGE = 3.0
"""Contrast that is enough for large type (WCAG 1.4.3)."""


@rule(
    "slide-small",
    "warning",
    settings=("smallest_text",),
    drawn=True,
    bad="""
    # Sources

    <span style="font-size: 12px">A line that nobody can read on a phone</span>
    """,
    good="""
    # Sources

    .small[A line that can be read on a phone]
    """,
)
def small(subject: Subject) -> Iterator[Hit]:
    """Words are set in small type.

    Measured in pixels of a stage 1080 high. On a phone, 24 of them are as high as 11 of its own: the least that can be
    read.
    """
    least = subject.settings.check.smallest_text
    for sheet, letterings in _drawn(subject):
        small = [one for one in letterings if 0 < one.size < least - 0.05]
        if small:
            smallest = min(small, key=lambda one: one.size)
            where, line, width = _of(sheet, smallest)
            message = f"`{_short(smallest.text)}` is set in {smallest.size:.3g} pixels, less than {least:g}"
            yield Hit(message, where, line, width, "set it larger, or leave it out", sheet.slide.label)


@rule(
    "slide-contrast",
    "warning",
    settings=("least_contrast",),
    drawn=True,
    bad="""
    # Hints

    <span style="color: #bbb">grey on white</span>
    """,
    good="""
    # Hints

    <span style="color: #666">darker grey on white</span>
    """,
)
def contrast(subject: Subject) -> Iterator[Hit]:
    """Words hardly stand out from what is behind them.

    Measured is what was painted: 4.5 is the least for text, 3 for large type (44 pixels, or 33 in bold; after
    WCAG 1.4.3). Words on photographs are left out, since these have no one colour,
    and so are those that are faded on purpose (`opacity`).
    """
    least = subject.settings.check.least_contrast
    for sheet, letterings in _drawn(subject):
        faint = [one for one in letterings if 0 < one.contrast < (min(LARGE, least) if one.large else least) - 0.05]
        if faint:
            faintest = min(faint, key=lambda one: one.contrast)
            where, line, width = _of(sheet, faintest)
            wanted = min(LARGE, least) if faintest.large else least
            message = f"`{_short(faintest.text)}` has a contrast of {faintest.contrast:.1f}, less than {wanted:g}"
            yield Hit(message, where, line, width, "take a darker or a lighter colour", sheet.slide.label)


def _drawn(subject: Subject) -> Iterator[tuple[Sheet, tuple[Lettering, ...]]]:
    for sheet in subject.sheets:
        inspection = (subject.inspections or {}).get(sheet.step.index)
        if inspection is not None:
            yield sheet, inspection.letterings


def _of(sheet: Sheet, lettering: Lettering) -> tuple[Where, str, int]:
    words = lettering.text.strip()
    where = place(sheet.step.content, words)
    return (where, "", len(words)) if where is not None else top(sheet.slide)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39].rstrip()}…"


RULES = (small, contrast)
