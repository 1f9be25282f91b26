"""The shape of slides: the stage that they are laid out on, and the picture that is taken of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

SIDE = 1080
"""CSS pixels of the stage's shorter side, whatever the ratio: so type has the same size on all."""
SLIMMEST = 3
"""How many times longer than the shorter side the other may be."""
_RATIO = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*[:x/]\s*(\d{1,4}(?:\.\d{1,4})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shape:
    """The stage in CSS pixels, and how many pixels of the picture one of them is."""

    width: int
    height: int
    scale: float


def ratio_problem(ratio: str) -> str:
    """What is wrong with the setting `ratio`, or nothing."""
    found = _RATIO.fullmatch(ratio.strip())
    if not found or not all(float(side) for side in found.groups()):
        return "write width and height as `16:9`, `4:3`, `1:1` or `9:16`"
    width, height = map(float, found.groups())
    if max(width, height) > SLIMMEST * min(width, height):
        return f"one side may be {SLIMMEST} times as long as the other, at most"
    return ""


def stage(ratio: str) -> tuple[float, float]:
    """Width and height in CSS pixels, not yet rounded: 1920 × 1080 for 16:9, 1080 × 1920 for 9:16."""
    found = _RATIO.fullmatch(ratio.strip())
    if found is None:
        raise ValueError(f"`{ratio}` is no ratio")
    width, height = map(float, found.groups())
    side = min(width, height)
    return width / side * SIDE, height / side * SIDE


def shape_of(ratio: str, size: int) -> Shape:
    """The shape for a picture whose shorter side is `size` pixels.

    Video wants even numbers of pixels. Where the ratio gives no even one, the stage is a hair longer or shorter.
    """
    wide, high = stage(ratio)
    short = size // 2 * 2
    scale = short / SIDE
    even = round(max(wide, high) * scale / 2) * 2
    near = math.ceil(even / scale - 1e-9)
    sides = sorted(range(near - 8, near + 9), key=lambda side: abs(side - near))
    # As it is, or so little larger or smaller that the shorter side still has as many pixels.
    fitting = [(side, scale) for side in sides if round(side * scale) == even]
    fitting += [
        (side, more / side)
        for more in (even, even + 2, even - 2)
        for side in sides
        if round(SIDE * (more / side)) == short
    ]
    if not fitting:  # a few sizes near 2000, in a few ratios
        return shape_of(ratio, short - 2)
    long, scale = fitting[0]
    return Shape(long, SIDE, scale) if wide > high else Shape(SIDE, long, scale)
