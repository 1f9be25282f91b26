"""A picture that moves slowly on its slide: composed of its own file, and by fractions of a pixel."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deckcast.encode import motion
from deckcast.encode.zoom import between, steady
from deckcast.model import Blob, Opening, Region, View, Zoom

BLACK, WHITE, EMPTY, FILE = (Blob(name, 1) for name in ("black", "white", "empty", "file"))
BOX = Region("it", 40, 20, 200, 120)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def slide(fill: str | None) -> Image.Image:
    """A blue slide with a hole, over which lies a half transparent green plate."""
    made = Image.new("RGB", (320, 180), (0, 0, 255))
    if fill:
        made.paste(fill, (40, 20, 240, 140))
    plate = Image.new("RGBA", (320, 180), (0, 0, 0, 0))
    plate.paste((0, 255, 0, 128), (40, 120, 240, 160))
    return Image.alpha_composite(made.convert("RGBA"), plate).convert("RGB")


def ramp(wide: int = 800, high: int = 480) -> Image.Image:
    """Its red tells where across one is, its green where down."""
    y, x = np.mgrid[0:high, 0:wide]
    return Image.fromarray(np.stack([x * 255 / wide, y * 255 / high, 0 * x], -1).astype(np.uint8))


FILES = {BLACK: png(slide("black")), WHITE: png(slide("white")), EMPTY: png(slide(None)), FILE: png(ramp())}
STILL = Zoom(Opening(BLACK, WHITE, EMPTY), FILE, BOX, BOX, View(1, 0.5, 0.5), View(1, 0.5, 0.5))


def drawn(recipe: Zoom, count: int = 31, files: dict[Blob, bytes] = FILES) -> list[NDArray[np.int32]]:
    return [one.astype(np.int32) for one in motion.frames(recipe, count, 30, files, 0, count)]


def where(frame: NDArray[np.int32], left: int, top: int) -> tuple[float, float]:
    """Which part of the picture is seen at a pixel of the slide, from 0 to 1."""
    red, green = frame[top - 1 : top + 1, left - 1 : left + 1, :2].mean(axis=(0, 1))
    return float(red / 255), float(green / 255)


def test_at_its_own_size_it_lies_as_on_the_slide_and_what_lies_over_it_stays() -> None:
    for frame in drawn(STILL, 3):
        assert where(frame, 140, 80) == pytest.approx((0.5, 0.5), abs=0.01)
        assert where(frame, 42, 22) == pytest.approx((0.01, 0.01), abs=0.01)
        empty = np.asarray(slide(None), np.int32)
        outside = np.ones(frame.shape[:2], bool)
        outside[20:140, 40:240] = False
        assert np.array_equal(frame[outside], empty[outside])
        red, green, _ = frame[130, 140]
        assert (red, green) == (pytest.approx(64, abs=2), pytest.approx(128 + 117, abs=3))  # under the plate


@pytest.mark.parametrize("point", [(0, 0), (1, 1), (0.5, 0.5), (0.25, 0.75)])
def test_a_zoom_ends_exactly_at_its_last_state_and_its_point_stays(point: tuple[float, float]) -> None:
    frames = drawn(replace(STILL, begin=View(1, *point), end=View(2, *point)))
    across, down = point
    middle = (0.5 - across) / 2 + across, (0.5 - down) / 2 + down
    assert where(frames[0], 140, 80) == pytest.approx((0.5, 0.5), abs=0.01)
    assert where(frames[-1], 140, 80) == pytest.approx(middle, abs=0.01)


def test_it_moves_by_fractions_of_a_pixel_without_a_jerk() -> None:
    """A pan so slow that whole pixels would stand still for frames, and then jump."""
    stripes = 127 + 120 * np.cos(2 * np.pi * np.arange(800) / 80)
    image = Image.fromarray(np.broadcast_to(stripes[None, :, None], (480, 800, 3)).astype(np.uint8))
    recipe = replace(STILL, begin=View(1.1, 0, 0.5), end=View(1.1, 1, 0.5))
    frames = drawn(recipe, 151, {**FILES, FILE: png(image)})
    wave = np.exp(-2j * np.pi * np.arange(176) / 22)  # a stripe is 22 pixels wide on the slide
    places = np.unwrap([np.angle(frame[80, 44:220, 0] @ wave) for frame in frames]) * 22 / (2 * np.pi)
    moved = np.diff(places)
    assert places[-1] - places[0] == pytest.approx(20, abs=0.1)  # a tenth of the box
    assert moved[30:-30] == pytest.approx(20 / 150 / 0.85, abs=0.02)


def test_a_movement_in_parts_is_the_same_as_in_one() -> None:
    whole = replace(STILL, end=View(1.5, 0, 1))
    frames = drawn(whole, 20)
    parts = drawn(replace(whole, of=20), 12) + drawn(replace(whole, at=12, of=20), 8)
    assert all(np.array_equal(one, other) for one, other in zip(frames, parts, strict=True))


def test_the_slides_own_ground_is_seen_through_a_picture_that_is_transparent() -> None:
    image = Image.new("RGBA", (400, 240), (255, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 200, 240))
    (frame,) = drawn(STILL, 1, {**FILES, FILE: png(image)})
    assert tuple(frame[80, 60]) == (255, 0, 0)
    assert tuple(frame[80, 200]) == (0, 0, 255)


def test_what_does_not_fill_its_box_moves_in_its_own_frame() -> None:
    inner = Region("it", 90, 20, 100, 120)
    (frame,) = drawn(replace(STILL, box=inner, whole=inner, begin=View(2, 0, 0), end=View(2, 0, 0)), 1)
    assert tuple(frame[80, 60]) == tuple(frame[80, 220]) == (0, 0, 255)
    assert where(frame, 140, 80) == pytest.approx((0.25, 0.25), abs=0.01)


def test_a_picture_that_is_cut_off_by_its_box_is_seen_where_it_lies() -> None:
    covering = Region("it", -60, 20, 400, 120)
    (frame,) = drawn(replace(STILL, whole=covering), 1)
    assert where(frame, 140, 80) == pytest.approx((0.5, 0.5), abs=0.01)
    assert where(frame, 42, 80) == pytest.approx((102 / 400, 0.5), abs=0.01)


def test_large_pictures_are_resampled_from_what_is_fine_enough() -> None:
    large = {**FILES, FILE: png(ramp(3200, 1920))}
    for one, other in zip(
        drawn(replace(STILL, end=View(1.5, 0, 0)), 5), drawn(replace(STILL, end=View(1.5, 0, 0)), 5, large), strict=True
    ):
        assert np.abs(one - other).max() <= 3


def test_movement_starts_and_stops_gently_and_is_even_between() -> None:
    parts = [steady(number / 1000) for number in range(1001)]
    assert (parts[0], parts[500], parts[1000]) == (0, pytest.approx(0.5), 1)
    speed = np.diff(parts)
    assert speed[0] < 0.01 * speed.max()
    assert speed[200:800] == pytest.approx(speed.max())
    assert between(View(1, 0, 0), View(4, 1, 0), 0.5) == View(2, 0.5, 0)
