"""What moves when: motions laid into scenes, and what is seen between them. Pure."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckcast.model import SAMPLE_RATE, Clip, Fade, Film, Look, Moment, Motion, Push, Scene, Step, Typing
from deckcast.settings import Settings

DIRECTIONS = {"push": (-1, 0), "push-right": (1, 0), "push-up": (0, -1), "push-down": (0, 1)}
"""Where the slides of a transition move, across and down."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stretch of a scene in which nothing moves."""

    look: Look
    count: int


def lay(wanted: Sequence[Motion], count: int, begin: int = 0) -> tuple[Motion, ...]:
    """The motions that a scene of `count` frames has from frame `begin` on, none over another.

    What begins first wins, of two the one named first. One that would begin before that begins when there is room and
    ends when it would have ended; one for which no frame is left is left out.
    """
    laid: list[Motion] = []
    for motion in sorted(wanted, key=lambda one: one.first):
        first, end = max(motion.first, begin), min(motion.first + motion.count, count)
        if first < end:
            laid.append(dataclasses.replace(motion, first=first, count=end - first))
            begin = end
    return tuple(laid)


def stretches(scene: Scene) -> Iterator[Standing | Motion]:
    """All that is seen in a scene, in order and without a gap."""
    at = 0
    look: Look = scene.frame.image
    for motion in scene.motions:
        if motion.first > at:
            yield Standing(look, motion.first - at)
        yield motion
        at = motion.first + motion.count
        look = last_of(motion) if motion.hold else scene.frame.image
    if at < scene.count:
        yield Standing(look, scene.count - at)


def last_of(motion: Motion) -> Moment:
    return Moment(motion.recipe, motion.count - 1, motion.count)


def first_look(scene: Scene) -> Look:
    """What is seen in the scene's first frame."""
    first = next(stretches(scene))
    return first.look if isinstance(first, Standing) else Moment(first.recipe, 0, first.count)


def last_look(scene: Scene) -> Look:
    """What is seen in its last."""
    *_, last = stretches(scene)
    return last.look if isinstance(last, Standing) else last_of(last)


def with_motions(
    scenes: Sequence[Scene], steps: Sequence[Step], settings: Sequence[Settings], fps: int
) -> tuple[Scene, ...]:
    """The scenes with all that moves in them: transitions into slides, and what their frames wish for.

    A transition lies between slides and never between the steps of one. It takes the first frames of the scene that it
    leads into, all of them where there are fewer; whatever else moves on the slide begins after it. What looks alike
    needs no transition.
    """
    done: list[Scene] = []
    begin = 0
    while begin < len(scenes):
        end = begin + 1
        while end < len(scenes) and steps[end].increment:
            end += 1
        slide, chosen = scenes[begin:end], settings[begin].slides
        length = 0
        if done and not steps[begin].increment:
            length = min(transition_frames(settings[begin], fps), slide[0].count)
        moving = _granted(slide, length, fps)
        before, after = (last_look(done[-1]), _look_at(moving[0], length)) if length else (None, None)
        if before is None or after is None or before == after:
            moving = _granted(slide, 0, fps)
        else:
            kind = chosen.transition
            recipe = Fade(before, after) if kind == "fade" else Push(before, after, *DIRECTIONS[kind])
            motions = (Motion(0, length, recipe), *moving[0].motions)
            moving = (dataclasses.replace(moving[0], motions=motions), *moving[1:])
        done += moving
        begin = end
    return tuple(done)


