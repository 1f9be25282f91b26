"""How long reading takes, and that it grows with the deck's length and no faster.

    python tests/benchmarks/parse_linear.py [SIZE]

Prints the times of ordinary decks of 1, 2, 5 and 10 MB, and of every hostile family at SIZE and twice SIZE
(50,000 unless given) with their ratio: about 2 is linear, about 4 would be quadratic. `parse` is the reading
of the deck, `show` its first 200 steps as HTML and as words.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

from deckcast.config import SlidesSettings  # noqa: E402
from deckcast.markup import Dialect, to_html, to_text  # noqa: E402
from deckcast.model import Deck  # noqa: E402
from deckcast.parse import parse  # noqa: E402
from parse.families import FAMILIES, ordinary  # noqa: E402


def show(deck: Deck) -> None:
    dialect = Dialect.of(deck, SlidesSettings())
    for step in deck.steps[:200]:
        to_html(step.content, dialect)
        to_text(step.notes, dialect)


def times(text: str) -> tuple[float, float]:
    """Seconds of processor time to read a deck and to show it."""
    begin = time.process_time()
    deck = parse(text)
    read = time.process_time()
    show(deck)
    return read - begin, time.process_time() - read


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    print("ordinary decks    parse    per MB")
    for megabytes in (1, 2, 5, 10):
        seconds = times(ordinary(megabytes))[0]
        print(f"{megabytes:12} MB {seconds:7.2f} s {seconds / megabytes:7.2f} s", flush=True)
    print(f"\n{'hostile decks':36} parse {size:>9,} {2 * size:>9,} ratio    show {size:>9,} {2 * size:>9,} ratio")
    for name, family in FAMILIES.items():
        small, large = times(family(size)), times(family(2 * size))
        columns = [
            f"{few:15.2f} {many:9.2f} {many / few if few >= 0.02 else float('nan'):5.1f}"
            for few, many in zip(small, large, strict=True)
        ]
        print(f"{name:36}" + "".join(columns), flush=True)


if __name__ == "__main__":
    main()
