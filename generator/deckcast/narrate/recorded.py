"""The author's own recordings in place of a voice: which are heard, and the sentences that they become."""

from __future__ import annotations

import dataclasses
import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass

from deckcast import align
from deckcast.digest import Question
from deckcast.errors import DeckcastError, NarrationError, raise_all
from deckcast.keep import Keeper
from deckcast.markup import Dialect
from deckcast.model import SAMPLE_RATE, Deck, Finding, Sentence, Slide, Step, Where
from deckcast.narrate.cutting import cut
from deckcast.narrate.recordings import Recording, find
from deckcast.narrate.speaking import STAGE, Made, succeeded
from deckcast.narrate.unheard import unheard
from deckcast.narrate.voices import Voices
from deckcast.outline import numbered, slides_by_step
from deckcast.ports import Answer
from deckcast.settings import Settings
from deckcast.sound_file import digest_of
from deckcast.spoken import Script

KIND = "recording-2"
AHEAD = 8
"""Recordings that are with the executor at once: for no more than that a build waits that is called off."""
NOWHERE = Where("<recording>", 1)
Heard = tuple[str, Answer]
"""`Utterance.voice`, and facts and blobs as those of a spoken sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is heard over one step."""

    sentences: tuple[Sentence, ...]
    """Those of the notes, without the pauses that the recording has itself; without notes, one without words."""
    heard: tuple[Heard | None, ...]


def wanted(
    deck: Deck, steps: Sequence[Step], scripts: Sequence[Script], settings: Sequence[Settings], voices: Voices
) -> tuple[tuple[Recording, ...], tuple[Finding, ...]]:
    """The recordings that are heard over some of the steps. A voice that a slide or the command line names wins.

    Raises `NarrationError` for each slide that lacks one where `voice: recorded` asks for it.
    """
    if not steps:
        return (), ()
    every, found = find(deck, settings[0])
    findings = list(found) if len(steps) == len(deck.steps) else []
    own = {step.index: each for step, each in zip(steps, settings, strict=True)}
    here = {step.index: step for step in steps}
    chosen: list[Recording] = []
    for one in every:
        first = next((at for at in one.steps if at in here), None)
        if first is None:
            continue
        named = here[first].properties.find("voice")
        if _demanded(own[first]) or not (voices.commanded or named):
            chosen.append(one)
        elif named and not voices.commanded:
            told = f"{one.name} is not heard, since the slide names a voice"
            findings.append(Finding("recording-unused", "note", told, named.where, width=len(named.value)))
    covered = {at for one in chosen for at in one.steps}
    raise_all(_missing(deck, steps, scripts, own, covered))
    return tuple(chosen), tuple(findings)


def _demanded(settings: Settings) -> bool:
    return settings.narration.voice.strip() == "recorded"


def _missing(
    deck: Deck, steps: Sequence[Step], scripts: Sequence[Script], own: dict[int, Settings], covered: set[int]
) -> Iterator[DeckcastError]:
    slides = slides_by_step(deck)
    told: set[int] = set()
    for step, script in zip(steps, scripts, strict=True):
        slide = slides[step.index]
        speaks = any(one.spoken and one.voice in ("", "recorded") for one in script.sentences)
        if speaks and _demanded(own[step.index]) and step.index not in covered and slide.index not in told:
            told.add(slide.index)
            folder = own[step.index].narration.recordings
            yield NarrationError(
                f"{slide.label} has no recording, and `voice: recorded` asks for one",
                where=step.where,
                hint=f"put it there as {folder}/{numbered(deck, slide)}.wav, or name another voice for the slide",
                code="recording-missing",
            )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A recording, and the question which sentences it becomes."""

    recording: Recording
    slot: str
    """How the keeper knows it."""
    sha256: str
    texts: tuple[tuple[str, ...], ...]
    """The spoken forms of each step's sentences."""
    question: Question


