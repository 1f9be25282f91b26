"""How code is drawn while it is typed."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deckcast.encode import motion
from deckcast.model import Blob, Region, Typing

BEFORE, AFTER = Blob("before", 1), Blob("after", 1)
ROWS, COLUMNS = 60, 90


def picture(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (COLUMNS, ROWS), (level, level, level)).save(file, "PNG")
    return file.getvalue()


FILES = {BEFORE: picture(0), AFTER: picture(100)}


def line(number: int, letters: int, left: float = 10.0, at: str = "typed-1") -> Region:
    edges = [left + 5 * one + side for one in range(letters) for side in (0.0, 5.0)]
    return Region(f"{at}/{number}", 5, 10.0 * number, 80, 10, colour="#ff0000", edges=tuple(edges))


def drawn(recipe: Typing, count: int) -> list[NDArray[np.uint8]]:
    return list(motion.frames(recipe, count, 30, FILES, 0, count))


def shown(frame: NDArray[np.uint8], row: int) -> list[int]:
    """The columns of a row that are uncovered, its caret left out."""
    return [at for at in range(COLUMNS) if frame[row * 10 + 5, at, 1] == 100]


def caret(frame: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """First column, first row, last column, last row."""
    rows, columns = np.nonzero((frame == (255, 0, 0)).all(axis=2))
    return (int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])) if len(rows) else None


def test_letter_by_letter_and_line_after_line_with_a_caret_behind_the_last() -> None:
    recipe = Typing(BEFORE, AFTER, (), (line(1, 4), line(2, 0), line(3, 2, 20.0)))
    assert recipe.letters == 4 + 3 + 3 + 2 + 3
    frames = drawn(recipe, 16)
    assert not (frames[0][:, :, 1] == 100).any()
    assert caret(frames[0]) == (10, 11, 11, 18)
    for number, right in ((1, 15), (2, 20), (3, 25), (4, 30)):
        assert set(shown(frames[number], 1)) == set(range(10, right)) - {right, right + 1}
        assert caret(frames[number]) == (right, 11, right + 1, 18)
    assert shown(frames[6], 1) == list(range(10, 30)), "the line is not over yet"
    assert set(shown(frames[7], 1)) | {30, 31} == set(range(5, 85)), "all of it is there"
    assert (shown(frames[10], 3), caret(frames[10])) == ([], (30, 11, 31, 18))
    assert set(shown(frames[11], 3)) == set(range(20, 25))
    assert caret(frames[12]) == (30, 31, 31, 38)
    assert set(shown(frames[15], 3)) | {30, 31} == set(range(5, 85))
    assert not (frames[15][50:, :, 1] == 100).any(), "what came out of it is not there yet"


def test_what_was_typed_before_is_there_with_what_came_out_of_it() -> None:
    done = (line(1, 3), Region("typed-1/output", 5, 20, 80, 10))
    frames = drawn(Typing(BEFORE, AFTER, done, (line(3, 2, at="typed-2"),)), 6)
    assert [shown(frames[0], row) for row in (1, 2, 3, 4)] == [list(range(5, 85)), list(range(5, 85)), [], []]
    assert caret(frames[0]) == (10, 31, 11, 38)


@pytest.mark.parametrize("count", [1, 2, 7, 90])
def test_at_any_speed_all_is_there_in_the_end_and_nothing_goes_away(count: int) -> None:
    recipe = Typing(BEFORE, AFTER, (), (line(1, 9), line(2, 5)))
    frames = drawn(recipe, count)
    amounts = [
        int(((one == 100) | (one == (255, 0, 0)).all(axis=2, keepdims=True)).all(axis=2).sum()) for one in frames
    ]
    assert amounts == sorted(amounts)
    assert set(shown(frames[-1], 1)) == set(range(5, 85))


def test_a_piece_from_the_middle_has_the_same_pictures() -> None:
    recipe = Typing(BEFORE, AFTER, (), (line(1, 9), line(2, 5)))
    whole = drawn(recipe, 40)
    part = list(motion.frames(recipe, 40, 30, FILES, 17, 25))
    assert np.array_equal(part, whole[17:25])


def test_lines_that_leave_the_slide_are_cut_off() -> None:
    out = Region("typed-1/1", -4, -3, 200, 10, colour="#ff0000", edges=(-4.0, 1.0, 85.0, 99.0))
    first, last = drawn(Typing(BEFORE, AFTER, (), (out,)), 2)
    assert (last[:7, :, 1] == 100).sum() >= 7 * 80
    assert first.shape == last.shape == (ROWS, COLUMNS, 3)
