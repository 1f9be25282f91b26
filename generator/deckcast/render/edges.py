"""What stands at the edges of a slide: header, footer, number, progress, logo."""

from __future__ import annotations

from dataclasses import dataclass

from deckcast.deckfile import told_at
from deckcast.edge_names import edge_words
from deckcast.markup import Reference
from deckcast.model import Deck, Step
from deckcast.settings import LessonSettings, SlidesSettings

NONE = "none"
"""Switches an edge off on a slide: `footer: none`."""
KINDS = ("header", "footer", "slide-number", "progress", "logo")


@dataclass(frozen=True, slots=True)
class Edges:
    """Each empty where the slide shows none."""

    header: str = ""
    footer: str = ""
    usual: bool = False
    """Whether the footer is the one that no deck asked for."""
    number: str = ""
    done: str = ""
    """The share of the lesson that this step completes, such as `0.2917`."""
    logo: str = ""
    """The address of a picture, from the deck's folder on."""
    logo_position: str = ""
    asked: tuple[str, ...] = ()
    """Those of `KINDS` that the slide has a property for: they show in every look."""


def edges(deck: Deck, step: Step, lesson: LessonSettings, slides: SlidesSettings, section: str) -> Edges:
    """The edges of a step. `slides` are its own settings; `section` is the heading of its part of the lesson."""
    words = {
        "title": lesson.title or deck.slides[0].title,
        "section": section,
        "author": lesson.author,
        "date": lesson.date,
        "number": str(step.number),
        "total": str(deck.total),
    }

    def text(source: str) -> str:
        return edge_words(source, words).strip() if source != NONE else ""

    return Edges(
        header=text(slides.header),
        footer=text(slides.footer),
        usual=slides.footer == SlidesSettings().footer,
        number=f"{step.number} / {deck.total}" if slides.slide_number else "",
        done=f"{step.index / len(deck.steps):.4f}" if slides.progress else "",
        logo="" if slides.logo == NONE else slides.logo,
        logo_position=slides.logo_position,
        asked=tuple(item.key for item in step.properties if item.key in KINDS),
    )


def logo_of(deck: Deck, step: Step, address: str) -> Reference:
    """The logo, at the place that gives it."""
    own = step.properties.find("logo")
    return Reference(address, own.where if own else told_at(deck, "logo", address).get("where"))
