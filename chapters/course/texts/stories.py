"""What animals do, and where."""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random

ACTS = {"sleeps": 40, "eats": 25, "plays": 15, "waits": 10, "sings": 6, "dances": 3, "reads": 1}
"""What an animal does, and how often, out of 100 stories."""
PLACES = {"in the garden": 5, "on the sofa": 3, "by the river": 2, "under the moon": 1}
ANIMALS = "cat dog bird horse".split()


def stories(count: int, seed: int = 0) -> list[str]:
    """One-sentence stories, written with the frequencies above."""
    chance = random.Random(seed)
    acts = chance.choices(list(ACTS), list(ACTS.values()), k=count)
    places = chance.choices(list(PLACES), list(PLACES.values()), k=count)
    return [f"the {chance.choice(ANIMALS)} {act} {place} ." for act, place in zip(acts, places, strict=True)]
