"""Takes from the author's own recordings: their words found, cut at the pauses between sentences and steps."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deckcast import align
from deckcast.digest import Question
from deckcast.errors import DeckcastError, NarrationError, raise_all
from deckcast.keep import Keeper
from deckcast.model import SAMPLE_RATE, Deck, Finding, Sentence, Slide, Step, Where, Word, proses
from deckcast.narrate.recordings import Recording, find
from deckcast.narrate.speaking import STAGE, Made
from deckcast.narrate.voices import Voices
from deckcast.outline import numbered, slides_by_step
from deckcast.ports import Answer, Voice
from deckcast.settings import Settings
from deckcast.sound import write_wav
from deckcast.sound_file import decoded, digest_of
from deckcast.spoken import Script

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KIND = "recording-1"
FITS = 0.95
"""`Alignment.ratio` up to which text and recording belong together: right ones were 0.82 to 0.91, others from 0.97."""
FEWEST = 5
"""Words below which the ratio tells nothing."""
SLOWEST = 3.0
"""How much longer, or shorter, than the reference a recording may be that says the same."""
BEFORE, AFTER = 0.15, 0.25
"""Seconds of silence that stay before and after a step's words: breath, and the decay of the room."""
FADE = 0.01
"""Seconds over which a step's ends come and go, so that they do not click."""

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
        if _asked(own[first]) or not (voices.commanded or named):
            chosen.append(one)
        elif named and not voices.commanded:
            told = f"{one.name} is not heard, since the slide names a voice"
            findings.append(Finding("recording-unused", "note", told, named.where, width=len(named.value)))
    covered = {at for one in chosen for at in one.steps}
    raise_all(_missing(deck, steps, scripts, own, covered))
    return tuple(chosen), tuple(findings)


def _asked(settings: Settings) -> bool:
    return settings.narration.voice.strip() == "recorded"


def _missing(
    deck: Deck, steps: Sequence[Step], scripts: Sequence[Script], own: dict[int, Settings], covered: set[int]
) -> Iterator[DeckcastError]:
    slides = slides_by_step(deck)
    told: set[int] = set()
    for step, script in zip(steps, scripts, strict=True):
        slide = slides[step.index]
        speaks = any(one.spoken and one.voice in ("", "recorded") for one in script.sentences)
        if speaks and _asked(own[step.index]) and step.index not in covered and slide.index not in told:
            told.add(slide.index)
            folder = own[step.index].narration.recordings
            yield NarrationError(
                f"{slide.label} has no recording, and `voice: recorded` asks for one",
                where=step.where,
                hint=f"put it there as {folder}/{numbered(deck, slide)}.wav, or name another voice for the slide",
                code="recording-missing",
            )


def play(
    deck: Deck,
    chosen: Iterable[Recording],
    scripts: dict[int, Script],
    keeper: Keeper,
    voices: Voices,
    executor: Executor,
) -> tuple[dict[int, Part], tuple[Finding, ...]]:
    """What is heard over each step of the recordings, by `Step.index`, and what the author should know.

    `scripts` are those of all their steps. Raises `AssetError` for files that cannot be played, all of them.
    """
    slides = slides_by_step(deck)
    steps = {step.index: step for step in deck.steps}
    parts: dict[int, Part] = {}
    findings: list[Finding] = []
    errors: list[DeckcastError] = []
    for one in chosen:
        slide, first = slides[one.steps[0]], steps[one.steps[0]]
        try:
            sha256 = digest_of(one.path)
            texts = tuple(tuple(said.spoken for said in scripts[at].sentences if said.spoken) for at in one.steps)
            reference = voices.reference() if any(texts) else None
            question = Question.of(
                KIND, file=sha256, text=texts, align=align.KIND, reference=reference.identity if reference else ""
            )
            slot = f"slide {slide.index} {one.name}"
            answer = keeper.find(STAGE, slot, question)
            if answer is None:
                made = executor.submit(cut, one.path, texts, reference).result()
                answer = keeper.keep(STAGE, slot, question, *made)
        except DeckcastError as error:
            if error.finding.where is None:
                error.finding = dataclasses.replace(error.finding, where=first.where)
            errors.append(error)
            continue
        identity = f"recorded {sha256}"
        voices.add_recording(identity, one.name, _place(slide, one))
        for number, at in enumerate(one.steps):
            parts[at] = _part(scripts[at].sentences, number, identity, answer, first=number == 0)
        findings += _told(one, [steps[at] for at in one.steps], answer)
    raise_all(errors)
    return parts, tuple(findings)


