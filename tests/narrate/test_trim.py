"""Trimming the silence round a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from deckcast.model import Speech, Word
from deckcast.narrate.trim import AFTER, BEFORE, trim

RATE = 16_000


def tone(seconds: float, level: float = 0.5) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return (32767 * level * np.sin(2 * np.pi * 220 * at)).astype("<i2")


def silence(seconds: float, level: float = 0.0) -> np.ndarray:
    noise = np.random.default_rng(1).uniform(-1, 1, round(seconds * RATE))
    return (32767 * level * noise).astype("<i2")


def speech(*parts: np.ndarray, words: tuple[Word, ...] = ()) -> Speech:
    return Speech(np.concatenate(parts).tobytes(), RATE, words)


def samples(one: Speech) -> np.ndarray:
    return np.frombuffer(one.pcm, "<i2")


@pytest.mark.parametrize("noise", [0.0, 0.001])
def test_outer_silence_goes_and_words_move_by_as_much(noise: float) -> None:
    words = (Word(0, 1, 0.3, 0.8), Word(2, 3, 1.0, 1.5))
    trimmed = trim(
        speech(silence(0.3, noise), tone(0.5), silence(0.2, noise), tone(0.5), silence(0.7, noise), words=words)
    )
    assert len(samples(trimmed)) == pytest.approx((1.2 + BEFORE + AFTER) * RATE, abs=0.011 * RATE)
    shift = 0.3 - trimmed.words[0].start
    assert shift == pytest.approx(0.3 - BEFORE, abs=0.006)
    assert shift * RATE == pytest.approx(round(shift * RATE), abs=1e-6), "cut at a whole sample"
    assert trimmed.words[1].start == pytest.approx(1.0 - shift)


def test_what_is_inside_is_untouched() -> None:
    inside = tone(0.5)
    trimmed = samples(trim(speech(silence(0.2), inside, silence(0.2))))
    begin = round(BEFORE * RATE)
    offset = int(np.flatnonzero(trimmed)[0]) - int(np.flatnonzero(inside)[0])
    assert abs(offset - begin) <= 0.005 * RATE
    assert np.array_equal(trimmed[offset + 80 : offset + len(inside)], inside[80:])


def test_breath_before_the_first_word_goes() -> None:
    words = (Word(0, 1, 0.3, 0.7),)
    breath = speech(silence(0.05), silence(0.05, 0.007), silence(0.2), tone(0.4), words=words)
    assert len(samples(trim(breath))) == pytest.approx((0.4 + BEFORE) * RATE, abs=0.011 * RATE)
    onset = speech(silence(0.1), tone(0.6, 0.05), words=words)
    assert len(samples(trim(onset))) > 0.6 * RATE, "a real sound stays, however late its word is said to begin"


def test_soft_consonants_are_kept() -> None:
    trimmed = trim(speech(silence(0.2), silence(0.1, 0.01), tone(0.4), silence(0.1, 0.01), silence(0.2)))
    assert len(samples(trimmed)) > 0.6 * RATE


def test_ends_come_and_go_without_a_click() -> None:
    trimmed = samples(trim(speech(tone(0.3), silence(0.01), tone(0.3))))
    assert trimmed[0] == 0
    assert abs(int(trimmed[-1])) < 400
    assert abs(np.diff(trimmed[:80].astype(int))).max() < 3_000


@pytest.mark.parametrize("level", [0.0, 0.00002])
def test_pure_silence_stays(level: float) -> None:
    one = speech(silence(0.5, level), words=(Word(0, 1, 0.0, 0.5),))
    assert trim(one) == one


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_tiny_sounds(count: int) -> None:
    one = speech(np.full(count, 20_000, "<i2"), words=())
    assert len(samples(trim(one))) == count


def test_words_stay_within_the_sound() -> None:
    words = (Word(0, 1, 0.0, 0.4), Word(2, 3, 0.4, 1.0))
    trimmed = trim(speech(silence(0.3), tone(0.4), silence(0.3), words=words))
    seconds = len(samples(trimmed)) / RATE
    assert trimmed.words[0].start == 0.0
    assert trimmed.words[1].stop == pytest.approx(seconds)
