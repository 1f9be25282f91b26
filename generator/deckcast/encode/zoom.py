"""Draws a picture on a slide while a larger or smaller part of it comes into view.

Every frame is made of the picture's own file at its full size: resampled once, from a rectangle whose edges may
lie anywhere between its pixels. So it stays sharp, and moves by fractions of a pixel without a jerk.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from deckcast.encode.opening import Pane, opened
from deckcast.model import Blob, View, Zoom

RAMP = 0.15
"""The part of its time in which it comes to speed, and in which it comes to rest."""


def drawing(recipe: Zoom, count: int, files: Mapping[Blob, bytes]) -> Callable[[int], Any]:
    """What draws the frames of a recipe by their number: arrays of 8-bit RGB."""
    pane = Pane(recipe.opening, recipe.box, recipe.whole, files)
    image = _picture(files[recipe.picture], recipe)
    of = recipe.of or count

    def draw(number: int) -> Any:
        view = between(recipe.begin, recipe.end, steady((recipe.at + number) / max(of - 1, 1)))
        slide = pane.slide.copy()
        pane.lay(slide, image, view)
        return slide

    return draw


def between(begin: View, end: View, part: float) -> View:
    """Sizes change by equal factors in equal times, which looks even; the point that stays moves evenly."""
    scale = begin.scale * (end.scale / begin.scale) ** part
    across = begin.across + (end.across - begin.across) * part
    return View(scale, across, begin.down + (end.down - begin.down) * part)


def steady(part: float) -> float:
    """How far something is that moves evenly, but starts and stops gently, after `part` of its time."""
    part = min(max(part, 0.0), 1.0)
    if part > 0.5:
        return 1 - steady(1 - part)
    speed = 1 / (1 - RAMP)
    return speed * part * part / (2 * RAMP) if part < RAMP else speed * (part - RAMP / 2)


def _picture(data: bytes, recipe: Zoom) -> Any:
    """The picture in RGB, or RGBA where it is transparent, as a browser turns it; at most twice as fine as it is
    ever seen."""
    from PIL import ImageOps

    image = ImageOps.exif_transpose(opened(data))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    largest = max(recipe.begin.scale, recipe.end.scale)
    factor = math.floor(min(image.width / recipe.whole.width, image.height / recipe.whole.height) / largest / 2)
    return image.reduce(factor) if factor > 1 else image
