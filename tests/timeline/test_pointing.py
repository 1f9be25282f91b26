"""Where the pointer is when: to the video frame, over the steps of a slide, beside what else moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deckcast.model import (
    SAMPLE_RATE,
    Blob,
    Fade,
    Frame,
    Moment,
    Motion,
    Point,
    Pointer,
    Region,
    Scene,
    Spot,
    Take,
    Timeline,
)
from deckcast.motion import Standing, stretches
from deckcast.pointing import hidden, lost, part, with_points

FPS = 30
BLUE = "#1d5fd1"
LIST = ("part/1", 10, 10, 80, 60, "Keys answer. Values are mixed.")
KEYS = ("part/2", 12, 12, 70, 10, "Keys answer.")
VALUES = ("part/3", 12, 40, 70, 10, "Values  are\nmixed.")


def frame(step: int, *parts: tuple[str, float, float, float, float, str]) -> Frame:
    regions = tuple(Region(*one[:5], colour=BLUE, text=one[5]) for one in parts)
    return Frame(step, Blob(str(step), 1), 100, 100, "", regions)


def scenes(frames: list[Frame], starts: list[int], end: int, *points: tuple[float, str], spoken: float) -> list[Scene]:
    """Scenes that show during one narration, which begins with the first of them; points are (second, words)."""
    marks = tuple(Point(round(at * SAMPLE_RATE), words) for at, words in points)
    takes = [Take(frames[0].step, round(spoken * SAMPLE_RATE), points=marks)]
    takes += [Take(one.step, 0) for one in frames[1:]]
    ends = [*starts[1:], end]
    return [
        Scene(one, take, first, last - first, 0)
        for one, take, first, last in zip(frames, takes, starts, ends, strict=True)
    ]


def spot(one: tuple[str, float, float, float, float, str]) -> Spot:
    return Spot(*one[1:5], BLUE)


def test_it_moves_with_the_frame_of_the_word_and_goes_when_all_is_said() -> None:
    shown = frame(1, LIST, KEYS, VALUES)
    (found,) = with_points(
        scenes([shown], [0], 150, (1, "keys"), (2.02, "values are MIXED"), spoken=4), ["highlight"], 30
    )
    assert found.motions == (
        Motion(30, 10, Pointer(shown.image, None, spot(KEYS), "highlight"), hold=True),
        Motion(60, 10, Pointer(shown.image, spot(KEYS), spot(VALUES), "highlight"), hold=True),
        Motion(120, 8, Pointer(shown.image, spot(VALUES), None, "highlight")),
    )
    standing = [(one.look, one.count) for one in stretches(found) if isinstance(one, Standing)]
    assert [count for _, count in standing] == [30, 20, 50, 22]
    assert isinstance(standing[1][0], Moment)
    assert standing[0][0] == standing[-1][0] == shown.image


def test_a_movement_that_has_no_time_is_quicker_and_one_to_the_same_place_is_none() -> None:
    shown = frame(1, KEYS, VALUES)
    marks = (1, "keys"), (1.1, "values"), (2, "are mixed"), (3, "")
    (found,) = with_points(scenes([shown], [0], 150, *marks, spoken=4), ["underline"], 30)
    assert [(one.first, one.count) for one in found.motions] == [(30, 3), (33, 10), (90, 8)]


def test_it_stays_over_the_steps_of_a_slide_and_follows_what_it_surrounds() -> None:
    moved = ("part/2", 12.0, 22.0, 70.0, 10.0, "Keys answer.")
    frames = [frame(1, KEYS), frame(2, KEYS, VALUES), frame(3, moved, VALUES), frame(4, VALUES)]
    found = with_points(scenes(frames, [0, 60, 90, 120], 150, (1, "keys"), spoken=4.5), ["highlight"] * 4, 30)
    assert [[(one.first, one.count) for one in scene.motions] for scene in found] == [
        [(30, 10)],
        [(0, 1)],
        [(0, 10)],
        [(0, 8)],
    ]
    assert found[1].motions[0].recipe == Pointer(frames[1].image, spot(KEYS), spot(KEYS), "highlight")
    assert found[2].motions[0].recipe == Pointer(frames[2].image, spot(KEYS), spot(moved), "highlight")
    assert found[3].motions[0].recipe == Pointer(frames[3].image, spot(moved), None, "highlight")


def test_what_else_moves_comes_first_and_its_last_picture_is_what_it_lies_over() -> None:
    shown = frame(1, KEYS)
    (scene,) = scenes([shown], [0], 150, (1, "keys"), spoken=4)
    fade = Fade(Blob("a", 1), shown.image)
    (found,) = with_points([replace(scene, motions=(Motion(0, 45, fade, hold=True),))], ["highlight"], 30)
    assert [(one.first, one.count) for one in found.motions] == [(0, 45), (45, 10), (120, 8)]
    assert found.motions[1].recipe == Pointer(Moment(fade, 44, 45), None, spot(KEYS), "highlight")
    assert found.motions[2].hold
    assert sum(one.count for one in stretches(found)) == 150


def test_nothing_is_changed_where_nothing_points() -> None:
    given = scenes([frame(1, KEYS)], [0], 90, spoken=2)
    assert list(with_points(given, ["highlight"], 30)) == given


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("keys", "part/2"),
        ("VALUES ARE MIXED", "part/3"),
        ("answer. values", "part/1"),
        ("are", "part/3"),
        ("queries", None),
    ],
)
def test_the_smallest_part_that_holds_the_words(words: str, name: str | None) -> None:
    found = part(frame(1, LIST, KEYS, VALUES), words)
    assert (found and found.name) == name


def test_of_several_the_first_or_the_one_it_was_at() -> None:
    twice = frame(1, KEYS, ("part/4", 12, 80, 70, 10, "Keys again"))
    first, again = part(twice, "keys"), part(twice, "keys", "Keys again")
    assert first
    assert again
    assert (first.name, again.name) == ("part/2", "part/4")


def test_a_node_is_smaller_than_a_drawing_that_sticks_out_of_its_frame() -> None:
    figure, drawing = ("part/1", 10, 10, 80, 50, "Keys, values"), ("part/2", 10, 10, 80, 55, "Keys, values")
    node = ("part/3", 20, 42, 20, 22, "Keys")
    found = part(frame(1, figure, drawing, node), "keys")
    assert found
    assert found.name == "part/3"


def test_what_does_not_show_then_is_lost_with_the_nearest_words() -> None:
    group = scenes(
        [frame(1, KEYS), frame(2, KEYS, VALUES)], [0, 60], 120, (1, "values"), (3, "mixt"), (3.5, ""), spoken=4
    )
    found = [(point.words, near) for _, point, near in lost(Timeline(30, tuple(group)))]
    assert found == [("values", "Keys answer."), ("mixt", "Values are mixed.")]


def test_what_is_pointed_at_while_something_else_moves_is_told() -> None:
    shown = frame(1, LIST, KEYS, VALUES)
    moves = Fade(Blob("x", 1), Blob("y", 1))

    def told(*motions: Motion, points: tuple[tuple[float, str], ...] = ((1, "keys"), (2, "values"))) -> list[str]:
        (one,) = scenes([shown], [0], 150, *points, spoken=4)
        pointing = with_points([replace(one, motions=motions)], ["highlight"], FPS)
        return [point.words for _, point in hidden(Timeline(FPS, tuple(pointing)))]

    assert told() == []
    assert told(Motion(0, 150, moves)) == ["keys", "values"]
    assert told(Motion(0, 70, moves)) == ["keys"]
    assert told(Motion(0, 59, moves)) == []  # for one frame, it shows
    assert told(Motion(0, 40, moves), Motion(40, 20, moves)) == ["keys"]
    assert told(Motion(0, 150, moves), points=((1, ""),)) == []
