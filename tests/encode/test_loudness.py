"""The meter, with the signals of EBU Tech 3341 as far as they have one channel's worth of sense; and the limiter."""

from __future__ import annotations

import math

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from deckcast.loudness import BLOCK, HIGH_PASS, HOP, OFFSET, SHELF, gated, levels
from deckcast.model import SAMPLE_RATE
from deckcast.peaks import limit, true_peak
from deckcast.sound import resample
from encode.lessons import speech

BOTH = 10 * math.log10(2)
"""LU that two channels have over one: the signals of Tech 3341 are stereo."""


def tone(*parts: tuple[float, float], hertz: float = 1000.0) -> NDArray[np.float32]:
    """Sines of (dBFS, seconds), one after the other."""
    pieces = [
        10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
        for level, seconds in parts
    ]
    return np.concatenate(pieces).astype(np.float32)


@pytest.mark.parametrize(
    ("wanted", "parts"),
    [
        (-23.0, [(-23, 20)]),
        (-33.0, [(-33, 20)]),
        (-23.0, [(-36, 10), (-23, 60), (-36, 10)]),
        (-23.0, [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]),
        (-23.0, [(-26, 20), (-20, 20.1), (-26, 20)]),
    ],
    ids=["case 1", "case 2", "case 3", "case 4", "case 5"],
)
def test_reference_tones_measure_what_they_are(wanted: float, parts: list[tuple[float, float]]) -> None:
    measured = gated(levels(tone(*parts)))
    assert measured is not None
    assert measured + BOTH == pytest.approx(wanted, abs=0.1)


def test_a_tone_of_997_hz_at_full_scale_in_one_channel_is_3_below_zero() -> None:
    measured = gated(levels(tone((0, 20), hertz=997)))
    assert measured == pytest.approx(-3.01, abs=0.1)


def test_blocks_are_what_the_standards_recursion_gives() -> None:
    wave = speech(3.2, 4).astype(np.float32) / 32768
    filtered = wave.astype(float).tolist()
    for over, under in (SHELF, HIGH_PASS):
        x1 = x2 = y1 = y2 = 0.0
        for at, x in enumerate(filtered):
            y = over[0] * x + over[1] * x1 + over[2] * x2 - under[1] * y1 - under[2] * y2
            x2, x1, y2, y1 = x1, x, y1, y
            filtered[at] = y
    squares = np.square(np.pad(filtered, (3 * HOP, 4 * HOP)))
    hops = -(-len(wave) // HOP)
    wanted = [squares[at * HOP : at * HOP + BLOCK].sum() / BLOCK for at in range(hops + 3)]
    measured = 10 ** ((levels(wave) - OFFSET) / 10)
    assert len(measured) == len(wanted)
    assert np.allclose(measured[:-4], wanted[:-4], rtol=1e-6)  # no ringing in the last ones


def test_silence_and_nothing_have_no_loudness() -> None:
    assert gated(levels(np.zeros(SAMPLE_RATE, np.float32))) is None
    assert gated(levels(np.zeros(0, np.float32))) is None
    assert true_peak(np.zeros(1000, np.float32)) == true_peak(np.zeros(0, np.float32)) == -math.inf


@pytest.mark.parametrize(
    ("wanted", "amplitude", "part", "degrees"),
    [(-6, 0.5, 4, 0), (-6, 0.5, 4, 45), (-6, 0.5, 6, 60), (-6, 0.5, 8, 67.5), (3, 1.41, 4, 45)],
    ids=["case 15", "case 16", "case 17", "case 18", "case 19"],
)
def test_peaks_between_samples_are_found(wanted: float, amplitude: float, part: int, degrees: float) -> None:
    turns = np.arange(2 * SAMPLE_RATE) / part + degrees / 360
    fade = np.minimum(1, np.arange(2 * SAMPLE_RATE) / 4800)
    fade *= fade[::-1]
    peak = true_peak((amplitude * fade * np.sin(2 * np.pi * turns)).astype(np.float32))
    assert wanted - 0.4 <= peak <= wanted + 0.2


def test_what_keeps_the_limit_is_left_alone() -> None:
    wave = tone((-3, 1))
    assert limit(wave, -1.5) is wave


def finer(wave: NDArray[np.float32]) -> float:
    """dBTP by another resampler, wherever the wave may be high."""
    return 20 * math.log10(np.abs(soxr.resample(np.pad(wave, 500), 1, 8, "VHQ")).max())


@pytest.mark.parametrize("hertz", [100, 1000, 5000, 9000, 11_990, 13_000, 16_010, 18_000])
def test_peaks_of_tones_are_found_at_any_phase(hertz: int) -> None:
    time = np.arange(4800) / SAMPLE_RATE
    fade = np.minimum(1, np.minimum(np.arange(4800), np.arange(4800)[::-1]) / 500)
    for phase in np.linspace(0, np.pi, 7):
        wave = (0.8 * fade * np.sin(2 * np.pi * hertz * time + phase)).astype(np.float32)
        assert true_peak(wave) == pytest.approx(finer(wave), abs=0.3)
        assert true_peak(wave, -2.2) == true_peak(wave)


@pytest.mark.parametrize("seed", range(4))
def test_peaks_of_voices_and_noise_are_found(seed: int) -> None:
    chance = np.random.default_rng(seed)
    noise = chance.standard_normal(20_000).astype(np.float32)
    clicks = np.where(chance.random(20_000) < 0.001, noise, 0).astype(np.float32)
    softer = np.convolve(noise, np.ones(4, np.float32) / 4)
    voice = resample(speech(1.0, seed).tobytes(), 16_000)
    # What lies at half the rate is told apart by no two resamplers alike.
    for wave, apart in ((voice, 0.05), (softer, 0.1), (noise, 0.5), (clicks, 0.1)):
        least = 20 * math.log10(np.abs(wave).max())
        assert true_peak(wave) == pytest.approx(max(finer(wave), least), abs=apart)


@pytest.mark.parametrize("silence", [0, 1, 777, 1024, 65_536 - 30_000, 65_536 - 48])
def test_limited_sound_keeps_the_limit_wherever_it_lies(silence: int) -> None:
    wave = 2 * np.concatenate([speech(0.8, seed) for seed in range(3)]).astype(np.float32) / 32768
    before = wave.copy()
    moved = np.concatenate([np.zeros(silence, np.float32), wave])
    limited = limit(moved, -1.5)
    assert -1.6 < true_peak(limited) <= -1.49
    assert np.array_equal(wave, before)
    assert not limited[:silence].any()
    assert np.allclose(limited[silence:], limit(wave, -1.5), atol=1e-2)
    if silence % 8 == 0:  # as every block of AAC
        assert np.array_equal(limited[silence:], limit(wave, -1.5))
    assert np.array_equal(limited, limit(moved, -1.5))


def test_the_limiter_touches_only_what_is_near_a_peak() -> None:
    wave = tone((-12, 2))
    wave[40_000] = 1.5
    limited = limit(wave, -1.5)
    changed = np.flatnonzero(limited != wave)
    assert 40_000 - 245 <= changed[0] < 40_000 < changed[-1] <= 40_000 + 245
    assert true_peak(limited) <= -1.49
