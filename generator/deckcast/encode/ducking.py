"""How loud music is when: under speech, in pauses, where it comes in and goes out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deckcast.encode.soundtrack import Envelope, added
from deckcast.model import SAMPLE_RATE
from deckcast.settings import SoundSettings

AHEAD = 0.1
"""Seconds by which the music is down before somebody speaks."""
AFTER = 0.2
"""Seconds that it stays down after the last word."""
PAUSE = 1.5
"""Seconds: in a shorter pause it stays down."""
FLOOR = -60.0
"""dB from which it comes in and to which it goes out."""

Spans = Sequence[tuple[int, int]]
"""(first sample, one past the last) of what is said, in order."""


def envelope(begin: int, end: int, speech: Spans, settings: SoundSettings) -> Envelope:
    """The gain over the samples in which music plays, from `begin` to `end`, against that where nobody speaks."""
    return added(_ducked(speech, settings), _faded(begin, end, settings))


def _ducked(speech: Spans, settings: SoundSettings) -> Envelope:
    corners: list[tuple[int, float]] = []
    down, up = _samples(AHEAD), _samples(AFTER)
    attack, release = _samples(settings.music_attack), _samples(settings.music_release)
    for begin, end in joined(speech, max(_samples(PAUSE), up + release + attack + down)):
        corners.append((begin - down - attack, 0.0))
        corners.append((begin - down, -settings.music_ducking))
        corners.append((end + up, -settings.music_ducking))
        corners.append((end + up + release, 0.0))
    return tuple(corners)


def joined(spans: Iterable[tuple[int, int]], gap: int) -> Iterator[tuple[int, int]]:
    """Spans with pauses of at least `gap` between."""
    run: tuple[int, int] | None = None
    for begin, end in sorted(spans):
        if run is None:
            run = begin, end
        elif begin - run[1] < gap:
            run = run[0], max(run[1], end)
        else:
            yield run
            run = begin, end
    if run is not None:
        yield run


def _faded(begin: int, end: int, settings: SoundSettings) -> Envelope:
    fade = min(_samples(settings.music_fade), (end - begin) // 2)
    return ((begin, FLOOR), (begin + fade, 0.0), (end - fade, 0.0), (end, FLOOR))


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)
