"""How much louder or softer each voice is made, so that the lesson as a whole is as loud as wanted.

One gain for everything that a voice says keeps loud words loud and soft words soft. It follows from the loudness of
all that the voice says in the lesson, so any changed sentence moves it a little; but sound that was encoded with
another gain is of no more use. So gains go in steps of `STEP` dB: a lesson is off by half a step at most, and a changed
sentence among hundreds hardly ever turns one step into the next. Then everything is encoded again, and rightly so.
No memory of earlier builds is in it: equal lessons have equal gains.

The first gains are guessed from each sentence by itself, as the voice gave it. But the limiter takes away some
loudness, and how much depends on the gain. So what is said is measured again with the gains found, limited, until they
stay: a sample of the takes, which is put right by how much louder or softer all of them are. What is measured is kept
for each take.

Where music or other sounds are heard, too, voices are measured without them, and get the same gains. Then the whole
is measured, in pieces, and one more gain, in the same steps, makes it as loud as wanted (`programme`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, TypeAlias

from deckcast.digest import Question
from deckcast.encode.ahead import ahead
from deckcast.encode.mix import Gains, Sound, mix, sounds
from deckcast.keep import Keeper
from deckcast.loudness import BLOCK, SILENT, gated, gating, levels, powers
from deckcast.model import SAMPLE_RATE, Take
from deckcast.peaks import limit
from deckcast.sound import read_wav, resample, resampled

STEP = 0.5
"""dB."""
ROUNDS = 8
"""Where the limiter takes so much away that even so many do not reach the loudness wanted, the last one counts."""
LEAST = 0.2
"""dB that one more dB of gain is taken to bring at least."""

SAMPLE = 120 * SAMPLE_RATE
"""Samples of each voice that are enough for a guess."""

KIND = "gains-4"
SLOT = "loudness"
"""Under which a lesson's gains are kept."""

Levels: TypeAlias = Mapping[str, Sequence[int]]
"""Loudness of each voice's gating blocks in hundredths of LUFS."""
Hops: TypeAlias = Sequence[int]
"""Mean power of each hop, filtered, in hundredths of dB."""
LEAST_HOP = -150.0
"""dB: softer ones are told as this."""


def find(takes: Sequence[Take], loudness: float, ceiling: float, keeper: Keeper, executor: Executor) -> Gains:
    """The `gains` of a lesson's takes, limited to `ceiling` dBTP. Raises `StorageError`."""

    def guess() -> dict[str, float | None]:
        """The loudness of each voice in the sample, sentence by sentence, without any limit."""
        known: dict[int, Levels] = {}
        missing: list[tuple[Take, Question]] = []
        for take in some:
            question = Question.of("alone-1", sounds=[(one.sound, one.voice) for one in take.utterances])
            answer = keeper.find_part(question)
            if answer is None:
                missing.append((take, question))
            else:
                known[take.step] = answer.facts["levels"]

        def job(entry: tuple[Take, Question]) -> tuple[Callable[..., Levels], tuple[Any, ...]]:
            return measure_alone, ([(one.voice, keeper.read(one.sound)) for one in entry[0].utterances],)

        for (take, question), made in ahead(executor, missing, job):
            known[take.step] = keeper.keep_part(question, {"levels": made}).facts["levels"]
        return dict(loud(known.values()))

    def ask(wanted: Sequence[Take], chosen: Gains) -> list[Levels]:
        found: dict[int, Levels] = {}
        missing: list[tuple[Take, Question]] = []
        for take in wanted:
            heard = [(one.start, one.samples, one.sound, one.voice, chosen[one.voice]) for one in take.utterances]
            question = Question.of("levels-4", sounds=heard, samples=take.samples, ceiling=ceiling)
            answer = keeper.find_part(question)
            if answer is None:
                missing.append((take, question))
            else:
                found[take.step] = answer.facts["levels"]

        def job(entry: tuple[Take, Question]) -> tuple[Callable[..., Levels], tuple[Any, ...]]:
            return measure, (sounds(entry[0], chosen, keeper), entry[0].samples, ceiling)

        for (take, question), made in ahead(executor, missing, job):
            found[take.step] = keeper.keep_part(question, {"levels": made}).facts["levels"]
        return [found[take.step] for take in wanted]

    some = sample(takes)
    guessed = guess()
    start = gains(some, loudness, guessed, lambda chosen: ask(some, chosen))
    if len(some) == len(takes):
        return start
    whole, part = loud(ask(takes, start)), loud(ask(some, start))
    apart = {voice: round(100 * (level - part[voice])) for voice, level in whole.items() if voice in part}

    def corrected(chosen: Gains) -> list[Levels]:
        """The sample, as loud as all is."""
        return [
            {voice: [level + apart.get(voice, 0) for level in said] for voice, said in each.items()}
            for each in ask(some, chosen)
        ]

    return gains(some, loudness, guessed, corrected, start)


