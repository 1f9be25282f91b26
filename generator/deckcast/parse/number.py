"""Which slides show, how they are numbered, and which belong together (FORMAT 12)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from deckcast.model import Content, Properties, Prose, Slide, Step, Where
from deckcast.parse.inherit import Whole
from deckcast.parse.manuscript import Manuscript
from deckcast.parse.variables import Variables, plain
from deckcast.settings import SlidesSettings


def slides_of(
    wholes: Sequence[Whole], manuscript: Manuscript, settings: SlidesSettings, title: Callable[[Content], str]
) -> tuple[Slide, ...]:
    """The visible slides as steps, an increment behind the slide that it continues."""
    variables = Variables(manuscript)
    groups: list[list[Step]] = []
    index = number = 0
    joined = False
    """Whether the slide that an increment continues is visible."""
    for whole in wholes:
        properties = Properties(whole.properties)
        if set(properties.classes) & set(settings.excluded_classes):
            joined = joined and whole.increment
            continue
        increment = whole.increment and joined
        joined = True
        counts = whole.get("count") != "false" and (not increment or settings.count_incremental_slides)
        if not (increment and settings.disable_incremental_slides):
            index += 1
            number += counts
        step = Step(
            index,
            max(number, 1),
            whole.get("name") or "",
            properties,
            variables.content(whole),
            plain(whole.slip.draft.notes),
            manuscript.where(whole.slip.draft.begin),
            increment,
        )
        if not increment:
            groups.append([step])
        elif settings.disable_incremental_slides:
            groups[-1] = [_merged(groups[-1][0], step)]
        else:
            groups[-1].append(step)
    return tuple(Slide(position, title(steps[0].content), tuple(steps)) for position, steps in enumerate(groups, 1))


def _merged(first: Step, increment: Step) -> Step:
    """The slide as its last increment shows it, saying all that its increments say."""
    notes = (
        (*first.notes, *_gap(increment.where), *increment.notes)
        if first.notes and increment.notes
        else (first.notes or increment.notes)
    )
    return dataclasses.replace(first, properties=increment.properties, content=increment.content, notes=notes)


def _gap(where: Where) -> tuple[Prose]:
    return (Prose("\n\n", (where, where, where)),)
