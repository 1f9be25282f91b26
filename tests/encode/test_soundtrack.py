"""What is heard when, cut into pieces."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.encode.soundtrack import CONTEXT, PIECE, Placed, Stretch, added, cut, level, pieces, stretches
from deckcast.model import AAC_BLOCK, Blob, Frame, Scene, Take, Timeline, Utterance
from deckcast.timeline import blocks

SOUND = Blob("a" * 64, 1)


def timeline(*scenes: tuple[int, int, int]) -> Timeline:
    """Of (video frames, onset in blocks, samples of speech)."""
    made = []
    first = 0
    for step, (count, block, samples) in enumerate(scenes, 1):
        said = (Utterance("Words.", 0, samples, SOUND, (), "voice"),) if samples else ()
        made.append(Scene(Frame(step, SOUND, 640, 360, ""), Take(step, samples, said), first, count, block * AAC_BLOCK))
        first += count
    return Timeline(30, tuple(made))


TWO = timeline((90, 2, 20_000), (90, 150, 30_000))


def spans(found: tuple[Stretch, ...]) -> list[tuple[int, int, bool]]:
    return [(one.first, one.first + one.blocks, one.take is not None) for one in found]


def test_takes_with_silence_between_are_stretches_of_their_own() -> None:
    assert spans(stretches(TWO)) == [(2, 22, True), (150, 180, True)]


def test_a_sound_joins_the_takes_that_it_touches() -> None:
    assert spans(stretches(TWO, [Placed(10 * AAC_BLOCK, 2 * AAC_BLOCK, SOUND)])) == [(2, 22, False), (150, 180, True)]
    assert spans(stretches(TWO, [Placed(22 * AAC_BLOCK, 5, SOUND)])) == [(2, 23, False), (150, 180, True)]
    assert spans(stretches(TWO, [Placed(23 * AAC_BLOCK, 5, SOUND)])) == [
        (2, 22, True),
        (23, 24, False),
        (150, 180, True),
    ]
    assert spans(stretches(TWO, [Placed(10 * AAC_BLOCK, 140 * AAC_BLOCK, SOUND)])) == [(2, 180, False)]


def test_what_lies_outside_the_lesson_is_cut_off() -> None:
    silent = timeline((30, 1, 0))  # one second: 46 whole blocks
    assert spans(stretches(silent, [Placed(0, 10**6, SOUND)])) == [(1, 46, False)]
    assert stretches(silent, [Placed(10**6, 10, SOUND)]) == ()


def test_takes_that_lie_over_each_other_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="the take of step 2 begins within the one before it"):
        stretches(timeline((8, 2, 2000), (8, 4, 100)))


MUSIC = Placed(
    AAC_BLOCK, 700 * AAC_BLOCK, SOUND, -20.0, None, ((0, 0.0), (300 * AAC_BLOCK, 0.0), (400 * AAC_BLOCK, -12.0))
)
LONG = timeline((450, 20, 50_000), (300, 800, 0))


def test_pieces_hold_every_packet_once_with_what_is_around_it() -> None:
    (stretch,) = stretches(LONG, [MUSIC])
    found = list(pieces(stretch, {"voice": 3.0}))
    assert sum(one.packets for one in found) == stretch.packets == 701
    assert [one.packets for one in found] == [PIECE, PIECE, 101]
    assert all(one.blocks == one.packets + 2 * CONTEXT + 1 for one in found)
    assert [len(one.sounds) for one in found] == [2, 1, 1]
    assert {one.gain for one in found[0].sounds} == {-20.0, 3.0}
    assert [one.sounds[0].start for one in found] == [
        (CONTEXT + 1) * AAC_BLOCK - at * PIECE * AAC_BLOCK for at in range(3)
    ]


def test_a_piece_tells_only_what_is_heard_in_it() -> None:
    """So pieces before a change stay what they are, and so do those behind it, unless the change moves them."""
    (before,) = stretches(LONG, [MUSIC])
    later = replace(
        LONG,
        scenes=(
            LONG.scenes[0],
            replace(
                LONG.scenes[1],
                onset=600 * AAC_BLOCK,
                take=Take(2, 9000, (Utterance("Words.", 0, 9000, SOUND, (), "voice"),)),
            ),
        ),
    )
    (after,) = stretches(later, [MUSIC])
    gains = {"voice": 0.0}
    same = [one == other for one, other in zip(pieces(before, gains), pieces(after, gains), strict=True)]
    assert same == [True, False, False]  # the second piece knows what is heard just behind it


@given(st.lists(st.tuples(st.integers(0, 100), st.floats(-60, 0)), min_size=1, max_size=6, unique_by=lambda c: c[0]))
def test_a_part_of_an_envelope_is_as_high_as_the_whole(corners: list[tuple[int, float]]) -> None:
    whole = tuple(sorted(corners))
    part = cut(whole, 20, 80)
    assert all(level(part, at) == pytest.approx(level(whole, at)) for at in range(20, 81))
    assert part[0][0] == 20
    both = added(whole, ((0, -6.0), (100, 0.0)))
    assert all(level(both, at) == pytest.approx(level(whole, at) - 6 + at * 0.06) for at in range(101))


def test_nothing_is_cut_from_nothing() -> None:
    assert cut((), 0, 10) == ()
    assert added((), ((0, 1.0),)) == ((0, 1.0),)
    assert blocks(0) == 0
