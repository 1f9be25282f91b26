"""Steps for code whose emphasis moves on (`lines=1|3-5|all`) more often than its slide has steps of its own. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deckcast.markup import Code, Dialect, find_code, to_text
from deckcast.model import Cell, Deck, Slide, Step, proses
from deckcast.places import first_step
from deckcast.settings import Settings
from deckcast.spoken import clicks_in


def with_emphasis(deck: Deck, cells: Sequence[Cell], settings: Settings) -> Deck:
    """The deck with further steps, so that each group of lines of its code is shown.

    They stand behind the step in whose notes there are more clicks than steps to show, otherwise at the end of the
    slide. Their `Step.index` lies beyond those of all others, so that links by number lead where they led; and they
    count as one with the step before in `Step.number`.
    """
    if settings.slides.disable_incremental_slides:
        return deck
    dialect = Dialect.of(deck, settings.slides)
    moving: dict[int, list[_Emphasis]] = {}
    for emphasis in (*_of_cells(cells), *_of_plain_code(deck, cells, dialect)):
        moving.setdefault(emphasis.step, []).append(emphasis)
    if not moving:
        return deck
    free = iter(range(max(step.index for step in deck.steps) + 1, 1 << 62))
    slides = tuple(
        _longer(slide, moving, dialect, free) if any(step.index in moving for step in slide.steps) else slide
        for slide in deck.slides
    )
    return dataclasses.replace(deck, slides=slides)


@dataclass(frozen=True, slots=True)
class _Emphasis:
    """Code whose emphasis moves on."""

    step: int
    """`Step.index` of the first one that shows it."""
    groups: tuple[frozenset[int], ...]
    """Lines from 1, a group a step."""
    lines: tuple[str, ...]


def _of_cells(cells: Sequence[Cell]) -> Iterator[_Emphasis]:
    for cell in cells:
        if len(cell.highlights) > 1 and cell.echo and cell.output != "only":
            yield _Emphasis(cell.step, cell.highlights, tuple(cell.source.split("\n")))


def _of_plain_code(deck: Deck, cells: Sequence[Cell], dialect: Dialect) -> Iterator[_Emphasis]:
    run = {cell.where for cell in cells}
    for slide in deck.slides:
        whole = slide.steps[-1].content
        if not any(_STEPPED.search(prose.text) for prose in proses(whole)):
            continue
        for code in find_code(whole, dialect):
            if isinstance(code, Code) and len(code.groups) > 1 and code.where and code.where not in run:
                groups = tuple(frozenset(line + 1 for line in group) for group in code.groups)
                step = slide.steps[first_step(slide, code.where)].index
                yield _Emphasis(step, groups, tuple(code.text.split("\n")))


_STEPPED = re.compile(r"(?:```|~~~)[^\n`]*\|")


def _longer(slide: Slide, moving: Mapping[int, Sequence[_Emphasis]], dialect: Dialect, free: Iterator[int]) -> Slide:
    made: list[Step] = []
    shown: list[tuple[int, _Emphasis]] = []
    """Code so far, each with the number of steps before its first one."""
    clicks, spoken = 0, False
    """How many the narration has, and whether there is one yet."""
    others = -1
    """Steps that show during it, besides the first."""

    def left() -> int:
        """How many more steps it takes to show every group of the code so far."""
        return max((begin + len(code.groups) - len(made) for begin, code in shown), default=0)

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
        shown += [(len(made), code) for code in moving.get(step.index, ())]
        made.append(dataclasses.replace(step, focus=_focus(len(made), shown)) if made else step)
    add(left())
    return dataclasses.replace(slide, steps=tuple(made))


def _again(step: Step, index: int, number: int, shown: Sequence[tuple[int, _Emphasis]]) -> Step:
    focus = _focus(number, shown)
    return dataclasses.replace(step, index=index, name="", notes=(), increment=True, focus=focus)


def _focus(number: int, shown: Sequence[tuple[int, _Emphasis]]) -> str:
    """The lines that step `number` of the slide emphasises and the one before does not."""
    lines: list[str] = []
    for begin, code in shown:
        at = number - begin
        if 0 < at < len(code.groups):
            lines += [code.lines[line - 1] for line in sorted(code.groups[at] - code.groups[at - 1])]
    return "\n".join(lines)
