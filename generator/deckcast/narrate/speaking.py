"""Speaks sentences, many at once within what the voice allows, and keeps each as soon as it is there."""

from __future__ import annotations

import dataclasses
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from typing import Any

from deckcast.digest import Question
from deckcast.errors import DeckcastError, NarrationError, raise_all
from deckcast.keep import Keeper
from deckcast.model import Phonemes, Sentence
from deckcast.narrate.trim import trim
from deckcast.ports import Answer, Voice
from deckcast.sound import write_wav

STAGE = "narrate"
KIND = "sentence-1"

Made = tuple[Mapping[str, Any], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and its place in the lesson."""

    slot: str
    """How the keeper knows it: `slide 7 sentence 3`."""
    slide: str
    """`Slide.label`."""
    sentence: Sentence
    source: str
    """The author's own line, for messages."""
    voice: Voice


def speak_all(lines: Iterable[Line], keeper: Keeper, executor: Executor) -> dict[str, Answer]:
    """The answer to each line, by its slot. Facts: `rate`, `samples`, `words` in the spoken form; blob: `wav`.

    What the author must mend is collected over all lines; a voice that fails ends the work. Either way, and when
    interrupted, whatever has been spoken by then is kept.
    """
    answers: dict[str, Answer] = {}
    waiting: dict[str, list[Line]] = {}  # by key: a sentence that comes twice is spoken once
    questions: dict[str, Question] = {}
    asked = [(line, _question(line)) for line in lines]
    keeper.expect(question for _, question in asked)
    for line, question in asked:
        if question.key not in waiting and (answer := keeper.find(STAGE, line.slot, question)) is not None:
            answers[line.slot] = answer
        else:
            waiting.setdefault(question.key, []).append(line)
            questions[question.key] = question

    def keep(key: str, made: Made) -> None:
        first, *others = waiting[key]
        answers[first.slot] = keeper.keep(STAGE, first.slot, questions[key], *made)
        for other in others:
            kept = keeper.find(STAGE, other.slot, questions[key])
            answers[other.slot] = kept if kept is not None else answers[first.slot]

    _work(waiting, keep, executor)
    return answers


def _question(line: Line) -> Question:
    said = line.sentence
    sounds = {"phonemes": said.phonemes} if said.phonemes else {}
    return Question.of(KIND, text=said.spoken, voice=line.voice.identity, **sounds)


def _work(waiting: Mapping[str, list[Line]], keep: Any, executor: Executor) -> None:
    """Speaks what is waiting. Each kind of voice is as busy as it allows, whatever rates it speaks at."""
    errors: list[DeckcastError] = []
    todo: dict[type[Voice], deque[str]] = {}
    for key, (first, *_) in waiting.items():
        todo.setdefault(type(first.voice), deque()).append(key)
    busy: Counter[type[Voice]] = Counter()
    running: dict[Future[Made], str] = {}
    broken = False
    try:
        while True:
            for kind, keys in todo.items():
                while not broken and keys and busy[kind] < waiting[keys[0]][0].voice.parallel:
                    line = waiting[keys[0]][0]
                    said = line.sentence
                    running[executor.submit(speak, line.voice, said.spoken, said.phonemes)] = keys.popleft()
                    busy[kind] += 1
            if not running:
                break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in [one for one in running if one in done]:  # in the order of the lesson
                key = running.pop(future)
                busy[type(waiting[key][0].voice)] -= 1
                try:
                    keep(key, future.result())
                except DeckcastError as error:
                    errors.append(_placed(error, waiting[key][0]))
                    broken = broken or not isinstance(error, NarrationError)
    finally:
        for future, key in running.items():
            if not future.cancel() and future.done() and succeeded(future):
                keep(key, future.result())
    raise_all(sorted(errors, key=lambda error: (error.finding.where is None, error.finding.where)))


def succeeded(future: Future[Made]) -> bool:
    try:
        return future.exception() is None
    except CancelledError:
        return False


def speak(voice: Voice, text: str, phonemes: Sequence[Phonemes] = ()) -> Made:
    """One sentence as facts and blobs. Runs on the executor, so perhaps on another machine."""
    speech = trim(voice.speak(text, phonemes))
    words = [[word.begin, word.end, word.start, word.stop] for word in speech.words]
    facts = {"rate": speech.rate, "samples": len(speech.pcm) // 2, "words": words}
    return facts, {"wav": write_wav(speech.pcm, speech.rate)}


def _placed(error: DeckcastError, line: Line) -> DeckcastError:
    """The error with the sentence and the place in the deck that it is about; as it is where it already has one."""
    finding = error.finding
    if finding.where is not None or finding.code == "storage":
        return error
    where = line.sentence.where
    placed = type(error)(
        f"cannot speak “{_shortened(line.sentence.written)}”: {finding.message}",
        where=where,
        line=line.source,
        width=max(len(line.source) - where.column + 1, 1),
        hint=finding.hint,
        code=finding.code,
    )
    placed.finding = dataclasses.replace(placed.finding, slide=line.slide)
    placed.__cause__ = error
    return placed


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rsplit(' ', 1)[0]}…"
