"""How much of a language a caption may show: the limits that readers need, and in which direction it runs."""

from __future__ import annotations

from dataclasses import dataclass

LINES = 2
SHORTEST, LONGEST = 1.0, 7.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Limits:
    line: int = 42
    """Columns; a wide character takes two."""
    reading: float = 20.0
    """Columns a second."""


_ALPHABETS = Limits()
_OF = {
    "zh": Limits(32, 22.0), "yue": Limits(32, 22.0), "ja": Limits(32, 16.0), "ko": Limits(32, 28.0),
    "th": Limits(36), "lo": Limits(36), "km": Limits(36), "my": Limits(36),
}  # fmt: skip
_RIGHT_TO_LEFT = frozenset(["ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb", "syr", "arc", "iw"])
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo", "adlm"})


def limits(language: str) -> Limits:
    """16 full-width characters a line for Chinese, Japanese and Korean, 42 letters for alphabets."""
    return _OF.get(family(language), _ALPHABETS)


def family(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def is_right_to_left(language: str) -> bool:
    scripts = [part for part in language.lower().replace("_", "-").split("-")[1:] if len(part) == 4]
    return bool(scripts and scripts[0] in _RIGHT_TO_LEFT_SCRIPTS) or (
        not scripts and family(language) in _RIGHT_TO_LEFT
    )
