"""The cheapest way through a recording: which frame of the reference each of its frames is, or silence between words.

A Viterbi search (dynamic time warping, seen from the recording): a frame of the recording stays where the one before it
was, or goes on by one, two or three places of the track. The track is the reference's frames, with a place between any
two words for whatever is no word: a pause of any length, or a hesitation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STAY, SKIP, LEAP = 0.15, 0.15, 0.4
"""What it costs to speak slower than the reference, and faster by two or three; a frame that fits no better than any
other costs 1."""
ENTER = 0.6
"""What it costs to pause between two words."""
_FAR = 1e9
_BLOCK = 256
"""Frames whose costs are worked out together."""


@dataclass(frozen=True)
class Track:
    """The reference, place by place."""

    vectors: NDArray[np.float32]
    """A row a place; those of pauses count for nothing."""
    pause: NDArray[np.bool_]
    """Which places are no word: the first, the last, and the one before each other word."""
    word: NDArray[np.int64]
    """The word of each place; of a pause, the one after it."""
    starts: NDArray[np.int64]
    """The place of the pause before each word, and the last place of all."""

    def __len__(self) -> int:
        return len(self.word)


@dataclass(frozen=True)
class Path:
    places: NDArray[np.int64]
    """The place in the track of each frame of the recording."""
    cost: float
    """Mean over the frames."""


def find(
    heard: NDArray[np.float32],
    idle: NDArray[np.float32],
    track: Track,
    band: NDArray[np.int64] | None = None,
    width: int = 0,
) -> Path | None:
    """The cheapest path; None where the recording is too short for the track.

    `idle` is what it costs each frame to be no word. With a `band`, places are looked at only from `band[t]`, which
    never falls, to `band[t] + width`.
    """
    import numpy as np

    frames, places = len(heard), len(track)
    width = places if band is None else min(width, places)
    begins = np.zeros(frames, np.int64) if band is None else np.clip(band, 0, places - width)
    begins[0] = 0
    scale = _typical(heard, track)
    stay, step, skip, leap = _tolls(track)
    squares = (track.vectors**2).sum(axis=1)
    before = np.full(width + 3, _FAR, np.float32)
    """Costs up to the frame before, with three places in front that nothing comes from."""
    back = np.empty((frames, width), np.uint8)
    best, other = np.empty(width, np.float32), np.empty(width, np.float32)
    total = 0.0
    for first in range(0, frames, _BLOCK):
        rows = heard[first : first + _BLOCK]
        low, high = int(begins[first]), int(begins[first + len(rows) - 1]) + width
        costs = _distances(rows, track.vectors[low:high], squares[low:high]) / scale
        idles = np.flatnonzero(track.pause[low:high])
        costs[:, idles] = idle[first : first + len(rows), None]
        for number in range(len(rows)):
            at = first + number
            begin = int(begins[at])
            own = costs[number, begin - low : begin - low + width]
            if at == 0:
                before[3:] = _FAR
                before[3:6] = own[:3]
                continue
            moved = begin - int(begins[at - 1])
            if moved:
                before[:-moved] = before[moved:].copy()
                before[-moved:] = _FAR
            span = slice(begin, begin + width)
            np.add(before[3:], stay[span], out=best)
            np.add(before[2:-1], step[span], out=other)
            one = other < best
            np.minimum(best, other, out=best)
            np.add(before[1:-2], skip[span], out=other)
            two = other < best
            np.minimum(best, other, out=best)
            np.add(before[:-3], leap[span], out=other)
            three = other < best
            np.minimum(best, other, out=best)
            back[at] = np.where(three, 3, np.where(two, 2, one))
            np.add(best, own, out=before[3:])
            before[:3] = _FAR
        least = float(before.min())
        before -= np.float32(least)  # so that small differences are not lost in a large sum
        total += least
    return _traced(back, begins, before[3:], total, places)


def _tolls(track: Track) -> tuple[NDArray[np.float32], ...]:
    """What it costs to come to each place from itself, and from one, two and three places before."""
    import numpy as np

    pause = track.pause
    behind = np.zeros_like(pause)
    behind[1:] = pause[:-1]  # words that follow each other without a pause: its place is passed over for nothing
    stay = np.where(pause, 0, STAY)
    step = np.where(pause, ENTER, 0)
    skip = np.where(pause, SKIP + ENTER, np.where(behind, 0, SKIP))
    leap = np.where(behind, SKIP, LEAP)
    return tuple(toll.astype(np.float32) for toll in (stay, step, skip, leap))


def _typical(heard: NDArray[np.float32], track: Track) -> float:
    """How far a frame is from any other: the median of some pairs."""
    import numpy as np

    dice = np.random.default_rng(0)
    words = np.flatnonzero(~track.pause)
    one = heard[dice.integers(0, len(heard), 4000)]
    other = track.vectors[words[dice.integers(0, len(words), 4000)]]
    return max(float(np.median(np.sqrt(((one - other) ** 2).sum(axis=1)))), 1e-6)


def _distances(
    rows: NDArray[np.float32], others: NDArray[np.float32], squares: NDArray[np.float32]
) -> NDArray[np.float32]:
    import numpy as np

    apart = (rows**2).sum(axis=1)[:, None] + squares - 2 * rows @ others.T
    return np.asarray(np.sqrt(np.maximum(apart, 0)), np.float32)


def _traced(
    back: NDArray[np.uint8], begins: NDArray[np.int64], last: NDArray[np.float32], total: float, places: int
) -> Path | None:
    """From the end, which is the last word or the pause after it, to the beginning."""
    import numpy as np

    frames, width = back.shape
    if int(begins[-1]) + width < places:
        return None
    at = places - 1 if last[-1] <= last[-2] else places - 2
    end = float(last[at - places])
    if end > _FAR / 2:
        return None
    path = np.empty(frames, np.int64)
    for number in range(frames - 1, -1, -1):
        path[number] = at
        at -= int(back[number, at - int(begins[number])])
    return Path(path, (total + end) / frames)
