"""How loud music is when."""

from __future__ import annotations

import pytest

from deckcast.encode.ducking import FLOOR, envelope, joined
from deckcast.encode.soundtrack import level
from deckcast.settings import SoundSettings

SETTINGS = SoundSettings(music_ducking=12, music_attack=0.4, music_release=0.9, music_fade=2)
SECOND = 48_000


def at(
    speech: list[tuple[float, float]], *moments: float, end: float = 60, settings: SoundSettings = SETTINGS
) -> list[float]:
    spans = [(round(first * SECOND), round(last * SECOND)) for first, last in speech]
    whole = envelope(0, round(end * SECOND), spans, settings)
    return [pytest.approx(level(whole, round(moment * SECOND)), abs=0.01) for moment in moments]


def test_it_is_down_a_little_before_and_after_somebody_speaks() -> None:
    assert at([(10, 20)], 9.5, 9.7, 9.9, 10, 15, 20, 20.2, 20.65, 21.1) == [0, -6, -12, -12, -12, -12, -12, -6, 0]


def test_it_stays_down_in_short_pauses_and_comes_up_in_long_ones() -> None:
    assert at([(10, 20), (21.4, 25)], 20.7) == [-12]
    assert at([(10, 20), (21.7, 25)], 20.7, 21.1, 21.6) == [pytest.approx(-5.33, abs=0.01), 0, -12]


def test_it_comes_up_only_where_the_way_down_has_room_too() -> None:
    slow = SoundSettings(music_ducking=12, music_attack=1, music_release=3)
    assert at([(10, 20), (23, 25)], 21.5, settings=slow) == [-12]


def test_it_comes_in_and_goes_out() -> None:
    assert at([], 0, 1, 2, 30, 58, 59, 60) == [FLOOR, FLOOR / 2, 0, 0, 0, FLOOR / 2, FLOOR]
    assert at([(0, 60)], 1, 30) == [FLOOR / 2 - 12, -12]


def test_music_shorter_than_both_fades_reaches_its_loudness_in_the_middle() -> None:
    assert at([], 0, 1, 2, end=2) == [FLOOR, 0, FLOOR]


def test_spans_are_joined_over_short_gaps() -> None:
    assert list(joined([(5, 7), (0, 4), (20, 22), (6, 9)], 3)) == [(0, 9), (20, 22)]
    assert list(joined([], 3)) == []
