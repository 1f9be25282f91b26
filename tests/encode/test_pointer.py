"""What points at a part of a slide, as it is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deckcast.encode.pointer import drawing
from deckcast.model import Blob, Pointer, Spot

SLIDE = Blob("a", 1)
WORDS = Spot(100, 100, 80, 20, "#ff0000")
OTHERS = Spot(300, 200, 120, 20, "#0000ff")


def ground(value: int = 255) -> Any:
    return np.full((1080, 1920, 3), value, np.uint8)


def box(picture: Any, before: Any) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is changed."""
    changed = (picture != before).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("value", [255, 20])
def test_a_highlight_lies_around_the_words_and_hides_nothing(value: int) -> None:
    slide = ground(value)
    slide[104:116, 104:176:8] = 255 - value  # letters
    drawn = drawing(Pointer(SLIDE, None, WORDS, "highlight"), 10, slide)(9)
    assert box(drawn, slide) == (86, 95, 194, 125)
    assert tuple(drawn[110, 87]) == (255, 0, 0), "an outline in full colour"
    words, letters = drawn[110, 106].astype(int), drawn[110, 104].astype(int)
    full = np.abs(2 * value - 255)
    assert np.abs(words - letters).max() >= 0.85 * full, "letters stand out as before, but for the share of the tint"


def test_it_comes_in_place_moves_and_goes() -> None:
    slide = ground()
    comes = [drawing(Pointer(SLIDE, None, WORDS, "highlight"), 10, slide)(number) for number in range(10)]
    boxes = [box(one, slide) for one in comes[2:]]
    assert all(left >= 86 and right <= 194 for left, _, right, _ in boxes)
    assert [(255 - one.astype(int)).sum() for one in comes] == sorted((255 - one.astype(int)).sum() for one in comes)
    moves = [drawing(Pointer(SLIDE, WORDS, OTHERS, "highlight"), 10, slide)(number) for number in range(10)]
    lefts = [box(one, slide)[0] for one in moves]
    assert lefts == sorted(lefts)
    assert lefts[-1] == 286
    assert tuple(moves[-1][210, 287]) == (0, 0, 255)
    rests = drawing(Pointer(SLIDE, OTHERS, OTHERS, "highlight"), 1, slide)(0)
    assert np.array_equal(moves[-1], rests), "where it stays it looks as it does at the end of its way"
    goes = drawing(Pointer(SLIDE, WORDS, None, "highlight"), 8, slide)
    assert np.array_equal(goes(7), slide)
    assert not np.array_equal(goes(0), slide)


def test_an_underline_lies_under_the_words() -> None:
    slide = ground()
    left, top, right, bottom = box(drawing(Pointer(SLIDE, None, WORDS, "underline"), 10, slide)(9), slide)
    assert (left, right) == (86, 194)
    assert 115 < top < bottom <= 126


@pytest.mark.parametrize(("left", "top"), [(-30, 100), (1900, 1075), (-500, -500), (2500, 3000)])
def test_what_lies_beyond_the_picture_is_cut_off(left: float, top: float) -> None:
    slide = ground()
    drawn = drawing(Pointer(SLIDE, WORDS, Spot(left, top, 80, 20, "#00ff00"), "highlight"), 5, slide)(4)
    assert drawn.shape == slide.shape
    inside = -94 < left < 1920 + 14
    assert np.array_equal(drawn, slide) is not inside
