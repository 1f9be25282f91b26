"""Writes packets into an MP4 file: libavformat builds the file, nothing is encoded here."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from deckcast.encode import aac
from deckcast.encode.languages import three_letters
from deckcast.encode.libav import libav_errors, load
from deckcast.encode.packets import Packet
from deckcast.encode.still import Picture
from deckcast.errors import EncoderError, storage_errors
from deckcast.model import SAMPLE_RATE
from deckcast.outline import Section


@dataclass(frozen=True, slots=True)
class Tags:
    """What a player shows about the lesson."""

    title: str
    author: str
    description: str
    language: str
    """BCP 47."""
    sections: tuple[Section, ...]
    frames: int
    """Where the last section ends."""


def write(
    target: Path,
    packets: Iterable[Packet],
    *,
    clock: int,
    picture: Picture,
    parameters: bytes,
    bitrate: int,
    tags: Tags,
) -> None:
    """Writes `target` aside, then puts it in place at once. Raises `StorageError` and `EncoderError`.

    Whatever happens, there is the old file or the whole new one, and nothing else is left.
    """
    aside = _aside(target)
    with storage_errors("write", target):
        try:
            with libav_errors(f"write {target}"):
                _write(aside, packets, clock, picture, parameters, bitrate, tags)
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
    path: Path, packets: Iterable[Packet], clock: int, picture: Picture, parameters: bytes, bitrate: int, tags: Tags
) -> None:
    av = load()
    base = Fraction(1, clock)
    options = {
        "movflags": "+faststart",
        "use_editlist": "0",  # YouTube refuses edit lists, and nothing here needs one
        "video_track_timescale": str(clock),
        "movie_timescale": str(clock),
        "chunk_duration": "1000000",  # a second of one track before the other's: a smaller index than packet by packet
        "fflags": "+bitexact",  # no versions, no dates: same inputs, same bytes
    }
    with av.open(str(path), "w", format="mp4", container_options=options) as container:
        container.metadata.update(
            {
                name: text
                for name, text in (("title", tags.title), ("artist", tags.author), ("description", tags.description))
                if text
            }
        )
        language = three_letters(tags.language)
        video = container.add_stream("libx264", rate=picture.fps)
        picture.configure(video.codec_context)
        video.time_base = base
        audio = container.add_stream("aac", rate=SAMPLE_RATE)
        aac.configure(audio.codec_context, bitrate)
        for stream in (video, audio):
            stream.metadata["language"] = language
        container.set_chapters(_chapters(tags, picture.fps))
        container.start_encoding()
        if bytes(video.codec_context.extradata) != parameters:
            raise EncoderError(
                "the kept pictures were encoded by another version of x264", hint="build once with --force"
            )
        streams = (video, audio)
        mux = container.mux_one
        for tick, track, duration, data, key in packets:  # some 80 a second: this loop is what a rebuild costs
            sample = av.Packet(data)
            sample.stream = streams[track]
            sample.time_base = base
            sample.pts = sample.dts = tick
            sample.duration = duration
            sample.is_keyframe = key
            mux(sample)


def _chapters(tags: Tags, fps: int) -> list[dict[str, object]]:
    ends = [section.first for section in tags.sections[1:]] + [tags.frames]
    return [
        {
            "id": number,
            "start": section.first,
            "end": end,
            "time_base": Fraction(1, fps),
            "metadata": {"title": section.title},
        }
        for number, (section, end) in enumerate(zip(tags.sections, ends, strict=True))
    ]
