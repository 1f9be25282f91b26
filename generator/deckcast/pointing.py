"""Where the pointer is when: `[point "words"]` in the notes moves it to the part of the slide that holds them. Pure.

It begins to move in the video frame of the word behind the mark, goes on over the steps that show during one
narration, and goes when that is over. While something else moves, it does not show.
"""

from __future__ import annotations

import dataclasses
import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckcast.markup import Dialect, to_text
from deckcast.model import SAMPLE_RATE, Deck, Frame, Look, Motion, Point, Pointer, Region, Scene, Spot, Timeline, proses
from deckcast.motion import stretches
from deckcast.settings import Settings
from deckcast.spoken import points_in

PARTS = "part/"
"""How the names of regions begin that can be pointed at."""
MOVES, GOES = 0.35, 0.25
"""Seconds."""


def pointed(deck: Deck, settings: Settings) -> frozenset[int]:
    """`Step.index` of all steps of slides whose notes point at something."""
    dialect = Dialect.of(deck, settings.slides)
    return frozenset(
        step.index
        for slide in deck.slides
        if any(
            any("[point" in prose.text.lower() for prose in proses(step.notes))
            and points_in(to_text(step.notes, dialect))
            for step in slide.steps
        )
        for step in slide.steps
    )


def with_points(scenes: Sequence[Scene], shapes: Sequence[str], fps: int) -> tuple[Scene, ...]:
    """The scenes with the pointer's movements, where nothing else moves. `shapes`: how it looks on each."""
    done: list[Scene] = []
    for begin, end in _narrations(scenes):
        group = scenes[begin:end]
        done += _Pointing(group, shapes[begin], fps).scenes() if group[0].take.points else group
    return tuple(done)


def lost(timeline: Timeline) -> Iterator[tuple[Scene, Point, str]]:
    """What is pointed at and does not show then: the scene of the notes, the mark, and the nearest words that do."""
    for begin, end in _narrations(timeline.scenes):
        group = timeline.scenes[begin:end]
        for point in group[0].take.points:
            at = _frame(group[0], point.at, timeline.fps)
            shown = next((scene for scene in reversed(group) if scene.first <= at), group[0])
            if point.words and part(shown.frame, point.words) is None:
                yield group[0], point, _nearest(shown.frame, point.words)


def hidden(timeline: Timeline) -> Iterator[tuple[Scene, Point]]:
    """What is pointed at while something else moves for as long as it would be: the scene of the notes and the mark."""
    for begin, end in _narrations(timeline.scenes):
        group = timeline.scenes[begin:end]
        speaker = group[0]
        points = speaker.take.points
        starts = [_frame(speaker, one.at, timeline.fps) for one in points]
        moving = [
            range(scene.first + one.first, scene.first + one.first + one.count)
            for scene in group
            for one in scene.motions
            if not isinstance(one.recipe, Pointer)
        ]
        stops = [*starts[1:], _frame(speaker, speaker.take.samples, timeline.fps)]
        for point, first, last in zip(points, starts, stops, strict=False):
            covered = sum(max(min(one.stop, last) - max(one.start, first), 0) for one in moving)
            if point.words and covered == last - first > 0:
                yield speaker, point


def part(frame: Frame, words: str, before: str = "") -> Region | None:
    """The smallest part of a slide that holds the words, the first in reading order; rather the one that reads
    as `before`."""
    wanted = folded(words)
    found: list[Region] = []
    for region in frame.regions:
        if region.name.startswith(PARTS) and wanted in folded(region.text):
            while found and _within(region, found[-1]):
                found.pop()
            found.append(region)
    same = (region for region in found if before and region.text == before)
    return next(same, found[0] if found else None)


def folded(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).casefold()


