"""Word times of sound that is shaped like speech."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from align.babble import babble, speech
from deckcast.align import RATE, Alignment, align, resampled
from deckcast.align import words as passes
from deckcast.model import Speech, Word

ONE = "Every model learns from text that nobody labelled."
TWO = "Attention weighs all words, and so it finds what matters."


def errors(found: Alignment, words: tuple[Word, ...]) -> NDArray[np.float64]:
    """Seconds by which each word's beginning is wrong."""
    starts = [word.start for sentence in found.words for word in sentence]
    return np.abs(np.array(starts) - [word.start for word in words])


def aligned(samples: NDArray[np.float32], *reference: Speech) -> Alignment:
    found = align(samples, reference)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "how",
    [{}, {"pace": 1.5}, {"pace": 0.75}, {"pitch": 170.0}, {"gaps": (0.0, 0.6, 0.0, 0.0, 1.1)}, {"gaps": (0.25,)}],
    ids=str,
)
def test_words_are_found_where_they_are(how: dict[str, float]) -> None:
    samples, words = babble(f"{ONE} {TWO}", **how)  # type: ignore[arg-type]
    found = aligned(samples, speech(ONE), speech(TWO))
    wrong = errors(found, words)
    assert np.median(wrong) <= 0.02
    assert wrong.max() <= 0.06
    assert [len(one) for one in found.words] == [8, 10]


def test_ranges_are_those_of_the_reference_and_times_are_in_order() -> None:
    samples, _ = babble(f"{ONE} {TWO}", gaps=(0.1,))
    found = aligned(samples, speech(ONE), speech(TWO))
    ranges = [[(word.begin, word.end) for word in one] for one in found.words]
    assert ranges == [[(word.begin, word.end) for word in speech(text).words] for text in (ONE, TWO)]
    times = [moment for one in found.words for word in one for moment in (word.start, word.stop)]
    assert times == sorted(times)
    assert times[-1] <= len(samples) / RATE + 0.01


def test_noise_and_level_do_not_matter() -> None:
    samples, words = babble(f"{ONE} {TWO}", gaps=(0.0, 0.4))
    noise = np.random.default_rng(1).normal(size=len(samples)) * np.sqrt(np.mean(samples**2)) / 10
    found = aligned((0.02 * (samples + noise)).astype(np.float32), speech(ONE), speech(TWO))
    assert np.median(errors(found, words)) <= 0.02


def test_a_hum_between_words_is_no_word() -> None:
    samples, words = babble(ONE)
    at = round(words[4].start * RATE)
    moments = np.arange(RATE) / RATE
    hum = sum(np.sin(2 * np.pi * 110 * part * moments) / part for part in range(1, 10)) * 0.05
    found = aligned(np.concatenate([samples[:at], hum.astype(np.float32), samples[at:]]), speech(ONE))
    moved = tuple(Word(one.begin, one.end, one.start + (k >= 4), one.stop + (k >= 4)) for k, one in enumerate(words))
    assert errors(found, moved).max() <= 0.1


def test_the_ratio_tells_another_text() -> None:
    samples, _ = babble(f"{ONE} {TWO}", pitch=150.0)
    right = aligned(samples, speech(ONE), speech(TWO)).ratio
    wrong = aligned(
        samples, speech("Nothing of this is ever heard by anybody here."), speech("It is about pears.")
    ).ratio
    assert right < 0.9
    assert wrong > 0.95
    unjudged = align(samples, [speech(ONE), speech(TWO)], judge=False)
    assert unjudged is not None
    assert unjudged.ratio == 0


def test_a_recording_much_too_short_is_none() -> None:
    samples, _ = babble("Hm.", ends=0.0)
    assert align(samples[:800], [speech(f"{ONE} {TWO}")]) is None
    assert align(np.zeros(0, np.float32), [speech(ONE)]) is None
    assert align(samples, [Speech(bytes(3200), RATE)]) is None


def test_silence_gives_words_in_order_and_fits_no_text() -> None:
    found = align(np.zeros(5 * RATE, np.float32), [speech(ONE)])
    assert found is None or found.ratio > 0.97


def test_two_passes_find_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join([ONE, TWO] * 3)
    samples, words = babble(text, gaps=(0.0, 0.3), pace=1.2)
    reference = [speech(ONE), speech(TWO)] * 3
    whole = aligned(samples, *reference)
    monkeypatch.setattr(passes, "WHOLE", 0)
    twice = aligned(samples, *reference)
    assert np.median(errors(twice, words)) <= 0.02
    assert np.abs(errors(whole, words) - errors(twice, words)).max() <= 0.05
    assert twice.ratio < 0.95


@pytest.mark.slow
def test_memory_grows_no_faster_than_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "FIRST", 2.5)  # so that the bands are narrower than the shorter recording, too
    monkeypatch.setattr(passes, "WHOLE", 0)
    peaks = []
    for times in (3, 6):
        samples, _ = babble(" ".join([ONE, TWO] * times), gaps=(0.0, 0.3))
        reference = [speech(ONE), speech(TWO)] * times
        tracemalloc.start()
        aligned(samples, *reference)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2.4 * peaks[0]


def test_sound_of_any_rate_is_taken() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(4410) / 44_100)
    made = resampled(np.rint(tone * 20_000).astype("<i2").tobytes(), 44_100)
    assert len(made) == 1600
    assert np.abs(made).max() == pytest.approx(20_000 / 32_768, rel=0.02)
