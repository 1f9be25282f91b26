"""Lays what moves into the hole of a slide, under whatever lies over it there."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any

from deckcast.errors import EncoderError
from deckcast.model import Blob, Opening, Region, View


class Pane:
    """A hole in a slide, and where in it a picture lies."""

    def __init__(self, opening: Opening, box: Region, whole: Region, files: Mapping[Blob, bytes]) -> None:
        import numpy as np

        self.slide = read(files[opening.empty])
        """The slide without what moves: an array of 8-bit RGB, not to be written to."""
        left, top, right, bottom = self._part = _rectangle(box, self.slide.shape[1], self.slide.shape[0])
        self._inside = slice(top, bottom), slice(left, right)
        self._whole = _snapped(whole, box, self._part)
        self._over = read(files[opening.black])[self._inside].astype(np.int32)
        self._through = read(files[opening.white])[self._inside].astype(np.int32) - self._over
        self._covered = _bounds((self._through != 255).any(axis=2) | (self._over != 0).any(axis=2))
        self._ground = self.slide[self._inside].astype(np.int32)

    def lay(self, slide: Any, image: Any, view: View) -> None:
        """Writes a part of a picture (Pillow's, RGB or RGBA) into such a slide."""
        import numpy as np
        from PIL import Image

        left, top, right, bottom = self._part
        if left >= right or top >= bottom:
            return
        seen = _seen(view, self._part, self._whole, image.size)
        found = np.asarray(image.resize((right - left, bottom - top), Image.Resampling.BICUBIC, seen))
        pixels = found[:, :, :3].copy()
        over, through, covered = self._over, self._through, self._covered
        if found.shape[2] == 4:  # half transparent itself: the slide's own ground shines through
            share = found[:, :, 3:].astype(np.int32)
            lit = over + (through * pixels + 127) // 255
            pixels[:] = np.clip((lit * share + self._ground * (255 - share) + 127) // 255, 0, 255)
        elif covered:
            pixels[covered] = np.clip(over[covered] + (through[covered] * pixels[covered] + 127) // 255, 0, 255)
        slide[self._inside] = pixels


def read(data: bytes) -> Any:
    """A slide's picture as an array. Raises `EncoderError`."""
    import numpy as np

    return np.asarray(opened(data).convert("RGB"))


def opened(data: bytes) -> Any:
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
