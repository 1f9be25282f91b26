"""The cases of reveal.txt: add one by adding text. And what holds for all narrations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.model import SAMPLE_RATE, Blob, Frame, Properties, Step, Take, Utterance, Where, Word
from deckcast.reveal import reveal

HERE = Where("deck.md", 1)
NOTHING = Blob("0" * 64, 1)
CASES = re.split(r"\n\s*\n", Path(__file__).with_name("reveal.txt").read_text(encoding="utf-8").strip())[1:]


def steps_of(added: list[str]) -> tuple[list[Step], list[Frame]]:
    """Steps and what is to be read on each; what stands in brackets is emphasised, not added."""
    steps, frames, text = [], [], ""
    for number, one in enumerate(added, 1):
        focus = one[1:-1] if one.startswith("[") else ""
        text = text if focus else f"{text}\n{one}"
        steps.append(Step(number, number, "", Properties(), (), (), HERE, number > 1, focus))
        frames.append(Frame(number, NOTHING, 2, 2, text))
    return steps, frames


def take_of(text: str, clicks: tuple[int, ...] = ()) -> Take:
    """Each word lasts a second."""
    words = [Word(*found.span(), float(number), number + 0.9) for number, found in enumerate(re.finditer(r"\S+", text))]
    samples = len(words) * SAMPLE_RATE
    return Take(1, samples, (Utterance(text, 0, samples, NOTHING, tuple(words)),), clicks)


@pytest.mark.parametrize("case", [case for case in CASES if not case.startswith("# ")], ids=lambda case: case[:40])
def test_reveal(case: str) -> None:
    *slide, expected = case.split("\n")
    steps, frames = steps_of([line.removeprefix("- ") for line in slide])
    words = expected.replace("‸", "").split()
    moments = [moment // SAMPLE_RATE for moment in reveal(steps, frames, take_of(" ".join(words)))]
    shown = " ".join("‸" * moments.count(number) + word for number, word in enumerate(words))
    assert shown == expected


def test_clicks_come_first_and_the_words_behind_them_serve_the_others() -> None:
    steps, frames = steps_of(["Start", "one", "two", "three"])
    take = take_of("one two three four one two three four", (3 * SAMPLE_RATE,))
    assert [moment // SAMPLE_RATE for moment in reveal(steps, frames, take)] == [3, 5, 6]


def test_clicks_that_are_left_over_count_for_nothing() -> None:
    steps, frames = steps_of(["Start", "one"])
    assert reveal(steps, frames, take_of("one two", (5, 6, 7))) == (5,)


def test_a_narration_without_word_times_shares_its_time_evenly() -> None:
    steps, frames = steps_of(["A", "B", "C"])
    take = Take(1, 90_000, (Utterance("x", 0, 90_000, NOTHING, ()),))
    assert reveal(steps, frames, take) == (30_000, 60_000)


@given(
    st.lists(st.sampled_from(["red", "green", "blue", "the", "a", "reds"]), max_size=40),
    st.lists(st.sampled_from(["red", "the green", "blue a", "", "x"]), min_size=1, max_size=8),
    st.lists(st.integers(0, 40 * SAMPLE_RATE), max_size=3).map(sorted),
)
def test_steps_come_in_order_and_within_what_is_said(said: list[str], added: list[str], clicks: list[int]) -> None:
    steps, frames = steps_of(added)
    take = take_of(" ".join(said), tuple(clicks))
    moments = reveal(steps, frames, take)
    assert len(moments) == len(steps) - 1
    assert list(moments) == sorted(moments)
    assert moments[: len(clicks)] == tuple(clicks)[: len(moments)]
    assert all(moment <= max(take.samples, *clicks, 0) for moment in moments)
