"""Code that runs, by what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Subject


@rule(
    "cell-slow",
    "note",
    settings=("longest_cell",),
    bad="""
    A cell that trains a model for five minutes.
    """,
    good="""
    A cell that trains a smaller one, or takes up a trained one from a file of the deck's folder.
    """,
)
def slow(subject: Subject) -> Iterator[Hit]:
    """A cell took long when it was recorded.

    Whoever changes the code waits for it, and on another machine it may run into its time limit. Nothing is run for
    this.
    """
    longest = subject.settings.check.longest_cell
    for cell, result in subject.results.cells:
        if result.seconds > longest:
            message = f"{cell.label} took {result.seconds:.0f} s when it was recorded, more than {longest:g}"
            yield Hit(message, cell.where, hint="let it do less, or give it a file with what is ready")


RULES = (slow,)
