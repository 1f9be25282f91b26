"""Sound shaped like speech, made in no time: each word is three buzzing sounds of its own, with two formants each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from deckcast.align import RATE
from deckcast.model import Speech, Word


@cache
def word(name: str, *, pace: float = 1.0, pitch: float = 120.0) -> NDArray[np.float32]:
    """The same name sounds the same, at any pace (longer is slower) and pitch."""
    dice = np.random.default_rng(sum(at * ord(one) for at, one in enumerate(name, 1)))
    parts = []
    for _ in range(3):
        first, second = float(dice.uniform(250, 900)), float(dice.uniform(1100, 3500))
        moments = np.arange(round(float(dice.uniform(0.05, 0.12)) * pace * RATE)) / RATE
        sound = np.zeros(len(moments))
        for number in range(1, int(7000 / pitch)):
            hertz = number * pitch
            loud = sum(1 / (1 + ((hertz - formant) / 120) ** 2) for formant in (first, second))
            sound += loud * np.sin(2 * np.pi * hertz * moments + number)
        parts.append(sound * np.minimum(1, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / 80))
    made = np.concatenate(parts)
    return np.asarray(0.3 * made / np.abs(made).max(), np.float32)


def babble(
    text: str, *, pace: float = 1.0, pitch: float = 120.0, gaps: Sequence[float] = (0.0,), ends: float = 0.2
) -> tuple[NDArray[np.float32], tuple[Word, ...]]:
    """The words of a text with their times; `gaps` are the seconds after each, over and over."""
    parts = [np.zeros(round(ends * RATE), np.float32)]
    words: list[Word] = []
    at = 0
    for number, name in enumerate(text.split()):
        begin = text.index(name, at)
        at = begin + len(name)
        sound = word(name.strip(".,!?").lower(), pace=pace, pitch=pitch)
        start = sum(map(len, parts)) / RATE
        words.append(Word(begin, at, start, start + len(sound) / RATE))
        parts += [sound, np.zeros(round(gaps[number % len(gaps)] * RATE), np.float32)]
    return np.concatenate([*parts, np.zeros(round(ends * RATE), np.float32)]), tuple(words)


def speech(text: str, *, pace: float = 1.0, pitch: float = 120.0, gaps: Sequence[float] = (0.0,)) -> Speech:
    """The same as a voice would give it back."""
    samples, words = babble(text, pace=pace, pitch=pitch, gaps=gaps)
    return Speech(np.rint(samples * 32767).astype("<i2").tobytes(), RATE, words)
