"""Recordings with known word times, made from the embedded voices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from deckcast.align import RATE, resampled
from deckcast.engines.voices import choose
from deckcast.model import Speech, Word

TEXT = """
Welcome to the first chapter, in which we look at language models from the inside. A transformer reads the whole
sentence at once. In two thousand seventeen, eight researchers published a paper with the title attention is all you
need. One model has a hundred and ten million parameters, another one and a half billion. Training took four days on
sixteen machines, and cost about seven thousand dollars. That is five cars over their whole lives. We call the
pipeline with the name of a task, and it downloads the model for us. Remember: tokens are not words. The tokenizer knows
thirty thousand of them. Why does this matter? Because everything that follows, from attention to generation, works on
numbers. The second line applies a function, so that the scores add up to one. Accuracy rose from ninety to ninety two
percent, which is more than it looks. On the left you see the encoder, on the right the decoder. Each word looks at
every other word, and decides how much it wants to listen. Now try it yourself: change the sentence, run the cell
again, and compare. The model has never seen the word plumber together with she. That is a bias, and it comes from the
text it was trained on. Fine tuning keeps the body of the model, and replaces its head. See you in the next chapter! A
language model gives each next word a probability. We train it on text that nobody labelled. That is why there is so
much of it: books, articles, and pages from all over the web. The loss goes down quickly at first, then slowly, then
hardly at all. When it stops, we stop. Take the sentence on the slide. The model hides one word and guesses it. Here it
says nurse more often than teacher. Nobody told it to. It learned this from what people wrote. Attention is a weighted
average. Every token asks a question, and every other token answers with a key and a value. The answers that fit best
count most. We do this eight times side by side, and each head learns to look for something else. Let us run the code.
First we load the tokenizer, then the model, and then we ask for the pipeline. It takes about three seconds on a laptop
without a graphics card. If it takes longer, look at your network first. Encoders read in both directions. Decoders read
from left to right, because they must not see what they are about to write. Models with both parts translate,
summarize, and answer questions.
"""
NOTES = tuple(
    sentence.strip()
    for sentence in TEXT.replace("\n", " ").replace("? ", "?| ").replace("! ", "!| ").replace(". ", ".| ").split("|")
    if sentence.strip()
)


@dataclass(frozen=True)
class Recorded:
    samples: NDArray[np.float32]
    """At `RATE`."""
    words: tuple[str, ...]
    starts: tuple[float, ...]
    stop: float
    """When the last word has ended."""


@cache
def _said(voice: str, rate: float, sentence: str) -> Speech:
    return choose(voice, "en", online=False, rate=rate)[0].speak(sentence)


def rendered(voice: str, sentences: tuple[str, ...], rate: float = 1.0) -> tuple[Speech, ...]:
    """The sentences by one of the embedded voices, many at once."""
    with ThreadPoolExecutor(2) as executor:
        return tuple(executor.map(lambda one: _said(voice, rate, one), sentences))


def record(
    voice: str,
    sentences: tuple[str, ...],
    *,
    rate: float = 1.0,
    noise: float | None = None,
    pauses: float = 0.0,
    seed: int = 0,
) -> Recorded:
    """The sentences as one recording, 0.2 to 0.8 s of silence between them.

    `noise` is white, so many dB below. Before each word there is, with the probability `pauses`, a pause of 0.2 to
    1.2 s, two of five of them with a hum.
    """
    dice = np.random.default_rng(seed)
    parts: list[NDArray[np.float32]] = [np.zeros(round(0.3 * RATE), np.float32)]
    words: list[str] = []
    starts: list[float] = []
    stop = 0.0

    def length() -> int:
        return sum(map(len, parts))

    def said(sound: NDArray[np.float32], at: float, word: Word, sentence: str) -> None:
        words.append(sentence[word.begin : word.end])
        starts.append(length() / RATE + word.start - at)

    for sentence, speech in zip(sentences, rendered(voice, sentences, rate), strict=True):
        sound = resampled(speech.pcm, speech.rate)
        cut = 0
        for number, word in enumerate(speech.words):
            if number and dice.random() < pauses:
                begin = round(word.start * RATE)
                parts += [sound[cut:begin], _pause(dice, float(np.std(sound)))]
                cut = begin
            said(sound, cut / RATE, word, sentence)
        stop = length() / RATE + speech.words[-1].stop - cut / RATE
        parts += [sound[cut:], np.zeros(round(float(dice.uniform(0.2, 0.8)) * RATE), np.float32)]
    whole = np.concatenate(parts)
    if noise is not None:
        level = np.sqrt(np.mean(whole**2) / 10 ** (noise / 10))
        whole = whole + dice.normal(size=len(whole)) * level
    return Recorded(whole.astype(np.float32), tuple(words), tuple(starts), stop)


def _pause(dice: np.random.Generator, level: float) -> NDArray[np.float32]:
    count = round(float(dice.uniform(0.2, 1.2)) * RATE)
    if dice.random() >= 0.4:
        return np.zeros(count, np.float32)
    moments = np.arange(count) / RATE
    pitch = float(dice.uniform(90, 150))
    hum = sum(np.sin(2 * np.pi * pitch * part * moments) / part for part in range(1, 12))
    return np.asarray(hum * np.hanning(count) * level, np.float32)
