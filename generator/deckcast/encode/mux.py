"""Writes packets into an MP4 file: libavformat builds the file, nothing is encoded here."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from deckcast.encode.languages import three_letters
from deckcast.encode.libav import libav_errors, load
from deckcast.encode.packets import Packet
from deckcast.encode.tracks import Cover, Track
from deckcast.errors import storage_errors
from deckcast.outline import Section

_MP4 = {
    "movflags": "+faststart",
    "use_editlist": "0",  # YouTube refuses edit lists, and nothing here needs one
    "chunk_duration": "1000000",  # a second of one track before the other's: a smaller index than packet by packet
    "fflags": "+bitexact",  # no versions, no dates: same inputs, same bytes
}
_WEBM = {"cues_to_front": "1", "fflags": "+bitexact"}
FORMS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "mp4": ("mp4", _MP4),
    "m4a": ("mp4", {**_MP4, "brand": "M4A "}),
    "webm": ("webm", _WEBM),
}
"""libavformat's name of each kind of file, and what is asked of it."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a player shows about the lesson."""

    title: str
    author: str
    description: str
    date: str
    language: str
    """BCP 47."""
    sections: tuple[Section, ...]
    frames: int
    """Where the last section ends."""
    fps: int


def write(
    target: Path,
    packets: Iterable[Packet],
    tracks: Mapping[int, Track],
    *,
    clock: int,
    tags: Tags,
    cover: bytes = b"",
    form: str = "mp4",
) -> None:
    """Writes `target` aside, then puts it in place at once. Raises `StorageError` and `EncoderError`.

    `tracks` are those of the packets, by `Packet.track`; times are in `clock` ticks a second; `cover` is a JPEG;
    `form` is one of `FORMS`. Whatever happens, there is the old file or the whole new one, and nothing else is left.
    """
    aside = _aside(target)
    with storage_errors("write", target):
        try:
            with libav_errors(f"write {target}"):
                _write(aside, packets, tracks, clock, tags, cover, form)
            with aside.open("rb+") as file:
                os.fsync(file.fileno())
            aside.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            raise


def tidy(target: Path) -> None:
    """Removes what a build that was killed while writing `target` left beside it."""
    with storage_errors("clean up", target.parent):
        _aside(target).unlink(missing_ok=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def _write(
    path: Path,
    packets: Iterable[Packet],
    tracks: Mapping[int, Track],
    clock: int,
    tags: Tags,
    cover: bytes,
    form: str,
) -> None:
    av = load()
    base = Fraction(1, clock)
    container_name, given = FORMS[form]
    options = dict(given)
    if container_name == "mp4":
        options |= {"video_track_timescale": str(clock), "movie_timescale": str(clock)}
    with av.open(str(path), "w", format=container_name, container_options=options) as container:
        told = {"title": tags.title, "artist": tags.author, "description": tags.description, "date": tags.date}
        container.metadata.update({name: text for name, text in told.items() if text})
        streams = {}
        for number, track in tracks.items():
            streams[number] = track.add(container)
            streams[number].time_base = base
            streams[number].disposition = av.stream.Disposition.default
            streams[number].metadata["language"] = three_letters(tags.language)
        picture = Cover().add(container) if cover else None
        container.set_chapters(_chapters(tags))
        container.start_encoding()
        for number, track in tracks.items():
            track.check(streams[number])
        mux = container.mux_one
        if picture is not None:
            sample = av.Packet(cover)
            sample.stream, sample.time_base, sample.is_keyframe = picture, base, True
            sample.pts = sample.dts = 0
            mux(sample)
        for tick, number, duration, data, key in packets:  # some 80 a second: this loop is what a rebuild costs
            sample = av.Packet(data)
            sample.stream = streams[number]
            sample.time_base = base
            sample.pts = sample.dts = tick
            sample.duration = duration
            sample.is_keyframe = key
            mux(sample)


def _chapters(tags: Tags) -> list[dict[str, object]]:
    ends = [section.first for section in tags.sections[1:]] + [tags.frames]
    return [
        {
            "id": number,
            "start": section.first,
            "end": end,
            "time_base": Fraction(1, tags.fps),
            "metadata": {"title": section.title},
        }
        for number, (section, end) in enumerate(zip(tags.sections, ends, strict=True))
    ]
