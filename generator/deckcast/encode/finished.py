"""Finished files: left alone where they stand as they would become, and what they tell about the lesson."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from deckcast.digest import Question
from deckcast.encode import mux
from deckcast.encode.asking import STAGE
from deckcast.errors import StorageError, storage_errors
from deckcast.keep import Keeper
from deckcast.model import Deck, Encoded, Timeline
from deckcast.outline import deck_title, sections
from deckcast.ports import Answer
from deckcast.settings import Settings


def finished(keeper: Keeper, target: Path, question: Question, write: Callable[[], None]) -> Encoded:
    """`target`, written unless it is there and the answer to `question`. Raises what `write` does."""
    answer = keeper.find(STAGE, target.name, question, serves=lambda kept: _stands(target, kept))
    if answer is not None:
        mux.tidy(target)
        return Encoded(target, str(answer.facts["sha256"]), int(answer.facts["size"]), made=False)
    write()
    sha256, size = _measure(target)
    keeper.keep(STAGE, target.name, question, {"sha256": sha256, "size": size}, {})
    return Encoded(target, sha256, size, made=True)


def tags(deck: Deck, timeline: Timeline, settings: Settings) -> mux.Tags:
    lesson = settings.lesson
    return mux.Tags(
        lesson.title or deck_title(deck),
        lesson.author,
        lesson.description,
        lesson.date,
        lesson.language,
        sections(deck, timeline),
        timeline.frames,
        timeline.fps,
    )


def _stands(target: Path, answer: Answer) -> bool:
    """Whether the file that `answer` tells about is still there, whole."""
    try:
        if target.stat().st_size != answer.facts["size"]:
            return False
        return bool(_measure(target)[0] == answer.facts["sha256"])
    except (OSError, StorageError):
        return False


def _measure(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file."""
    with storage_errors("read", path), path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return sha256, path.stat().st_size
