"""Little stories of three sentences, for BERT's second game: does this sentence come next?

Three sentences, one thing:

    Anna buys bread. She carries the bread home. In the evening she shares the bread with Paul.
"""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import torch
from transformers import BertForNextSentencePrediction, BertTokenizer

from course.miniature import shrunken_bert
from course.tokens import tokenizer_for
from course.training import Batch, fit, picks

OBJECTS = "bread lamp book melon coat drum clock kite plant puzzle".split()
PEOPLE = "anna paul mia ben".split()
FIRST = ["{who} buys a {what} .", "{who} finds a {what} in the park ."]
SECOND = ["she carries the {what} home .", "he puts the {what} on the table ."]
THIRD = ["in the evening {who} gives the {what} to a friend .", "at last {who} sells the {what} ."]

Pair = tuple[str, str, int]
"""Two sentences, and 0 where the second comes next, or 1 where it does not, as BERT counts."""


def story(what: str, chance: random.Random) -> list[str]:
    """Three sentences about one thing."""
    return [chance.choice(part).format(who=chance.choice(PEOPLE), what=what) for part in (FIRST, SECOND, THIRD)]


def pairs(count: int, seed: int = 0) -> list[Pair]:
    """Half of them are neighbours in a story; in the other half, the second sentence is from another story."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        what, other = chance.sample(OBJECTS, 2)
        place = chance.choice((0, 1))
        mine = story(what, chance)
        if chance.random() < 0.5:
            made.append((mine[place], mine[place + 1], 0))
        else:
            made.append((mine[chance.randrange(3)], story(other, chance)[chance.randrange(3)], 1))
    return made


def mixed_up(count: int, seed: int = 0) -> list[Pair]:
    """The second sentence is of the kind that comes next, but about another thing."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        what, other = chance.sample(OBJECTS, 2)
        place = chance.choice((0, 1))
        made.append((story(what, chance)[place], story(other, chance)[place + 1], 1))
    return made


def encoded(tokenizer: BertTokenizer, chosen: Sequence[Pair]) -> Batch:
    """Both sentences in one row: [CLS] first [SEP] second [SEP]."""
    first, second, labels = zip(*chosen, strict=True)
    return {
        **tokenizer(list(first), list(second), padding=True, return_tensors="pt"),
        "labels": torch.tensor(labels),
    }


def train_next(
    chosen: Sequence[Pair], steps: int = 300
) -> tuple[BertForNextSentencePrediction, BertTokenizer, list[float]]:
    """A small BERT that says whether the second sentence comes next; and the loss of each step."""
    torch.manual_seed(0)
    tokenizer = tokenizer_for([sentence for first, second, _ in chosen for sentence in (first, second)])
    model = BertForNextSentencePrediction(shrunken_bert(tokenizer))
    hands = picks(chosen)
    batch: Callable[[], Batch] = lambda: encoded(tokenizer, next(hands))  # noqa: E731
    return model, tokenizer, fit(model, batch, steps)


@torch.no_grad()
def judged_next(model: BertForNextSentencePrediction, tokenizer: BertTokenizer, chosen: Sequence[Pair]) -> float:
    """The share of pairs of which the model says: comes next."""
    inputs = encoded(tokenizer, chosen)
    inputs.pop("labels")
    return (model(**inputs).logits.argmax(-1) == 0).float().mean().item()