def play(
    deck: Deck,
    chosen: Iterable[Recording],
    scripts: Mapping[int, Script],
    settings: Settings,
    keeper: Keeper,
    voices: Voices,
    executor: Executor,
) -> tuple[dict[int, Part], tuple[Finding, ...]]:
    """What is heard over each step of the recordings, by `Step.index`, and what the author should know.

    `scripts` are those of all their steps. Raises `AssetError` for files that cannot be played, all of them.
    """
    slides = slides_by_step(deck)
    steps = {step.index: step for step in deck.steps}
    errors: dict[int, DeckcastError] = {}
    asked: list[_Asked] = []
    for one in chosen:
        try:
            asked.append(_ask(one, slides[one.steps[0]], scripts, voices))
        except DeckcastError as error:
            errors[one.steps[0]] = error
    answers = _answers(asked, keeper, voices, executor, errors)
    raise_all(_at(errors[first], steps[first].where) for first in sorted(errors))
    dialect = Dialect.of(deck, settings.slides)
    parts: dict[int, Part] = {}
    findings: list[Finding] = []
    for each in asked:
        one, answer = each.recording, answers[each.question.key]
        identity = f"recorded {each.sha256}"
        voices.add_recording(identity, one.name, _place(slides[one.steps[0]], one))
        for number, at in enumerate(one.steps):
            parts[at] = _part(scripts[at].sentences, number, identity, answer)
        findings += unheard(one, [steps[at] for at in one.steps], scripts, answer, dialect)
    return parts, tuple(findings)


def _ask(one: Recording, slide: Slide, scripts: Mapping[int, Script], voices: Voices) -> _Asked:
    sha256 = digest_of(one.path, one.name)
    texts = tuple(tuple(said.spoken for said in scripts[at].sentences if said.spoken) for at in one.steps)
    reference = voices.reference() if any(texts) else None
    who = reference.identity if reference is not None else ""
    question = Question.of(KIND, recording=sha256, text=texts, align=align.KIND, reference=who)
    return _Asked(one, f"slide {slide.index} {one.name}", sha256, texts, question)


def _answers(
    asked: Iterable[_Asked], keeper: Keeper, voices: Voices, executor: Executor, errors: dict[int, DeckcastError]
) -> dict[str, Answer]:
    """The answer to each question, by its key; kept as soon as it is there. Adds to `errors`, by the first step."""
    answers: dict[str, Answer] = {}
    todo: dict[str, _Asked] = {}  # by key: a file that lies there under two names is cut once
    for one in asked:
        answer = keeper.find(STAGE, one.slot, one.question) if one.question.key not in todo else None
        if answer is not None:
            answers[one.question.key] = answer
        else:
            todo.setdefault(one.question.key, one)
    waiting = deque(todo.values())
    running: dict[Future[Made], _Asked] = {}
    try:
        while waiting or running:
            while waiting and len(running) < AHEAD:
                one = waiting.popleft()
                reference = voices.reference() if any(one.texts) else None
                task = executor.submit(cut, one.recording.path, one.recording.name, one.texts, reference)
                running[task] = one
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in [task for task in running if task in done]:
                one = running.pop(future)
                try:
                    answers[one.question.key] = keeper.keep(STAGE, one.slot, one.question, *future.result())
                except DeckcastError as error:
                    errors[one.recording.steps[0]] = error
    finally:
        for future, one in running.items():
            if not future.cancel() and future.done() and succeeded(future):
                keeper.keep(STAGE, one.slot, one.question, *future.result())
    return answers


def _at(error: DeckcastError, where: Where) -> DeckcastError:
    if error.finding.where is None:
        error.finding = dataclasses.replace(error.finding, where=where)
    return error


def _place(slide: Slide, one: Recording) -> str:
    if len(one.steps) == len(slide.steps):
        return f"slide {slide.index}"
    return f"slide {slide.index} step {one.steps[0] - slide.steps[0].index + 1}"


def _part(sentences: Sequence[Sentence], number: int, identity: str, answer: Answer) -> Part:
    """What is heard over the recording's step `number`. Pauses between words are in the recording already."""

    def piece(at: int) -> Heard:
        facts = answer.facts["steps"][number][at]
        return identity, Answer({**facts, "rate": SAMPLE_RATE}, {"wav": answer.blobs[f"{number}.{at}"]})

    said = [at for at, one in enumerate(sentences) if one.spoken]
    if not said:
        silent = tuple(None for _ in sentences)
        if number or not answer.facts["wordless"]:
            return Part(tuple(sentences), silent)
        return Part((*sentences, Sentence("", "", (), 0.0, NOWHERE)), (*silent, piece(0)))
    kept = tuple(
        dataclasses.replace(one, pause=one.pause if at < said[0] or at == len(sentences) - 1 else 0.0)
        for at, one in enumerate(sentences)
    )
    counted = itertools.count()
    return Part(kept, tuple(piece(next(counted)) if one.spoken else None for one in kept))
