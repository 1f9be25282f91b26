"""How text of any other language is prepared: only what no voice should be left to read is changed.

Numbers, units and abbreviations are the voice's own business there; it knows its language.
"""

from __future__ import annotations

import re

from deckcast.spoken.atoms import Match, Rule, always, rule


def words_of(name: str) -> str:
    """`snake_case`, `camelCase` and `pipeline()` as words."""
    parted = re.sub(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return " ".join(re.sub(r"[\W_]+", " ", parted).split())


def host_of(address: str) -> str:
    rest = re.sub(r"^(?:[a-z][a-z0-9+.\-]*://|mailto:)?(?:www\.)?", "", address, flags=re.IGNORECASE)
    return re.split(r"[/?#]", rest, maxsplit=1)[0]


def _name(found: Match) -> str:
    return words_of(found[0])


SIGNS = "%‰€$£¥₹°+=&@#/<>×÷±²³§"
"""What the voice says in its own language."""

ADDRESSES: tuple[Rule, ...] = (
    rule(r"(?i)\b(?:https?|ftp)://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}'’]", lambda found: host_of(found[0])),
    rule(r"(?<![\w.])[A-Za-z_][\w.]*\(\)|(?<!\w)\w+(?:_\w+)+(?!\w)", _name),
)

MARKS: tuple[Rule, ...] = (rule(r"[→⟶⇒⟹←⇐↔⇔↦]|<?[-=]+>|<[-=]+|(?<=\s)[–—-]{1,3}(?=\s)|—", always(",")),)

RULES: tuple[Rule, ...] = (*ADDRESSES, *MARKS)
