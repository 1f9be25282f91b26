"""What a classifier of reviews loses when words are thrown away before it reads, and how such a model is stored."""

from __future__ import annotations

from collections.abc import Sequence

from course.classifier import Examples
from course.texts.reviews import reviews

STOP_WORDS = frozenset(["a", "and", "i", "is", "it", "more", "my", "not", "the", "this", "was"])
"""Of the English stop words that NLTK knows, those that occur in our reviews. Yes, `not` is one of them."""


def without(words: frozenset[str], examples: Examples) -> list[tuple[str, int]]:
    """The same reviews, with `words` thrown away."""
    return [(" ".join(word for word in text.split() if word not in words), label) for text, label in examples]


def unseen(count: int, seen: Examples, seed: int = 1) -> list[tuple[str, int]]:
    """Reviews that are not among those `seen`, each once."""
    known = {text for text, _ in seen}
    return [one for one in dict.fromkeys(reviews(count, seed)) if one[0] not in known]


def with_not(examples: Examples) -> list[tuple[str, int]]:
    """Only those that say `not`."""
    return [(text, label) for text, label in examples if "not" in text.split()]


def texts(examples: Examples) -> Sequence[str]:
    """The reviews without their labels."""
    return [text for text, _ in examples]