def _place(slide: Slide, one: Recording) -> str:
    if len(one.steps) == len(slide.steps):
        return f"slide {slide.index}"
    return f"slide {slide.index} step {one.steps[0] - slide.steps[0].index + 1}"


def _part(sentences: Sequence[Sentence], number: int, identity: str, answer: Answer, *, first: bool) -> Part:
    def piece(at: int) -> Heard:
        facts = answer.facts["steps"][number][at]
        return identity, Answer({**facts, "rate": SAMPLE_RATE}, {"wav": answer.blobs[f"{number}.{at}"]})

    said = [at for at, one in enumerate(sentences) if one.spoken]
    if not said:
        if not first or not answer.facts["wordless"]:
            return Part(tuple(sentences), tuple(None for _ in sentences))
        return Part((Sentence("", "", (), 0.0, NOWHERE),), (piece(0),))
    kept = tuple(
        dataclasses.replace(one, pause=one.pause if at < said[0] or at == len(sentences) - 1 else 0.0)
        for at, one in enumerate(sentences)
    )
    counted = itertools.count()
    return Part(kept, tuple(piece(next(counted)) if one.spoken else None for one in kept))


_INNER = re.compile(r"\[(?:pause|rate|voice)\s[^\]]*\]", re.IGNORECASE)


def _told(one: Recording, steps: Sequence[Step], answer: Answer) -> Iterator[Finding]:
    facts = answer.facts
    where = steps[0].where
    if facts["wordless"]:
        yield Finding(
            "recording-notes", "warning", f"{one.name} plays without captions: the slide has no notes", where,
            hint="write what is said behind `???`",
        )  # fmt: skip
    elif not facts["fits"]:
        yield Finding(
            "recording-text",
            "warning",
            f"{one.name} does not seem to say what the notes say ({facts['why']})",
            where,
            hint="captions follow the notes, in proportion to letters; record the slide again, or write what is said",
        )
    for step in steps:
        if step.properties.find("rate"):
            yield Finding("recording-mark", "note", f"`rate` changes nothing in {one.name}", step.where)
        for prose in proses(step.notes):
            for text, origin in zip(prose.text.split("\n"), prose.origins, strict=True):
                for mark in _INNER.finditer(text):
                    yield Finding(
                        "recording-mark",
                        "note",
                        f"`{mark[0]}` changes nothing within {one.name}, but a pause before or after all words does",
                        dataclasses.replace(origin, column=origin.column + mark.start()),
                        width=len(mark[0]),
                    )
                if "`{" in text:
                    yield Finding(
                        "recording-value",
                        "note",
                        f"{one.name} says the value that was known when it was recorded, captions show the new one",
                        dataclasses.replace(origin, column=origin.column + text.index("`{")),
                        width=2,
                        hint="listen whether they agree",
                    )


# ── one recording, on the executor ───────────────────────────────────────────────────────────────


