"""What is said of a cell from whose outputs a secret was taken."""

from __future__ import annotations

from deckcast.model import Cell, Finding, Inline
from deckcast.redact import HIDDEN


def finding(code: Cell | Inline) -> Finding:
    return Finding(
        "cell-secret",
        "warning",
        f"{code.label} put out a password or token of its machine's environment; {HIDDEN} stands in its place",
        code.where,
        hint="lessons are seen by many: print nothing that holds one",
    )
