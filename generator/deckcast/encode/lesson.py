"""The video: asks for every piece, has the missing ones made many at once, and writes the file.

    distinct frame ─▶ key picture ┐
    what moves ─────▶ spans       │
    settings ──────▶ repeats      ├─▶ packets ─▶ lesson.mp4
    takes, music ──▶ AAC packets  ┤
    captions ─────────────────────┘

What was made is kept, so the cost of a build follows what changed. Pieces are read back from the store one
scene at a time while the file is written, so memory does not grow with the lesson's length.
"""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from deckcast.captions import cues
from deckcast.digest import Question
from deckcast.encode import aac, mux
from deckcast.encode.finished import finished, tags
from deckcast.encode.libav import identity
from deckcast.encode.packets import CAPTION, PICTURE, SOUND, clock, packets
from deckcast.encode.picturing import Picturing, picture_pieces
from deckcast.encode.sounding import NARRATION, Aim, Score, Sounding, sound_pieces
from deckcast.encode.still import Picture
from deckcast.encode.tracks import Captions, Sound, Track, timed_text
from deckcast.errors import ConfigError, EncoderError
from deckcast.keep import Keeper
from deckcast.model import Blob, Deck, Encoded, Timeline
from deckcast.outline import places
from deckcast.settings import Settings


def pieces(timeline: Timeline, settings: Settings, score: Score = NARRATION) -> int:
    """How many pieces `encode` will tell the progress about."""
    return picture_pieces(timeline, longest(settings)) + sound_pieces(timeline, score) + 1


def encode(
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    keeper: Keeper,
    executor: Executor,
    target: Path,
    *,
    cover: Blob | None = None,
    score: Score = NARRATION,
) -> Encoded:
    """Writes `target`, an MP4 (H.264, AAC, captions), unless it is there and as it would become.

    `cover` is a JPEG, `score` what is heard besides the narration. Raises `EncoderError`, `StorageError`, and
    `ConfigError` for a size that video cannot have.
    """
    video = settings.video
    aim = Aim(video.loudness, video.true_peak, video.audio_bitrate)
    picturing = pictured(deck, timeline, settings, keeper)
    sounding = Sounding(timeline, score, settings.sound, aim, keeper, places(deck))
    shown = cues(timeline, settings.lesson.language)
    question = Question.of(
        "lesson-5",
        **picturing.question,
        **sounding.question,
        captions=shown,
        tags=tags(deck, timeline, settings),
        cover=cover,
        encoder=(identity(), aac.OPTIONS, picturing.picture.options()),
    )

    def write() -> None:
        track, pictures = picturing.packets(executor)
        sound = sounding.packets(executor)
        tracks: dict[int, Track] = {PICTURE: track, SOUND: Sound(video.audio_bitrate)}
        if shown:
            tracks[CAPTION] = Captions()
        ticks = clock(timeline.fps)
        mux.write(
            target,
            packets(pictures, sound, timed_text(shown, ticks)),
            tracks,
            clock=ticks,
            tags=tags(deck, timeline, settings),
            cover=keeper.read(cover) if cover else b"",
        )

    return finished(keeper, target, question, write)


def pictured(deck: Deck, timeline: Timeline, settings: Settings, keeper: Keeper) -> Picturing:
    """The picture of any video of the lesson. Raises `EncoderError` and `ConfigError`."""
    return Picturing(timeline, _picture(timeline, settings), longest(settings), keeper, places(deck))


def longest(settings: Settings) -> int:
    """Frames between two key pictures, at most."""
    return round(settings.video.keyframe * settings.video.fps)


def _picture(timeline: Timeline, settings: Settings) -> Picture:
    if not timeline.scenes:
        raise EncoderError("there is nothing to show: the lesson has no slides")
    frame = timeline.scenes[0].frame
    if frame.width % 2 or frame.height % 2:
        raise ConfigError(
            f"a video of {frame.width}×{frame.height} cannot be: both must be even",
            hint="choose another `size`, such as 720, 1080 or 1440",
        )
    return Picture(frame.width, frame.height, timeline.fps, settings.video.quality)
