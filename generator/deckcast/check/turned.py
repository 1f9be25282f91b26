"""What reads otherwise than it is."""

from __future__ import annotations

from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Subject
from deckcast.harmless import TURNING


@rule(
    "code-turned",
    "warning",
    bad="""
    Code with U+202E, behind which letters stand from right to left.
    """,
    good="""
    Code without it; a text from right to left needs none.
    """,
)
def turned(subject: Subject) -> Iterator[Hit]:
    """Code holds an invisible character that turns the direction of what follows.

    Then it reads otherwise than it runs: a comment may hold what looks like code, and code what looks like a comment
    ([CVE-2021-42574](https://trojansource.codes)). On slides and pages `<U+202E>` stands in its place. Of words,
    nothing is told; titles lose such characters.
    """
    shown = [(code, cell) for sheet in subject.sheets for code, cell in sheet.codes]
    seen = {cell.where for _, cell in shown if cell is not None}
    lines = [one for code, _ in shown for one in zip(code.origins, code.text.split("\n"), strict=False)]
    lines += [
        (cell.where, line) for cell in subject.cells if cell.where not in seen for line in cell.source.split("\n")
    ]
    for where, line in lines:
        found = next((letter for letter in line if letter in TURNING), "")
        if found and where is not None:
            yield Hit(
                f"U+{ord(found):04X} turns what stands behind it, so this code reads otherwise than it runs",
                where,
                hint=f"take it out, or write it as `\\u{ord(found):04x}` where a text needs it",
            )


RULES = (turned,)
