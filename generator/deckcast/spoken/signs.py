"""Signs, Greek letters, and what is dropped."""

from __future__ import annotations

import unicodedata

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mew", "µ": "mew", "ν": "new",
    "ξ": "zye", "π": "pie", "ρ": "row", "σ": "sigma", "ς": "sigma", "τ": "taugh", "υ": "upsilon", "φ": "fye",
    "ϕ": "fye", "χ": "kye",
    "ψ": "sigh", "ω": "omega", "Γ": "gamma", "Δ": "delta", "Θ": "theta", "Λ": "lambda", "Ξ": "zye", "Π": "pie",
    "Σ": "sigma", "Φ": "fye", "Ψ": "sigh", "Ω": "omega", "ℝ": "R", "ℕ": "N", "ℤ": "Z",
}  # fmt: skip
"""Names, spelled so that they sound right."""

MATHS = {
    "=": "equals", "≠": "is not equal to", "≈": "is about", "≃": "is about", "≅": "is about", "∼": "is about",
    "≡": "is identical to", "<": "is less than", ">": "is greater than", "≤": "is at most", "≥": "is at least",
    "≪": "is much less than", "≫": "is much greater than", "+": "plus", "−": "minus", "±": "plus or minus",
    "×": "times", "·": "times", "⋅": "times", "÷": "divided by", "∝": "is proportional to", "∞": "infinity",
    "∑": "the sum of", "∏": "the product of", "∫": "the integral of", "√": "the square root of", "∂": "partial",
    "∇": "nabla", "∈": "in", "∉": "not in", "⊂": "is a subset of", "⊆": "is a subset of", "∪": "union",
    "∩": "intersection", "∅": "the empty set", "∀": "for all", "∃": "there is", "∧": "and", "∨": "or", "¬": "not",
    "→": "to", "⟶": "to", "⇒": "gives", "⟹": "gives", "←": "from", "⇐": "from", "↔": "and", "⇔": "if and only if",
    "↦": "to", "⊕": "plus", "⊗": "times", "°": "degrees", "′": "prime", "‖": "norm",
}  # fmt: skip
"""What a sign between or before values is called."""

NAMED = {"&": "and", "@": "at", "#": "number", "§": "section", "%": "percent", "€": "euros", "£": "pounds", "¥": "yen"}
"""Signs that are words in running text."""

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₋₊ₙ", "0123456789-+n", strict=True))

FRACTIONS = {
    "½": "one half", "⅓": "one third", "⅔": "two thirds", "¼": "one quarter", "¾": "three quarters",
    "⅕": "one fifth", "⅛": "one eighth",
}  # fmt: skip

_PLAIN = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "‹": "'", "›": "'",
    "‐": "-", "‑": "-", "…": "...", "，": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";", "、": ",",
}  # fmt: skip
_KEPT = frozenset(".,;:!?'\"()-")
_PAUSES = frozenset("–—―|•")


def plain(character: str, kept: str = "") -> str:
    """What a voice is given for a character that no rule has claimed: itself, a simpler one, a pause or a space.

    `kept`: signs that the voice reads by itself.
    """
    if character.isalnum() or character in _KEPT or character in kept or character.isspace():
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    if character in _PAUSES:
        return ","
    # Marks that belong to the letter before them, as in Devanagari or decomposed accents.
    if unicodedata.category(character) in ("Mn", "Mc") and not 0xFE00 <= ord(character) <= 0xFE0F:
        return character
    if character in "।॥؟۔،؛":
        return character
    # Soft hyphens and zero-width marks join; everything else (emoji, bullets, brackets) parts.
    return "" if unicodedata.category(character) == "Cf" else " "
