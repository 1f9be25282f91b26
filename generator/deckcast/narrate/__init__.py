"""Notes → takes: what is heard over each step, through a voice.

Sentences are the unit of speech and of keeping: one changed word speaks one sentence again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor

from deckcast.keep import Keeper
from deckcast.markup import Block, Dialect, Span, expression, to_text
from deckcast.model import (
    SAMPLE_RATE,
    Content,
    Deck,
    Finding,
    Prose,
    Results,
    Sentence,
    Step,
    Take,
    Utterance,
    Where,
    Word,
)
from deckcast.narrate.speaking import Line, speak_all
from deckcast.outline import places, slides_by_step
from deckcast.ports import Answer, Voice
from deckcast.settings import Settings
from deckcast.sound import resampled
from deckcast.spoken import sentences

__all__ = ["narrate"]

NO_RESULTS = Results()
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def narrate(
    deck: Deck,
    steps: Sequence[Step],
    settings: Sequence[Settings],
    keeper: Keeper,
    voice: Voice,
    executor: Executor,
    results: Results = NO_RESULTS,
) -> tuple[tuple[Take, ...], tuple[Finding, ...]]:
    """A take for each step, an empty one where nothing is said. `settings` are each step's own.

    Inline expressions are spoken as their value in `results`. Raises `VoiceError` or `NarrationError` with slide, line
    and sentence; what was spoken until then is kept.
    """
    scripts = [_script(deck, step, each, results) for step, each in zip(steps, settings, strict=True)]
    slots = places(deck)
    slides = slides_by_step(deck)
    lines = [
        Line(
            f"{slots[step.index]} sentence {number}",
            slides[step.index].label,
            one,
            source_line(step.notes, one.where),
        )
        for step, script in zip(steps, scripts, strict=True)
        for number, one in enumerate(script, 1)
        if one.spoken
    ]
    answers = speak_all(lines, keeper, voice, executor)
    takes = tuple(
        _take(
            step,
            script,
            [answers.get(f"{slots[step.index]} sentence {number}") for number in _numbers(script)],
            voice.identity,
        )
        for step, script in zip(steps, scripts, strict=True)
    )
    findings = tuple(
        _nothing_to_say(step)
        for step, script in zip(steps, scripts, strict=True)
        if not script and _has_words(step.notes)
    )
    return takes, findings


def _script(deck: Deck, step: Step, settings: Settings, results: Results) -> tuple[Sentence, ...]:
    narration = settings.narration
    return sentences(
        spoken_blocks(step.notes, Dialect.of(deck, settings.slides), results),
        settings.lesson.language,
        sentence_pause=narration.sentence_pause,
        paragraph_pause=narration.paragraph_pause,
    )


def spoken_blocks(notes: Content, dialect: Dialect, results: Results) -> tuple[Block, ...]:
    """The words of some notes, with the values that cells gave."""

    def value(span: Span) -> str | None:
        return results.value(span.where) if expression(span.text) is not None else None

    return to_text(notes, dialect, inline=value)


def _numbers(script: Sequence[Sentence]) -> range:
    return range(1, len(script) + 1)


def _take(step: Step, script: Sequence[Sentence], answers: Sequence[Answer | None], voice: str) -> Take:
    """Sentences one after the other with their pauses; a pause is rounded to the nearest sample."""
    at = 0
    utterances = []
    for sentence, answer in zip(script, answers, strict=True):
        if answer is not None:
            rate, count = answer.facts["rate"], answer.facts["samples"]
            heard = [Word(*word) for word in answer.facts["words"]]
            words = written_words(sentence, heard, at / SAMPLE_RATE)
            samples = resampled(count, rate)
            utterances.append(Utterance(sentence.written, at, samples, answer.blobs["wav"], words, voice))
            at += samples
        at += round(sentence.pause * SAMPLE_RATE)
    return Take(step.index, at, tuple(utterances))


def written_words(sentence: Sentence, heard: Sequence[Word], offset: float) -> tuple[Word, ...]:
    """The words as written, with the times of the spoken words they stand for, `offset` seconds later."""
    placed: list[Word] = []
    first = 0
    for begin, end, spoken_begin, spoken_end in sentence.tokens:
        while first < len(heard) and heard[first].end <= spoken_begin:
            first += 1
        last = first
        while last < len(heard) and heard[last].begin < spoken_end:
            last += 1
        if last > first:
            start, stop = heard[first].start + offset, heard[last - 1].stop + offset
        else:
            start = stop = placed[-1].stop if placed else offset
        placed.append(Word(begin, end, start, stop))
    return tuple(placed)


def source_line(content: Content, where: Where) -> str:
    """The author's line at a place in the content; empty where it is not found."""
    for prose in _proses(content):
        for text, origin in zip(prose.text.split("\n"), prose.origins, strict=True):
            if (origin.path, origin.line) == (where.path, where.line):
                return " " * (origin.column - 1) + text
    return ""


def _proses(content: Content) -> Iterable[Prose]:
    for part in content:
        if isinstance(part, Prose):
            yield part
        else:
            yield from _proses(part.content)


def _has_words(content: Content) -> bool:
    """Whether the author wrote anything but comments."""
    return any(_COMMENT.sub("", prose.text).strip() for prose in _proses(content))


def _nothing_to_say(step: Step) -> Finding:
    places = [
        (origin, text)
        for prose in _proses(step.notes)
        for text, origin in zip(prose.text.split("\n"), prose.origins, strict=True)
        if text.strip()
    ]
    where, line = places[0]
    return Finding(
        "narration-empty",
        "warning",
        "these notes hold nothing that can be spoken",
        where,
        line,
        max(len(line), 1),
        "pictures, code blocks and signs are not spoken: add a sentence, or take the notes out",
    )
