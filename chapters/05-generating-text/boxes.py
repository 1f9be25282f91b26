"""A game that a model can only win by reading its prompt: which word goes into which box?

A prompt is a row of pairs, a word and its box: `fox red  plum blue  owl red  fig …`. Words of one kind share a box.
In most prompts, the boxes are dealt out afresh, so that nothing but the examples tells which kind goes where.
In the others each kind has its usual box, which a model can learn by heart.
"""

# ruff: noqa: SIM905 - a list of words reads best as words

from __future__ import annotations

import copy

import torch
from torch import Generator, Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from course.training import HIDDEN, Batch, device, fit

KINDS = {
    "animals": "fox owl bear wolf hare frog duck goat".split(),
    "fruit": "plum pear lime fig apple peach grape lemon".split(),
    "tools": "saw hammer axe drill spade rake nail file".split(),
    "clothes": "hat coat sock scarf shirt glove belt boot".split(),
    "cities": "oslo rome paris cairo lima tokyo delhi quito".split(),
}
NEW = "harp drum flute horn lute bell gong oboe".split()
"""Instruments: the model has numbers for these words, but never reads them before it is fine-tuned."""
BOXES = "red blue green gold pink".split()
"""The usual boxes of the kinds above, in their order."""

VOCABULARY = [word for words in [*KINDS.values(), NEW, BOXES] for word in words]
NUMBER = {word: number for number, word in enumerate(VOCABULARY)}
_WORDS = torch.tensor([[NUMBER[word] for word in words] for words in [*KINDS.values(), NEW]])
_BOXES = torch.tensor([NUMBER[box] for box in BOXES])


def prompts(
    count: int, chance: Generator, pairs: int = 10, usual: float = 0.3, same: float = 0.0, new: bool = False
) -> Tensor:
    """Prompts of so many pairs, as numbers: a row each, words and boxes in turn. Three kinds take part in each.

    `usual` is the share of prompts in which the kinds have their usual boxes. `same` is the share in which a
    kind has one word only, which comes again and again: an easy beginning. With `new`, instruments are among the kinds.
    """
    kinds = _deal(count, len(KINDS), chance)
    boxes = torch.where(torch.rand(count, 1, generator=chance) < usual, kinds, _deal(count, len(BOXES), chance))
    if new:
        kinds[:, 0] = len(KINDS)
    which = torch.randint(3, (count, pairs), generator=chance)
    words = torch.randint(8, (count, pairs), generator=chance)
    only = torch.randint(8, (count, 3), generator=chance).gather(1, which)
    words = torch.where(torch.rand(count, 1, generator=chance) < same, only, words)
    return torch.stack([_WORDS[kinds.gather(1, which), words], _BOXES[boxes.gather(1, which)]], -1).flatten(1)


def _deal(count: int, cards: int, chance: Generator) -> Tensor:
    """Three different cards for each prompt."""
    return torch.rand(count, cards, generator=chance).argsort(1)[:, :3]


def train_sorter(steps: int = 600) -> LlamaForCausalLM:
    """Llama's architecture in miniature, trained on prompts of the game: it says the box of each word."""
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(VOCABULARY),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=64,
            initializer_range=0.1,
            bos_token_id=None,
            eos_token_id=None,
        )
    )
    chance = torch.Generator().manual_seed(1)
    fit(model, lambda: _asked(prompts(64, chance, same=0.7)), steps, rate=4e-3)
    return model


def fine_tune(model: LlamaForCausalLM, count: int, steps: int = 200) -> LlamaForCausalLM:
    """A copy of `model`, trained further on `count` prompts with instruments, and on as many of the old kind.

    The old ones are there so that it does not forget what it could.
    """
    chance = torch.Generator().manual_seed(2)
    pool = torch.cat([prompts(count, chance, new=True), prompts(count, chance)])
    tuned = copy.deepcopy(model)
    fit(tuned, lambda: _asked(pool[torch.randint(len(pool), (64,), generator=chance)]), steps)
    return tuned


def _asked(ids: Tensor) -> Batch:
    """Prompts as a batch in which the labels are the boxes; words, which nobody can foretell, do not count."""
    labels = ids.clone()
    labels[:, ::2] = HIDDEN
    return {"input_ids": ids, "labels": labels}


@torch.no_grad()
def answer(model: LlamaForCausalLM, prompt: str) -> dict[str, float]:
    """How likely the model finds each box for the last word of `prompt`, most likely first."""
    ids = torch.tensor([[NUMBER[word] for word in prompt.split()]], device=device())
    chances = model(input_ids=ids).logits[0, -1].softmax(-1)
    return dict(sorted(((box, chances[NUMBER[box]].item()) for box in BOXES), key=lambda pair: -pair[1]))


@torch.no_grad()
def right_by_examples(model: LlamaForCausalLM, usual: float = 0.0, count: int = 2000) -> list[float]:
    """The share of right boxes after no example, after one, after two, and so on, in prompts never seen."""
    ids = prompts(count, torch.Generator().manual_seed(99), usual=usual).to(device())
    guesses = model(input_ids=ids).logits[:, ::2].argmax(-1)
    return (guesses == ids[:, 1::2]).float().mean(0).tolist()


def best_by_examples(count: int = 2000, tries: int = 20) -> list[float]:
    """What a perfect reader could reach: sure of a kind that was shown, and guessing among the boxes left otherwise.

    `tries` times as many prompts as the model is asked are dealt out and counted.
    """
    ids = prompts(count * tries, torch.Generator().manual_seed(99), usual=0.0)
    boxes = ids[:, 1::2]
    shares = []
    for seen in range(boxes.shape[1]):
        known = (boxes[:, :seen] == boxes[:, seen : seen + 1]).any(1).float()
        shown = torch.stack([(boxes[:, :seen] == box).any(1) for box in _BOXES], 1).sum(1)
        shares.append((known + (1 - known) / (len(BOXES) - shown)).mean().item())
    return shares


@torch.no_grad()
def right_on_instruments(model: LlamaForCausalLM, examples: int, count: int = 4000) -> float:
    """The share of right boxes for an instrument after so many examples, among them another instrument."""
    ids = prompts(count, torch.Generator().manual_seed(98), pairs=examples + 1, usual=0.0, new=True).to(device())
    words, boxes = ids[:, ::2], ids[:, 1::2]
    asked = torch.isin(words[:, -1], _WORDS[-1].to(ids.device))
    shown = (boxes[:, :-1] == boxes[:, -1:]).any(1) & (words[:, :-1] != words[:, -1:]).all(1)
    rows = ids[asked & shown]
    guesses = model(input_ids=rows).logits[:, -2].argmax(-1)
    return (guesses == rows[:, -1]).float().mean().item()