def _granted(slide: Sequence[Scene], length: int, fps: int) -> tuple[Scene, ...]:
    """The scenes of a slide with what their frames wish for, from frame `length` of the first one on.

    What moves goes on from step to step as if there were only one.
    """
    whole = sum(scene.count for scene in slide)
    began: dict[str, int] = {}
    """The frame of the slide with which each thing began to move, by its name."""
    done: list[Scene] = []
    over = 0
    for scene in slide:
        begin = max(over, length)
        wanted = list(scene.motions)
        for wish in scene.frame.wishes:
            if isinstance(wish.recipe, Clip):
                wanted.append(_playing(wish.recipe, scene, begin - over, begin, began, fps))
                continue
            if isinstance(wish.recipe, Typing):
                continue
            at = begin - began.setdefault(wish.name, begin)
            room = whole - began[wish.name]
            of = max(min(round(wish.seconds * fps), room) if wish.seconds else room, 1)
            # when it is over, its last picture stays: one more frame of it, and then that one held
            recipe = dataclasses.replace(wish.recipe, at=min(at, of - 1), of=of)
            first = begin - over
            wanted.append(Motion(first, max(min(of - at, scene.count - first), 1), recipe, hold=True))
        wanted += _typing(scene, begin - over, fps)
        done.append(dataclasses.replace(scene, motions=lay(wanted, scene.count, max(length - over, 0))))
        over += scene.count
    return tuple(done)


TYPING = 0.75
"""The part of a step's time in which code may be typed, so that it can be read, and what came out of it."""


def _typing(scene: Scene, first: int, fps: int) -> Iterator[Motion]:
    """Code that is typed in a scene from its frame `first` on, one block after the other, faster in a short time."""
    typed = [wish for wish in scene.frame.wishes if isinstance(wish.recipe, Typing)]
    wanted = sum(wish.seconds for wish in typed)
    room = max((scene.count - first) * TYPING / fps, 1 / fps)
    for wish in typed:
        count = max(round(wish.seconds * min(room / wanted, 1.0) * fps), 1)
        yield Motion(first, count, wish.recipe)
        first += count


def _playing(clip: Clip, scene: Scene, first: int, begin: int, began: dict[str, int], fps: int) -> Motion:
    """Films in a scene from its frame `first` on, which is frame `begin` of the slide, until the last one has ended."""
    films: list[Film] = []
    left = 1
    for film in clip.films:
        at, length = begin - began.setdefault(film.name, begin), film_frames(film, fps)
        films.append(dataclasses.replace(film, at=min(at, length - 1) if film.plays else at))
        left = max(left, length - at if film.plays else scene.count - first)
    return Motion(first, max(min(left, scene.count - first), 1), Clip(clip.opening, tuple(films)), hold=True)


def film_frames(film: Film, fps: int) -> int:
    """How many video frames a film lasts; one that plays for ever, once."""
    return max(math.ceil(round((film.end - film.begin) * (film.plays or 1) * fps, 3)), 1)


def transition_frames(chosen: Settings, fps: int) -> int:
    """How many a transition into a slide takes where there is room and what to show."""
    slides = chosen.slides
    return max(round(slides.transition_seconds * fps), 1) if slides.transition != "none" else 0


THERE = 0.76
"""The part of a transition's time after which nine tenths of the new slide are seen, since it ends gently."""


def arrival(scene: Scene, fps: int) -> int:
    """How many frames of a scene are over when somebody comes in who jumps to it: those of the transition into it.

    Where something is said before that is over, it is the video frame with which that begins, but none in which the
    slide before still shows.
    """
    if not scene.motions or scene.motions[0].first or not isinstance(scene.motions[0].recipe, Fade | Push):
        return 0
    count = scene.motions[0].count
    near = math.ceil(THERE * (count + 1)) - 1
    spoken = scene.onset * fps // SAMPLE_RATE - scene.first if scene.take.samples else count
    return min(max(near, spoken), count, scene.count - 1)


def _look_at(scene: Scene, frame: int) -> Look:
    """What is seen in a frame of the scene, or in its last one."""
    at = 0
    for stretch in stretches(scene):
        if frame < at + stretch.count:
            return stretch.look if isinstance(stretch, Standing) else Moment(stretch.recipe, frame - at, stretch.count)
        at += stretch.count
    return last_look(scene)
