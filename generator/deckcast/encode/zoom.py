"""Draws a picture on a slide while a larger or smaller part of it comes into view.

Every frame is made of the picture's own file at its full size: resampled once, from a rectangle whose edges may
lie anywhere between its pixels. So it stays sharp, and moves by fractions of a pixel without a jerk.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from typing import Any

from deckcast.errors import EncoderError
from deckcast.model import Blob, Region, View, Zoom

RAMP = 0.15
"""The part of its time in which it comes to speed, and in which it comes to rest."""


def drawing(recipe: Zoom, count: int, files: Mapping[Blob, bytes]) -> Callable[[int], Any]:
    """What draws the frames of a recipe by their number: arrays of 8-bit RGB."""
    import numpy as np
    from PIL import Image

    slide = read(files[recipe.opening.empty])
    left, top, right, bottom = part = _rectangle(recipe.box, slide.shape[1], slide.shape[0])
    inside = slice(top, bottom), slice(left, right)
    over = read(files[recipe.opening.black])[inside].astype(np.int32)
    through = read(files[recipe.opening.white])[inside].astype(np.int32) - over
    covered = _bounds((through != 255).any(axis=2) | (over != 0).any(axis=2))
    ground = slide[inside].astype(np.int32)
    image = _picture(files[recipe.picture], recipe)
    whole = _snapped(recipe.whole, recipe.box, part)
    of = recipe.of or count

    def draw(number: int) -> Any:
        view = between(recipe.begin, recipe.end, steady((recipe.at + number) / max(of - 1, 1)))
        seen = _seen(view, part, whole, image.size)
        found = np.asarray(image.resize((right - left, bottom - top), Image.Resampling.BICUBIC, seen))
        pixels = found[:, :, :3].copy()
        if found.shape[2] == 4:  # half transparent itself: the slide's own ground shines through
            share = found[:, :, 3:].astype(np.int32)
            lit = over + (through * pixels + 127) // 255
            pixels[:] = np.clip((lit * share + ground * (255 - share) + 127) // 255, 0, 255)
        elif covered:
            pixels[covered] = np.clip(over[covered] + (through[covered] * pixels[covered] + 127) // 255, 0, 255)
        whole_slide = slide.copy()
        whole_slide[inside] = pixels
        return whole_slide

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


def read(data: bytes) -> Any:
    """A slide's picture as an array. Raises `EncoderError`."""
    import numpy as np

    return np.asarray(_opened(data).convert("RGB"))


def _picture(data: bytes, recipe: Zoom) -> Any:
    """The picture in RGB, or RGBA where it is transparent, as a browser turns it; at most twice as fine as it is
    ever seen."""
    from PIL import ImageOps

    image = ImageOps.exif_transpose(_opened(data))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    largest = max(recipe.begin.scale, recipe.end.scale)
    factor = math.floor(min(image.width / recipe.whole.width, image.height / recipe.whole.height) / largest / 2)
    return image.reduce(factor) if factor > 1 else image


def _opened(data: bytes) -> Any:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return image
    except (OSError, SyntaxError, ValueError) as error:
        raise EncoderError(f"cannot read a picture: {error}", hint="build once with --force") from error


def _rectangle(box: Region, width: int, height: int) -> tuple[int, int, int, int]:
    """The pixels that the box touches: left, top, right, bottom."""
    return (
        max(math.floor(box.left + 0.01), 0),
        max(math.floor(box.top + 0.01), 0),
        min(math.ceil(box.left + box.width - 0.01), width),
        min(math.ceil(box.top + box.height - 0.01), height),
    )


def _snapped(whole: Region, box: Region, part: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    """Where all of the picture lies; edges that are the box's own lie where its pixels end."""

    def edge(own: float, of_box: float, pixel: int) -> float:
        return float(pixel) if abs(own - of_box) < 1 else own

    return (
        edge(whole.left, box.left, part[0]),
        edge(whole.top, box.top, part[1]),
        edge(whole.left + whole.width, box.left + box.width, part[2]),
        edge(whole.top + whole.height, box.top + box.height, part[3]),
    )


def _seen(
    view: View, part: tuple[int, int, int, int], whole: tuple[float, float, float, float], size: tuple[int, int]
) -> tuple[float, float, float, float]:
    """Which rectangle of the picture, in its own pixels, fills the box: left, top, right, bottom."""
    found: list[float] = []
    for low, high, begin, end, stays, side in (
        (part[0], part[2], whole[0], whole[2], view.across, size[0]),
        (part[1], part[3], whole[1], whole[3], view.down, size[1]),
    ):
        fixed = low + stays * (high - low)
        for edge in (low, high):
            at = (fixed + (edge - fixed) / view.scale - begin) / (end - begin) * side
            found.append(min(max(at, 0.0), float(side)))
    return found[0], found[2], found[1], found[3]


def _bounds(mask: Any) -> tuple[slice, slice] | None:
    """The rows and columns of the smallest rectangle that holds all that is true; None where nothing is."""
    rows, columns = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
    return (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)) if len(rows) else None
