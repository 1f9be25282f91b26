"""Every ratio and size makes a picture that video can have."""

from __future__ import annotations

import pytest

from deckcast.shape import SIDE, ratio_problem, shape_of, stage


@pytest.mark.parametrize(
    "ratio", ["16:9", "4:3", "16:10", "1:1", "9:16", "21:9", "3:4", "2.39:1", "3:1", "1:3", "7x5", "5/4"]
)
def test_every_size_gives_an_even_picture_in_the_ratio(ratio: str) -> None:
    assert ratio_problem(ratio) == ""
    wide, high = stage(ratio)
    assert min(wide, high) == SIDE
    for size in range(240, 2161):
        shape = shape_of(ratio, size)
        width, height = round(shape.width * shape.scale), round(shape.height * shape.scale)
        assert width % 2 == height % 2 == 0
        assert size - 5 <= min(width, height) <= size
        assert min(width, height) == size // 2 * 2 or size > 1800
        assert width == pytest.approx(wide * (size // 2 * 2) / SIDE, abs=9)
        assert height == pytest.approx(high * (size // 2 * 2) / SIDE, abs=9)


def test_remarks_own_stages_are_what_they_were() -> None:
    assert (shape_of("16:9", 1080).width, shape_of("16:9", 1080).height) == (1920, 1080)
    assert (shape_of("4:3", 720).width, shape_of("4:3", 720).height) == (1440, 1080)
    assert shape_of("16:9", 480).width == 1922


@pytest.mark.parametrize("ratio", ["", "16", "16:", "0:1", "1:0", "a:b", "16:9:4", "-4:3", "4:1", "1:3.5"])
def test_what_is_no_ratio_is_told(ratio: str) -> None:
    assert ratio_problem(ratio)
