"""Two kinds of text that anybody can read: everyday life, and a clinic.

Sentences made from templates, so that whatever a tokenizer knows can be looked up here.
"""

# ruff: noqa: S311 - chance only picks words here

from __future__ import annotations

import random

EVERYDAY = """\
the {who} {does} in the {place} every {day} .
on {day} the {who} bought {food} at the {place} .
my {who} likes {food} , but not {food} .
we played {game} in the {place} and ate {food} .
the {place} was {room} , so the {who} stayed at home .
a {weather} {day} is good for {game} .
after the {game} , the {who} was {mood} and wanted {food} ."""
LIFE = {
    "who": "sister brother neighbour teacher friend grandmother father player painter singer doctor",
    "does": "walks waits sings works plays reads cooks paints",
    "place": "garden market kitchen park station school street house",
    "day": "monday sunday morning evening weekend summer winter holiday",
    "food": "bread cheese apples soup pancakes chocolate potatoes tomatoes",
    "game": "football cards tennis music chess",
    "weather": "lovely cold rainy sunny",
    "room": "quiet crowded closed dark",
    "mood": "happy tired hungry",
}

CLINIC = """\
the patient was treated for {itis} with {drug} .
{itis} is an inflammation , {oma} is a tumour .
after a {ectomy} the patient received {drug} for {day} days .
the {who} suspected {itis} and ruled out {oma} .
chronic {pathy} was found in the {test} .
the {test} showed acute {itis} with {sign} .
{drug} reduced the {sign} , and the {test} was normal .
the patient reported {algia} and a history of {pathy} ."""
MEDICINE = {
    "itis": "neuritis arthritis gastritis hepatitis carditis myositis osteitis dermatitis nephritis enteritis",
    "oma": "neuroma hepatoma osteoma myoma nephroma",
    "pathy": "neuropathy arthropathy gastropathy hepatopathy cardiopathy myopathy nephropathy enteropathy",
    "ectomy": "gastrectomy hepatectomy nephrectomy neurectomy enterectomy",
    "algia": "neuralgia arthralgia gastralgia myalgia nephralgia",
    "drug": "amoxicillin ampicillin ibuprofen prednisolone methotrexate metformin",
    "who": "cardiologist neurologist radiologist dermatologist surgeon doctor",
    "test": "electrocardiogram echocardiogram radiograph biopsy",
    "sign": "fever pain tachycardia hypertension oedema nausea",
    "day": "five seven ten",
}


def everyday(count: int, seed: int = 0) -> list[str]:
    """Sentences about daily life."""
    return _filled(EVERYDAY, LIFE, count, seed)


def medical(count: int, seed: int = 0) -> list[str]:
    """Sentences from a clinic."""
    return _filled(CLINIC, MEDICINE, count, seed)


def _filled(patterns: str, words: dict[str, str], count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    choices = {name: entry.split() for name, entry in words.items()}
    made = []
    for _ in range(count):
        text = chance.choice(patterns.splitlines())
        while "{" in text:
            before, _, rest = text.partition("{")
            name, _, after = rest.partition("}")
            text = before + chance.choice(choices[name]) + after
        made.append(text)
    return made
