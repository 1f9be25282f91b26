"""Listening by measurement: the embedded voices on sentences typical of lecture notes.

The figures stand in the captured output: `pytest -m slow -rP tests/narrate/test_narrate_voices.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from deckcast.engines.voices import choose
from deckcast.markup import Block, Span
from deckcast.narrate.speaking import speak
from deckcast.sound import read_wav
from deckcast.spoken import sentences

pytestmark = pytest.mark.slow

NOTES = """
Welcome to the first chapter, in which we look at language models from the inside. A transformer reads the whole
sentence at once. In 2017, eight researchers published a paper with the title "Attention is all you need". BERT has
110 million parameters, GPT-2 has 1.5 billion. Training took four days on 16 TPUs and cost about $7,000. That is 57
tonnes of carbon dioxide, or five cars over their whole lives. We call pipeline() with the name of a task, and it
downloads the model for us. Remember: tokens are not words. The tokenizer knows 30,522 of them. Why does this matter?
Because everything that follows, from attention to generation, works on numbers. The second line applies softmax, so
that the scores add up to one. Accuracy rose from 90.1% to 92.3%, which is more than it looks. On the left you see the
encoder, on the right the decoder. Each word looks at every other word, and decides how much it wants to listen. Now
try it yourself: change the sentence, run the cell again, and compare. The model has never seen the word "plumber"
together with "she". That is a bias, and it comes from the text it was trained on. Fine-tuning keeps the body of the
model, and replaces its head. See you in the next chapter!
"""

VOICES = ("flite", "espeak")


@dataclass(frozen=True)
class Heard:
    text: str
    samples: np.ndarray
    rate: int
    words: tuple[tuple[int, int, float, float], ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@cache
def heard(setting: str) -> tuple[Heard, ...]:
    voice, _ = choose(setting, "en", online=False, rate=1.0)
    script = sentences([Block("paragraph", (Span(NOTES, "text", None),))])
    with ThreadPoolExecutor(2) as executor:
        made = list(executor.map(lambda one: speak(voice, one.spoken), script))
    found = []
    for sentence, (facts, blobs) in zip(script, made, strict=True):
        pcm, rate = read_wav(blobs["wav"])
        samples = np.frombuffer(pcm, "<i2").astype(float) / 32768
        found.append(Heard(sentence.spoken, samples, rate, tuple(tuple(word) for word in facts["words"])))
    return tuple(found)


def levels(one: Heard, seconds: float = 0.005) -> np.ndarray:
    window = round(seconds * one.rate)
    whole = one.samples[: len(one.samples) // window * window].reshape(-1, window)
    return np.sqrt((whole**2).mean(axis=1))


@pytest.fixture(params=VOICES)
def voice(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_speed_is_a_speakers(voice: str) -> None:
    every = heard(voice)
    written = len(NOTES.split())
    minutes = sum(one.seconds for one in every) / 60
    sys.stdout.write(
        f"{voice}: {written} words, {60 * minutes:.1f} s, {written / minutes:.0f} words/min without our pauses\n"
    )
    assert len(every) == 20
    assert 130 <= written / minutes <= 190


def test_level_is_sound_and_nothing_clips(voice: str) -> None:
    every = np.concatenate([one.samples for one in heard(voice)])
    clipped = int((np.abs(every) >= 32767 / 32768).sum())
    peak, rms = 20 * np.log10(np.abs(every).max()), 20 * np.log10(np.sqrt((every**2).mean()))
    sys.stdout.write(f"{voice}: peak {peak:.1f} dBFS, RMS {rms:.1f} dBFS, {clipped} samples clipped\n")
    assert clipped == 0
    assert -30 < rms < -12


def test_hardly_any_silence_is_left_at_the_ends(voice: str) -> None:
    edges = []
    for one in heard(voice):
        loud = np.flatnonzero(levels(one) > 0.01 * levels(one).max())
        edges.append((loud[0] * 0.005, one.seconds - (loud[-1] + 1) * 0.005))
    before, after = (max(column) for column in zip(*edges, strict=True))
    sys.stdout.write(f"{voice}: at most {1000 * before:.0f} ms of silence before, {1000 * after:.0f} ms after\n")
    assert before < 0.06
    assert after < 0.06


def test_every_word_has_its_time_in_order_and_inside(voice: str) -> None:
    for one in heard(voice):
        times = [moment for _, _, start, stop in one.words for moment in (start, stop)]
        assert times == sorted(times)
        assert times[0] >= 0
        assert times[-1] <= one.seconds
        assert len(one.words) >= len([word for word in one.text.split() if any(map(str.isalnum, word))])


def test_words_begin_where_the_sound_does(voice: str) -> None:
    """After a comma's pause, the sound's own onset is compared with the time of the word that begins there."""
    errors = list(onset_errors(heard(voice)))
    middle, worst = np.median(np.abs(errors)), np.max(np.abs(errors))
    sys.stdout.write(
        f"{voice}: {len(errors)} onsets, error median {1000 * middle:.0f} ms, largest {1000 * worst:.0f} ms\n"
    )
    assert len(errors) >= 8
    assert middle <= 0.05
    assert worst <= 0.15


def onset_errors(every: Sequence[Heard]) -> list[float]:
    errors = []
    for one in every:
        quiet = levels(one) < 0.02 * levels(one).max()
        for (_, end, _, _), (_, _, start, _) in zip(one.words, one.words[1:], strict=False):
            if one.text[end - 1 : end] not in (",", ":", ";"):
                continue
            # The nearest end of a silence of at least 30 ms.
            onsets = [
                index * 0.005 for index in range(6, len(quiet)) if not quiet[index] and quiet[index - 6 : index].all()
            ]
            near = [onset for onset in onsets if abs(onset - start) < 0.3]
            if near:
                errors.append(min(near, key=lambda onset: abs(onset - start)) - start)
    return errors
