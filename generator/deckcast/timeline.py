"""When each picture shows and each narration begins. Pure, exact to the video frame and the sound sample.

The lesson runs on one clock, on which both frames and samples fall. A step shows for its lead-in, its
narration and its tail, rounded up to whole frames. The steps behind it that say nothing themselves show while it is
spoken, each from the frame in which its word begins. Sound is encoded in blocks of 1,024 samples that are joined as
they are, so a narration begins with the first block at or after the wanted moment, at most 1,023 samples (21 ms) late.
Where that is, is known to the sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Frame, Scene, Step, Take, Timeline
from deckcast.reveal import reveal
from deckcast.settings import Settings


def plan(
    steps: Sequence[Step], frames: Sequence[Frame], takes: Sequence[Take], settings: Sequence[Settings]
) -> Timeline:
    """The timeline of `steps`, each with its frame, its take and its own settings (slide properties laid over).

    A step that speaks lasts lead-in + take + tail, together with the steps that show meanwhile, and the last of those
    for `increment_hold` at least; one that says nothing otherwise lasts as `hold` says. No step is shorter than one
    video frame.
    """
    if not steps:
        return Timeline(Settings().video.fps, ())
    fps = settings[0].video.fps
    spoken = [take.samples > 0 for take in takes]
    scenes: list[Scene] = []
    first = 0
    free = 1
    """The first AAC block at which a take may begin: each needs a silent one in front of its own."""
    at = 0
    while at < len(steps):
        own, take = settings[at].narration, takes[at]
        start = _up(first * SAMPLE_RATE, fps)
        lead = _samples(own.lead_in)
        block = max(_up(start + lead, AAC_BLOCK), free)
        onset = block * AAC_BLOCK
        end = at + 1
        moments = [first]
        if spoken[at]:
            end = shown_during(steps, spoken, at)
            moments += _moments(reveal(steps[at:end], frames[at:end], take), onset, first, fps)
            free = block + blocks(take.samples) + 1
            length = max(lead + take.samples + _samples(own.tail), (free - 1) * AAC_BLOCK - start)
            stop = first + _up(length * fps, SAMPLE_RATE)
            if end > at + 1:
                stop = max(stop, moments[-1] + _up(_samples(own.increment_hold) * fps, SAMPLE_RATE))
        else:
            stop = first + _up(_samples(hold(steps, spoken, at, settings[at])) * fps, SAMPLE_RATE)
        moments.append(max(stop, moments[-1] + 1))
        for number in range(at, end):
            if not steps[number].index == frames[number].step == takes[number].step:
                raise ValueError(
                    f"step {steps[number].index} was given the frame of {frames[number].step}"
                    f" and the take of {takes[number].step}"
                )
            begin, until = moments[number - at], moments[number - at + 1]
            scenes.append(Scene(frames[number], takes[number], begin, until - begin, onset))
        first = moments[-1]
        at = end
    return Timeline(fps, tuple(scenes))


def shown_during(steps: Sequence[Step], spoken: Sequence[bool], at: int) -> int:
    """One past the last of the steps that show while step `at` is spoken.

    These are the increments behind it that say nothing themselves, up to one whose slide says with a property
    how long such steps stay.
    """
    end = at + 1
    while end < len(steps) and steps[end].increment and not spoken[end] and not _keeps(steps[end]):
        end += 1
    return end


def hold(steps: Sequence[Step], spoken: Sequence[bool], at: int, settings: Settings) -> float:
    """Seconds that step `at` stays, which says nothing and has no spoken step before it on its slide.

    A slide without narration stays for `silent`. When a slide comes in increments, its silent steps are
    on the way to the next one and stay only for `increment_hold`; but if the whole slide is silent, its last
    step, the complete picture, stays for `silent`. A `silent:` property on the slide counts for each of its steps,
    also for those behind a spoken one.
    """
    narration = settings.narration
    if _keeps(steps[at]):
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


def _moments(samples: Sequence[int], onset: int, first: int, fps: int) -> list[int]:
    """The frames during which so many samples of a take have been heard, each at least one behind the one before."""
    found: list[int] = []
    for sample in samples:
        earliest = (found[-1] if found else first) + 1
        found.append(max((onset + sample) * fps // SAMPLE_RATE, earliest))
    return found


def _keeps(step: Step) -> bool:
    """Whether its slide says how long its silent steps stay."""
    return step.properties.find("silent") is not None


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _up(number: int, divisor: int) -> int:
    """`number / divisor`, rounded up."""
    return -(-number // divisor)
