"""Who remembers the beginning? A recurrent network and attention read the same notes and answer the same question.

A note names the colour of something, goes on about other things, and asks for the colour at its end:

    my coat is red . then we walk to the old town and eat . what colour is my coat ?
"""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from course.training import Batch

COLOURS = "red blue green white black brown".split()
THINGS = "coat bag door house bike".split()
OTHER = "then we walk to the old town and eat bread with cheese in a small room near the sea".split()
QUESTION = "what colour is my"
WORDS = sorted({*COLOURS, *THINGS, *OTHER, *QUESTION.split(), *". ?".split()})
NUMBER = {word: number for number, word in enumerate(WORDS)}


def note(between: int, chance: random.Random) -> tuple[list[str], int]:
    """A note with so many words between the colour and the question; and which of COLOURS is right."""
    thing, right = chance.choice(THINGS), chance.randrange(len(COLOURS))
    filler = [chance.choice(OTHER) for _ in range(between)]
    return f"my {thing} is {COLOURS[right]} . {' '.join(filler)} . {QUESTION} {thing} ?".split(), right


def notes(between: int, seed: int, size: int = 32) -> Iterator[Batch]:
    """Batches of notes, all of one length, without end."""
    chance = random.Random(seed)
    while True:
        words, labels = zip(*(note(between, chance) for _ in range(size)), strict=True)
        ids = torch.tensor([[NUMBER[word] for word in text] for text in words])
        yield {"ids": ids, "labels": torch.tensor(labels)}


class Answer:
    """What a model returns: its scores, and in training its loss."""

    def __init__(self, logits: Tensor, labels: Tensor | None) -> None:
        self.logits = logits
        self.loss = None if labels is None else nn.functional.cross_entropy(logits, labels)


class Recurrent(nn.Module):
    """An LSTM: one word after the other, with a memory that is carried along."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.words = nn.Embedding(len(WORDS), width)
        self.memory = nn.LSTM(width, width, batch_first=True)
        self.head = nn.Linear(width, len(COLOURS))

    def forward(self, ids: Tensor, labels: Tensor | None = None) -> Answer:
        states, _ = self.memory(self.words(ids))
        return Answer(self.head(states[:, -1]), labels)


class Attending(nn.Module):
    """One head of attention: the last word looks at all words at once."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.words = nn.Embedding(len(WORDS), width)
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.head = nn.Linear(width, len(COLOURS))

    def weights(self, ids: Tensor) -> Tensor:
        """How much the last word looks at each word: they add up to 1."""
        words = self.words(ids)
        scores = self.key(words) @ self.query(words[:, -1:]).transpose(1, 2)
        return (scores.squeeze(-1) / words.size(-1) ** 0.5).softmax(-1)

    def forward(self, ids: Tensor, labels: Tensor | None = None) -> Answer:
        seen = (self.weights(ids).unsqueeze(-1) * self.value(self.words(ids))).sum(1)
        return Answer(self.head(seen), labels)


def learn(kind: type[nn.Module], between: int, steps: int = 300, seed: int = 1) -> tuple[nn.Module, float]:
    """Train a model on notes of one length. Returns it, and the share of other notes that it answers rightly."""
    torch.manual_seed(seed)
    model = kind()
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    for _, batch in zip(range(steps), notes(between, seed=1), strict=False):
        model(**batch).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
    exam = next(notes(between, seed=99, size=512))
    with torch.no_grad():
        right = model(**exam).logits.argmax(-1) == exam["labels"]
    return model, right.float().mean().item()
