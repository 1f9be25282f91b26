"""The gain of each voice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from deckcast.encode.levels import ROUNDS, STEP, Gains, Levels, gains, measure, measure_alone
from deckcast.encode.mix import Sound, mix
from deckcast.loudness import gated, levels
from deckcast.model import Blob, Take, Utterance
from deckcast.sound import resample, resampled, write_wav
from encode.lessons import RATE, speech

NOTHING = Blob("0" * 64, 0)


def take(step: int, **said: float) -> Take:
    """A take in which each voice speaks for some seconds."""
    at, utterances = 0, []
    for voice, seconds in said.items():
        utterances.append(Utterance("Words.", at, round(seconds * 48_000), NOTHING, (), voice))
        at += utterances[-1].samples
    return Take(step, at, tuple(utterances))


def room(takes: Sequence[Take], heard: Callable[[str, float], float | None]) -> Callable[[Gains], list[Levels]]:
    """Measures blocks, ten a second, whose loudness depends on voice and gain alone."""

    def ask(chosen: Gains) -> list[Levels]:
        found: list[Mapping[str, list[int]]] = []
        for one in takes:
            levels = {each.voice: heard(each.voice, chosen[each.voice]) for each in one.utterances}
            found.append({voice: [] if level is None else [round(100 * level)] * 10 for voice, level in levels.items()})
        return found

    return ask


def alone(heard: Callable[[str, float], float | None], *voices: str) -> dict[str, float | None]:
    """The guess: how loud voices are before anything is done to them."""
    return {voice: heard(voice, 0.0) for voice in voices}


def test_each_voice_is_made_as_loud_as_wanted_to_half_a_step() -> None:
    takes = [take(1, loud=3), take(2, soft=4, loud=1)]
    own = {"loud": -12.1, "soft": -31.3}

    def heard(voice: str, gain: float) -> float:
        return own[voice] + gain

    chosen = gains(takes, -14, alone(heard, "loud", "soft"), room(takes, heard))
    assert chosen == {"loud": -2.0, "soft": 17.5}


@pytest.mark.parametrize("voice", [-20.0, -23.4, -35.1])
@pytest.mark.parametrize("knee", [-15.5, -17.25, -20.0])
def test_what_the_limiter_takes_is_made_up_for(voice: float, knee: float) -> None:
    """Above the knee, each dB of gain brings less than the one before."""
    takes = [take(1, one=5)]

    def heard(_: str, gain: float) -> float:
        over = max(voice + gain - knee, 0)
        return min(voice + gain, knee) + 6 * (1 - 2 ** (-over / 6))

    rounds: list[float] = []

    def ask(chosen: Gains) -> list[Levels]:
        rounds.append(chosen["one"])
        return room(takes, heard)(chosen)

    chosen = gains(takes, -14 if knee > -20 else -15, alone(heard, "one"), ask)["one"]
    wanted = -14 if knee > -20 else -15
    assert abs(heard("", chosen) - wanted) <= STEP / 2
    assert len(rounds) <= 6 or knee == -20
    assert rounds == sorted(rounds)


def test_a_loudness_that_cannot_be_reached_ends_the_search() -> None:
    takes = [take(1, one=5)]
    asked: list[float] = []

    def heard(_: str, gain: float) -> float:
        return min(-20 + gain, -16)

    def ask(chosen: Gains) -> list[Levels]:
        asked.append(chosen["one"])
        return room(takes, heard)(chosen)

    assert gains(takes, -14, alone(heard, "one"), ask)["one"] > 6
    assert len(asked) <= ROUNDS


def test_a_word_in_another_voice_takes_the_gain_of_the_voice_that_says_most() -> None:
    takes = [take(1, most=5, word=0.3), take(2, silence=2)]
    own = {"most": -20.0, "word": -40.0, "silence": None}

    def heard(voice: str, gain: float) -> float | None:
        level = own[voice]
        return None if level is None else level + gain

    assert gains(takes, -14, alone(heard, *own), room(takes, heard)) == {"most": 6.0, "word": 6.0, "silence": 6.0}


def test_silence_and_nothing_are_left_as_they_are() -> None:
    assert gains([Take(1, 0)], -14, {}, lambda _: pytest.fail("there is nothing to measure")) == {}
    takes = [take(1, one=2)]
    assert gains(takes, -14, alone(lambda *_: None, "one"), room(takes, lambda *_: None)) == {"one": 0.0}


@pytest.mark.parametrize("error", [-3.0, -0.6, 0.6, 3.0])
def test_a_guess_that_is_wrong_costs_a_round_and_nothing_else(error: float) -> None:
    takes = [take(1, one=5)]

    def heard(_: str, gain: float) -> float:
        return -23.1 + gain

    assert gains(takes, -14, {"one": -23.1 + error}, room(takes, heard)) == {"one": 9.0}


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100])
def test_a_sentence_by_itself_is_as_loud_at_its_own_rate(rate: int) -> None:
    time = np.arange(3 * rate) / rate
    wave = sum(np.sin(2 * np.pi * hertz * time) for hertz in (60, 220, 1000, 3300)) * 3000
    pcm = np.asarray(wave, np.int16).tobytes()
    wav = write_wav(pcm, rate)
    samples = resampled(len(pcm) // 2, rate)
    finer = measure((Sound(0, samples, wav, 0.0, "a"),), samples, 0.0)["a"]
    assert gated(level / 100 for level in measure_alone([("a", wav)])["a"]) == pytest.approx(
        gated(level / 100 for level in finer), abs=0.1
    )


@pytest.mark.parametrize("gain", [3.0, 6.0, 12.0])
@pytest.mark.parametrize("rates", [(16_000, 16_000), (24_000, 24_000), (22_050, 16_000)])
def test_what_is_limited_is_as_loud_at_its_own_rate_as_when_it_is_mixed(rates: tuple[int, int], gain: float) -> None:
    parts, at = [], 0
    for seed, rate in enumerate(rates, 3):
        pcm = (resample(speech(2.0, seed).tobytes(), RATE, rate) * 32767).astype("<i2").tobytes()
        samples = resampled(len(pcm) // 2, rate)
        parts.append(Sound(at, samples, write_wav(pcm, rate), gain, "a"))
        at += samples + 5_000
    heard = mix(parts, at, -1.6)
    loud = gated(levels(heard))
    assert loud is not None
    assert gated(level / 100 for level in measure(parts, at, -1.6)["a"]) == pytest.approx(loud, abs=0.05)
    if gain > 3:
        assert loud < gated(levels(mix(parts, at, 30.0))) - 0.1  # the limiter was at work


def test_voices_of_one_take_are_measured_apart() -> None:
    pcm = speech(2.0, 1)
    samples = resampled(len(pcm), RATE)
    wav = write_wav(pcm.tobytes(), RATE)
    softer = write_wav(np.asarray(pcm // 4, np.int16).tobytes(), RATE)
    parts = (Sound(0, samples, wav, 0.0, "a"), Sound(2 * samples, samples, softer, 0.0, "b"))
    both = measure(parts, 3 * samples, 0.0)
    assert list(both) == ["a", "b"]
    assert max(both["a"]) - max(both["b"]) == pytest.approx(1204, abs=3)
    alone = measure(parts[:1], samples, 0.0)["a"]
    assert alone == pytest.approx(both["a"][: len(alone)], abs=5)
    raised = (parts[0], parts[1]._replace(gain=12.0))
    assert max(measure(raised, 3 * samples, 0.0)["b"]) == pytest.approx(max(both["b"]) + 1200, abs=3)
