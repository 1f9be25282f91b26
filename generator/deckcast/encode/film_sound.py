"""The sound of films on slides: read once, and laid where their pictures show, under the narration or alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deckcast import film
from deckcast.digest import Question
from deckcast.encode.libav import identity
from deckcast.encode.soundtrack import Envelope, Placed, spoken
from deckcast.errors import EncoderError
from deckcast.keep import Keeper
from deckcast.loudness import REACH, gated, gating, powers
from deckcast.model import SAMPLE_RATE, Blob, Clip, Film, Scene, Timeline
from deckcast.motion import film_frames
from deckcast.sound import write_wav

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNDER = -15.0
"""LU from what is spoken to a film under it."""
SOFTEST = -34.0
"""LUFS: a softer film is made louder as if it were so loud, so that what is nearly silent stays so."""
PART = 16 * SAMPLE_RATE
"""Samples that are kept in one part, so that a piece of the lesson reads little of a long film."""
HEADROOM = 0.5
"""It is kept half as high: lossy files come out higher than full scale."""
LOWER = 20 * math.log10(HEADROOM)
"""dB."""
EDGE = SAMPLE_RATE // 200
"""Samples over which a film's sound comes or goes where it is cut off."""
GONE = -80.0
"""dB: what is no longer heard."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard of a film, in parts."""

    parts: tuple[tuple[Blob, int], ...]
    """Sound and samples."""
    loudness: float | None
    """LUFS of the parts; None for silence."""


@dataclass(slots=True)
class Playing:
    """A film in the lesson."""

    film: Film
    how: str
    begin: int
    """Video frames of the lesson."""
    end: int


