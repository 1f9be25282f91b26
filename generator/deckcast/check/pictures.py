"""Pictures, for those who see them and for those who do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Sheet, Subject, words_in
from deckcast.check.terms import terms
from deckcast.model import Where
from deckcast.places import source_line, top

_FEW_WORDS = 12
"""Besides its heading, on a slide that its picture makes."""


@rule(
    "picture-alt",
    "warning",
    bad="""
    # Growth

    ![](images/growth.png)
    """,
    good="""
    # Growth

    ![Line chart: parameters grow a thousandfold in three years](images/growth.png)
    """,
)
def alt(subject: Subject) -> Iterator[Hit]:
    """A picture has no words for those who do not see it.

    They become the picture's alternative text and stand in transcripts. A cell says with `alt="…"` what its pictures
    show, and so does the fence of a diagram. A picture that only decorates says so: `<img src="…" alt="">`.
    """
    told: set[Where] = set()
    for sheet in subject.sheets:
        nodes = [node for node in sheet.tree.walk() if node.tag == "img"]
        bare = {node.attrs.get("src", "") for node in nodes if not node.attrs.get("alt", "").strip()}
        for reference in sheet.references:
            where = reference.where
            if reference.kind != "image" or reference.alt.strip() or where is None or where in told:
                continue
            line = source_line(sheet.step.content, where)
            if reference.url not in bare or re.search(r"<img\b[^<>]*\balt\s*=", line):
                continue
            told.add(where)
            name = PurePosixPath(reference.url).name
            message = f"{name} has no alternative text"
            hint = "say what it shows: `![a chart of …](…)`, or `![:img a chart of …, 50%](…)`"
            yield Hit(message, where, line, len(reference.url), hint, sheet.slide.label)
        for diagram in sheet.diagrams:
            if not diagram.alt and diagram.where is not None and diagram.where not in told:
                told.add(diagram.where)
                hint = f'say what it shows: `{diagram.language} alt="…"` behind the fence\'s marks'
                message = "this diagram has no alternative text"
                yield Hit(message, diagram.where, width=3, hint=hint, slide=sheet.slide.label)
    for cell, result in subject.results.cells:
        pictures = any(output.get(kind) for output in result.outputs for kind in _PICTURES)
        if pictures and not cell.alt and cell.output != "none":
            hint = 'say what it shows: `alt="…"` behind `exec`'
            yield Hit(f"the picture of {cell.label} has no alternative text", cell.where, hint=hint)


_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


@rule(
    "picture-unspoken",
    "note",
    bad="""
    # The cycle

    ![Diagram: water evaporates, clouds form, rain falls](images/cycle.svg)

    ???

    Let us go on.
    """,
    good="""
    # The cycle

    ![Diagram: water evaporates, clouds form, rain falls](images/cycle.svg)

    ???

    Water evaporates, clouds form, and the rain brings it back.
    """,
)
def unspoken(subject: Subject) -> Iterator[Hit]:
    """A picture makes the slide, and the notes do not speak of what it shows.

    Who listens without seeing then misses it (WCAG 1.2.5). Compared are the words of the alternative text with those
    that are said.
    """
    for sheet in subject.sheets:
        said = subject.spoken(sheet.slide)
        if not said or len(sheet.words) - len(words_in(sheet.slide.title)) > _FEW_WORDS:
            continue
        for reference in sheet.references:
            wanted = terms(reference.alt)
            if reference.kind == "image" and len(wanted) >= 2 and not wanted & terms(said):
                where = reference.where or top(sheet.slide)[0]
                message = "the notes say nothing of what this picture shows"
                hint = "tell what is to be seen in it: " + ", ".join(sorted(wanted)[:4]) + " …"
                yield Hit(message, where, width=len(reference.url), hint=hint, slide=sheet.slide.label)
                break


@rule(
    "picture-resolution",
    "warning",
    settings=("least_resolution",),
    drawn=True,
    bad="A photograph 400 pixels wide that fills the slide, 1,920 pixels wide.",
    good="The same photograph in 1,920 pixels, or shown smaller: `![:scale 30%](images/photo.jpg)`.",
)
def resolution(subject: Subject) -> Iterator[Hit]:
    """A picture has fewer pixels than it is shown with, so it is blurred.

    The size is that on a stage of 1080 pixels height. Drawings (SVG) have no pixels and are always sharp.
    """
    least = subject.settings.check.least_resolution
    for sheet in subject.sheets:
        inspection = (subject.inspections or {}).get(sheet.step.index)
        for painted in inspection.pictures if inspection else ():
            wide, high = painted.size
            if not (wide and high and all(painted.pixels)):
                continue
            ratio = min(painted.pixels[0] / wide, painted.pixels[1] / high)
            if ratio >= least:
                continue
            where, width = _named(sheet, painted.address) or (top(sheet.slide)[0], 1)
            name, own = PurePosixPath(painted.address).name, "×".join(map(str, painted.pixels))
            message = f"{name} has {own} pixels and is shown at {wide:.0f}×{high:.0f}: it is blurred"
            yield Hit(
                message, where, width=width, hint="take a larger one, or show it smaller", slide=sheet.slide.label
            )


def _named(sheet: Sheet, address: str) -> tuple[Where, int] | None:
    for reference in sheet.references:
        if reference.where is not None and address.endswith(PurePosixPath(reference.url).name):
            return reference.where, len(reference.url)
    return None


RULES = (alt, unspoken, resolution)
