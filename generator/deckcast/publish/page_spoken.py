"""What a lesson's page knows of a lesson: its slides, and what is said over each, word by word. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deckcast.model import SAMPLE_RATE, Deck, Scene, Slide, Timeline, Utterance
from deckcast.outline import slides_by_step


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence; times in milliseconds of the lesson."""

    text: str
    start: int
    stop: int
    words: tuple[tuple[int, int, int], ...] = ()
    """(when it begins, first letter, one past the last) of each word. Letters are counted as JavaScript counts them, in
    UTF-16. Empty where the voice tells no times."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A slide of the lesson."""

    number: int
    """`Slide.index`: what `#slide-7` names."""
    title: str
    start: int
    stop: int
    """Milliseconds of the lesson."""
    paragraphs: tuple[tuple[Said, ...], ...]
    names: tuple[tuple[str, int], ...]
    """(name, when it shows) of each step that has one."""
    scene: int
    """Which of the timeline's scenes shows it complete: its last."""
    shown: tuple[str, ...]
    """What is to be read on it, line by line."""


def sheets(deck: Deck, timeline: Timeline, paragraph_pause: float) -> tuple[Sheet, ...]:
    """The slides that the lesson shows, in order. A silence of `paragraph_pause` seconds begins a paragraph."""
    slides = slides_by_step(deck)
    found = []
    for number, own in _scenes(deck, timeline).items():
        scenes = [timeline.scenes[at] for at in own]
        slide = slides[scenes[0].frame.step]
        end = (scenes[-1].first + scenes[-1].count) / timeline.fps
        found.append(
            Sheet(
                number,
                " ".join(slide.title.split()),
                _milliseconds(timeline.start(scenes[0])),
                _milliseconds(end),
                tuple(part for scene in scenes for part in _paragraphs(scene, paragraph_pause)),
                tuple(_names(slide, scenes, timeline)),
                own[-1],
                tuple(line for line in map(_plain, scenes[-1].frame.text.splitlines()) if line.strip()),
            )
        )
    return tuple(found)


def complete_scenes(deck: Deck, timeline: Timeline) -> list[int]:
    """Of each slide that the lesson shows, the place of the scene that shows it complete."""
    return [own[-1] for own in _scenes(deck, timeline).values()]


def _scenes(deck: Deck, timeline: Timeline) -> dict[int, list[int]]:
    """The places of each slide's scenes, by `Slide.index`."""
    slides = slides_by_step(deck)
    groups: dict[int, list[int]] = {}
    for at, scene in enumerate(timeline.scenes):
        groups.setdefault(slides[scene.frame.step].index, []).append(at)
    return groups


def data(found: tuple[Sheet, ...]) -> dict[str, Any]:
    """The times, as the page's script reads them: `slides` with their names, and of each sentence its slide's place,
    its times, and (start, begin, end) of its words, one after the other."""
    return {
        "slides": [
            {"n": one.number, "t": one.start, "end": one.stop, "names": dict(one.names)} for one in found
        ],
        "sentences": [
            [place, said.start, said.stop, [value for word in said.words for value in word]]
            for place, one in enumerate(found)
            for part in one.paragraphs
            for said in part
        ],
    }  # fmt: skip


def _names(slide: Slide, scenes: list[Scene], timeline: Timeline) -> Iterator[tuple[str, int]]:
    names = {step.index: step.name for step in slide.steps if step.name}
    told: set[str] = set()
    for scene in scenes:
        name = names.get(scene.frame.step, "")
        if name and name not in told:
            told.add(name)
            yield name, _milliseconds(timeline.start(scene))


def _paragraphs(scene: Scene, pause: float) -> Iterator[tuple[Said, ...]]:
    sentences: list[Said] = []
    end = 0
    for utterance in scene.take.utterances:
        if sentences and utterance.start - end >= round(pause * SAMPLE_RATE) - 1:
            yield tuple(sentences)
            sentences = []
        if utterance.text.strip():  # a recording without notes has none
            sentences.append(_said(utterance, scene.onset))
        end = utterance.start + utterance.samples
    if sentences:
        yield tuple(sentences)


def _said(utterance: Utterance, onset: int) -> Said:
    text = _plain(utterance.text)
    places = [0]
    for letter in text:
        places.append(places[-1] + (2 if ord(letter) > 0xFFFF else 1))
    start = (onset + utterance.start) / SAMPLE_RATE
    words = (
        (_milliseconds(onset / SAMPLE_RATE + word.start), places[word.begin], places[word.end])
        for word in utterance.words
    )
    return Said(text, _milliseconds(start), _milliseconds(start + utterance.samples / SAMPLE_RATE), tuple(words))


def _plain(text: str) -> str:
    """Blanks for what HTML cannot hold or would change, letter for letter, so that places in the text stay."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