def loud(measured: Iterable[Levels]) -> dict[str, float]:
    """The loudness of each voice that has one, in LUFS."""
    blocks: dict[str, list[float]] = {}
    for each in measured:
        for voice, said in each.items():
            blocks.setdefault(voice, []).extend(level / 100 for level in said)
    return {voice: level for voice, said in blocks.items() if (level := gated(said)) is not None}


def sample(takes: Sequence[Take]) -> list[Take]:
    """As many of the takes as hold `SAMPLE` of each voice, if there is so much of it.

    They are chosen by what their sounds are: wherever a take goes, and whatever is said in others, it is in or not.
    """
    said: dict[str, int] = {}
    chosen: set[int] = set()
    for take in sorted(
        takes, key=lambda one: (min((each.sound.sha256 for each in one.utterances), default=""), one.step)
    ):
        if any(said.get(one.voice, 0) < SAMPLE for one in take.utterances):
            chosen.add(take.step)
            for one in take.utterances:
                said[one.voice] = said.get(one.voice, 0) + one.samples
    return [take for take in takes if take.step in chosen]


def last(takes: Sequence[Take], loudness: float, ceiling: float, keeper: Keeper) -> Gains | None:
    """The gains of the lesson's last build; None where it had other aims, or not all voices of these takes."""
    before, aims = keeper.before(SLOT), Question.of(KIND, loudness=loudness, peak=ceiling)
    if before is None or before.kind != KIND or not set(aims.parts) <= set(before.parts):
        return None
    answer = keeper.find_part(before)
    found = dict(answer.facts["gains"]) if answer is not None else {}
    return found if {one.voice for take in takes for one in take.utterances} <= set(found) else None


def measure_alone(said: Sequence[tuple[str, bytes]]) -> dict[str, list[int]]:
    """The `Levels` of (voice, WAV file)s, each by itself, at its own rate. Runs on the executor."""
    import numpy as np

    found: dict[str, list[int]] = {}
    for voice, wav in said:
        pcm, rate = read_wav(wav)
        samples = np.frombuffer(pcm, "<i2") / np.float64(32768)
        found.setdefault(voice, []).extend(round(100 * level) for level in levels(samples, rate) if level >= SILENT)
    return found


def measure_piece(parts: Sequence[Sound], samples: int, begin: int, end: int, ceiling: float) -> list[int]:
    """The `Hops` from one sample of a piece to another, mixed and limited. Runs on the executor."""
    import numpy as np

    power = powers(mix(parts, samples, ceiling), begin, end)
    return [round(100 * level) for level in 10 * np.log10(np.maximum(power, 10 ** (LEAST_HOP / 10)))]


