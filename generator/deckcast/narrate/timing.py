"""Word times of sentences whose voice does not tell them: found by comparing them with the reference voice.

They are kept by themselves, so that nothing is spoken again for their sake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any

from deckcast.align import KIND, align, by_letters, covered, resampled, speech_in
from deckcast.digest import Question
from deckcast.keep import Keeper
from deckcast.model import Word
from deckcast.narrate.speaking import Line
from deckcast.narrate.voices import Voices
from deckcast.ports import Answer, Voice
from deckcast.sound import read_wav

ENOUGH = 0.6
"""Share of a sentence's letters that must lie in words with times."""


def timed(
    lines: Iterable[Line], answers: Mapping[str, Answer], keeper: Keeper, voices: Voices, executor: Executor
) -> dict[str, Answer]:
    """The answers, each with times for the words of its sentence. Raises `VoiceError` where the reference fails."""
    found = dict(answers)
    running: dict[str, tuple[Question, Future[list[list[Any]]]]] = {}
    asked: dict[str, list[str]] = {}
    for line in lines:
        answer, text = answers[line.slot], line.sentence.spoken
        if covered(text, [Word(*word) for word in answer.facts["words"]]) >= ENOUGH:
            continue
        reference = voices.reference()
        question = _question(text, answer, reference)
        asked.setdefault(question.key, []).append(line.slot)
        if question.key in running:
            continue
        kept = keeper.find_part(question)
        if kept is not None:
            found[line.slot] = _with(answer, kept.facts["words"])
            asked[question.key].pop()
            continue
        wav = keeper.read(answer.blobs["wav"])
        running[question.key] = question, executor.submit(times, wav, text, reference)
    for key, (question, future) in running.items():
        words = keeper.keep_part(question, {"words": future.result()}).facts["words"]
        for slot in asked[key]:
            found[slot] = _with(answers[slot], words)
    return found


def _question(text: str, answer: Answer, reference: Voice | None) -> Question:
    who = reference.identity if reference is not None else "letters"
    return Question.of(f"words-1 {KIND}", sound=answer.blobs["wav"].sha256, text=text, reference=who)


def times(wav: bytes, text: str, reference: Voice | None) -> list[list[Any]]:
    """The words of one sentence, as facts. Runs on the executor. Raises `VoiceError`."""
    pcm, rate = read_wav(wav)
    samples = resampled(pcm, rate)
    words: Sequence[Word] = ()
    if reference is not None:
        found = align(samples, [reference.speak(text)], judge=False)
        words = found.words[0] if found is not None else ()
    if not words:
        stretches = speech_in(samples) or ((0.0, len(pcm) / 2 / rate),)
        words = by_letters([text], [(stretches[0][0], stretches[-1][1])])[0]
    length = len(pcm) / 2 / rate
    return [[word.begin, word.end, min(word.start, length), min(word.stop, length)] for word in words]


def _with(answer: Answer, words: Any) -> Answer:
    return Answer({**answer.facts, "words": words}, answer.blobs)
