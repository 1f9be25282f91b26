"""English lines with their translation, word for word."""

# ruff: noqa: S311, SIM905 - chance only picks words here, and a list of words reads best as words

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

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


def forms(words: Mapping[str, str]) -> list[str]:
    """All that may come out of a translation with `words`."""
    return sorted({form for entry in words.values() for form in entry.split()} - set(DETERMINERS))


def lines(count: int, words: Mapping[str, str] = FRENCH, seed: int = 0) -> Pairs:
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