def programme(loudness: float, ask: Callable[[float], Iterable[Hops]]) -> float:
    """dB for everything, with which a lesson is as loud as wanted, in LUFS, to half a `STEP`; 0 for silence.

    `ask` gives the hops of each of its stretches with such a gain.
    """
    import numpy as np

    extra, before = 0.0, (0.0, 0.0)
    for number in range(ROUNDS):
        runs = [10 ** (np.asarray(run, np.float64) / 1000) for run in ask(extra)]
        own = gated(level for run in runs for level in gating(run))
        if own is None:
            return 0.0
        then, loud = before if number else (extra, own)
        effect = min(max((own - loud) / (extra - then), LEAST), 1.0) if extra != then else 1.0
        better = extra + STEP * round((loudness - own) / effect / STEP)
        if better == extra:
            break
        before, extra = (extra, own), better
    return extra


def measure(parts: Sequence[Sound], samples: int, ceiling: float) -> dict[str, list[int]]:
    """The `Levels` of a take of so many samples, limited, without blocks too silent to count. Runs on the executor.

    Each voice is measured by itself at its own rate, as in `measure_alone`: that takes a third of what `SAMPLE_RATE`
    takes, and comes out alike to 0.05 dB.
    """
    import numpy as np

    found = {}
    for voice in sorted({one.voice for one in parts}):
        said = [(one, *read_wav(one.wav)) for one in parts if one.voice == voice]
        rate = max(own for _, _, own in said)
        run = np.zeros(resampled(samples, SAMPLE_RATE, rate), np.float32)
        for one, pcm, own in said:
            begin = resampled(one.start, SAMPLE_RATE, rate)
            length = min(resampled(one.samples, SAMPLE_RATE, rate), len(run) - begin)
            sound = resample(pcm, own, rate)[:length]
            run[begin : begin + len(sound)] += sound * np.float32(10 ** (one.gain / 20))
        loud = levels(limit(run, ceiling, rate), rate)
        found[voice] = [round(100 * level) for level in loud if level >= SILENT]
    return found


def gains(
    takes: Sequence[Take],
    loudness: float,
    guess: Mapping[str, float | None],
    ask: Callable[[Gains], Sequence[Levels]],
    start: Gains | None = None,
) -> Gains:
    """The gain of each voice with which all that it says is as loud as wanted, in LUFS, to half a `STEP`.

    `guess` tells how loud each is before anything is done to it, `ask` measures the takes at gains, at those of `start`
    first. A voice that says less than a gating block, or whose sound is silence, has no loudness of its own: it takes
    the gain of the voice that says most.
    """
    said: dict[str, int] = {}
    for take in takes:
        for one in take.utterances:
            said[one.voice] = said.get(one.voice, 0) + one.samples
    if not said:
        return {}
    voices = sorted(said, key=lambda voice: (-said[voice], voice))
    chosen: dict[str, float] = {}
    before: dict[str, tuple[float, float]] = {}
    """Gain and loudness of each voice in the round before."""
    for voice in voices:
        own = guess.get(voice)
        if own is None or (chosen and said[voice] < BLOCK):
            chosen[voice] = chosen.get(voices[0], 0.0)
        else:
            chosen[voice] = STEP * round((loudness - own) / STEP)
            before[voice] = 0.0, own
    chosen |= start or {}
    for _ in range(ROUNDS):
        measured = ask(chosen)
        better: dict[str, float] = {}
        for voice in voices:
            own = gated(level / 100 for each in measured for level in each.get(voice, ()))
            if own is None or (better and said[voice] < BLOCK):
                better[voice] = better.get(voices[0], 0.0)
                continue
            gain = chosen[voice]
            then, loud = before.get(voice, (gain, own))
            # What the limiter leaves of each further dB: less and less, so that this never leads beyond what is wanted.
            effect = min(max((own - loud) / (gain - then), LEAST), 1.0) if gain != then else 1.0
            better[voice] = gain + STEP * round((loudness - own) / effect / STEP)
            before[voice] = gain, own
        if better == chosen:
            break
        chosen = better
    return chosen
