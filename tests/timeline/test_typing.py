"""When code is typed: from its step on, in its own time, and soon enough for all to be read."""

from __future__ import annotations

from dataclasses import replace

from deckcast.model import Blob, Fade, Frame, Moment, Motion, Region, Scene, Step, Take, Typing, Wish
from deckcast.motion import Standing, stretches, with_motions
from deckcast.settings import Settings, SlidesSettings
from timeline.test_motion import image, scene, step

LINE = Region("typed-1/1", 0, 0, 9, 1, edges=(0, 1, 1, 2))


def typing(number: int = 1) -> Typing:
    return Typing(Blob("before", 1), Blob("after", 1), (), (replace(LINE, name=f"typed-{number}/1"),))


def wishing(index: int, count: int, *seconds: float, first: int = 0) -> Scene:
    wishes = tuple(Wish(typing(number), one, f"typed-{number}") for number, one in enumerate(seconds, 1))
    return Scene(Frame(index, image(index), 2, 2, "", wishes=wishes), Take(index, 0), first, count, 0)


def laid(scenes: list[Scene], steps: list[Step], **slides: str) -> list[list[Motion]]:
    settings = [Settings(slides=SlidesSettings(**slides))] * len(steps)  # type: ignore[arg-type]
    return [list(one.motions) for one in with_motions(scenes, steps, settings, 30)]


def test_it_begins_with_its_step_and_then_the_slide_stands_as_it_is() -> None:
    (made,) = with_motions([wishing(1, 100, 2.0)], [step(1)], [Settings()], 30)
    assert list(stretches(made)) == [Motion(0, 60, typing()), Standing(image(1), 40)]


def test_it_takes_at_most_three_quarters_of_the_time_of_its_step() -> None:
    assert laid([wishing(1, 40, 2.0)], [step(1)]) == [[Motion(0, 30, typing())]]
    assert laid([wishing(1, 1, 2.0)], [step(1)]) == [[Motion(0, 1, typing())]]


def test_it_begins_in_the_midst_of_a_narration_with_the_step_that_shows_it() -> None:
    scenes = [scene(1, 50), wishing(2, 90, 1.0, first=50), scene(3, 20, first=140)]
    steps = [step(1), step(2, increment=True), step(3, increment=True)]
    assert laid(scenes, steps) == [[], [Motion(0, 30, typing())], []]


def test_blocks_of_one_step_are_typed_one_after_the_other() -> None:
    first, second = typing(1), typing(2)
    assert laid([wishing(1, 300, 1.0, 2.0)], [step(1)]) == [[Motion(0, 30, first), Motion(30, 60, second)]]
    assert laid([wishing(1, 80, 1.0, 2.0)], [step(1)]) == [[Motion(0, 20, first), Motion(20, 40, second)]]


def test_it_begins_when_the_transition_is_over_which_leads_to_the_slide_without_the_code() -> None:
    _, moved = laid([scene(1, 30), wishing(2, 100, 1.0, first=30)], [step(1), step(2)], transition="fade")
    assert moved == [Motion(0, 12, Fade(image(1), Moment(typing(), 0, 30))), Motion(12, 30, typing())]
