"""All that this chapter's storyteller ever reads: short tales made from a few rules.

Since the rules are known, a program can tell whether a tale keeps them. No such program exists for real stories.
"""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random
import re

SHE, HE = "mia ada lily ruth".split(), "tom ben max otto".split()
HOMES = {
    "fox": "in the forest", "bear": "in a cave", "owl": "in the forest", "bat": "in a cave",
    "duck": "by the pond", "frog": "by the pond", "whale": "in the sea", "seal": "in the sea",
}  # fmt: skip
SIZES = "small big young brave".split()
TIMES = "morning evening night".split()
FINDS = {
    "key": "happy", "ball": "happy", "crown": "proud", "medal": "proud",
    "thorn": "sad", "tear": "sad", "pillow": "tired", "blanket": "tired",
}  # fmt: skip
EVENTS = {"sang": 40, "slept": 25, "danced": 15, "swam": 9, "cooked": 6, "painted": 4, "flew": 1}
"""What somebody does next, and how often, out of 100 times."""
GOES_ON = 0.7
"""How likely it is that yet another event follows."""
MOST_EVENTS = 5


def tales(count: int, seed: int = 0) -> list[str]:
    """`count` tales. Each names an animal, its home, a find, and what happened next."""
    chance = random.Random(seed)
    return [_tale(chance) for _ in range(count)]


def _tale(chance: random.Random) -> str:
    animal, name, find = chance.choice(list(HOMES)), chance.choice(SHE + HE), chance.choice(list(FINDS))
    pronoun = "she" if name in SHE else "he"
    told = [
        f"once there was a {chance.choice(SIZES)} {animal} called {name} .",
        f"{pronoun} lived {HOMES[animal]} .",
        f"one {chance.choice(TIMES)} {name} found a {find} .",
    ]
    for _ in range(MOST_EVENTS):
        told.append(f"then {pronoun} {chance.choices(list(EVENTS), list(EVENTS.values()))[0]} .")
        if chance.random() > GOES_ON:
            break
    return " ".join([*told, f"the {animal} was {FINDS[find]} ."])


_RULE = re.compile(
    rf"once there was a ({'|'.join(SIZES)}) (?P<animal>\w+) called (?P<name>\w+)\. "
    r"(?P<first>\w+) lived (?P<home>[\w ]+)\. "
    rf"one ({'|'.join(TIMES)}) (?P<finder>\w+) found a (?P<find>\w+)\. "
    r"(?P<events>(then \w+ \w+\. )+)"
    r"the (?P<again>\w+) was (?P<feeling>\w+)\."
)


def keeps_the_rules(tale: str) -> bool:
    """Whether the tale could stand in the textbook: right grammar, one hero, the right home and the right feeling."""
    found = _RULE.fullmatch(tale.replace(" .", "."))
    if found is None:
        return False
    pronoun = "she" if found["name"] in SHE else "he"
    events = [event.split() for event in found["events"].removesuffix(". ").split(". ")]
    return (
        found["name"] in SHE + HE
        and found["finder"] == found["name"]
        and found["again"] == found["animal"]
        and HOMES.get(found["animal"]) == found["home"]
        and FINDS.get(found["find"]) == found["feeling"]
        and found["first"] == pronoun
        and all(who == pronoun and what in EVENTS for _, who, what in events)
    )


def repeated(tale: str) -> float:
    """The share of a tale's sentences that stood in it before, word for word."""
    sentences = [one.strip() for one in tale.split(".") if one.strip()]
    return 1 - len(set(sentences)) / len(sentences)
