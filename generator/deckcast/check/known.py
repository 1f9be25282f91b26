"""Findings that no rule of this room makes: their codes, what they tell, and where more is said about them."""

from __future__ import annotations

import re

ELSEWHERE: dict[str, str] = {
    "asset": "a picture or style sheet is missing, broken, outside the deck's folder, or on the web",
    "asset-web": "a film or sound on the web does not show",
    "cell-drift": "cells were recorded with other versions of libraries",
    "cell-empty": "a cell holds nothing to run",
    "cell-exec": "an option or expression is nearly one that would run",
    "cell-late": "code printed after its cell had ended",
    "cell-not-run": "a cell needs what this machine lacks, and no record serves",
    "cell-option": "a cell has an option that is ignored",
    "cell-output": "the output of a cell is shown where it cannot be",
    "cell-output-cut": "a cell put out too much",
    "cell-output-form": "an output has no form that a slide can show",
    "cell-output-long": "a slide shows only a part of an output",
    "cell-record": "the record of outputs cannot be read or written",
    "cell-secret": "a cell put out a password or token, which is left out",
    "cell-stale": "a cell has changed since it was recorded",
    "cell-unrecorded": "a cell's result could not be recorded",
    "cell-differs": "a cell puts out something else than is recorded",
    "check-unknown": "what is switched off has no such name",
    "check-unused": "what is switched off would not be told anyway",
    "chapters-few": "there are too few sections for a list of chapters",
    "code-language": "there are no colours for a language",
    "code-option": "a word behind a fence says nothing about its code, or cannot be followed",
    "course-newer": "the course leaves out a lesson that a newer deckcast has built",
    "diagram": "a diagram or drawing is written wrong",
    "diagram-left-out": "a part of a drawing is not for slides, and left out",
    "diagram-small": "the letters of a diagram are too small",
    "feed-lesson": "the feed leaves out a lesson that lacks its file",
    "film-option": "the title of a film holds a word that says nothing of it",
    "formula": "the TeX of a formula is wrong",
    "motion-two": "two things are to move at once on a slide, and one of them does not",
    "narration-click": "a `[click]` has nothing to show",
    "narration-empty": "notes hold nothing that can be spoken",
    "narration-lexicon": "the notes never say a word of the deck's lexicon",
    "narration-point": '`[point "…"]` finds nothing on the slide',
    "narration-mark": "a mark in square brackets cannot be followed",
    "narration-sounds": "a voice cannot say given sounds",
    "order-unknown": "the order of lessons names one that is not there",
    "recording-mark": "a mark changes nothing in a recording",
    "recording-notes": "a recording plays without captions, since its slide has no notes",
    "recording-stray": "a recording belongs to no slide",
    "recording-text": "a recording does not seem to say what the notes say",
    "recording-unused": "a recording is not heard, since its slide names a voice",
    "recording-value": "a recording says another value than the cells give now",
    "slide-font": "a character is drawn with a font of this machine",
    "slide-glyph": "no font has a character",
    "slide-overflow": "the words of a slide do not fit",
    "store-damaged": "kept work was damaged, and made again",
}
"""Besides those that begin with `deck-`, which docs/format.md lists."""

DECK = frozenset(
    re.findall(
        r"\S+",
        """deck-bold-blank deck-class-depth deck-class-separator deck-class-unclosed deck-empty deck-encoding
        deck-fence-unclosed deck-footnote deck-front-matter deck-front-matter-comment deck-front-matter-text
        deck-front-matter-twice deck-image-size deck-inheritance deck-link-blank deck-macro deck-macro-unknown
        deck-nesting deck-no-textarea deck-notes-twice deck-property-case deck-property-continued deck-property-prose
        deck-rmd deck-separator-blank deck-separator-in-comment deck-template-unknown deck-unreadable
        deck-variables""",
    )
)
"""What reading a deck may tell: docs/format.md, `Findings`."""

_RECORDED = frozenset(code for code in ELSEWHERE if code.startswith("recording-"))
SELDOM = _RECORDED | {
    "cell-differs",
    "cell-drift",
    "cell-late",
    "cell-not-run",
    "cell-output-cut",
    "cell-secret",
    "cell-unrecorded",
    "chapters-few",
    "course-newer",
    "feed-lesson",
    "narration-sounds",
    "order-unknown",
    "store-damaged",
}
"""Those that only a build may tell, and not each: nobody can say that they were switched off in vain."""

DRAWN = frozenset(
    {"diagram", "diagram-left-out", "diagram-small", "formula", "slide-font", "slide-glyph", "slide-overflow"}
)
"""Those that only a drawn slide shows."""
