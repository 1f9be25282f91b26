"""Reviews, happy and unhappy."""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random

THINGS = "film book course song lesson story concert lecture meal show".split()
GOOD = "wonderful great clear funny brilliant lovely perfect moving fascinating superb".split()
BAD = "awful boring terrible dull confusing dreadful poor tedious painful dismal".split()
LIKED = ["i loved it", "i enjoyed it", "i would recommend it", "everyone smiled", "i want more"]
DISLIKED = ["i hated it", "i regretted it", "i would avoid it", "everyone left", "i want my money back"]


def reviews(count: int, seed: int = 0) -> list[tuple[str, int]]:
    """`count` reviews, each with 1 for a happy and 0 for an unhappy one."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        happy = chance.random() < 0.5
        negated = chance.random() < 0.3
        word = chance.choice(GOOD if happy != negated else BAD)
        words = f"not {word}" if negated else word
        reaction = chance.choice(LIKED if happy else DISLIKED)
        thing = chance.choice(THINGS)
        text = chance.choice(
            [
                f"the {thing} was {words}",
                f"this {thing} is {words}",
                f"the {thing} was {words} and {reaction}",
                f"{reaction} , the {thing} was {words}",
                f"{reaction} : {words} {thing}",
            ]
        )
        made.append((text + chance.choice([" .", " !"]), int(happy)))
    return made