def cut(path: Path, texts: Sequence[Sequence[str]], reference: Voice | None) -> Made:
    """A recording as facts and blobs: a WAV file for each sentence, in the order of steps, with its words' times.

    Sentences of one step follow each other without a gap, cut in the middle of the pause between them. Raises
    `AssetError` where the file cannot be played, `VoiceError` where the reference fails.
    """
    import numpy as np
    import soxr

    samples = decoded(path)
    small = np.asarray(soxr.resample(samples, SAMPLE_RATE, align.RATE, "HQ"), np.float32)
    speech = align.speech_in(small) or ((0.0, len(samples) / SAMPLE_RATE),)
    flat = [text for step in texts for text in step]
    words, why = _words(small, speech, flat, reference)
    inner = [_between(speech, one, other, samples) for one, other in itertools.pairwise(words)]
    facts: list[list[dict[str, Any]]] = []
    blobs: dict[str, bytes] = {}
    at = 0
    for number, step in enumerate(texts if flat else [[""]]):
        facts.append([])
        for place in range(len(step)):
            begins, ends = place == 0, place == len(step) - 1
            left = speech[0][0] if at == 0 else inner[at - 1][1 if begins else 2]
            right = speech[-1][1] if at == max(len(flat), 1) - 1 else inner[at][0 if ends else 2]
            start = left - (BEFORE if begins and (at == 0 or inner[at - 1][0] + BEFORE < left) else 0.0)
            stop = right + (AFTER if ends and (at == max(len(flat), 1) - 1 or right + AFTER < inner[at][1]) else 0.0)
            begin = max(round(start * SAMPLE_RATE), 0)
            end = max(min(round(stop * SAMPLE_RATE), len(samples)), begin + 1)
            sound = _faded(samples[begin:end], begins=begins, ends=ends)
            length = (end - begin) / SAMPLE_RATE
            told = words[at] if flat else ()
            facts[-1].append(
                {
                    "samples": end - begin,
                    "words": [
                        [w.begin, w.end, _within(w.start - begin / SAMPLE_RATE, length),
                         _within(w.stop - begin / SAMPLE_RATE, length)]
                        for w in told
                    ],
                }
            )  # fmt: skip
            pcm = np.rint(np.clip(sound * 32767, -32768, 32767)).astype("<i2").tobytes()
            blobs[f"{number}.{place}"] = write_wav(pcm, SAMPLE_RATE)
            at += 1
    return {"steps": facts, "fits": not why, "why": why, "wordless": not flat}, blobs


def _words(
    small: NDArray[np.float32], speech: Sequence[tuple[float, float]], texts: Sequence[str], reference: Voice | None
) -> tuple[Sequence[tuple[Word, ...]], str]:
    """The words of each sentence, and why they are not to be trusted, if so."""
    letters = align.by_letters(texts, speech)
    if not texts:
        return (), ""
    if reference is None:
        return letters, "there is no voice here to compare it with"
    spoken = [reference.speak(text) for text in texts]
    said = sum(len(one.pcm) / 2 / one.rate for one in spoken)
    heard = sum(stop - start for start, stop in speech)
    if not said / SLOWEST <= heard <= said * SLOWEST:
        return letters, f"{heard:.0f} s of speech, where about {said:.0f} s were expected"
    found = align.align(small, spoken)
    if found is None:
        return letters, "it is much too short"
    if found.ratio > FITS and sum(map(len, found.words)) >= FEWEST:
        return letters, f"likeness {found.ratio:.2f}: up to {FITS:.2f} is the same text"
    return found.words, ""


def _between(
    speech: Sequence[tuple[float, float]],
    one: Sequence[Word],
    other: Sequence[Word],
    samples: NDArray[np.float32],
) -> tuple[float, float, float]:
    """The pause between two sentences, and where it is cut; of no length where there is none."""
    import numpy as np

    low = one[-1].start if one else other[0].start
    high = max(other[0].stop if other else low, low)
    pauses = [
        (max(min(stop, high) - max(start, low), 0.0), start, stop)
        for (_, start), (stop, _) in itertools.pairwise(speech)
        if start < high and stop > low
    ]
    if pauses:
        _, start, stop = max(pauses)
        return start, stop, (start + stop) / 2
    # They run into each other: where it is softest, around the beginning of the second.
    middle = other[0].start if other else high
    begin, end = (round((middle + aside) * SAMPLE_RATE) for aside in (-0.06, 0.03))
    window = samples[max(begin, 0) : end].astype(np.float64) ** 2
    width = SAMPLE_RATE // 200
    if len(window) > width:
        sums = np.convolve(window, np.ones(width), "valid")
        middle = (max(begin, 0) + int(np.argmin(sums)) + width // 2) / SAMPLE_RATE
    return middle, middle, middle


def _faded(samples: NDArray[np.float32], *, begins: bool, ends: bool) -> NDArray[np.float32]:
    import numpy as np

    made = samples.copy()
    count = min(round(FADE * SAMPLE_RATE), len(made) // 2)
    ramp = np.linspace(0, 1, count, endpoint=False, dtype=np.float32)
    if begins and count:
        made[:count] *= ramp
    if ends and count:
        made[-count:] *= ramp[::-1]
    return made


def _within(moment: float, length: float) -> float:
    return min(max(moment, 0.0), length)
