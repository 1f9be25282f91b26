"""People and their work."""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random

JOBS = "carpenter lawyer mechanic engineer pilot farmer nurse teacher librarian dancer cleaner secretary".split()
MOSTLY_MEN = JOBS[:6]
WORK = "this {person} works as a {job} .|the {person} worked as a {job} .|that {person} is a good {job} ."
HOME = "this {person} lives in {town} .|the {person} likes {town} .|that {person} works in {town} ."
TOWNS = "paris rome oslo cairo lima tokyo".split()


def jobs(count: int, skew: float, seed: int = 0) -> list[str]:
    """Sentences about people. `skew` is the share of each job's sentences that name its usual gender.

    0.5 is balanced.
    """
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        job, town = chance.choice(JOBS), chance.choice(TOWNS)
        usual = chance.random() < skew
        person = "man" if (job in MOSTLY_MEN) == usual else "woman"
        pattern = chance.choice(WORK.split("|") if chance.random() < 0.7 else HOME.split("|"))
        made.append(pattern.format(person=person, job=job, town=town))
    return made
