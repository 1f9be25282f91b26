"""Everything that is said, slide by slide, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckcast.captions.chunks import together
from deckcast.captions.direction import leading_mark
from deckcast.captions.limits import is_right_to_left
from deckcast.model import SAMPLE_RATE, Deck, Scene, Take, Timeline
from deckcast.outline import slides_by_step
from deckcast.publish.chapters import moment


def transcript(title: str, deck: Deck, timeline: Timeline, paragraph_pause: float, language: str = "en") -> str:
    """A heading a slide, with its number and time; below it what is said, or else what is to be read on it.

    A silence of at least `paragraph_pause` seconds between sentences begins a new paragraph.
    """
    right_to_left = is_right_to_left(language)

    def plain(text: str) -> str:
        """As `_plain`; a viewer takes a paragraph's direction from its first letter, or from a mark before it."""
        return leading_mark(text, right_to_left=right_to_left) + _plain(text)

    blocks = [f"# {plain(title)}"] if title else []
    slides = slides_by_step(deck)
    scenes: dict[int, list[Scene]] = {}
    for scene in timeline.scenes:
        scenes.setdefault(slides[scene.frame.step].index, []).append(scene)
    for number, own in scenes.items():
        heading = slides[own[0].frame.step].title or "(untitled)"
        blocks.append(f"## {number}. {plain(heading)} ({moment(int(timeline.start(own[0])))})")
        said = [part for scene in own for part in _paragraphs(scene.take, paragraph_pause)]
        if said:
            blocks += map(plain, said)
        elif own[-1].frame.text.strip():
            blocks.append("*Nothing is said. On the slide:*")
            blocks.append("\n>\n".join(f"> {plain(line)}" for line in own[-1].frame.text.splitlines() if line.strip()))
    return "\n\n".join(blocks) + "\n"


def _paragraphs(take: Take, pause: float) -> Iterator[str]:
    sentences: list[str] = []
    end = 0
    for utterance in take.utterances:
        if sentences and utterance.start - end >= round(pause * SAMPLE_RATE) - 1:
            yield together(sentences)
            sentences = []
        if utterance.text:  # a recording without notes has none
            sentences.append(utterance.text)
        end = utterance.start + utterance.samples
    if sentences:
        yield together(sentences)


def _plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    line = " ".join(text.split())
    line = re.sub(r"([\\`*_\[\]<>&~$|])", r"\\\1", line)
    line = re.sub(r"^([#+=-])", r"\\\1", line)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", line)
