"""Three games that turn plain text into exercises with solutions: what goes in, and what should come out.

Each takes the words of a text:

    next_words   GPT    say the next word, at every place
    gaps         BERT   fill 15 gaps in 100 words; not every gap is marked
    spans        T5     write what stood in the holes, a few words each
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from IPython.display import Markdown

from course.plots import table

NOTHING = "·"
"""Where nothing is asked, and nothing is learned."""


def next_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Every word's target is the word behind it."""
    return list(words[:-1]), list(words[1:])


def gaps(
    words: Sequence[str], chance: random.Random, vocabulary: Sequence[str], share: float = 0.15
) -> tuple[list[str], list[str]]:
    """BERT's way: some words are chosen; of these, 80 % become [MASK], 10 % another word, 10 % stay."""
    seen, targets = list(words), [NOTHING] * len(words)
    for place, word in enumerate(words):
        if chance.random() < share:
            targets[place] = word
            dice = chance.random()
            if dice < 0.8:
                seen[place] = "[MASK]"
            elif dice < 0.9:
                seen[place] = chance.choice(vocabulary)
    return seen, targets


def fates(texts: Sequence[str], chance: random.Random, vocabulary: Sequence[str]) -> tuple[int, Counter[str]]:
    """How many words there are in `texts`, and what became of those that BERT's way chose."""
    total, counted = 0, Counter()
    for text in texts:
        words = text.split()
        total += len(words)
        for word, shown, target in zip(words, *gaps(words, chance, vocabulary), strict=True):
            if target == word:
                counted[shown if shown == "[MASK]" else "as it was" if shown == word else "another word"] += 1
    return total, counted


def spans(words: Sequence[str], holes: Sequence[tuple[int, int]]) -> tuple[list[str], list[str]]:
    """T5's way: each hole, from one place to before another, becomes a sentinel; the target tells what stood there."""
    seen, target, at = [], [], 0
    for number, (start, stop) in enumerate(holes):
        sentinel = f"<extra_id_{number}>"
        seen += [*words[at:start], sentinel]
        target += [sentinel, *words[start:stop]]
        at = stop
    return [*seen, *words[at:]], [*target, f"<extra_id_{len(holes)}>"]


def holes(length: int, chance: random.Random, share: float = 0.15, size: int = 3) -> list[tuple[int, int]]:
    """Where T5 would cut holes: `share` of the text in pieces of `size` words, never side by side."""
    count = max(1, round(share * length / size))
    starts = sorted(chance.sample(range(1, length - count * size), count))
    return [(start + number * size, start + (number + 1) * size) for number, start in enumerate(starts)]


def aligned(seen: Sequence[str], targets: Sequence[str], names: tuple[str, str] = ("sees", "says")) -> Markdown:
    """What goes in above what should come out, a column for each word."""
    return table([names[0], *seen], [[f"**{names[1]}**", *targets]])
