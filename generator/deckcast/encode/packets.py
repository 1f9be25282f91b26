"""Which packet is written when. Pure: pieces that were encoded once, in, and the packets of the whole lesson, out."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple, TypeAlias

from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Look, Motion, Timeline
from deckcast.motion import stretches

PICTURE, SOUND, CAPTION = 0, 1, 2
Keys: TypeAlias = tuple[bytes, bytes]
"""A key picture in two forms, of which no one may follow itself."""


class Packet(NamedTuple):
    """One sample of a track."""

    tick: int
    """When, in `clock` ticks."""
    track: int
    duration: int
    data: bytes
    key: bool
    """True where a player may begin."""


def clock(fps: int) -> int:
    """Ticks a second in which every video frame and every sound sample begins on a whole one; of a ms, too."""
    return math.lcm(SAMPLE_RATE, fps)


def packets(*tracks: Iterable[Packet]) -> Iterator[Packet]:
    """All tracks in the order of time, the first one first where several begin at once."""
    return heapq.merge(*tracks, key=lambda packet: packet.tick)


def picture_packets(
    timeline: Timeline,
    longest: int,
    keys: Callable[[Look], Keys],
    spans: Callable[[Motion], Iterable[tuple[Keys, Iterable[bytes]]]],
    repeats: Sequence[bytes],
) -> Iterator[Packet]:
    """Each stretch of each scene: where nothing moves, a key picture and what repeats it, a key picture again after at
    most `longest` frames; where something does, the pieces of its span, each a key picture and those that follow it.

    Key pictures come in two forms that differ in `idr_pic_id`; they take turns over the whole lesson.
    """
    frame = clock(timeline.fps) // timeline.fps
    tick = turn = 0
    for scene in timeline.scenes:
        for stretch in stretches(scene):
            found: Iterable[tuple[Keys, Iterable[bytes]]]
            if isinstance(stretch, Motion):
                found = spans(stretch)
            else:
                key = keys(stretch.look)
                found = ((key, _repeated(repeats, length - 1)) for length in groups(stretch.count, longest))
            for both, others in found:
                yield Packet(tick, PICTURE, frame, both[turn], key=True)
                tick += frame
                turn = 1 - turn
                for data in others:
                    yield Packet(tick, PICTURE, frame, data, key=False)
                    tick += frame


def _repeated(repeats: Sequence[bytes], count: int) -> Iterator[bytes]:
    return itertools.islice(itertools.cycle(repeats), count)


def groups(count: int, longest: int) -> list[int]:
    """`count` frames in as few groups of at most `longest` as can be, as even as can be."""
    number = -(-count // longest)
    return [count * (at + 1) // number - count * at // number for at in range(number)]


def sound_packets(timeline: Timeline, runs: Iterable[tuple[int, Iterable[bytes]]], silence: bytes) -> Iterator[Packet]:
    """Packets of sound, run by run, and silence everywhere else; each run with the number of its first packet."""
    block = AAC_BLOCK * clock(timeline.fps) // SAMPLE_RATE
    at = 0
    for first, own in runs:
        if first < at:
            raise ValueError(f"the sound of packet {first} begins within what is before it")
        for data in chain(repeat(silence, first - at), own):
            yield Packet(at * block, SOUND, block, data, key=True)
            at += 1
    for rest in range(at, timeline.frames * SAMPLE_RATE // (timeline.fps * AAC_BLOCK)):
        yield Packet(rest * block, SOUND, block, silence, key=True)
