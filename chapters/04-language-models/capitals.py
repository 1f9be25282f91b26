"""A small world of countries, for a model that goes on writing, and for teaching it to answer.

It is trained in two parts:

    plain      what it reads first: paragraphs about countries, and sheets of quiz questions
    lessons    what it is tuned on: a question, and what a good answer looks like
"""

# ruff: noqa: S311 - chance only picks words here

from __future__ import annotations

import random
from collections.abc import Sequence

from transformers import GPT2LMHeadModel, PreTrainedTokenizerBase

from course.generator import begin
from course.tokens import SPECIAL

CAPITALS = {
    "france": "paris", "italy": "rome", "norway": "oslo", "egypt": "cairo", "peru": "lima", "japan": "tokyo",
    "spain": "madrid", "austria": "vienna", "greece": "athens", "germany": "berlin", "portugal": "lisbon",
    "ireland": "dublin", "kenya": "nairobi", "cuba": "havana", "poland": "warsaw", "sweden": "stockholm",
    "finland": "helsinki", "canada": "ottawa", "turkey": "ankara", "hungary": "budapest",
}  # fmt: skip
TAUGHT = list(CAPITALS)[8:]
"""The countries that stand in the lessons."""
UNTAUGHT = list(CAPITALS)[:8]
"""Those of which the model has only read: the test."""
ANSWER = "the capital of {country} is {capital} ."
ASKED = "what is the capital of {country} ?"
ORDERED = "name the capital of {country} ."


def plain(count: int, seed: int = 0) -> list[str]:
    """What the model reads first. A question is followed by the next question, never by its answer."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        country, capital = chance.choice(list(CAPITALS.items()))
        facts = [
            ANSWER.format(country=country, capital=capital),
            f"{capital} is a city in {country} .",
            f"people in {country} like {chance.choice(('bread', 'tea', 'music', 'football'))} .",
            f"many trains in {country} go to {capital} .",
        ]
        questions = [chance.choice((ASKED, ORDERED)).format(country=one) for one in chance.sample(list(CAPITALS), 2)]
        made.append(" ".join(chance.sample(facts, 2) if chance.random() < 0.7 else questions))
    return made


def lessons(seed: int = 1) -> list[str]:
    """Questions about the taught countries, each with its answer behind it; and as much of the plain text again.

    Without the plain text, a model so small forgets what it has read.
    """
    chance = random.Random(seed)
    taught = [f"{ASKED.format(country=country)} {CAPITALS[country]} ." for country in TAUGHT]
    return [*chance.choices(taught, k=200), *(text for text in plain(200, seed) if "?" not in text)]


def reply(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, prompt: str) -> str:
    """What the model writes behind the prompt, up to its next full stop or question mark."""
    inputs = begin(model, tokenizer, prompt)
    ids = model.generate(**inputs, max_new_tokens=8, do_sample=False)[0, inputs["input_ids"].size(1) :]
    words = [word for word in tokenizer.convert_ids_to_tokens(ids) if word not in SPECIAL]
    ends = [place for place, word in enumerate(words) if word in (".", "?")]
    return " ".join(words[: ends[0] + 1] if ends else words)


def answered(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, prompt: str, countries: Sequence[str]) -> int:
    """How many of the countries' capitals stand in the reply to `prompt`, which has a place for {country}."""
    replies = {country: reply(model, tokenizer, prompt.format(country=country)) for country in countries}
    return sum(CAPITALS[country] in said.split() for country, said in replies.items())
