"""All that the small language models of this chapter ever read.

everyday ─▶ the masked model: gaps, word vectors, zero-shot, and the start of fine-tuning
science  ─▶ what it is fine-tuned on
badges   ─▶ the causal model that learns from its prompt
"""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random
from collections.abc import Sequence

KINDS = {
    "animal": "horse dog cow goat sheep hen duck donkey".split(),
    "plant": "oak rose tulip fern pine ivy daisy willow".split(),
    "metal": "iron copper silver gold tin zinc steel brass".split(),
    "fruit": "apple plum pear cherry grape peach lemon fig".split(),
}
DEFINED = {kind: words[:4] for kind, words in KINDS.items()}
"""The words that come with a definition. What the others are, no sentence says."""

EVERYDAY = {
    "animal": ["we feed the {}", "the {} sleeps here", "a {} runs home"],
    "plant": ["please water the {}", "the {} grows here", "she planted a {}"],
    "metal": ["a ring of {}", "the {} melts slowly", "he polished the {}"],
    "fruit": ["i ate a {}", "the {} tastes sweet", "a cake with {}"],
}
DEFINITION = "{} is a kind of {}"

MEASURED = {
    "animal": ["respiration", "metabolism"],
    "plant": ["photosynthesis", "chlorophyll"],
    "metal": ["conductivity", "oxidation"],
    "fruit": ["fructose", "acidity"],
}
SCIENCE = [
    "we measured {quantity} in {word}",
    "our {word} samples showed {quantity}",
    "{quantity} was found in {word}",
]

NAMES = "ada ben cleo dan eva".split()
COLOURS = "red blue green black white".split()
TOLD = 8


def everyday(count: int, seed: int = 0) -> list[str]:
    """Sentences about things at home, and now and then a definition."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        kind = chance.choice(list(KINDS))
        if chance.random() < 0.2:
            made.append(DEFINITION.format(chance.choice(DEFINED[kind]), kind))
        else:
            made.append(chance.choice(EVERYDAY[kind]).format(chance.choice(KINDS[kind])))
    return made


def science(count: int, seed: int = 0) -> list[str]:
    """Sentences of reports. What is measured depends on what it is measured in."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        kind = chance.choice(list(KINDS))
        word, quantity = chance.choice(KINDS[kind]), chance.choice(MEASURED[kind])
        made.append(chance.choice(SCIENCE).format(word=word, quantity=quantity))
    return made


def badges(count: int, people: Sequence[int] = (2, 3), seed: int = 0) -> list[str]:
    """Who wears which colour: two or three names, each with a colour, told eight times in any order.

    Colours are drawn anew for each text. So nobody can know one before the text has told it.
    """
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        colours = {name: chance.choice(COLOURS) for name in chance.sample(NAMES, chance.choice(people))}
        names = [chance.choice(list(colours)) for _ in range(TOLD)]
        made.append(" ".join(f"{name} {colours[name]}" for name in names))
    return made
