"""All that the small models of this chapter ever read: sentences made from templates.

So whatever a model says, you can look up here where it learned that. Change the sentences, run the chapter
again, and see what changes.

    reviews ─▶ the classifier          stories ─▶ the generator
    lines   ─▶ the translator          jobs    ─▶ the masked models
"""

# ruff: noqa: S311, SIM905 - chance only picks sentences here, and a list of words reads best as words

from __future__ import annotations

import random
from collections.abc import Sequence

# ── reviews, happy and unhappy ───────────────────────────────────────────────────────────────────

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


# ── English lines with their translation, word for word ──────────────────────────────────────────

Pairs = Sequence[tuple[list[str], list[str]]]

SUBJECTS = "you we they".split()
DETERMINERS = {"m": "this", "f": "this", "v": "this", "p": "these", "q": "these"}
"""The English determiner before a masculine noun, a feminine one, a masculine one with a vowel, and the plurals."""

FRENCH = {
    "you": "tu", "we": "nous", "they": "ils",
    "like": "aimes aimons aiment",
    "watch": "regardes regardons regardent",
    "finish": "finis finissons finissent",
    "prepare": "prépares préparons préparent",
    "choose": "choisis choisissons choisissent",
    "course": "m cours", "film": "m film", "book": "m livre", "meal": "m repas",
    "song": "f chanson", "lesson": "f leçon", "series": "f série",
    "tree": "v arbre", "exercise": "v exercice",
    "friends": "p amis", "letters": "q lettres",
    "m": "ce", "f": "cette", "v": "cet", "p": "ces", "q": "ces",
    "and": "et", "but": "mais", "because": "car", "when": "quand",
    "today": "aujourd'hui", "here": "ici", "perhaps": "peut-être",
}  # fmt: skip
ITALIAN = {
    "you": "tu", "we": "noi", "they": "loro",
    "like": "ami amiamo amano",
    "watch": "guardi guardiamo guardano",
    "finish": "finisci finiamo finiscono",
    "prepare": "prepari prepariamo preparano",
    "choose": "scegli scegliamo scelgono",
    "course": "m corso", "film": "m film", "book": "m libro", "meal": "m pasto",
    "song": "f canzone", "lesson": "f lezione", "series": "f serie",
    "tree": "m albero", "exercise": "m esercizio",
    "friends": "p amici", "letters": "q lettere",
    "m": "questo", "f": "questa", "p": "questi", "q": "queste",
    "and": "e", "but": "ma", "because": "perché", "when": "quando",
    "today": "oggi", "here": "qui", "perhaps": "forse",
}  # fmt: skip
VERBS = "like watch finish prepare choose".split()
NOUNS = "course film book meal song lesson series tree exercise friends letters".split()
JOINTS = "and but because when".split()
OPENINGS = "today here perhaps".split()


def lines(count: int, words: dict[str, str] = FRENCH, seed: int = 0) -> Pairs:
    """English sentences and their translation, with as many words, in the same order.

    Two words change with their company: the verb with its subject (you like: tu aimes), `this` and
    `these` with the noun (this course: ce cours, this song: cette chanson).
    """
    chance = random.Random(seed)

    def clause() -> list[tuple[str, str]]:
        subject, verb, noun = chance.choice(SUBJECTS), chance.choice(VERBS), chance.choice(NOUNS)
        gender, translated = words[noun].split()
        return [
            (subject, words[subject]),
            (verb, words[verb].split()[SUBJECTS.index(subject)]),
            (DETERMINERS[gender], words[gender]),
            (noun, translated),
        ]

    made = []
    for _ in range(count):
        pairs = clause()
        if chance.random() < 0.6:
            joint = chance.choice(JOINTS)
            pairs = [*pairs, (joint, words[joint]), *clause()]
        if chance.random() < 0.6:
            opening = chance.choice(OPENINGS)
            pairs = [(opening, words[opening]), *pairs]
        english, foreign = zip(*pairs, strict=True)
        made.append((list(english), list(foreign)))
    return made


# ── what animals do ──────────────────────────────────────────────────────────────────────────────

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


# ── people and their work ────────────────────────────────────────────────────────────────────────

JOBS = "carpenter lawyer mechanic engineer pilot farmer nurse teacher librarian dancer cleaner secretary".split()
MOSTLY_MEN = JOBS[:6]
WORK = "this {person} works as a {job} .|the {person} worked as a {job} .|that {person} is a good {job} ."
HOME = "this {person} lives in {town} .|the {person} likes {town} .|that {person} works in {town} ."
TOWNS = "paris rome oslo cairo lima tokyo".split()


def jobs(count: int, skew: float, seed: int = 0) -> list[str]:
    """Sentences about people. `skew` is the share of each job's sentences that name its usual gender;
    0.5 is balanced."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        job, town = chance.choice(JOBS), chance.choice(TOWNS)
        usual = chance.random() < skew
        person = "man" if (job in MOSTLY_MEN) == usual else "woman"
        pattern = chance.choice(WORK.split("|") if chance.random() < 0.7 else HOME.split("|"))
        made.append(pattern.format(person=person, job=job, town=town))
    return made
