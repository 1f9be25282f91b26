"""Lessons for the publish tests: what is said when, without any sound."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

from deckcast.model import Blob, Deck, Frame, Properties, Slide, Step, Take, Timeline, Utterance, Where, Word
from deckcast.settings import NarrationSettings, Settings
from deckcast.timeline import plan

NOTHING = Blob("0" * 64, 0)


def picture(width: int = 32, height: int = 18) -> bytes:
    """A PNG."""
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(written, "PNG")
    return written.getvalue()


def utterance(text: str, start: float, letters_a_second: float = 16, *, timed: bool = True) -> Utterance:
    """A sentence whose words follow each other at an even pace."""
    words = []
    now = start
    for found in re.finditer(r"\S+", text):
        stop = now + len(found[0]) / letters_a_second
        words.append(Word(found.start(), found.end(), now, stop))
        now = stop + 0.02
    samples = round((now - start) * 48_000)
    return Utterance(text, round(start * 48_000), samples, NOTHING, tuple(words) if timed else ())


def take(step: int, *sentences: str, pause: float = 0.4, pace: float = 16, timed: bool = True) -> Take:
    utterances: list[Utterance] = []
    for sentence in sentences:
        before = utterances[-1] if utterances else None
        start = (before.start + before.samples) / 48_000 + pause if before else 0
        utterances.append(utterance(sentence, start, pace, timed=timed))
    end = utterances[-1].start + utterances[-1].samples if utterances else 0
    return Take(step, end, tuple(utterances))


def lesson(
    slides: Sequence[tuple[str, Sequence[Take] | Take | float]],
    *,
    image: Blob = NOTHING,
    text: str = "",
) -> tuple[Deck, Timeline]:
    """Of (title, what is said: a take, one a step, or how many seconds nothing is)."""
    made: list[Slide] = []
    steps, takes, each = [], [], []
    for number, (title, said) in enumerate(slides, 1):
        own = []
        several = said if isinstance(said, list | tuple) else [said]
        for at, one in enumerate(several):
            index = len(steps) + 1
            step = Step(index, index, "", Properties(), (), (), Where("deck.md", index), at > 0)
            own.append(step)
            steps.append(step)
            seconds = one if isinstance(one, int | float) else 0.1
            takes.append(Take(index, one.samples, one.utterances) if isinstance(one, Take) else Take(index, 0))
            each.append(Settings(narration=NarrationSettings(silent=seconds, increment_hold=seconds)))
        made.append(Slide(number, title, tuple(own)))
    frames = [Frame(step.index, image, 640, 360, text) for step in steps]
    return Deck("deck.md", Path(), tuple(made)), plan(steps, frames, takes, each)
