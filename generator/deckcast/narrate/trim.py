"""Takes off the silence that a voice puts before and after a sentence, so that all pauses are ours."""

from __future__ import annotations

from deckcast.model import Speech, Word

WINDOW = 0.005
"""Seconds over which loudness is measured."""
QUIET = 0.008
"""Of the loudest window's level (-42 dB): below it is silence. The softest consonants rise above it within `BEFORE`."""
FAINT = 0.016
"""The same (-36 dB) for what comes well before the first word: breath, and the hum of recorded voices."""
WELL_BEFORE = 0.06
"""Seconds before the first word's time, which may be as wrong."""
BEFORE, AFTER = 0.025, 0.02
"""Seconds of it that stay, for the onset of the first sound and the decay of the last."""
FADE = 0.005
"""Seconds over which the cut ends come and go, so that they do not click."""


def trim(speech: Speech) -> Speech:
    """The speech without its outer silence, its words moved by exactly what was cut. Pure silence stays as it is."""
    import numpy as np

    samples = np.frombuffer(speech.pcm, "<i2").astype(np.float32)
    window = max(round(WINDOW * speech.rate), 1)
    padded = np.pad(samples, (0, -len(samples) % window))
    levels = np.sqrt(np.mean(padded.reshape(-1, window) ** 2, axis=1))
    floor = np.full(len(levels), max(QUIET * float(levels.max(initial=0)), 1.0))
    early = int((speech.words[0].start - WELL_BEFORE) / WINDOW) if speech.words else 0
    floor[: max(early, 0)] *= FAINT / QUIET
    loud = np.flatnonzero(levels > floor)
    if not len(loud):
        return speech
    begin = max(int(loud[0]) * window - round(BEFORE * speech.rate), 0)
    end = min((int(loud[-1]) + 1) * window + round(AFTER * speech.rate), len(samples))
    kept = samples[begin:end].copy()
    fade = min(round(FADE * speech.rate), len(kept) // 2)
    if fade:
        ramp = np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
        kept[:fade] *= ramp
        kept[-fade:] *= ramp[::-1]
    shift, length = begin / speech.rate, len(kept) / speech.rate
    words = tuple(
        Word(word.begin, word.end, _within(word.start - shift, length), _within(word.stop - shift, length))
        for word in speech.words
    )
    return Speech(np.rint(kept).astype("<i2").tobytes(), speech.rate, words)


def _within(moment: float, length: float) -> float:
    return min(max(moment, 0.0), length)
