"""The sound by itself, for listening without looking: `lesson.m4a`, with chapters and cover."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from deckcast.digest import Question
from deckcast.encode import aac, mux
from deckcast.encode.finished import finished, tags
from deckcast.encode.libav import identity
from deckcast.encode.packets import SOUND, clock
from deckcast.encode.sounding import NARRATION, Aim, Score, Sounding, sound_pieces
from deckcast.encode.tracks import Sound
from deckcast.keep import Keeper
from deckcast.model import Blob, Deck, Encoded, Timeline
from deckcast.outline import places
from deckcast.settings import Settings


def audio_pieces(timeline: Timeline, score: Score = NARRATION) -> int:
    """How many pieces `encode_audio` will tell the progress about."""
    return sound_pieces(timeline, score) + 1


def encode_audio(
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
    """Writes `target`, an M4A, unless it is there and as it would become. Raises `EncoderError`, `StorageError`.

    It is as loud as `audio_loudness` says, so its packets are its own: another gain makes others.
    """
    video = settings.video
    aim = Aim(video.audio_loudness, video.true_peak, video.audio_bitrate, f" of {target.name}")
    sounding = Sounding(timeline, score, settings.sound, aim, keeper, places(deck))
    question = Question.of(
        "audio-2",
        **sounding.question,
        length=(timeline.frames, timeline.fps),
        tags=tags(deck, timeline, settings),
        cover=cover,
        encoder=(identity(), aac.OPTIONS),
    )

    def write() -> None:
        mux.write(
            target,
            sounding.packets(executor),
            {SOUND: Sound(video.audio_bitrate)},
            clock=clock(timeline.fps),
            tags=tags(deck, timeline, settings),
            cover=keeper.read(cover) if cover else b"",
            form="m4a",
        )

    return finished(keeper, target, question, write)
