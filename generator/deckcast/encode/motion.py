"""Composes the pictures of what moves, frame by frame, with moviepy. Nothing here knows how they are encoded.

Each kind of recipe becomes one of moviepy's clips, which draws the picture of any moment when it is asked; nothing is
held but the pictures that go into it. moviepy is imported only when there is something to compose.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from importlib.metadata import version
from typing import Any, TypeAlias

from deckcast.encode import clip, pointer, typed, zoom
from deckcast.encode.easing import eased
from deckcast.encode.opening import read
from deckcast.errors import EncoderError
from deckcast.model import Blob, Clip, Fade, Look, Moment, Pointer, Push, Recipe, Typing, Zoom

Files: TypeAlias = Mapping[Blob, bytes]
"""The blobs that a recipe names."""
Pixels: TypeAlias = Any
"""A NumPy array: height × width × 3, 8 bit, RGB."""


def identity() -> str:
    """What composes: part of the key of everything composed, since another version may make other pictures."""
    return f"moviepy {version('moviepy')}, Pillow {version('pillow')}"


def frames(recipe: Recipe, count: int, fps: int, files: Files, begin: int, end: int) -> Iterator[Pixels]:
    """The pictures `begin` to `end` of a recipe that has `count` in all. Raises `EncoderError`."""
    with ExitStack() as using:
        moving = _clip(recipe, count, fps, files, using)
        using.callback(moving.close)
        for number in range(begin, end):
            yield moving.get_frame(number / fps)


def picture(look: Look, fps: int, files: Files) -> Pixels:
    """What is seen in one frame."""
    if isinstance(look, Moment):
        (found,) = frames(look.recipe, look.count, fps, files, look.number, look.number + 1)
        return found
    return read(files[look])


def blobs(value: Any) -> Iterator[Blob]:
    """All that a recipe or a look names."""
    if isinstance(value, Blob):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from blobs(one)
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from blobs(getattr(value, item.name))


def _clip(recipe: Recipe, count: int, fps: int, files: Files, using: ExitStack) -> Any:
    """A moviepy clip of `count` frames."""
    match recipe:
        case Fade():
            draw = _fade(recipe, count, fps, files)
        case Push():
            draw = _push(recipe, count, fps, files)
        case Zoom():
            draw = zoom.drawing(recipe, count, files)
        case Clip():
            draw = clip.drawing(recipe, fps, files, using)
        case Pointer():
            draw = pointer.drawing(recipe, count, picture(recipe.ground, fps, files))
        case Typing():
            draw = typed.drawing(recipe, count, files)
    return drawn(draw, count, fps)


def drawn(draw: Callable[[int], Pixels], count: int, fps: int) -> Any:
    """A moviepy clip whose frames are drawn by their number."""
    from moviepy import VideoClip

    return VideoClip(lambda moment: draw(min(round(moment * fps), count - 1)), duration=count / fps)


def _fade(recipe: Fade, count: int, fps: int, files: Files) -> Callable[[int], Pixels]:
    """Mixed as a browser mixes what is half transparent: in the values of sRGB, not in amounts of light.

    In light, black letters on white stay black for long and then go at once.
    """
    import numpy as np
    from PIL import Image

    before, after = (Image.fromarray(one) for one in _both(recipe.before, recipe.after, fps, files))

    def draw(number: int) -> Pixels:
        return np.asarray(Image.blend(before, after, eased((number + 1) / (count + 1))))

    return draw


def _push(recipe: Push, count: int, fps: int, files: Files) -> Callable[[int], Pixels]:
    import numpy as np

    before, after = _both(recipe.before, recipe.after, fps, files)
    axis = 1 if recipe.across else 0
    side = before.shape[axis]
    towards = recipe.across + recipe.down

    def draw(number: int) -> Pixels:
        moved = round(side * eased((number + 1) / (count + 1)))
        both = (before, after) if towards < 0 else (after, before)
        begin = moved if towards < 0 else side - moved
        parts = np.split(both[0], [begin], axis)[1], np.split(both[1], [begin], axis)[0]
        return np.concatenate(parts, axis)

    return draw


def _both(before: Look, after: Look, fps: int, files: Files) -> tuple[Pixels, Pixels]:
    one, other = picture(before, fps, files), picture(after, fps, files)
    if one.shape != other.shape:
        raise EncoderError(
            f"pictures of {one.shape[1]}×{one.shape[0]} and {other.shape[1]}×{other.shape[0]} cannot be joined",
            hint="build once with --force",
        )
    return one, other
