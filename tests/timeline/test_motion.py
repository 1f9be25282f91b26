"""What moves when, and what is seen between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.config import lay_slide
from deckcast.encode.easing import eased
from deckcast.model import (
    Blob,
    Fade,
    Frame,
    Moment,
    Motion,
    Opening,
    Properties,
    Property,
    Push,
    Region,
    Scene,
    Step,
    Take,
    Timeline,
    View,
    Where,
    Wish,
    Zoom,
)
from deckcast.motion import Standing, arrival, lay, stretches, with_motions
from deckcast.settings import Settings, SlidesSettings
from deckcast.timeline import plan

HERE = Where("deck.md", 1)
FADE = Fade(Blob("x", 1), Blob("y", 1))


def image(step: int) -> Blob:
    return Blob(f"{step:064}", 1)


def scene(step: int, count: int, *motions: Motion, first: int = 0) -> Scene:
    return Scene(Frame(step, image(step), 2, 2, ""), Take(step, 0), first, count, 0, motions)


def step(index: int, *, increment: bool = False, **properties: str) -> Step:
    items = tuple(Property(name.replace("_", "-"), value, HERE) for name, value in properties.items())
    return Step(index, index, "", Properties(items), (), (), HERE, increment)


def lesson(*steps: Step, samples: int = 0, slides: SlidesSettings | None = None) -> Timeline:
    base = Settings(slides=slides or SlidesSettings())
    frames = [Frame(one.index, image(one.index), 2, 2, "") for one in steps]
    takes = [Take(one.index, samples) for one in steps]
    return plan(steps, frames, takes, [lay_slide(base, one.properties) for one in steps])


def test_no_transition_is_made_unless_it_is_asked_for() -> None:
    assert all(not one.motions for one in lesson(step(1), step(2)).scenes)


def test_a_transition_takes_the_first_frames_of_the_slide_it_leads_into() -> None:
    first, second, third = lesson(step(1, transition="fade"), step(2, transition="fade"), step(3)).scenes
    assert first.motions == ()  # nothing is before it
    assert second.motions == (Motion(0, 12, Fade(image(1), image(2))),)
    assert third.motions == ()


def test_transitions_move_no_picture_and_no_sample() -> None:
    steps = [step(1), step(2), step(3, increment=True), step(4)]
    still = lesson(*steps, samples=70_000)
    moving = lesson(*steps, samples=70_000, slides=SlidesSettings(transition="fade", transition_seconds=5))
    assert any(one.motions for one in moving.scenes)
    assert [replace(one, motions=()) for one in moving.scenes] == list(still.scenes)


def test_a_deck_has_transitions_and_a_slide_may_have_another_or_none() -> None:
    slides = SlidesSettings(transition="push")
    found = lesson(
        step(1),
        step(2),
        step(3, transition="none"),
        step(4, transition="push-up", transition_seconds="1s"),
        slides=slides,
    )
    assert [one.motions for one in found.scenes] == [
        (),
        (Motion(0, 12, Push(image(1), image(2), -1, 0)),),
        (),
        (Motion(0, 30, Push(image(3), image(4), 0, -1)),),
    ]


def test_the_steps_of_a_slide_follow_each_other_without_a_transition() -> None:
    found = lesson(step(1), step(2), step(3, increment=True), slides=SlidesSettings(transition="fade"))
    assert [len(one.motions) for one in found.scenes] == [0, 1, 0]


def test_a_transition_is_no_longer_than_the_scene() -> None:
    found = lesson(step(1), step(2, silent="0.2s"), slides=SlidesSettings(transition="fade"))
    assert found.scenes[1].motions == (Motion(0, 6, Fade(image(1), image(2))),)


def test_slides_that_look_alike_need_no_transition() -> None:
    scenes = [scene(1, 10), replace(scene(1, 10), first=10)]
    asked = Settings(slides=SlidesSettings(transition="fade"))
    assert with_motions(scenes, [step(1), step(2)], [asked] * 2, 30)[1].motions == ()


def test_a_transition_joins_what_is_seen_on_both_sides_of_it() -> None:
    asked = Settings(slides=SlidesSettings(transition="fade"))
    one, other = Fade(image(7), image(8)), Push(image(7), image(8), 0, 1)
    scenes = [scene(1, 30, Motion(10, 5, one, hold=True)), scene(2, 60, Motion(0, 20, other))]
    _, after = with_motions(scenes, [step(1), step(2)], [asked] * 2, 30)
    assert after.motions == (Motion(0, 12, Fade(Moment(one, 4, 5), Moment(other, 0, 8))), Motion(12, 8, other))


def test_a_recipes_kind_tells_it_from_another_of_the_same_numbers() -> None:
    assert Push(FADE.before, FADE.after, 0, 0) != FADE
    assert (FADE.kind, Push(FADE.before, FADE.after, 0, 0).kind) == ("fade", "push")


@pytest.mark.parametrize(
    ("wanted", "laid"),
    [
        ([(0, 5), (5, 5)], [(0, 5), (5, 5)]),
        ([(5, 5), (0, 5)], [(0, 5), (5, 5)]),  # in the order of time
        ([(0, 5), (3, 5)], [(0, 5), (5, 3)]),  # the first one wins
        ([(0, 5), (2, 2), (4, 4)], [(0, 5), (5, 3)]),  # for one there is no room
        ([(15, 9), (20, 5), (30, 1)], [(15, 5)]),  # none goes on behind the scene's end
    ],
)
def test_motions_never_lie_over_each_other(wanted: list[tuple[int, int]], laid: list[tuple[int, int]]) -> None:
    found = lay([Motion(first, count, FADE) for first, count in wanted], 20)
    assert [(one.first, one.count) for one in found] == laid


def test_of_two_that_begin_at_once_the_one_named_first_wins() -> None:
    one, other = Motion(3, 4, FADE), Motion(3, 9, Push(FADE.before, FADE.after, 0, 1))
    assert lay([one, other], 20) == (one, replace(other, first=7, count=5))


@given(
    st.integers(1, 50),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60), st.booleans()), max_size=6),
    st.integers(0, 20),
)
def test_stretches_fill_the_scene(count: int, wanted: list[tuple[int, int, bool]], begin: int) -> None:
    motions = lay([Motion(first, length, FADE, hold) for first, length, hold in wanted], count, begin)
    found = list(stretches(scene(1, count, *motions)))
    assert sum(one.count for one in found) == count
    at = 0
    for one in found:
        assert one.count > 0
        assert isinstance(one, Standing) or one.first == at >= begin
        at += one.count


# ── what frames wish for ─────────────────────────────────────────────────────────────────────────

BOX = Region("it", 0, 0, 2, 2)
ZOOM = Zoom(Opening(image(90), image(91), image(92)), image(93), BOX, BOX, View(1, 0, 0), View(2, 0, 0))


def wishing(step: int, count: int, seconds: float = 0.0) -> Scene:
    made = scene(step, count)
    return replace(made, frame=replace(made.frame, wishes=(Wish(ZOOM, seconds),)))


def zooms(scenes: list[Scene], steps: list[Step], **slides: Any) -> list[list[tuple[int, int, int, int]]]:
    """(first, count, frames over, frames in all) of what moves in each scene, transitions left out."""
    found = with_motions(scenes, steps, [Settings(slides=SlidesSettings(**slides))] * len(steps), 30)
    return [
        [(one.first, one.count, one.recipe.at, one.recipe.of) for one in made.motions if isinstance(one.recipe, Zoom)]
        for made in found
    ]


def test_a_zoom_lasts_as_long_as_its_slide() -> None:
    assert zooms([wishing(1, 50)], [step(1)]) == [[(0, 50, 0, 50)]]


def test_a_zoom_with_a_time_ends_and_its_last_picture_stays() -> None:
    assert zooms([wishing(1, 50, 1.0)], [step(1)]) == [[(0, 30, 0, 30)]]
    (made,) = with_motions([wishing(1, 50, 1.0)], [step(1)], [Settings()], 30)
    moved, stays = stretches(made)
    assert isinstance(moved, Motion)
    assert stays == Standing(Moment(moved.recipe, 29, 30), 20)


def test_a_zoom_goes_on_over_the_steps_of_its_slide() -> None:
    steps = [step(1), step(2, increment=True), step(3, increment=True), step(4)]
    scenes = [wishing(1, 20), wishing(2, 30), wishing(3, 10), wishing(4, 5)]
    assert zooms(scenes, steps) == [[(0, 20, 0, 60)], [(0, 30, 20, 60)], [(0, 10, 50, 60)], [(0, 5, 0, 5)]]


def test_after_its_time_the_steps_behind_it_show_how_it_ended() -> None:
    steps = [step(1), step(2, increment=True), step(3, increment=True)]
    found = zooms([wishing(1, 20, 1.0), wishing(2, 30, 1.0), wishing(3, 10, 1.0)], steps)
    assert found == [[(0, 20, 0, 30)], [(0, 10, 20, 30)], [(0, 1, 29, 30)]]


def test_a_zoom_begins_when_the_transition_has_ended_and_is_faded_into_from_where_it_begins() -> None:
    scenes, steps = [scene(1, 20), wishing(2, 50), wishing(3, 10)], [step(1), step(2), step(3, increment=True)]
    assert zooms(scenes, steps, transition="fade") == [[], [(12, 38, 0, 48)], [(0, 10, 38, 48)]]
    found = with_motions(scenes, steps, [Settings(slides=SlidesSettings(transition="fade"))] * 3, 30)
    fade = found[1].motions[0].recipe
    assert fade == Fade(image(1), Moment(found[1].motions[1].recipe, 0, 38))


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.floats(0, 3)), min_size=1, max_size=6))
def test_whatever_is_wished_for_lies_within_its_scene(given_scenes: list[tuple[int, bool, float]]) -> None:
    scenes = [wishing(at, count, seconds) for at, (count, _, seconds) in enumerate(given_scenes, 1)]
    steps = [step(at, increment=increment and at > 1) for at, (_, increment, _) in enumerate(given_scenes, 1)]
    asked = Settings(slides=SlidesSettings(transition="fade"))
    for made in with_motions(scenes, steps, [asked] * len(steps), 30):
        assert sum(one.count for one in stretches(made)) == made.count
        for one in made.motions:
            if isinstance(one.recipe, Zoom):
                assert 0 <= one.recipe.at < one.recipe.of
                assert one.recipe.at + one.count <= one.recipe.of


# ── where one comes in who jumps to a slide ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("length", "spoken", "frame"),
    [
        (12, None, 12),  # nothing is said: when it is over
        (12, 40, 12),
        (12, 10, 10),  # with the first word
        (12, 2, 9),  # a word is cut off, rather than the slide before shown
        (60, 10, 46),
        (1, None, 1),
        (1, 0, 1),
    ],
)
def test_a_slide_is_entered_when_its_transition_is_over_or_with_its_first_word(
    length: int, spoken: int | None, frame: int
) -> None:
    made = replace(scene(2, 100, Motion(0, length, FADE), first=50), onset=(50 + (spoken or 0)) * 1600 + 700)
    made = replace(made, take=Take(2, 0 if spoken is None else 90_000))
    assert arrival(made, 30) == frame
    seen = [eased((number + 1) / (length + 1)) for number in range(length)]
    assert all(one >= 0.9 for one in seen[frame:])


def test_a_slide_without_a_transition_is_entered_at_once() -> None:
    assert arrival(scene(2, 100, first=50), 30) == 0
    assert arrival(scene(2, 100, Motion(0, 50, ZOOM), first=50), 30) == 0
    assert arrival(scene(2, 100, Motion(5, 50, FADE, hold=True), first=50), 30) == 0
    assert arrival(scene(2, 3, Motion(0, 3, FADE)), 30) == 2, "a scene that is all transition"