def _within(one: Region, other: Region) -> bool:
    """Whether a part lies in another one. Drawings may stick out of what holds them, so its middle decides."""
    across, down = one.left + one.width / 2, one.top + one.height / 2
    return (
        other.left - 1 <= across <= other.left + other.width + 1
        and other.top - 1 <= down <= other.top + other.height + 1
        and one.width <= other.width + 1
        and one.height <= other.height + 1
    )


def _nearest(frame: Frame, words: str) -> str:
    """The part of a slide, or the line of it, that reads most like the words; empty where it has none."""
    texts = dict.fromkeys(" ".join(one.text.split()) for one in frame.regions if one.name.startswith(PARTS))
    known = {folded(text): text for text in texts if text}
    near = difflib.get_close_matches(folded(words), known, n=1, cutoff=0.0)
    return known[near[0]] if near else ""


def _narrations(scenes: Sequence[Scene]) -> Iterator[tuple[int, int]]:
    """The scenes that show during each narration, and each silent one: (first, one past the last)."""
    begin = 0
    while begin < len(scenes):
        end = begin + 1
        while (
            end < len(scenes)
            and scenes[begin].take.samples
            and not scenes[end].take.samples
            and scenes[end].onset == scenes[begin].onset
        ):
            end += 1
        yield begin, end
        begin = end


def _frame(scene: Scene, sample: int, fps: int) -> int:
    """The video frame during which a sample of the scene's take is heard."""
    return max((scene.onset + sample) * fps // SAMPLE_RATE, scene.first)


@dataclass(slots=True)
class _Pointing:
    """The pointer during one narration."""

    group: Sequence[Scene]
    shape: str
    fps: int
    text: str = ""
    """What is to be read where it is."""
    spot: Spot | None = None
    """Where it is."""

    def scenes(self) -> Iterator[Scene]:
        speaker = self.group[0]
        marks = [(_frame(speaker, point.at, self.fps), point.words) for point in speaker.take.points]
        marks.append((_frame(speaker, speaker.take.samples, self.fps), ""))
        for scene in self.group:
            motions: list[Motion] = []
            at = scene.first
            for stretch in stretches(scene):
                if isinstance(stretch, Motion):
                    motions.append(stretch)
                    self.spot = None  # what moves is seen without it
                else:
                    ground = stretch.look
                    for begin, end, words in _changes(marks, at, at + stretch.count):
                        motion = self._move(scene.frame, words, ground, begin, end, again=begin == at)
                        motions += [] if motion is None else [self._placed(motion, scene, begin)]
                at += stretch.count
            yield dataclasses.replace(scene, motions=tuple(motions))

    def _placed(self, motion: Motion, scene: Scene, begin: int) -> Motion:
        recipe = motion.recipe
        gone = isinstance(recipe, Pointer) and recipe.end is None and recipe.ground == scene.frame.image
        return dataclasses.replace(motion, first=begin - scene.first, hold=not gone)

    def _move(self, frame: Frame, words: str, ground: Look, begin: int, end: int, *, again: bool) -> Motion | None:
        """What is to move from one video frame to another at most; `again`: the picture is another one than before."""
        found = part(frame, words, self.text) if words else None
        self.text = found.text if found else ""
        before, self.spot = self.spot, _spot(found) if found else None
        if before == self.spot and (not again or before is None):
            return None
        seconds = MOVES if self.spot else GOES
        count = min(max(round(seconds * self.fps), 1), end - begin) if before != self.spot else 1
        return Motion(0, count, Pointer(ground, before, self.spot, self.shape))


def _changes(marks: Sequence[tuple[int, str]], begin: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(from, to, what is pointed at then) of the stretch from frame `begin` to `end`."""
    words = next((words for at, words in reversed(marks) if at <= begin), "")
    inside = {at: words for at, words in marks if begin < at < end}
    moments = [(begin, words), *inside.items(), (end, "")]
    for (first, shown), (last, _) in itertools.pairwise(moments):
        yield first, last, shown


def _spot(region: Region) -> Spot:
    return Spot(region.left, region.top, region.width, region.height, region.colour)
