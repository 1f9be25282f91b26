"""Steps for code whose emphasis moves on (`lines=1|3-5|all`) more often than its slide has steps of its own. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from deckcast.markup import Dialect, to_text
from deckcast.model import Cell, Deck, Slide, Step
from deckcast.settings import Settings
from deckcast.spoken import clicks_in


def with_emphasis(deck: Deck, cells: Sequence[Cell], settings: Settings) -> Deck:
    """The deck with further steps, so that each group of lines of its cells is shown.

    They stand behind the step in whose notes there are more clicks than steps to show, otherwise at the end of the
    slide. Their `Step.index` lies beyond those of all others, so that links by number lead where they led; and they
    count as one with the step before in `Step.number`.
    """
    moving: dict[int, list[Cell]] = {}
    for cell in cells:
        if len(cell.highlights) > 1 and cell.echo and cell.output != "only":
            moving.setdefault(cell.step, []).append(cell)
    if not moving or settings.slides.disable_incremental_slides:
        return deck
    dialect = Dialect.of(deck, settings.slides)
    free = iter(range(max(step.index for step in deck.steps) + 1, 1 << 62))
    slides = tuple(
        _longer(slide, moving, dialect, free) if any(step.index in moving for step in slide.steps) else slide
        for slide in deck.slides
    )
    return dataclasses.replace(deck, slides=slides)


def _longer(slide: Slide, moving: Mapping[int, Sequence[Cell]], dialect: Dialect, free: Iterator[int]) -> Slide:
    made: list[Step] = []
    shown: list[tuple[int, Cell]] = []
    """Cells so far, each with the number of steps before its first one."""
    clicks, spoken = 0, False
    """How many the narration has, and whether there is one yet."""
    others = -1
    """Steps that show during it, besides the first."""

    def left() -> int:
        """How many more steps it takes to show every group of the cells so far."""
        return max((begin + len(cell.highlights) - len(made) for begin, cell in shown), default=0)

    def add(count: int) -> None:
        for _ in range(count):
            made.append(_again(made[-1], next(free), len(made), shown))

    for step in slide.steps:
        if step.notes:
            if spoken:
                add(min(max(clicks - others, 0), left()))
                others = -1
            clicks, spoken = clicks_in(to_text(step.notes, dialect)), True
        others += 1
        shown += [(len(made), cell) for cell in moving.get(step.index, ())]
        made.append(dataclasses.replace(step, focus=_focus(len(made), shown)) if made else step)
    add(left())
    return dataclasses.replace(slide, steps=tuple(made))


def _again(step: Step, index: int, number: int, shown: Sequence[tuple[int, Cell]]) -> Step:
    focus = _focus(number, shown)
    return dataclasses.replace(step, index=index, name="", notes=(), increment=True, focus=focus)


def _focus(number: int, shown: Sequence[tuple[int, Cell]]) -> str:
    """The lines that step `number` of the slide emphasises and the one before does not."""
    lines: list[str] = []
    for begin, cell in shown:
        at = number - begin
        if 0 < at < len(cell.highlights):
            source = cell.source.split("\n")
            lines += [source[line - 1] for line in sorted(cell.highlights[at] - cell.highlights[at - 1])]
    return "\n".join(lines)
