"""Says exactly what is seen and heard when. Pure: frames, takes and settings in, a `Timeline` out.

Two clocks have to agree: pictures change on whole video frames, and a take can be joined to its neighbours
without being encoded again only where an AAC block begins. So every step begins on a video frame and lasts a
whole number of them, and its narration begins on the first block at or after the wanted moment, at most
1,023 samples (21 ms) late. Where that is, is known to the sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Frame, Scene, Step, Take, Timeline
from deckcast.settings import Settings


def plan(
    steps: Sequence[Step], frames: Sequence[Frame], takes: Sequence[Take], settings: Sequence[Settings]
) -> Timeline:
    """The timeline of `steps`, each with its frame, its take and its own settings (slide properties laid over).

    A step lasts lead-in + take + tail, rounded up to whole video frames; one that says nothing lasts as
    `hold` says. No step is shorter than one video frame.
    """
    if not steps:
        return Timeline(Settings().video.fps, ())
    fps = settings[0].video.fps
    spoken = [take.samples > 0 for take in takes]
    scenes: list[Scene] = []
    first = 0
    free = 1
    """The first AAC block at which a take may begin: each needs a silent one in front of its own."""
    for at, (step, frame, take, own) in enumerate(zip(steps, frames, takes, settings, strict=True)):
        if not step.index == frame.step == take.step:
            raise ValueError(f"step {step.index} was given the frame of {frame.step} and the take of {take.step}")
        start = _up(first * SAMPLE_RATE, fps)
        lead = _samples(own.narration.lead_in)
        block = max(_up(start + lead, AAC_BLOCK), free)
        if spoken[at]:
            free = block + blocks(take.samples) + 1
            wanted = lead + take.samples + _samples(own.narration.tail)
            length = max(wanted, (free - 1) * AAC_BLOCK - start)
        else:
            length = _samples(hold(steps, spoken, at, own))
        count = max(1, _up(length * fps, SAMPLE_RATE))
        scenes.append(Scene(frame, take, first, count, block * AAC_BLOCK))
        first += count
    return Timeline(fps, tuple(scenes))


def hold(steps: Sequence[Step], spoken: Sequence[bool], at: int, settings: Settings) -> float:
    """Seconds that step `at`, which says nothing, stays.

    A slide without narration stays for `silent`. When a slide comes in increments, its silent steps are
    on the way to the next one and stay only for `increment_hold`; but if the whole slide is silent, its last
    step, the complete picture, stays for `silent`. A `silent:` property on the slide counts for each of its steps.
    """
    narration = settings.narration
    if steps[at].properties.find("silent") is not None:
        return narration.silent
    begin = at
    while begin > 0 and steps[begin].increment:
        begin -= 1
    end = at + 1
    while end < len(steps) and steps[end].increment:
        end += 1
    complete = at == end - 1
    return narration.silent if complete and not any(spoken[begin:end]) else narration.increment_hold


def blocks(samples: int) -> int:
    """How many AAC blocks hold `samples`."""
    return _up(samples, AAC_BLOCK)


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _up(number: int, divisor: int) -> int:
    """`number / divisor`, rounded up."""
    return -(-number // divisor)
