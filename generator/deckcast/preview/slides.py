"""What the page shows of each slide: its pictures, its sentences, its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deckcast.digest import digest
from deckcast.model import Blob, Cell, Deck, Results, Slide, Where, proses
from deckcast.narrate.script import script_of
from deckcast.preview.state import CellShown, Line, SlideShown
from deckcast.settings import Settings

LETTER, STEP_SECONDS = 0.07, 1.0
"""Seconds that a letter of notes, and a step without notes, are guessed to take."""


def slides_shown(
    deck: Deck,
    each: Sequence[Settings],
    images: Mapping[int, Blob],
    results: Results,
    cells: Iterable[Cell],
    whys: Mapping[Where, str],
) -> tuple[SlideShown, ...]:
    """Every slide. `each` are the steps' own settings, `images` their pictures by `Step.index`, `whys` tells of a cell
    why it has to run, by its place."""
    own = {step.index: settings for step, settings in zip(deck.steps, each, strict=True)}
    by_step: dict[int, list[Cell]] = {}
    for cell in cells:
        by_step.setdefault(cell.step, []).append(cell)
    return tuple(_shown(deck, slide, own, images, results, by_step, whys) for slide in deck.slides)


def _shown(
    deck: Deck,
    slide: Slide,
    own: Mapping[int, Settings],
    images: Mapping[int, Blob],
    results: Results,
    cells: Mapping[int, Sequence[Cell]],
    whys: Mapping[Where, str],
) -> SlideShown:
    first = slide.steps[0]
    begins = first.where.line
    lines = [
        Line(sentence.written, number, sentence.where.line - begins)
        for number, step in enumerate(slide.steps, 1)
        for sentence in script_of(deck, step, own[step.index], results).sentences
        if sentence.written
    ]
    return SlideShown(
        slide.index,
        first.name,
        slide.title,
        str(Path(first.where.path).resolve()),
        begins,
        tuple(images[step.index] for step in slide.steps),
        tuple(lines),
        tuple(_cell(cell, begins, results, whys) for step in slide.steps for cell in cells.get(step.index, ())),
        LETTER * sum(len(line.text) for line in lines) + STEP_SECONDS * max(len(slide.steps) - len(lines), 1),
        _written(slide),
    )


def _cell(cell: Cell, first: int, results: Results, whys: Mapping[Where, str]) -> CellShown:
    pair = results.at(cell.where)
    result = pair[1] if pair else None
    ran = ""
    if result is not None and result.provenance is not None:
        from_ = result.provenance
        ran = " · ".join(part for part in (from_.devices or from_.cpu, from_.day) if part)
    failed = f"{result.failure.name}: {result.failure.message}" if result is not None and result.failure else ""
    seconds = result.seconds if result is not None else 0.0
    why = whys.get(cell.where, "")
    needs = ", ".join(cell.needs)
    return CellShown(cell.label, cell.source, cell.language, cell.where.line - first, ran, seconds, why, needs, failed)


def _written(slide: Slide) -> str:
    own = [
        (
            [(one.key, one.value) for one in step.properties],
            [one.text.strip() for one in (*proses(step.content), *proses(step.notes))],
        )
        for step in slide.steps
    ]
    return digest(own)[:16]
