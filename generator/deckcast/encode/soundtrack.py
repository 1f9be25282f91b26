"""What is heard when, as stretches of sound with silence between, and those as pieces to be encoded. Pure.

A stretch is a run of sounds that touch or lie over each other. One that is a take alone is encoded as it is
(`aac.encode_take`), wherever it lies. One with music or other sounds has no silence to be joined at, so it is cut into
pieces of `PIECE` packets. Each is encoded with what is heard `CONTEXT` blocks before and after it, and the packets of
that are dropped: so both windows that overlap at a join hold the same samples.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Blob, Take, Timeline
from deckcast.timeline import blocks

PIECE = 300
"""Packets: 6.4 s, which are whole gating blocks, too."""
CONTEXT = 8
"""Blocks: the encoder knows what it does at a join from less, and the meter's filters forget what was before."""

Envelope: TypeAlias = tuple[tuple[int, float], ...]
"""Corners (sample, dB) of a gain that goes straight from one to the next, and stays before the first and behind the
last."""


class Placed(NamedTuple):
    """A sound in the lesson."""

    start: int
    """Sample of the lesson. What lies before its first `AAC_BLOCK` is not heard."""
    samples: int
    """At `SAMPLE_RATE`."""
    sound: Blob
    """A WAV file of one channel, 16 bit, at any rate; the shorter, the less is read for a piece of it."""
    gain: float = 0.0
    """dB. For what a voice says, the voice's own is added."""
    voice: str | None = None
    """`Utterance.voice`; None for all other sounds."""
    envelope: Envelope = ()
    """Further gain over the lesson's samples."""

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sounds with silence before and after them."""

    first: int
    """The block of the lesson that holds its first sample."""
    blocks: int
    sounds: tuple[Placed, ...]
    take: Take | None = None
    """The take that it is, when it is nothing else."""

    @property
    def packets(self) -> int:
        """The first of them is written one block before `first`: it begins what is heard with it."""
        return self.blocks + 1


class Piece(NamedTuple):
    """Packets of a stretch that are encoded together."""

    packets: int
    before: int
    """Blocks in front of those that it is heard in."""
    sounds: tuple[Placed, ...]
    """All that is heard in it and around it; times from `before` blocks in front of its own first."""

    @property
    def blocks(self) -> int:
        """All that is given to the encoder: its own, one before them, and what is around them."""
        return self.before + self.packets + CONTEXT


def spoken(take: Take, onset: int) -> tuple[Placed, ...]:
    """A take's utterances in the lesson."""
    return tuple(Placed(onset + one.start, one.samples, one.sound, 0.0, one.voice) for one in take.utterances)


def stretches(timeline: Timeline, others: Iterable[Placed] = ()) -> tuple[Stretch, ...]:
    """All that is heard in a lesson, in order. What would be heard after its end is cut off."""
    last = timeline.frames * SAMPLE_RATE // (timeline.fps * AAC_BLOCK)
    found = [
        Stretch(scene.onset // AAC_BLOCK, blocks(scene.take.samples), spoken(scene.take, scene.onset), take=scene.take)
        for scene in timeline.scenes
        if scene.take.samples
    ]
    for before, after in pairwise(found):
        if after.first <= before.first + before.blocks and after.take is not None:
            raise ValueError(f"the take of step {after.take.step} begins within the one before it")
    for other in others:
        first, end = max(other.start // AAC_BLOCK, 1), min(blocks(other.end), last)
        if first < end:
            found.append(Stretch(first, end - first, (other,)))
    merged: list[Stretch] = []
    run: list[Stretch] = []
    end = 0
    for one in sorted(found, key=lambda stretch: stretch.first):
        if run and one.first > end:
            merged.append(_joined(run))
            run = []
        end = max(end, one.first + one.blocks) if run else one.first + one.blocks
        run.append(one)
    return (*merged, *([_joined(run)] if run else []))


def _joined(run: Sequence[Stretch]) -> Stretch:
    if len(run) == 1:
        return run[0]
    end = max(one.first + one.blocks for one in run)
    sounds = sorted((sound for one in run for sound in one.sounds), key=lambda sound: (sound.start, sound.sound.sha256))
    return Stretch(run[0].first, end - run[0].first, tuple(sounds))


def pieces(stretch: Stretch, gains: Mapping[str, float], extra: float = 0.0) -> Iterator[Piece]:
    """The pieces of a stretch, with the gains of the voices and `extra` dB for all in them."""
    waiting = deque(sorted(stretch.sounds, key=lambda one: one.start))
    heard: list[Placed] = []
    for first in range(0, stretch.packets, PIECE):
        count = min(PIECE, stretch.packets - first)
        begin = (stretch.first + first - 1 - CONTEXT) * AAC_BLOCK
        end = begin + (2 * CONTEXT + 1 + count) * AAC_BLOCK
        while waiting and waiting[0].start < end:
            heard.append(waiting.popleft())
        heard = [one for one in heard if one.end > begin]
        yield Piece(
            count,
            CONTEXT + 1,
            tuple(
                _seen_from(one, one.gain + extra + (0.0 if one.voice is None else gains[one.voice]), begin, end)
                for one in heard
            ),
        )


def _seen_from(one: Placed, gain: float, begin: int, end: int) -> Placed:
    """The sound at its whole gain, with times from `begin` on, and no more of its envelope than matters until `end`."""
    envelope = cut(one.envelope, max(begin, one.start), min(end, one.end))
    relative = tuple((at - begin, level) for at, level in envelope)
    return one._replace(start=one.start - begin, gain=gain, envelope=relative)


def cut(envelope: Envelope, begin: int, end: int) -> Envelope:
    """The envelope from one sample to another, in as few corners as tell it."""
    if not envelope:
        return ()
    inner = envelope[bisect_right(envelope, begin, key=_at) : bisect_left(envelope, end, key=_at)]
    corners = ((begin, level(envelope, begin)), *inner, (end, level(envelope, end)))
    return corners[:1] if all(value == corners[0][1] for _, value in corners) else corners


def level(envelope: Envelope, at: int) -> float:
    """dB at a sample."""
    after = bisect_right(envelope, at, key=_at)
    if after in (0, len(envelope)):
        return envelope[max(after - 1, 0)][1]
    (left, low), (right, high) = envelope[after - 1 : after + 1]
    return low if low == high else low + (high - low) * (at - left) / (right - left)


def added(one: Envelope, other: Envelope) -> Envelope:
    """Both gains together."""
    if not one or not other:
        return one or other
    corners = sorted({at for at, _ in one} | {at for at, _ in other})
    return tuple((at, level(one, at) + level(other, at)) for at in corners)


def _at(corner: tuple[int, float]) -> int:
    return corner[0]
