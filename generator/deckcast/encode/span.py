"""Encodes what moves so that it can stand between pictures that stand still: same settings, same parameter sets.

A span is cut into pieces of at most the longest time between key pictures. Each begins with a key picture and is
composed and encoded by itself, so pieces are made many at once, and a build that is killed goes on at the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deckcast.encode import h264, motion, still
from deckcast.encode.libav import libav_errors, load
from deckcast.encode.packets import groups
from deckcast.encode.still import Picture
from deckcast.model import Clip, Fade, Look, Motion, Push, Recipe, Timeline
from deckcast.motion import stretches


@dataclass(frozen=True, slots=True)
class Piece:
    """Some frames of a recipe."""

    recipe: Recipe
    count: int
    """Of the whole recipe."""
    begin: int
    end: int


def cut(moving: Motion, longest: int) -> Iterator[Piece]:
    """A motion's pieces, in order. Those of films do not depend on how long their slide stays."""
    films = isinstance(moving.recipe, Clip)
    at = 0
    for length in _lengths(moving.count, longest) if films else groups(moving.count, longest):
        yield Piece(moving.recipe, at + length if films else moving.count, at, at + length)
        at += length


def _lengths(count: int, longest: int) -> Iterator[int]:
    for at in range(0, count, longest):
        yield min(longest, count - at)


def spans(timeline: Timeline, longest: int, places: Mapping[int, str]) -> dict[Piece, str]:
    """Every distinct piece of the lesson, with what it is called in reports."""
    found: dict[Piece, str] = {}
    for scene in timeline.scenes:
        seen: dict[str, int] = {}
        for moving in scene.motions:
            name = _name(moving.recipe, places[scene.frame.step])
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                name += f", number {seen[name]}"
            cuts = list(cut(moving, longest))
            for part, piece in enumerate(cuts, 1):
                found.setdefault(piece, f"{name}, part {part}" if len(cuts) > 1 else name)
    return found


def looks(timeline: Timeline) -> dict[Look, int]:
    """All that is seen where nothing moves, each with the step with which it is first seen."""
    found: dict[Look, int] = {}
    for scene in timeline.scenes:
        for stretch in stretches(scene):
            if not isinstance(stretch, Motion):
                found.setdefault(stretch.look, scene.frame.step)
    return found


def encode(piece: Piece, picture: Picture, files: motion.Files) -> bytes:
    """A piece as a byte stream of pictures of one slice each, the first an IDR. Raises `EncoderError`."""
    drawn = motion.frames(piece.recipe, piece.count, picture.fps, files, piece.begin, piece.end)
    with libav_errors("encode what moves"):
        _, packets = still.encode(map(_in_video, drawn), picture)
    return b"".join(h264.pictures_only(packet) for packet in packets)


def key_picture(look: Look, picture: Picture, files: motion.Files) -> bytes:
    """A moment of something that moves, as a picture that stands still. Raises `EncoderError`."""
    with libav_errors("encode a picture"):
        _, (packet,) = still.encode([_in_video(motion.picture(look, picture.fps, files))], picture)
    return h264.pictures_only(packet)


def _in_video(pixels: motion.Pixels) -> Any:
    return still.in_video(load().VideoFrame.from_ndarray(pixels, format="rgb24"))


def _name(recipe: Recipe, place: str) -> str:
    return f"transition to {place}" if isinstance(recipe, Fade | Push) else f"{recipe.kind} on {place}"
