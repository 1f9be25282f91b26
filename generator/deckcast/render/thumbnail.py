"""The title in larger type: what stands for the lesson where the deck names nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from deckcast.model import Deck, Step
from deckcast.render.backgrounds import DARK_LOOKS
from deckcast.render.compose import Composition, Picture
from deckcast.render.edges import Edges
from deckcast.settings import Settings
from deckcast.theme import Theme

LOOK = "thumbnail"
INDEX = 0
"""Its `Step.index`; those of the deck begin with 1."""


def thumbnail(
    composition: Composition, deck: Deck, steps: Sequence[Step], settings: Settings, theme: Theme
) -> Picture | None:
    """The first slide in the look for thumbnails, where it is a title and the theme decides how it looks."""
    first = deck.slides[0]
    if settings.lesson.cover or settings.slides.css or composition.styles or steps[0] not in first.steps:
        return None
    picture = composition.pictures[first.steps[-1].index]
    moving = picture.moves or picture.films or picture.typed
    sheet = theme.file("/theme/looks.css")
    if picture.section.look not in DARK_LOOKS or moving or sheet is None or LOOK not in sheet.read_text("utf-8"):
        return None
    section = dataclasses.replace(
        picture.section, id=LOOK, name="", look=LOOK, edges=Edges(), increment=False, fit_of=""
    )
    step = dataclasses.replace(picture.step, index=INDEX)
    return dataclasses.replace(picture, step=step, slot=LOOK, section=section, fullest=INDEX, parts={})
