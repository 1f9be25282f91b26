"""Draws what points at a part of a slide: a frame with a soft tint around it, or a line under it.

Its edges may lie anywhere between pixels: shapes are drawn several times as large, and made small. The tint is mixed
with the slide, so nothing under it is hidden, and the outline runs outside of what it surrounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deckcast.encode.easing import eased
from deckcast.model import Pointer, Spot

FINER = 4
"""How many times as large shapes are drawn."""
TINT = 0.14
"""The share of its colour inside the outline."""
LINE, RADIUS, BESIDE, ABOVE = 4.0, 12.0, 14.0, 5.0
"""The outline's width, its corners, and how far it lies from what it surrounds, in pixels of a picture 1,080 high."""
SMALLER = 0.06
"""How much smaller it is when it comes."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """How it looks at one moment."""

    box: tuple[float, float, float, float]
    """Left, top, right, bottom of its outside."""
    colour: tuple[float, float, float]
    strength: float
    """1 when it is there in full."""


def drawing(recipe: Pointer, count: int, ground: Any) -> Callable[[int], Any]:
    """What draws the frames of a recipe by their number over its ground: arrays of 8-bit RGB.

    In the first one it has begun to move already, in the last one it is there.
    """
    unit = min(ground.shape[:2]) / 1080

    def draw(number: int) -> Any:
        mark = _at(recipe, eased((number + 1) / count), unit)
        return _over(ground, mark, recipe.shape, unit) if mark.strength else ground.copy()

    return draw


def _at(recipe: Pointer, part: float, unit: float) -> _Mark:
    begin, end = recipe.begin or recipe.end, recipe.end or recipe.begin
    if begin is None or end is None:
        return _Mark((0, 0, 0, 0), (0, 0, 0), 0)
    strength = part if recipe.begin is None else 1 - part if recipe.end is None else 1.0
    left, top, right, bottom = _mixed(_outside(begin, unit), _outside(end, unit), part)
    shrunk = SMALLER * (1 - strength)
    across, down = (right - left) * shrunk / 2, (bottom - top) * shrunk / 2
    red, green, blue = _mixed(_rgb(begin.colour), _rgb(end.colour), part)
    return _Mark((left + across, top + down, right - across, bottom - down), (red, green, blue), strength)


def _mixed(begin: tuple[float, ...], end: tuple[float, ...], part: float) -> tuple[float, ...]:
    return tuple(one + (other - one) * part for one, other in zip(begin, end, strict=True))


def _outside(spot: Spot, unit: float) -> tuple[float, float, float, float]:
    beside, above = BESIDE * unit, ABOVE * unit
    right, bottom = spot.left + spot.width, spot.top + spot.height
    return spot.left - beside, spot.top - above, right + beside, bottom + above


def _over(ground: Any, mark: _Mark, shape: str, unit: float) -> Any:
    """The ground with the mark on it; what lies outside of the picture is cut off."""
    import numpy as np
    from PIL import Image, ImageDraw

    high, wide = ground.shape[:2]
    left, top, right, bottom = mark.box
    first, last = (max(int(left) - 1, 0), max(int(top) - 1, 0)), (min(int(right) + 2, wide), min(int(bottom) + 2, high))
    if first[0] >= last[0] or first[1] >= last[1]:
        return ground.copy()
    size = last[0] - first[0], last[1] - first[1]

    def share(*edges: float, radius: float) -> Any:
        """How much of each pixel a rounded rectangle covers, from 0 to 1."""
        sheet = Image.new("L", (size[0] * FINER, size[1] * FINER))
        low = [(edge - first[axis % 2]) * FINER for axis, edge in enumerate(edges)]
        box = (low[0], low[1], max(low[2] - 1, low[0]), max(low[3] - 1, low[1]))
        ImageDraw.Draw(sheet).rounded_rectangle(box, radius * FINER, fill=255)
        return np.asarray(sheet.reduce(FINER), np.float32)[:, :, None] / 255

    line, radius = max(LINE * unit, 1.0), RADIUS * unit
    if shape == "underline":
        amount = share(left, bottom - 1.5 * line, right, bottom, radius=line * 0.75)
    else:
        whole = share(left, top, right, bottom, radius=radius)
        inside = share(left + line, top + line, right - line, bottom - line, radius=max(radius - line, 0))
        amount = whole - inside + inside * TINT
    amount = amount * mark.strength
    part = slice(first[1], last[1]), slice(first[0], last[0])
    found = ground.copy()
    mixed = found[part] * (1 - amount) + np.asarray(mark.colour, np.float32) * amount
    found[part] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
    return found


def _rgb(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
