"""When films on slides play: from step to step, until they are over, and what waits for them."""

from __future__ import annotations

import pytest

from deckcast.config import lay_slide
from deckcast.model import (
    Blob,
    Clip,
    Film,
    Frame,
    Motion,
    Opening,
    Properties,
    Region,
    Step,
    Take,
    Timeline,
    Where,
    Wish,
)
from deckcast.settings import NarrationSettings, Settings, SlidesSettings
from deckcast.timeline import plan

BOX = Region("film-1", 0, 0, 2, 2)
HOLE = Opening(Blob("b", 1), Blob("w", 1), Blob("e", 1))


def film(name: str = "film-1", seconds: float = 2.0, plays: int = 1) -> Film:
    return Film(name, Blob("f", 1), BOX, BOX, 0.0, seconds, plays)


def planned(
    *slides: list[tuple[tuple[Film, ...], int]], transition: str = "none", how: str = "auto", silent: float = 1.0
) -> Timeline:
    """Slides of steps: the films on each, and the samples of its narration."""
    settings = Settings(
        slides=SlidesSettings(transition=transition, transition_seconds=0.4),
        narration=NarrationSettings(lead_in=0.0, tail=0.0, silent=silent, increment_hold=1.0),
    )
    steps, frames, takes = [], [], []
    for slide in slides:
        for number, (films, samples) in enumerate(slide):
            index = len(steps) + 1
            steps.append(Step(index, index, "", Properties(()), (), (), Where("d", index), number > 0))
            sounds = tuple((one.name, how) for one in films)
            wishes = (Wish(Clip(HOLE, films), name="films", sounds=sounds),) if films else ()
            frames.append(Frame(index, Blob(f"{index}", 1), 2, 2, "", wishes=wishes))
            takes.append(Take(index, samples))
    return plan(steps, frames, takes, [lay_slide(settings, one.properties) for one in steps])


def playing(timeline: Timeline) -> list[list[tuple[int, int, list[int]]]]:
    """Of each scene's films: first frame, frames, and how many of each film are over."""
    return [
        [
            (one.first, one.count, [each.at for each in one.recipe.films])
            for one in scene.motions
            if isinstance(one.recipe, Clip)
        ]
        for scene in timeline.scenes
    ]


def test_a_slide_stays_until_its_film_is_over() -> None:
    found = planned([((film(seconds=2.5),), 0)], [((), 0)])
    assert [scene.count for scene in found.scenes] == [75, 30]
    assert playing(found) == [[(0, 75, [0])], []]


def test_a_film_is_over_before_its_slide_and_its_last_picture_stays() -> None:
    found = planned([((film(seconds=0.5),), 0)])
    assert playing(found) == [[(0, 15, [0])]]
    assert found.scenes[0].motions[0].hold


def test_a_film_that_plays_for_ever_does_not_keep_its_slide() -> None:
    found = planned([((film(seconds=7, plays=0),), 0)])
    assert [scene.count for scene in found.scenes] == [30]
    assert playing(found) == [[(0, 30, [0])]]


def test_films_go_on_over_steps_and_each_begins_with_its_own() -> None:
    one, other = film("film-1"), film("film-2", 3.0)
    found = planned([((), 0), ((one,), 0), ((one, other), 0)], [((one,), 0)])
    assert playing(found) == [[], [(0, 30, [0])], [(0, 90, [30, 0])], [(0, 60, [0])]]


def test_films_that_are_over_show_their_last_picture_in_later_steps() -> None:
    one = film(seconds=0.5)
    assert playing(planned([((one,), 0), ((one,), 0)])) == [[(0, 15, [0])], [(0, 1, [14])]]


def test_a_film_begins_behind_the_transition_and_is_seen_whole() -> None:
    found = planned([((), 0)], [((film(),), 0)], transition="fade")
    first, second = found.scenes[1].motions
    assert (first.first, first.count) == (0, 12)
    assert (second.first, second.count, second.first + second.count) == (12, 60, found.scenes[1].count)


def test_narrations_keep_their_times_when_a_film_is_long() -> None:
    short = planned([((film(seconds=0.1),), 60_000), ((film(seconds=0.1),), 60_000)])
    long = planned([((film(seconds=30),), 60_000), ((film(seconds=30),), 60_000)])
    assert [scene.onset for scene in long.scenes] == [scene.onset for scene in short.scenes]
    assert long.scenes[0].count == short.scenes[0].count
    assert long.frames == 900


@pytest.mark.parametrize(("transition", "waits"), [("none", 60), ("fade", 72)])
def test_what_is_spoken_waits_for_a_film_that_is_heard_instead(transition: str, waits: int) -> None:
    found = planned([((), 0)], [((film(),), 60_000), ((film(),), 60_000)], transition=transition, how="instead")
    _, second, third = found.scenes
    begins = (second.onset - second.first * 1600) / 1600
    assert waits <= begins < waits + 1
    assert third.onset - third.first * 1600 < 2048  # it waits for it once


def test_parts_of_a_film_do_not_depend_on_how_long_its_slide_stays() -> None:
    from deckcast.encode.span import cut

    recipe = Clip(HOLE, (film(plays=0),))
    short, long = (list(cut(Motion(0, count, recipe), 60)) for count in (150, 210))
    assert short[:2] == long[:2]
