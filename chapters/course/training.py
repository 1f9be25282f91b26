"""The loop that trains every model of the course."""

# ruff: noqa: S311 - chance only picks examples here

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch
from torch import Tensor
from transformers import PreTrainedModel

torch.set_num_threads(1)  # so small that a second thread only adds waiting

Batch = dict[str, Tensor]
"""What a model gets in one step: its inputs by name, and the `labels`, which are the right answers."""
HIDDEN = -100
"""A label that counts for nothing: PyTorch's cross-entropy skips it."""

Example = TypeVar("Example")


def device() -> torch.device:
    """Where the models of the course live: the GPU, if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def picks(examples: Sequence[Example], size: int = 64, seed: int = 1) -> Iterator[list[Example]]:
    """Random handfuls of `examples`, without end; the same ones for the same seed."""
    chance = random.Random(seed)
    pool = list(examples)
    while True:
        yield chance.sample(pool, min(size, len(pool)))


def fit(
    model: PreTrainedModel,
    batch: Callable[[], Batch],
    steps: int,
    rate: float = 2e-3,
    after: Callable[[int], None] | None = None,
) -> list[float]:
    """Move to the device and train on `steps` batches with a rate that falls to zero. Returns every step's loss.

    `after` is called after each step with its number, from 1 on: to measure, or to print.
    """
    model.to(device())
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    losses = []
    model.train()
    for step in range(1, steps + 1):
        inputs = {name: tensor.to(model.device) for name, tensor in batch().items()}
        loss = model(**inputs).loss  # forward: how wrong are the answers?
        loss.backward()  # backward: which way would each weight make them less wrong?
        optimizer.step()  # a small step that way
        optimizer.zero_grad()
        schedule.step()
        losses.append(loss.item())
        if after is not None:
            after(step)
    model.eval()
    return losses


@torch.no_grad()
def loss_on(model: PreTrainedModel, batch: Batch) -> float:
    """How wrong the model's answers to `batch` are, without learning from them."""
    training = model.training
    model.eval()
    loss = model(**{name: tensor.to(model.device) for name, tensor in batch.items()}).loss.item()
    model.train(training)
    return loss
