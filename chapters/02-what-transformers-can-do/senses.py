"""Pictures and sounds, made from numbers, for the same small encoder that reads text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertForSequenceClassification, BertTokenizer

from course.miniature import shrunken_bert
from course.training import Batch, fit

Array = np.ndarray
SIDE, PATCH = 24, 6
"""Of a picture, and of each of its patches, in pixels."""
RATE, SLICES, SLICE = 8000, 16, 200
"""A sound: samples a second, how many slices, and samples in each."""
SHAPES = ("circle", "square", "cross", "ring")
TUNES = ("rising", "falling", "steady", "trembling")


def picture(kind: int, chance: np.random.Generator) -> Array:
    """A bright shape somewhere on dark, noisy ground."""
    radius = chance.uniform(4.5, 8)
    down, across = chance.uniform(radius, SIDE - radius, 2)
    y, x = np.mgrid[:SIDE, :SIDE]
    far = np.hypot(y - down, x - across)
    wide = np.maximum(abs(y - down), abs(x - across))
    thin = np.minimum(abs(y - down), abs(x - across))
    shapes = (far < radius, wide < radius, (wide < radius) & (thin < 1.6), abs(far - radius + 1.2) < 1.2)
    return shapes[kind] + chance.normal(0, 0.15, (SIDE, SIDE))


def patches(image: Array) -> Array:
    """A picture's squares, row by row, each as one list of numbers: 16 of 36 pixels."""
    squares = image.reshape(SIDE // PATCH, PATCH, SIDE // PATCH, PATCH)
    return squares.swapaxes(1, 2).reshape(-1, PATCH * PATCH)


def sound(kind: int, chance: np.random.Generator) -> Array:
    """A tone of 0.4 seconds in some noise."""
    time = np.arange(SLICES * SLICE) / RATE
    low, high = chance.uniform(500, 900), chance.uniform(1300, 1900)
    way = time / time[-1]
    pitch = (
        low + (high - low) * way,
        high + (low - high) * way,
        np.full_like(time, chance.uniform(low, high)),
        (low + high) / 2 + (high - low) / 2 * np.sin(2 * np.pi * chance.uniform(5, 9) * time),
    )[kind]
    return np.sin(2 * np.pi * np.cumsum(pitch) / RATE) + chance.normal(0, 0.3, len(time))


def slices(wave: Array) -> Array:
    """A sound's slices, each as the strengths of its frequencies up to 2,000 Hz: 16 of 50 numbers."""
    return np.abs(np.fft.rfft(wave.reshape(SLICES, SLICE)))[:, :50] / SLICE * 4


@dataclass(frozen=True)
class Sense:
    """A way to make something of each kind, and to cut it into tokens."""

    kinds: tuple[str, ...]
    make: Callable[[int, np.random.Generator], Array]
    cut: Callable[[Array], Array]

    def some(self, count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
        """`count` things as tokens, and the number of each one's kind."""
        chance = np.random.default_rng(seed)
        kinds = chance.integers(len(self.kinds), size=count)
        tokens = np.stack([self.cut(self.make(kind, chance)) for kind in kinds])
        return torch.tensor(tokens, dtype=torch.float32), torch.tensor(kinds)


SEEING = Sense(SHAPES, picture, patches)
HEARING = Sense(TUNES, sound, slices)


class Perceiver(BertForSequenceClassification):
    """The encoder that labels text, with one layer in front that turns any list of numbers into a token's vector."""

    def __init__(self, tokenizer: BertTokenizer, kinds: int, numbers: int):
        super().__init__(shrunken_bert(tokenizer, num_labels=kinds))
        self.enter = nn.Linear(numbers, self.config.hidden_size)

    def forward(self, tokens: Tensor, labels: Tensor | None = None):
        return super().forward(inputs_embeds=self.enter(tokens), labels=labels)


def train_perceiver(sense: Sense, tokenizer: BertTokenizer, steps: int = 250) -> Perceiver:
    """An encoder for this sense, from random weights."""
    torch.manual_seed(0)
    tokens, kinds = sense.some(2000)
    model = Perceiver(tokenizer, len(sense.kinds), tokens.shape[-1])
    chance = torch.Generator().manual_seed(0)

    def batch() -> Batch:
        chosen = torch.randint(len(kinds), (64,), generator=chance)
        return {"tokens": tokens[chosen], "labels": kinds[chosen]}

    fit(model, batch, steps)
    return model


@torch.no_grad()
def right(model: Perceiver, sense: Sense, count: int = 1000) -> float:
    """The share of new things that the model labels rightly."""
    tokens, kinds = sense.some(count, seed=1)
    return (model(tokens.to(model.device)).logits.argmax(-1).cpu() == kinds).float().mean().item()
