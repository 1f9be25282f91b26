"""Draws a slide on which films play."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from deckcast import film
from deckcast.encode.opening import Pane
from deckcast.errors import EncoderError
from deckcast.model import Blob, Clip, Film, View

WHOLE = View(1.0, 0.5, 0.5)


def drawing(recipe: Clip, fps: int, files: Mapping[Blob, bytes], using: ExitStack) -> Callable[[int], Any]:
    """What draws the frames of a recipe by their number: arrays of 8-bit RGB. Films stay open until `using` ends."""
    panes = [Pane(recipe.opening, one.box, one.whole, files) for one in recipe.films]
    opened: dict[str, film.Pictures] = {}

    def shown(one: Film, number: int) -> Any:
        at = second(one, number, fps)
        try:
            if one.name not in opened:
                opened[one.name] = film.pictures(files[one.file], at)
                using.callback(opened[one.name].close)
            return opened[one.name].at(at)
        except film.TroubleError as error:
            raise EncoderError(f"a film cannot be played: {error}", hint=error.hint or "save it anew") from error

    def draw(number: int) -> Any:
        slide = panes[0].slide.copy()
        for one, pane in zip(recipe.films, panes, strict=True):
            pane.lay(slide, shown(one, number), WHOLE)
        return slide

    return draw


def second(one: Film, number: int, fps: int) -> float:
    """Which second of a film shows in a frame of its recipe."""
    length = one.end - one.begin
    over = round((one.at + number) / fps, 9)
    if one.plays and over >= length * one.plays:
        return one.end - 1e-3
    return one.begin + max(over - math.floor(over / length + 1e-6) * length, 0.0)
