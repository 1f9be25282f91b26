"""How words stand out from what is behind them, measured on the picture in which both are painted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deckcast.model import Lettering

LARGE, LARGE_BOLD = 44.0, 33.0
"""Heights in pixels of a stage 1080 high from which on type counts as large."""
BOLD = 600
PLAIN = 0.35
"""Share of the commonest colour, of all around words, from which on it is their background."""
AROUND = 4
"""CSS pixels around words that are looked at, too."""

MOST = 1 << 14
"""Colours of a stretch that can be called plain."""

Colour = tuple[int, int, int]


def letterings(words: Iterable[Mapping[str, Any]], png: bytes, scale: float) -> tuple[Lettering, ...]:
    """Of each element's words: `text`, `size`, `weight`, `faded`, `boxes` (left, top, right, bottom in pixels), and
    whether it is in a `diagram`, whose letters are told as a whole."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    found: list[Lettering] = []
    for one in words:
        text = " ".join(one["text"].split())
        size = float(one["size"])
        large = size >= (LARGE_BOLD if one["weight"] >= BOLD else LARGE) - 0.05
        # What is faded is so on purpose, such as code beside lines that are emphasised.
        ratios = [] if one["faded"] else [_contrast(picture, box, scale) for box in one["boxes"]]
        told = [ratio for ratio in ratios if ratio]
        shown = 0.0 if one.get("diagram") else round(size, 2)
        found.append(Lettering(text, shown, large, round(max(told), 2) if told else 0.0))
    return tuple(found)


def _contrast(picture: Any, box: Sequence[float], scale: float) -> float:
    """Of the commonest colour in a box with the one that differs most from it; 0 where none is common."""
    left, top, right, bottom = box
    place = (
        max(round((left - AROUND) * scale), 0),
        max(round(top * scale), 0),
        min(round((right + AROUND) * scale), picture.width),
        min(round(bottom * scale), picture.height),
    )
    if place[2] <= place[0] or place[3] <= place[1]:
        return 0.0
    colours: list[tuple[int, Colour]] | None = picture.crop(place).getcolors(MOST)
    if not colours:
        return 0.0
    count, behind = max(colours)
    if count < PLAIN * sum(number for number, _ in colours):
        return 0.0
    base = luminance(behind)
    return max(contrast(base, luminance(colour)) for _, colour in colours)


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in (c / 255 for c in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """The contrast ratio of two luminances, from 1 to 21 (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
