"""What is seen and heard when."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.config import lay_slide
from deckcast.model import (
    AAC_BLOCK,
    SAMPLE_RATE,
    Blob,
    Deck,
    Frame,
    Properties,
    Property,
    Slide,
    Step,
    Take,
    Timeline,
    Where,
)
from deckcast.outline import Section, places, sections
from deckcast.settings import NarrationSettings, Settings, VideoSettings
from deckcast.timeline import blocks, groups, plan

HERE = Where("deck.md", 1)


def step(index: int, *, increment: bool = False, silent: str = "") -> Step:
    own = Properties((Property("silent", silent, HERE),) if silent else ())
    return Step(index, index, "", own, (), (), HERE, increment)


def lay(
    samples: list[int],
    *,
    steps: list[Step] | None = None,
    fps: int = 30,
    clicks: dict[int, tuple[int, ...]] | None = None,
    **narration: float,
) -> Timeline:
    """A timeline of takes of so many samples, one a step. `clicks` by `Step.index`."""
    steps = steps or [step(at) for at in range(1, len(samples) + 1)]
    base = Settings(narration=NarrationSettings(**narration), video=VideoSettings(fps=fps))
    frames = [Frame(one.index, Blob("0" * 64, 1), 1920, 1080, "") for one in steps]
    takes = [
        Take(one.index, count, clicks=(clicks or {}).get(one.index, ()))
        for one, count in zip(steps, samples, strict=True)
    ]
    return plan(steps, frames, takes, [lay_slide(base, one.properties) for one in steps])


def counts(timeline: Timeline) -> list[int]:
    return [scene.count for scene in timeline.scenes]


def test_a_step_lasts_lead_in_and_take_and_tail_rounded_up_to_whole_frames() -> None:
    two_seconds = 2 * SAMPLE_RATE
    assert counts(lay([two_seconds])) == [89]  # 0.35 + 2 + 0.6 = 2.95 s = 88.5 frames
    assert counts(lay([two_seconds], lead_in=0.5, tail=0.5)) == [90]
    assert counts(lay([two_seconds + 1], lead_in=0.5, tail=0.5)) == [91]


def test_a_take_begins_on_the_first_block_after_the_lead_in() -> None:
    timeline = lay([48_000, 48_000], lead_in=0.35)
    assert [scene.onset for scene in timeline.scenes] == [17 * AAC_BLOCK, 109 * AAC_BLOCK]
    assert timeline.scenes[1].first == 59
    assert 108 * AAC_BLOCK < 59 * 1600 + 0.35 * SAMPLE_RATE <= 109 * AAC_BLOCK


def test_the_first_take_leaves_room_for_the_silent_block_before_it() -> None:
    assert lay([48_000], lead_in=0).scenes[0].onset == AAC_BLOCK


def test_takes_without_lead_in_or_tail_keep_one_block_of_silence_between_them() -> None:
    timeline = lay([AAC_BLOCK * 3] * 4, lead_in=0, tail=0, fps=60)
    ends = [scene.onset + scene.take.samples for scene in timeline.scenes]
    gaps = [later.onset - end for later, end in zip(timeline.scenes[1:], ends[:-1], strict=True)]
    assert min(gaps) >= AAC_BLOCK
    assert all(end <= (scene.first + scene.count) * 800 for end, scene in zip(ends, timeline.scenes, strict=True))


def test_a_slide_without_notes_stays_as_long_as_asked() -> None:
    assert counts(lay([0])) == [90]
    assert counts(lay([0], silent=0.1, fps=24)) == [3]
    assert counts(lay([0, 0], steps=[step(1, silent="5s"), step(2)])) == [150, 90]


def test_the_first_steps_of_a_slide_show_during_its_first_narration() -> None:
    steps = [step(1), step(2, increment=True), step(3, increment=True), step(4)]
    timeline = lay([0, 0, 48_000, 0], steps=steps, increment_hold=0.1)
    first, second, third, last = timeline.scenes
    assert (first.take.step, second.take.samples, third.take.samples) == (3, 0, 0)
    assert first.onset == lay([48_000]).scenes[0].onset
    assert [second.first, third.first] == [(first.onset + part * 16_000) * 30 // SAMPLE_RATE for part in (1, 2)]
    assert (last.first, last.count) == (59, 90)


def test_a_silent_step_after_a_spoken_one_shows_while_it_is_spoken() -> None:
    timeline = lay([48_000, 0], steps=[step(1), step(2, increment=True)])
    first, second = timeline.scenes
    assert (first.take.samples, second.take.samples) == (48_000, 0)
    assert second.first == (first.onset + 24_000) * 30 // SAMPLE_RATE  # half of what is said
    assert timeline.frames == 59


def test_a_step_begins_in_the_frame_in_which_its_word_does() -> None:
    steps = [step(1), step(2, increment=True), step(3, increment=True), step(4)]
    timeline = lay([96_000, 0, 0, 48_000], steps=steps, clicks={1: (30_000, 60_000)})
    first, second, third, fourth = timeline.scenes
    for scene, sample in ((second, 30_000), (third, 60_000)):
        begins, next_frame = scene.first * 1600, (scene.first + 1) * 1600
        assert begins <= first.onset + sample < next_frame
    assert fourth.first == lay([96_000, 48_000], steps=[step(1), step(2)]).scenes[1].first
    assert fourth.onset > first.onset + 96_000


def test_steps_of_one_word_show_one_frame_after_the_other() -> None:
    steps = [step(1), step(2, increment=True), step(3, increment=True)]
    _, second, third = lay([96_000, 0, 0], steps=steps, clicks={1: (30_000, 30_000)}).scenes
    assert (second.count, third.first) == (1, second.first + 1)


def test_a_step_behind_the_last_word_is_seen_all_the_same() -> None:
    steps = [step(1), step(2, increment=True)]
    _, second = lay([48_000, 0], steps=steps, clicks={1: (48_000,)}, increment_hold=2).scenes
    assert second.count == 60


def test_a_silent_property_keeps_steps_out_of_what_is_spoken() -> None:
    steps = [step(1, silent="2"), step(2, increment=True, silent="2")]
    assert counts(lay([48_000, 0], steps=steps)) == [59, 60]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("S", [(0, 1, 0)]),
        (".", [(0, 1, None)]),
        ("S-s-", [(0, 2, 0), (2, 4, 2)]),
        ("S---", [(0, 4, 0)]),
        (".-s-", [(0, 4, 2)]),
        ("S-.S", [(0, 2, 0), (2, 3, None), (3, 4, 3)]),
        (".--", [(0, 1, None), (1, 2, None), (2, 3, None)]),
        (".s-s", [(0, 3, 1), (3, 4, 3)]),
        ("k-s", [(0, 1, None), (1, 3, 2)]),
        ("Sk-", [(0, 1, 0), (1, 2, None), (2, 3, None)]),
    ],
)
def test_steps_show_with_one_narration(shape: str, expected: list[tuple[int, int, int | None]]) -> None:
    """`S` and `.` begin a slide, `s`, `-` and `k` are increments; `S` and `s` are spoken, `k` has the property."""
    steps = [
        step(at, increment=one in "s-k" and at > 1, silent="1s" if one == "k" else "")
        for at, one in enumerate(shape, 1)
    ]
    found = groups(steps, [one in "Ss" for one in shape])
    assert [(one.begin, one.end, one.speaker) for one in found] == expected


def test_a_silent_slide_in_steps_shows_its_complete_picture_as_long_as_any_silent_slide() -> None:
    steps = [step(1), step(2, increment=True), step(3, increment=True)]
    assert counts(lay([0, 0, 0], steps=steps, increment_hold=0.5)) == [15, 15, 90]


def test_a_silent_property_counts_for_every_silent_step_of_its_slide() -> None:
    steps = [step(1, silent="2"), step(2, increment=True, silent="2")]
    assert counts(lay([0, 0], steps=steps)) == [60, 60]


def test_no_step_is_ever_left_out() -> None:
    assert counts(lay([0, 1], silent=0.1, lead_in=0, tail=0, fps=10)) == [1, 1]


def test_a_deck_without_steps_has_an_empty_timeline() -> None:
    assert plan([], [], [], []) == Timeline(30, ())


def test_frames_and_takes_in_another_order_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="step 1 was given the frame of 2"):
        plan([step(1)], [Frame(2, Blob("0" * 64, 1), 2, 2, "")], [Take(1, 0)], [Settings()])


@given(
    st.lists(st.tuples(st.integers(0, 200_000), st.booleans()), min_size=1, max_size=30),
    st.integers(10, 60),
    st.floats(0, 2),
    st.floats(0, 2),
)
def test_whatever_is_said_keeps_its_place(
    given_steps: list[tuple[int, bool]], fps: int, lead_in: float, tail: float
) -> None:
    steps = [step(at, increment=increment) for at, (_, increment) in enumerate(given_steps, 1)]
    timeline = lay([samples for samples, _ in given_steps], steps=steps, fps=fps, lead_in=lead_in, tail=tail)
    ends = {one.begin: one.end for one in groups(steps, [samples > 0 for samples, _ in given_steps])}
    expected_first, free = 0, 1
    for at, scene in enumerate(timeline.scenes):
        assert scene.first == expected_first
        assert scene.count >= 1
        expected_first += scene.count
        if not scene.take.samples:
            continue
        last = timeline.scenes[ends[at] - 1]
        start, stop = (Fraction(frame * SAMPLE_RATE, fps) for frame in (scene.first, last.first + last.count))
        block, remainder = divmod(scene.onset, AAC_BLOCK)
        assert remainder == 0
        assert block >= free, "its silent block would lie in the take before"
        free = block + blocks(scene.take.samples) + 1
        late = scene.onset - start - round(lead_in * SAMPLE_RATE)
        assert 0 <= late < 3 * AAC_BLOCK
        assert scene.onset + scene.take.samples <= stop
        wanted = round(lead_in * SAMPLE_RATE) + scene.take.samples + round(tail * SAMPLE_RATE)
        assert wanted <= stop - start
        assert stop - start < wanted + Fraction(SAMPLE_RATE, fps) + 3 * AAC_BLOCK or last.count <= 1 + fps
    assert timeline.frames == expected_first


def deck(*titles: tuple[str, int]) -> Deck:
    """A deck of slides with these titles and numbers of steps."""
    index = iter(range(1, 1000))
    slides = tuple(
        Slide(number, title, tuple(step(next(index), increment=at > 0) for at in range(count)))
        for number, (title, count) in enumerate(titles, 1)
    )
    return Deck("deck.md", Path(), slides)


def outline(*titles: tuple[str, int]) -> tuple[Section, ...]:
    made = deck(*titles)
    return sections(made, lay([0] * len(made.steps), steps=list(made.steps), silent=1, increment_hold=1, fps=10))


def test_each_titled_slide_begins_a_section() -> None:
    assert outline(("Hello", 1), ("Plan", 3), ("", 1), ("End", 1)) == (
        Section("Hello", 0),
        Section("Plan", 10),
        Section("End", 50),
    )


def test_slides_that_carry_on_with_one_title_are_one_section() -> None:
    assert outline(("Plan", 1), ("Plan", 1), ("End", 1)) == (Section("Plan", 0), Section("End", 20))


def test_the_first_section_begins_with_the_lesson() -> None:
    assert outline(("", 1), ("Plan", 1)) == (Section("Plan", 0),)
    assert outline(("", 1), ("", 1)) == (Section("Start", 0),)


def test_places_name_slides_and_their_steps() -> None:
    assert places(deck(("A", 1), ("B", 2))) == {1: "slide 1", 2: "slide 2", 3: "slide 2 step 2"}


def test_an_excerpt_has_the_sections_of_its_own_slides() -> None:
    whole = deck(("A", 1), ("B", 1), ("C", 1))
    chosen = list(whole.steps[1:])
    timeline = lay([0, 0], steps=[replace(one) for one in chosen], silent=1, fps=10)
    assert sections(whole, timeline) == (Section("B", 0), Section("C", 10))
