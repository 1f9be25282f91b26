"""How English text is said: the rules, in order of precedence.

The first rule to claim a stretch of text keeps it. Cases to read and to extend: `tests/spoken/english.txt`.
"""

from __future__ import annotations

from deckcast.spoken.atoms import Rule
from deckcast.spoken.dates import DATES, YEARS
from deckcast.spoken.figures import NUMBERS, POWERS
from deckcast.spoken.marks import MARKS
from deckcast.spoken.quantities import QUANTITIES
from deckcast.spoken.words import ABBREVIATIONS, ADDRESSES, VERSIONS, WORDS

RULES: tuple[Rule, ...] = (
    *ADDRESSES,
    *VERSIONS,
    *DATES,
    *QUANTITIES,
    *ABBREVIATIONS,
    *POWERS,
    *YEARS,
    *WORDS,
    *NUMBERS,
    *MARKS,
)
