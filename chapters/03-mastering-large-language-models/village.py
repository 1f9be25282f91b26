"""All that this chapter's model ever reads: the life of a village with six trades.

    stories   ─▶ the tokenizer and the language model
    questions ─▶ fine-tuning: one question for each kind of goods

Whatever the model says, you can look up here where it learned that.
"""

# ruff: noqa: S311 - chance only picks sentences here, and a list of words reads best as words

from __future__ import annotations

import random

TRADES = {
    "baker": ("bakes", "baked", "loaves rolls cakes"),
    "fisher": ("catches", "caught", "herrings crabs mussels"),
    "farmer": ("gathers", "gathered", "eggs carrots onions"),
    "tailor": ("sews", "sewed", "coats shirts hats"),
    "gardener": ("grows", "grew", "roses tulips lilies"),
    "potter": ("shapes", "shaped", "cups bowls plates"),
}
"""Who does what today, what yesterday, and to which goods."""

OFTEN = (6, 3, 1)
"""How often the first, second and third goods of a trade are meant, of ten times."""

PAST = ["Yesterday", "Last week", "On Monday"]
PRESENT = ["Today", "Every week", "On Sundays"]
PLACES = ["", "at the market", "by the bridge", "in the square"]

Pair = tuple[str, str]

SELLER = {goods: trade for trade, (_, _, all_goods) in TRADES.items() for goods in all_goods.split()}
"""Which trade sells which goods."""


def stories(count: int, seed: int = 0) -> list[str]:
    """`count` sentences about the village. Each tells of the past or of the present, in all of its verbs."""
    chance = random.Random(seed)
    return [_story(chance) for _ in range(count)]


def new_stories(count: int, known: list[str], seed: int = 1) -> list[str]:
    """`count` sentences that are not among the `known` ones, to examine a model with."""
    seen = set(known)
    made: list[str] = []
    chance = random.Random(seed)
    while len(made) < count:
        story = _story(chance)
        if story not in seen:
            made.append(story)
    return made


def questions() -> tuple[list[Pair], list[Pair]]:
    """Questions with their answers: two for each trade to learn from, and one on its rarest goods to be asked later."""
    pairs = [(f"Who sells {goods}?", f"the {trade}.") for goods, trade in SELLER.items()]
    return [pair for at, pair in enumerate(pairs) if at % 3 < 2], pairs[2::3]


def _story(chance: random.Random) -> str:
    past = chance.random() < 0.5
    time = chance.choice(PAST if past else PRESENT)
    first, second = chance.sample(list(TRADES), 2)
    told = chance.choice(
        [
            _work(first, past, chance),
            f"{_work(first, past, chance)} and the {second} {_work(second, past, chance)}",
            f"{'bought' if past else 'buys'} {_goods(second, chance)} from the {second}",
            f"{'sold' if past else 'sells'} {_goods(first, chance)}",
        ]
    )
    return f"{time}, the {first} {told} {chance.choice(PLACES)}".strip() + "."


def _work(trade: str, past: bool, chance: random.Random) -> str:
    return f"{TRADES[trade][past]} {_goods(trade, chance)}"


def _goods(trade: str, chance: random.Random) -> str:
    return chance.choices(TRADES[trade][2].split(), OFTEN)[0]
