"""Music under the narration: an author's file, read once, laid end to end for as long as slides want it."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deckcast.deckfile import find_file, told_at
from deckcast.digest import Question, sha256
from deckcast.encode.libav import identity, load
from deckcast.encode.soundtrack import Envelope, Placed, cut
from deckcast.errors import AssetError, raise_all, storage_errors
from deckcast.keep import Keeper
from deckcast.loudness import REACH, gated, gating, powers
from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Blob, Deck, Step, Timeline
from deckcast.settings import Settings
from deckcast.sound import write_wav
from deckcast.sound_file import READ

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NONE = "none"
"""The value of `music` that means silence."""
OVERLAP = 2 * SAMPLE_RATE
"""Samples over which the end of a file and its beginning are heard together, where it begins again."""
SHORTEST = 5
"""Seconds of a file that can be laid end to end."""
PART = 16 * SAMPLE_RATE
"""Samples that are kept in one part, so that a piece of the lesson reads little of a long file."""
LONGEST = 1800
"""Seconds of a file that are used; what comes later is not."""
HEADROOM = 0.5
"""It is kept half as high: lossy files come out higher than full scale."""
SILENCE = 0.0
"""What is told as the loudness of music that is silent: it stays so."""


@dataclass(frozen=True, slots=True)
class Music:
    """A file, ready to be laid end to end: its parts in order, the last of them the one that leads to its beginning."""

    parts: tuple[tuple[Blob, int], ...]
    """Sound and samples. The first is as long as the last, which replaces it from the second time on."""
    loudness: float
    """LUFS."""


@dataclass(frozen=True, slots=True)
class Bed:
    """Music that plays over some slides."""

    begin: int
    """Sample of the lesson."""
    end: int
    music: Music

    def placed(self, gain: float, envelope: Envelope) -> Iterator[Placed]:
        """The sounds of which it is made, each with what it needs of the envelope."""
        at = self.begin
        first, *middle, seam = self.music.parts
        part = [first, *middle]
        while at < self.end:
            for sound, samples in part:
                samples = min(samples, self.end - at)
                if samples > 0:
                    yield Placed(at, samples, sound, gain, None, cut(envelope, at, at + samples))
                at += samples
            part = [seam, *middle]


def check(deck: Deck, steps: Sequence[Step], settings: Sequence[Settings]) -> None:
    """Raises `AssetError` for every file that is not there or holds no sound."""
    errors: list[AssetError] = []
    for name, step in _named(steps, settings).items():
        try:
            path = _file(deck, name, step)
            with _reading(deck, name, step, path):
                _open(path).close()
        except AssetError as error:
            errors.append(error)
    raise_all(errors)


def beds(
    deck: Deck, timeline: Timeline, steps: Sequence[Step], settings: Sequence[Settings], keeper: Keeper
) -> tuple[Bed, ...]:
    """The music of a lesson: each run of slides that want the same file hears it from its beginning.

    `steps` and their settings are those of the timeline's scenes. Raises `AssetError`, `StorageError`.
    """
    read = {name: _read(deck, name, step, keeper) for name, step in _named(steps, settings).items()}
    found: list[Bed] = []
    last = ""
    for scene, own in zip(timeline.scenes, settings, strict=True):
        name = own.sound.music
        begin, end = (_sample(timeline, at) for at in (scene.first, scene.first + scene.count))
        if name in read and name == last:
            found[-1] = Bed(found[-1].begin, end, found[-1].music)
        elif name in read:
            found.append(Bed(begin, end, read[name]))
        last = name
    return tuple(found)


def _sample(timeline: Timeline, frame: int) -> int:
    """The first AAC block at or behind a video frame, and never the lesson's first, which cannot be heard."""
    return max(-(-frame * SAMPLE_RATE // (timeline.fps * AAC_BLOCK)), 1) * AAC_BLOCK


def _named(steps: Sequence[Step], settings: Sequence[Settings]) -> dict[str, Step]:
    """Each file that is to be heard, with the first step that wants it."""
    found: dict[str, Step] = {}
    for step, own in zip(steps, settings, strict=True):
        if own.sound.music not in ("", NONE):
            found.setdefault(own.sound.music, step)
    return found


def _place(deck: Deck, name: str, step: Step) -> dict[str, Any]:
    own = step.properties.find("music")
    if own is not None and own.value == name:
        return {"where": own.where, "width": len(name)}
    return told_at(deck, "music", name)


def _file(deck: Deck, name: str, step: Step) -> Path:
    return find_file(
        deck, name, _place(deck, name, step), "name a sound file beside the deck, or `none` for a slide without music"
    )


def _read(deck: Deck, name: str, step: Step, keeper: Keeper) -> Music:
    path = _file(deck, name, step)
    with storage_errors("read", path):
        said = sha256(path.read_bytes())
    question = Question.of("music-1", file=said, overlap=OVERLAP, part=PART, decoder=identity())
    answer = keeper.find_part(question)
    if answer is None:
        with _reading(deck, name, step, path):
            parts, lengths, loudness = _prepare(_decoded(path))
        if not parts:
            raise AssetError(
                f"{name} is too short to be heard again and again",
                hint=f"music lasts at least {SHORTEST} seconds",
                **_place(deck, name, step),
            )
        facts = {"lengths": lengths, "loudness": loudness}
        blobs = {f"{number:05}": wav for number, wav in enumerate(parts)}
        answer = keeper.keep_part(question, facts, blobs)
    sounds = [answer.blobs[number] for number in sorted(answer.blobs)]
    return Music(tuple(zip(sounds, answer.facts["lengths"], strict=True)), answer.facts["loudness"])


@contextlib.contextmanager
def _reading(deck: Deck, name: str, step: Step, path: Path) -> Iterator[None]:
    av = load()
    try:
        yield
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            with storage_errors("read", path):
                raise
        raise AssetError(
            f"{name} is no sound that can be read",
            hint="use a WAV, FLAC, MP3, M4A or OGG file",
            **_place(deck, name, step),
        ) from error


def _open(path: Path) -> Any:
    """The file, opened at its first sound track. Raises PyAV's errors."""
    av = load()
    container = av.open(str(path), options=READ)
    if not container.streams.audio:
        container.close()
        raise av.error.InvalidDataError(1, "it has no sound")
    return container


def _decoded(path: Path) -> Iterator[NDArray[np.float32]]:
    """All of it, one channel at `SAMPLE_RATE`. Raises PyAV's errors."""
    import numpy as np
    import soxr

    av = load()
    with _open(path) as container:
        stream = container.streams.audio[0]
        if not stream.rate:
            raise av.error.InvalidDataError(1, "it has no sample rate")
        plain = av.AudioResampler("fltp", "mono", stream.rate)
        finer = soxr.ResampleStream(stream.rate, SAMPLE_RATE, 1, "float32", "HQ")
        for decoded in container.decode(stream):
            for frame in plain.resample(decoded):
                yield finer.resample_chunk(frame.to_ndarray()[0])
        for frame in plain.resample(None):
            yield finer.resample_chunk(frame.to_ndarray()[0])
        yield finer.resample_chunk(np.zeros(0, np.float32), last=True)


def _prepare(heard: Iterator[NDArray[np.float32]]) -> tuple[list[bytes], list[int], float]:
    """The parts of `Music` as WAV files, their lengths, and the loudness; no parts where it is too short."""
    import numpy as np

    parts: list[bytes] = []
    lengths: list[int] = []
    power: list[NDArray[np.float64]] = []
    known = np.zeros(0, np.float32)
    """What has come and is in no part yet."""
    before = np.zeros(0, np.float32)
    """The last of what is in one."""

    def keep(samples: NDArray[np.float32]) -> None:
        pcm = np.rint(np.clip(samples * HEADROOM, -1, 1) * 32767).astype("<i2")
        parts.append(write_wav(pcm.tobytes(), SAMPLE_RATE))
        lengths.append(len(samples))

    def meter(samples: NDArray[np.float32]) -> None:
        nonlocal before
        power.append(powers(np.concatenate((before, samples)), len(before)))
        before = samples[-REACH:]

    head = np.zeros(0, np.float32)
    for chunk in _gathered(heard, PART):
        known = np.concatenate((known, chunk))
        if not len(head) and len(known) >= OVERLAP:
            head, known = known[:OVERLAP], known[OVERLAP:]
            keep(head)
            meter(head)
        while len(known) >= PART + OVERLAP:
            keep(known[:PART])
            meter(known[:PART])
            known = known[PART:]
        if sum(lengths) >= LONGEST * SAMPLE_RATE:
            break
    if sum(lengths) + len(known) < SHORTEST * SAMPLE_RATE:
        return [], [], SILENCE
    body, tail = known[:-OVERLAP], known[-OVERLAP:]
    if len(body):
        keep(body)
    rising = np.sin(np.linspace(0, np.pi / 2, OVERLAP, dtype=np.float32))
    keep(head * rising + tail * rising[::-1])
    meter(known)
    loudness = gated(gating(np.concatenate(power)))
    return parts, lengths, SILENCE if loudness is None else round(loudness + 20 * math.log10(HEADROOM), 2)


def _gathered(chunks: Iterator[NDArray[np.float32]], size: int) -> Iterator[NDArray[np.float32]]:
    """The same samples in chunks of at least `size`, but for the last."""
    import numpy as np

    waiting: list[NDArray[np.float32]] = []
    for chunk in chunks:
        waiting.append(chunk)
        if sum(map(len, waiting)) >= size:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)
