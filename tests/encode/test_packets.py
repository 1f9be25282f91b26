"""Which packet is written when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.encode.packets import (
    PICTURE,
    SOUND,
    Keys,
    Packet,
    clock,
    groups,
    packets,
    picture_packets,
    sound_packets,
)
from deckcast.encode.soundtrack import stretches
from deckcast.model import AAC_BLOCK, Blob, Fade, Frame, Look, Motion, Scene, Take, Timeline
from deckcast.timeline import blocks


def timeline(*scenes: tuple[int, int, int], fps: int = 30) -> Timeline:
    """Of (video frames, onset in blocks, samples of speech)."""
    made = []
    first = 0
    for step, (count, block, samples) in enumerate(scenes, 1):
        frame = Frame(step, Blob(f"{step:064}", 1), 640, 360, "")
        made.append(Scene(frame, Take(step, samples), first, count, block * AAC_BLOCK))
        first += count
    return Timeline(fps, tuple(made))


def pictures(lesson: Timeline, longest: int = 120, repeats: int = 16) -> list[Packet]:
    def keys(look: Look) -> Keys:
        name = look.sha256.lstrip("0") if isinstance(look, Blob) else f"{look.recipe.kind}{look.number}"
        return f"{name}a".encode(), f"{name}b".encode()

    def spans(motion: Motion) -> Iterator[tuple[Keys, list[bytes]]]:
        at = 0
        for length in groups(motion.count, longest):
            names = [f"m{number}" for number in range(at, at + length)]
            yield (f"{names[0]}a".encode(), f"{names[0]}b".encode()), [name.encode() for name in names[1:]]
            at += length

    return list(picture_packets(lesson, longest, keys, spans, [f"p{at}".encode() for at in range(1, repeats + 1)]))


def moving(lesson: Timeline, scene: int, *motions: Motion) -> Timeline:
    scenes = list(lesson.scenes)
    scenes[scene - 1] = replace(scenes[scene - 1], motions=motions)
    return replace(lesson, scenes=tuple(scenes))


def sounds(lesson: Timeline) -> list[Packet]:
    def take(take: Take) -> list[bytes]:
        return [f"{take.step}.{at}".encode() for at in range(blocks(take.samples) + 1)]

    runs = [(one.first - 1, take(one.take)) for one in stretches(lesson) if one.take is not None]
    return list(sound_packets(lesson, runs, b"-"))


def test_a_scene_is_its_key_picture_and_what_repeats_it() -> None:
    assert [packet.data for packet in pictures(timeline((3, 0, 0), (2, 0, 0)))] == [b"1a", b"p1", b"p2", b"2b", b"p1"]
    assert [packet.key for packet in pictures(timeline((3, 0, 0), (2, 0, 0)))] == [True, False, False, True, False]


def test_a_long_scene_has_key_pictures_to_seek_to_and_two_in_a_row_always_differ() -> None:
    made = pictures(timeline((5, 0, 0), (1, 0, 0), (1, 0, 0), (4, 0, 0)), longest=2)
    assert [packet.data for packet in made if packet.key] == [b"1a", b"1b", b"1a", b"2b", b"3a", b"4b", b"4a"]


def test_what_repeats_begins_again_after_its_period_and_after_each_key_picture() -> None:
    made = [packet.data for packet in pictures(timeline((7, 0, 0)), longest=4, repeats=2)]
    assert made == [b"1a", b"p1", b"p2", b"1b", b"p1", b"p2", b"p1"]


FADE = Fade(Blob("1", 1), Blob("2", 1))


def test_what_moves_stands_between_key_pictures_that_take_turns() -> None:
    lesson = moving(timeline((2, 0, 0), (5, 0, 0), (1, 0, 0)), 2, Motion(0, 2, FADE))
    made = pictures(lesson)
    assert [packet.data for packet in made] == [b"1a", b"p1", b"m0b", b"m1", b"2a", b"p1", b"p2", b"3b"]
    assert [packet.key for packet in made] == [True, False, True, False, True, False, False, True]
    assert [packet.tick for packet in made] == [at * 1600 for at in range(8)]


def test_what_moves_for_long_has_key_pictures_to_seek_to() -> None:
    made = pictures(moving(timeline((5, 0, 0)), 1, Motion(1, 4, FADE)), longest=3)
    assert [packet.data for packet in made] == [b"1a", b"m0b", b"m1", b"m2a", b"m3"]


def test_the_last_picture_of_what_moved_may_stay() -> None:
    made = pictures(moving(timeline((7, 0, 0)), 1, Motion(1, 2, FADE, hold=True), Motion(5, 1, FADE)))
    assert [packet.data for packet in made] == [b"1a", b"m0b", b"m1", b"fade1a", b"p1", b"m0b", b"1a"]


@given(st.integers(1, 5000), st.integers(1, 200))
def test_groups_are_few_even_and_not_too_long(count: int, longest: int) -> None:
    made = groups(count, longest)
    assert sum(made) == count
    assert len(made) == -(-count // longest)
    assert max(made) <= longest
    assert max(made) - min(made) <= 1


def test_a_take_begins_one_block_before_its_onset_and_silence_fills_the_rest() -> None:
    lesson = timeline((8, 2, 2000), (8, 11, 100))  # 16 frames = 25 whole blocks
    expected = "- 1.0 1.1 1.2 - - - - - - 2.0 2.1 - - - - - - - - - - - - -"
    assert [packet.data.decode() for packet in sounds(lesson)] == expected.split()


def test_a_lesson_without_speech_has_silence() -> None:
    assert {packet.data for packet in sounds(timeline((30, 1, 0)))} == {b"-"}
    assert len(sounds(timeline((30, 1, 0)))) == 46


def test_takes_that_lie_over_each_other_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="the take of step 2 begins within the one before it"):
        sounds(timeline((8, 2, 2000), (8, 4, 100)))


@given(st.integers(10, 60), st.lists(st.integers(1, 90), min_size=1, max_size=8))
def test_both_tracks_tick_evenly_from_the_beginning_to_the_end(fps: int, counts: list[int]) -> None:
    lesson = timeline(*[(count, 1, 0) for count in counts], fps=fps)
    both = list(packets(iter(pictures(lesson)), iter(sounds(lesson))))
    assert [packet.tick for packet in both] == sorted(packet.tick for packet in both)
    for track, length in ((PICTURE, Fraction(1, fps)), (SOUND, Fraction(AAC_BLOCK, 48_000))):
        own = [packet for packet in both if packet.track == track]
        assert all(Fraction(packet.tick, clock(fps)) == at * length for at, packet in enumerate(own))
        assert all(Fraction(packet.duration, clock(fps)) == length for packet in own)
        assert 0 <= lesson.frames * Fraction(1, fps) - len(own) * length < Fraction(AAC_BLOCK, 48_000)