def heard(timeline: Timeline, keeper: Keeper) -> tuple[Placed, ...]:
    """The sounds of all films. Their gains are relative to the loudness of the lesson. Raises `EncoderError`."""
    found: list[Placed] = []
    speech = [
        (one.start, one.end)
        for scene in timeline.scenes
        if scene.take.samples
        for one in spoken(scene.take, scene.onset)
    ]
    for playing in played(timeline):
        sound = _read(playing.film, keeper)
        if sound.loudness is None:
            continue
        begin, end = (at * SAMPLE_RATE // timeline.fps for at in (playing.begin, playing.end))
        beside = any(start < end and stop > begin for start, stop in speech)
        under = playing.how == "under" or (playing.how == "auto" and beside)
        gain = round((UNDER if under else 0.0) - max(sound.loudness, SOFTEST + LOWER), 2)
        found += _placed(playing.film, sound, begin, end, gain)
    return tuple(found)


def played(timeline: Timeline) -> Iterator[Playing]:
    """All films that are heard, from their first video frame to the end of the last that may sound."""
    now: dict[str, Playing] = {}
    for scene in timeline.scenes:
        sounds = dict(sound for wish in scene.frame.wishes for sound in wish.sounds)
        showing = _showing(scene)
        for name in [name for name in now if name not in showing or not showing[name][0].at]:
            yield now.pop(name)
        for name, (one, first) in showing.items():
            end = scene.first + scene.count
            if not one.at and name in sounds:
                now[name] = Playing(one, sounds[name], first, end)
            if name in now:
                begin = now[name].begin
                now[name].end = min(end, begin + film_frames(one, timeline.fps)) if one.plays else end
    yield from now.values()


def _showing(scene: Scene) -> Mapping[str, tuple[Film, int]]:
    """The films of a scene by name, each with the frame of the lesson from which on it plays there."""
    return {
        one.name: (one, scene.first + motion.first)
        for motion in scene.motions
        if isinstance(motion.recipe, Clip)
        for one in motion.recipe.films
    }


def _placed(one: Film, sound: Sound, begin: int, end: int, gain: float) -> Iterator[Placed]:
    length = (one.end - one.begin) * SAMPLE_RATE
    turn = 0
    while (start := begin + round(turn * length)) < end and (turn < one.plays or not one.plays):
        for blob, samples in sound.parts:
            stop = min(start + samples, end)
            if stop > start:
                yield Placed(start, stop - start, blob, gain, None, _cut_off(start, samples, end))
            start += samples
        turn += 1


def _cut_off(start: int, samples: int, end: int) -> Envelope:
    """How it goes where it is not over by then."""
    if start + samples <= end:
        return ()
    return ((max(end - EDGE, start), 0.0), (end, GONE))


def _read(one: Film, keeper: Keeper) -> Sound:
    question = Question.of(
        "film-sound-1", file=one.file, begin=one.begin, end=one.end, part=PART, edge=EDGE, decoder=identity()
    )
    answer = keeper.find_part(question)
    if answer is None:
        try:
            parts, lengths, loudness = _prepare(_decoded(keeper.read(one.file), one), one)
        except film.TroubleError as error:
            raise EncoderError(f"a film's sound cannot be read: {error}", hint="save the film anew") from error
        blobs = {f"{number:05}": wav for number, wav in enumerate(parts)}
        answer = keeper.keep_part(question, {"lengths": lengths, "loudness": loudness}, blobs)
    blobs_in_order = [answer.blobs[number] for number in sorted(answer.blobs)]
    return Sound(tuple(zip(blobs_in_order, answer.facts["lengths"], strict=True)), answer.facts["loudness"])


def _decoded(data: bytes, one: Film) -> Iterator[NDArray[np.float32]]:
    """The film's part, one channel at `SAMPLE_RATE`, from the time of its first picture on."""
    import numpy as np
    import soxr

    av = film.pyav()
    try:
        with film.opened(data) as container:
            if not container.streams.audio:
                return
            stream = container.streams.audio[0]
            rate = stream.rate
            zero = film.origin(container) + one.begin
            plain = av.AudioResampler("fltp", "mono", rate)
            finer = soxr.ResampleStream(rate, SAMPLE_RATE, 1, "float32", "HQ")
            last = math.ceil((one.end - one.begin) * rate)
            at = 0
            """The sample of the part, at the file's rate, that comes next."""
            for count, decoded in enumerate(container.decode(stream)):
                if count == 0:
                    at = round((float((decoded.pts or 0) * decoded.time_base) - zero) * rate)
                    if at > 0:
                        yield finer.resample_chunk(np.zeros(min(at, last), np.float32))
                for frame in plain.resample(decoded):
                    samples = frame.to_ndarray()[0][max(-at, 0) :]
                    at += frame.samples
                    if len(samples):
                        yield finer.resample_chunk(np.ascontiguousarray(samples))
                if at >= last:
                    break
            yield finer.resample_chunk(np.zeros(0, np.float32), last=True)
    except av.FFmpegError as error:
        raise film.TroubleError(str(error)) from error


def _prepare(sound: Iterator[NDArray[np.float32]], one: Film) -> tuple[list[bytes], list[int], float | None]:
    """The parts as WAV files, their lengths, and the loudness; no parts where all is silent."""
    import numpy as np

    parts: list[bytes] = []
    lengths: list[int] = []
    power: list[NDArray[np.float64]] = []
    before = np.zeros(0, np.float32)
    left = round((one.end - one.begin) * SAMPLE_RATE)
    for chunk in _in_parts(sound, left):
        left -= len(chunk)
        samples = chunk.copy()
        edge = min(EDGE, len(samples))
        rising = np.linspace(0, 1, edge, dtype=np.float32)
        if not parts and one.begin > 0:
            samples[:edge] *= rising
        if left <= 0:
            samples[len(samples) - edge :] *= rising[::-1]
        power.append(powers(np.concatenate((before, samples)), len(before)))
        before = samples[-REACH:]
        pcm = np.rint(np.clip(samples * HEADROOM, -1, 1) * 32767).astype("<i2")
        parts.append(write_wav(pcm.tobytes(), SAMPLE_RATE))
        lengths.append(len(samples))
    loudness = gated(gating(np.concatenate(power))) if power else None
    if loudness is None:
        return [], [], None
    return parts, lengths, round(loudness + LOWER, 2)


def _in_parts(sound: Iterator[NDArray[np.float32]], most: int) -> Iterator[NDArray[np.float32]]:
    """The same samples in parts of `PART`, the last of them shorter, and no more than `most`."""
    import numpy as np

    waiting: Sequence[NDArray[np.float32]] = []
    for chunk in sound:
        waiting = [*waiting, chunk]
        while sum(map(len, waiting)) >= PART:
            whole = np.concatenate(waiting)
            if most <= PART:
                break
            yield whole[:PART]
            waiting, most = [whole[PART:]], most - PART
    rest = np.concatenate(waiting)[:most] if waiting else np.zeros(0, np.float32)
    if len(rest):
        yield rest
