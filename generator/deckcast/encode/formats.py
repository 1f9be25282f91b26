"""Every file that a lesson becomes: the video, and what else the settings ask for."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from deckcast.encode.audio import audio_pieces, encode_audio
from deckcast.encode.lesson import encode, pieces
from deckcast.encode.sounding import NARRATION, Score
from deckcast.encode.webm import encode_webm, webm_pieces
from deckcast.keep import Keeper
from deckcast.model import Blob, Deck, Encoded, Timeline
from deckcast.settings import Settings


def all_pieces(timeline: Timeline, settings: Settings, score: Score = NARRATION) -> int:
    """How many pieces `encode_all` will tell the progress about."""
    count = pieces(timeline, settings, score)
    if settings.video.audio_file:
        count += audio_pieces(timeline, score)
    if settings.video.webm:
        count += webm_pieces(timeline, settings, score)
    return count


def encode_all(
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    keeper: Keeper,
    executor: Executor,
    folder: Path,
    *,
    cover: Blob | None = None,
    score: Score = NARRATION,
) -> tuple[Encoded, ...]:
    """Writes `lesson.mp4`, which comes first, and the others. Raises what `encode` does."""
    of = (deck, timeline, settings, keeper, executor)
    made = [encode(*of, folder / "lesson.mp4", cover=cover, score=score)]
    if settings.video.audio_file:
        made.append(encode_audio(*of, folder / "lesson.m4a", cover=cover, score=score))
    if settings.video.webm:
        made.append(encode_webm(*of, folder / "lesson.webm", score=score))
    return tuple(made)
