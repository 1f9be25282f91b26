"""A lesson's sections and the names of its places. Pure.

A section is what MP4 files and YouTube call a chapter; here that word means a folder with a deck.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from deckcast.markup import Span, title_of, value_of
from deckcast.model import Deck, Results, Slide, Timeline
from deckcast.motion import arrival


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the lesson that a viewer can jump to."""

    title: str
    first: int
    """The video frame to jump to, in which its slide is seen; it lasts until the next section or the lesson's end."""


def sections(deck: Deck, timeline: Timeline) -> tuple[Section, ...]:
    """One section a titled slide; slides that carry on with the same title, or have none, belong to the one before.

    The first begins with the lesson, whatever its title, each other one when the transition into its slide is over.
    """
    found: list[Section] = []
    slides = slides_by_step(deck)
    for scene in timeline.scenes:
        title = " ".join(slides[scene.frame.step].title.split())
        if not found:
            found.append(Section(title or deck_title(deck) or "Start", scene.first))
        elif title and title != found[-1].title:
            found.append(Section(title, scene.first + arrival(scene, timeline.fps)))
    return tuple(found)


def with_values(deck: Deck, results: Results) -> Deck:
    """The deck with inline values in its slides' titles."""
    if not results.values:
        return deck

    def value(span: Span) -> str | None:
        return value_of(span, results)

    slides = tuple(
        dataclasses.replace(slide, title=title_of(slide.steps[0].content, inline=value))
        if "{" in slide.title
        else slide
        for slide in deck.slides
    )
    return dataclasses.replace(deck, slides=slides)


def deck_title(deck: Deck) -> str:
    """The first title that a slide has."""
    return next((" ".join(slide.title.split()) for slide in deck.slides if slide.title), "")


def slides_by_step(deck: Deck) -> dict[int, Slide]:
    """The slide of each step, by `Step.index`."""
    return {step.index: slide for slide in deck.slides for step in slide.steps}


def places(deck: Deck) -> dict[int, str]:
    """What each step is called in reports, by `Step.index`: `slide 7`, and from its second step on `slide 7 step 2`."""
    return {
        step.index: f"slide {slide.index}" + (f" step {number}" if number > 1 else "")
        for slide in deck.slides
        for number, step in enumerate(slide.steps, 1)
    }


def numbered(deck: Deck, slide: Slide, step: int = 1) -> str:
    """How files are named after a slide: `007`, and for its second step `007-2`; as wide as the deck's last number."""
    digits = max(3, len(str(len(deck.slides))))
    return f"{slide.index:0{digits}}" + (f"-{step}" if step > 1 else "")
