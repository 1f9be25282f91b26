"""Notes → takes: what is heard over each step, through a voice.

Sentences are the unit of speech and of keeping: one changed word speaks one sentence again.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from deckcast.errors import DeckcastError, raise_all
from deckcast.keep import Keeper
from deckcast.model import NO_RESULTS, SAMPLE_RATE, Deck, Finding, Point, Results, Sentence, Step, Take, Utterance, Word
from deckcast.narrate.recorded import Part, play, wanted
from deckcast.narrate.recordings import Recording
from deckcast.narrate.script import find, script_of, unpointed
from deckcast.narrate.sounds import sayable, unsayable
from deckcast.narrate.speaking import Line, speak_all
from deckcast.narrate.timing import timed
from deckcast.narrate.voices import Voices, opened
from deckcast.outline import places, slides_by_step
from deckcast.places import source_line
from deckcast.ports import Answer, Voice
from deckcast.settings import Settings
from deckcast.sound import resampled
from deckcast.spoken import Script

__all__ = ["Voices", "narrate", "unpointed"]


def narrate(
    deck: Deck,
    steps: Sequence[Step],
    settings: Sequence[Settings],
    keeper: Keeper,
    voices: Voices,
    executor: Executor,
    results: Results = NO_RESULTS,
) -> tuple[tuple[Take, ...], tuple[Finding, ...]]:
    """A take for each step, an empty one where nothing is said. `settings` are each step's own.

    Inline expressions are spoken as their value in `results`. Raises `VoiceError`, `ConfigError` or `NarrationError`
    with slide, line and sentence; what was spoken until then is kept.
    """
    scripts = [script_of(deck, step, each, results) for step, each in zip(steps, settings, strict=True)]
    findings = find(deck, steps, scripts)
    chosen, told = wanted(deck, steps, scripts, settings, voices)
    played = _scripts_of(deck, chosen, steps, scripts, settings, results)
    findings += told
    parts: dict[int, Part] = {}
    if chosen:
        parts, heard = play(deck, chosen, played, settings[0], keeper, voices, executor)
        findings += heard
    speakers = _speakers(steps, scripts, settings, voices, parts)
    findings += unsayable(deck, steps, scripts, speakers)
    slots = places(deck)
    slides = slides_by_step(deck)
    lines = [
        Line(
            f"{slots[step.index]} sentence {number}",
            slides[step.index].label,
            sayable(one, voice),
            source_line(step.notes, one.where),
            voice,
        )
        for step, script, own in zip(steps, scripts, speakers, strict=True)
        for number, (one, voice) in enumerate(zip(script.sentences, own, strict=True), 1)
        if voice is not None
    ]
    answers = speak_all(lines, keeper, executor)
    answers = timed(lines, answers, keeper, voices, executor)
    spoken = {line.slot: (line.voice.identity, answers[line.slot]) for line in lines}
    takes = tuple(
        _take(step, parts[step.index].sentences, parts[step.index].heard)
        if step.index in parts
        else _take(
            step,
            script.sentences,
            [spoken.get(f"{slots[step.index]} sentence {number}") for number in _numbers(script.sentences)],
        )
        for step, script in zip(steps, scripts, strict=True)
    )
    return takes, findings


def _scripts_of(
    deck: Deck,
    chosen: Sequence[Recording],
    steps: Sequence[Step],
    scripts: Sequence[Script],
    settings: Sequence[Settings],
    results: Results,
) -> dict[int, Script]:
    """The scripts of all steps that recordings are heard over: also of those that are not asked for themselves."""
    found = {step.index: script for step, script in zip(steps, scripts, strict=True)}
    own = {step.index: each for step, each in zip(steps, settings, strict=True)}
    for one in chosen:
        like = next(own[at] for at in one.steps if at in own)
        for step in deck.steps:
            if step.index in one.steps and step.index not in found:
                found[step.index] = script_of(deck, step, like, results)
    return found


def _speakers(
    steps: Sequence[Step],
    scripts: Sequence[Script],
    settings: Sequence[Settings],
    voices: Voices,
    recorded: Container[int],
) -> list[list[Voice | None]]:
    """Who speaks each sentence, None where it is silence or recorded. Raises every mistake at once."""
    errors: dict[str, DeckcastError] = {}
    found: list[list[Voice | None]] = []
    for step, script, each in zip(steps, scripts, settings, strict=True):
        found.append([])
        speaks = step.index not in recorded
        for sentence in script.sentences:
            voice = None
            try:
                voice = opened(voices, script, step, sentence, each) if speaks and sentence.spoken else None
            except DeckcastError as error:
                errors.setdefault(f"{error.finding.where} {error}", error)
            found[-1].append(voice)
    raise_all(errors.values())
    return found


def _numbers(script: Sequence[Sentence]) -> range:
    return range(1, len(script) + 1)


def _take(step: Step, script: Sequence[Sentence], spoken: Sequence[tuple[str, Answer] | None]) -> Take:
    """Sentences one after the other with their pauses; a pause is rounded to the nearest sample.

    `spoken`: by which voice, and what came of it.
    """
    at = 0
    utterances = []
    clicks: list[int] = []
    points: list[Point] = []
    for sentence, heard_as in zip(script, spoken, strict=True):
        words: tuple[Word, ...] = ()
        samples = 0
        if heard_as is not None:
            voice, answer = heard_as
            rate, count = answer.facts["rate"], answer.facts["samples"]
            heard = [Word(*word) for word in answer.facts["words"]]
            words = written_words(sentence, heard, at / SAMPLE_RATE)
            samples = resampled(count, rate)
            utterances.append(Utterance(sentence.written, at, samples, answer.blobs["wav"], words, voice))
        clicks += clicked(sentence, words, at + samples)
        points += pointed(sentence, words, at + samples)
        at += samples + round(sentence.pause * SAMPLE_RATE)
    return Take(step.index, at, tuple(utterances), tuple(clicks), tuple(points))


def clicked(sentence: Sentence, words: Sequence[Word], end: int) -> list[int]:
    """The samples of the take at which the sentence's clicks come; `end` is where its sound ends."""
    return [_heard(sentence, at, words, end) for at in sentence.clicks]


def pointed(sentence: Sentence, words: Sequence[Word], end: int) -> list[Point]:
    """The movements of the pointer, each at its sample of the take."""
    return [replace(point, at=_heard(sentence, point.at, words, end)) for point in sentence.points]


def _heard(sentence: Sentence, at: int, words: Sequence[Word], end: int) -> int:
    """The sample of the take at which a place in the sentence is heard: with the first word that begins at or behind
    it, or of which letters are left behind it."""
    return next(
        (
            min(round(word.start * SAMPLE_RATE), end)
            for word in words
            if word.begin >= at or any(map(str.isalnum, sentence.written[at : word.end]))
        ),
        end,
    )


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
