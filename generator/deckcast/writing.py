"""Writing systems that the fonts of the themes do not cover: how to know them, and where fonts for them come from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Writing:
    """A writing system."""

    name: str
    ranges: tuple[tuple[int, int], ...]
    """Of its characters, first and last."""
    sample: str
    """A font that has these has all that is usual."""
    languages: tuple[str, ...]
    """Written in it, by the first part of their tags (BCP 47)."""
    package: str
    """Of Debian, with a font for it."""
    family: str
    """The font in it."""


_CJK = ((0x2E80, 0x2FDF), (0x3000, 0x303F), (0x31C0, 0x31EF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_NOTO = "fonts-noto-core"

WRITINGS = (
    Writing("Japanese", ((0x3040, 0x30FF), (0x31F0, 0x31FF)), "あア日", ("ja",), "fonts-noto-cjk", "Noto Sans CJK JP"),
    Writing(
        "Korean",
        ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)),
        "한국어",
        ("ko",),
        "fonts-noto-cjk",
        "Noto Sans CJK KR",
    ),
    Writing(
        "Chinese",
        (*_CJK, (0x3100, 0x312F), (0xFF00, 0xFFEF), (0x20000, 0x323AF)),
        "中文们們",
        ("zh", "yue"),
        "fonts-noto-cjk",
        "Noto Sans CJK SC",
    ),
    Writing(
        "Arabic",
        ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
        "عربيگ",
        ("ar", "fa", "ur", "ps"),
        _NOTO,
        "Noto Sans Arabic",
    ),
    Writing("Hebrew", ((0x0590, 0x05FF), (0xFB1D, 0xFB4F)), "עברית", ("he", "yi"), _NOTO, "Noto Sans Hebrew"),
    Writing(
        "Devanagari",
        ((0x0900, 0x097F), (0xA8E0, 0xA8FF)),
        "हिन्दी",
        ("hi", "mr", "ne"),
        _NOTO,
        "Noto Sans Devanagari",
    ),
    Writing("Bengali", ((0x0980, 0x09FF),), "বাংলা", ("bn", "as"), _NOTO, "Noto Sans Bengali"),
    Writing("Gurmukhi", ((0x0A00, 0x0A7F),), "ਪੰਜਾਬੀ", ("pa",), _NOTO, "Noto Sans Gurmukhi"),
    Writing("Gujarati", ((0x0A80, 0x0AFF),), "ગુજરાતી", ("gu",), _NOTO, "Noto Sans Gujarati"),
    Writing("Tamil", ((0x0B80, 0x0BFF),), "தமிழ்", ("ta",), _NOTO, "Noto Sans Tamil"),
    Writing("Telugu", ((0x0C00, 0x0C7F),), "తెలుగు", ("te",), _NOTO, "Noto Sans Telugu"),
    Writing("Kannada", ((0x0C80, 0x0CFF),), "ಕನ್ನಡ", ("kn",), _NOTO, "Noto Sans Kannada"),
    Writing("Malayalam", ((0x0D00, 0x0D7F),), "മലയാളം", ("ml",), _NOTO, "Noto Sans Malayalam"),
    Writing("Sinhala", ((0x0D80, 0x0DFF),), "සිංහල", ("si",), _NOTO, "Noto Sans Sinhala"),
    Writing("Thai", ((0x0E00, 0x0E7F),), "ไทย", ("th",), _NOTO, "Noto Sans Thai"),
    Writing("Lao", ((0x0E80, 0x0EFF),), "ລາວ", ("lo",), _NOTO, "Noto Sans Lao"),
    Writing("Burmese", ((0x1000, 0x109F),), "မြန်မာ", ("my",), _NOTO, "Noto Sans Myanmar"),
    Writing("Khmer", ((0x1780, 0x17FF),), "ខ្មែរ", ("km",), _NOTO, "Noto Sans Khmer"),
    Writing("Ethiopic", ((0x1200, 0x139F),), "አማርኛ", ("am", "ti"), _NOTO, "Noto Sans Ethiopic"),
    Writing("Georgian", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF)), "ქართული", ("ka",), _NOTO, "Noto Sans Georgian"),
    Writing("Armenian", ((0x0530, 0x058F),), "Հայերեն", ("hy",), _NOTO, "Noto Sans Armenian"),
)


def of_character(character: str) -> Writing | None:
    """The system that a character, or the first known of several, belongs to; None for those of the themes' fonts."""
    for one in character:
        code = ord(one)
        found = next((known for known in WRITINGS if any(low <= code <= high for low, high in known.ranges)), None)
        if found:
            return found
    return None


def of_language(tag: str) -> Writing | None:
    """The system that a language is written in; None where the themes' fonts have it, or nobody knows."""
    first = tag.lower().replace("_", "-").split("-")[0]
    return next((known for known in WRITINGS if first in known.languages), None)


def named(character: str) -> str:
    """`U+130A9 EGYPTIAN HIEROGLYPH D004`: what a character is called in Unicode; of several, each."""
    return ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, 'without a name')}" for one in character)


def font_hint(character: str) -> str:
    """How to have a font for a character."""
    own = "add a font that has it: @font-face in a style sheet of the deck (`css`)"
    writing = of_character(character)
    if writing is None:
        plain = unicodedata.normalize("NFKC", character)
        return own if plain == character else f"write `{plain}`, or {own}"
    return f"install {writing.family} (Debian: apt-get install {writing.package}), or {own}"
