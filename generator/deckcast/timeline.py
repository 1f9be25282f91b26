"""When each picture shows and each narration begins. Pure, exact to the video frame and the sound sample.

The lesson runs on one clock, on which both frames and samples fall. A step shows for its lead-in, its narration and
its tail, rounded up to whole frames. Steps that say nothing themselves show while another one of their slide is
spoken, each from the frame in which its word begins. Sound is encoded in blocks of 1,024 samples that are joined as
they are, so a narration begins with the first block at or after the wanted moment, at most 1,023 samples (21 ms) late.
Where that is, is known to the sample. What moves takes frames of its scene and changes none of these times.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Clip, Film, Frame, Scene, Step, Take, Timeline
from deckcast.motion import film_frames, transition_frames, with_motions
from deckcast.pointing import with_points
from deckcast.reveal import reveal
from deckcast.settings import Settings


def plan(
    steps: Sequence[Step], frames: Sequence[Frame], takes: Sequence[Take], settings: Sequence[Settings]
) -> Timeline:
    """The timeline of `steps`, each with its frame, its take and its own settings (slide properties laid over).

    Steps that show during one narration last lead-in + take + tail together, and the last of them for
    `increment_hold` at least; one without narration lasts as `hold` says. No step is shorter than one video frame.
    A slide stays until the films on it have ended that do not play for ever. What is spoken when a film begins that is
    heard instead waits until that is over.
    """
    if not steps:
        return Timeline(Settings().video.fps, ())
    for step, frame, take in zip(steps, frames, takes, strict=True):
        if not step.index == frame.step == take.step:
            raise ValueError(f"step {step.index} was given the frame of {frame.step} and the take of {take.step}")
    fps = settings[0].video.fps
    spoken = [take.samples > 0 for take in takes]
    scenes: list[Scene] = []
    first = 0
    free = 1
    """The first AAC block at which a take may begin: each needs a silent one in front of its own."""
    films: dict[str, int] = {}
    """When each film that has begun on the slide ends; 0 for one that plays for ever."""
    for group in groups(steps, spoken):
        if not steps[group.begin].increment:
            films = {}
        ahead = transition_frames(settings[group.begin], fps) if first and not steps[group.begin].increment else 0
        speaker = group.begin if group.speaker is None else group.speaker
        own, take = settings[speaker].narration, takes[speaker]
        start = _up(first * SAMPLE_RATE, fps)
        wait = _instead(frames[group.begin], films, fps)
        lead = _samples(own.lead_in) + ((ahead + wait) * SAMPLE_RATE // fps if wait else 0)
        block = max(_up(start + lead, AAC_BLOCK), free)
        moments = [first]
        if group.speaker is None:
            stop = first + _up(_samples(hold(steps, spoken, group.begin, settings[speaker])) * fps, SAMPLE_RATE)
        else:
            shown = slice(group.begin, group.end)
            moments += _moments(reveal(steps[shown], frames[shown], take), block * AAC_BLOCK, first, fps)
            free = block + blocks(take.samples) + 1
            length = max(lead + take.samples + _samples(own.tail), (free - 1) * AAC_BLOCK - start)
            stop = first + _up(length * fps, SAMPLE_RATE)
            if len(moments) > 1:
                stop = max(stop, moments[-1] + _up(_samples(own.increment_hold) * fps, SAMPLE_RATE))
        for number, begin in enumerate(moments):
            for film in _films(frames[group.begin + number]):
                end = begin + (0 if number else ahead) + film_frames(film, fps)
                films.setdefault(film.name, end if film.plays else 0)
        if not _goes_on(steps, group.end):
            stop = max([stop, *films.values()])
        moments.append(max(stop, moments[-1] + 1))
        for number, (begin, end) in enumerate(itertools.pairwise(moments)):
            heard = take if number == 0 else Take(steps[group.begin + number].index, 0)
            scenes.append(Scene(frames[group.begin + number], heard, begin, end - begin, block * AAC_BLOCK))
        first = moments[-1]
    moving = with_motions(scenes, steps, settings, fps)
    return Timeline(fps, with_points(moving, [one.slides.pointer for one in settings], fps))


@dataclass(frozen=True, slots=True)
class Group:
    """Steps of one slide that show during one narration."""

    begin: int
    end: int
    """One past the last."""
    speaker: int | None
    """The step in whose notes it stands; None for a step that shows in silence, by itself."""


def groups(steps: Sequence[Step], spoken: Sequence[bool]) -> Iterator[Group]:
    """All steps, in order, by what is spoken while they show.

    A step that says nothing itself shows during the narration before it on its slide; the slide's first steps during
    the first narration on it. Where its slide says with a property how long such steps stay, it shows in silence.
    """
    at = 0
    while at < len(steps):
        speaker = at
        while not spoken[speaker] and not _keeps(steps[speaker]) and _goes_on(steps, speaker + 1):
            speaker += 1
        if not spoken[speaker]:
            yield Group(at, at + 1, None)
            at += 1
            continue
        end = speaker + 1
        while _goes_on(steps, end) and not spoken[end] and not _keeps(steps[end]):
            end += 1
        yield Group(at, end, speaker)
        at = end


def hold(steps: Sequence[Step], spoken: Sequence[bool], at: int, settings: Settings) -> float:
    """Seconds that step `at` stays, which shows in silence.

    A slide without narration stays for `silent`. When it comes in increments, its steps are on the way to the next
    one and stay only for `increment_hold`; the last one, the complete picture, stays for `silent`. A `silent:`
    property on the slide counts for each of its steps without notes, whatever is spoken on the others.
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


def _films(frame: Frame) -> Iterator[Film]:
    for wish in frame.wishes:
        if isinstance(wish.recipe, Clip):
            yield from wish.recipe.films


def _instead(frame: Frame, known: Mapping[str, int], fps: int) -> int:
    """How many video frames the narration waits for films that begin with the frame and are heard instead of it."""
    mute = {name for wish in frame.wishes for name, how in wish.sounds if how == "instead"}
    films = [film for film in _films(frame) if film.name in mute and film.name not in known]
    return max((film_frames(film, fps) for film in films), default=0)


def _goes_on(steps: Sequence[Step], at: int) -> bool:
    """Whether there is such a step, and it belongs to the slide of the one before."""
    return at < len(steps) and steps[at].increment


def _keeps(step: Step) -> bool:
    """Whether its slide says how long its silent steps stay."""
    return step.properties.find("silent") is not None


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _up(number: int, divisor: int) -> int:
    """`number / divisor`, rounded up."""
    return -(-number // divisor)
