from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from deckcast import errors
from deckcast.errors import (
    AssetError,
    BrowserError,
    ConfigError,
    DeckcastError,
    DeckError,
    Several,
    StorageError,
    raise_all,
    storage_errors,
)


def every(kind: type[DeckcastError]) -> set[type[DeckcastError]]:
    return {kind}.union(*(every(below) for below in kind.__subclasses__()))


def test_the_drawn_tree_is_the_real_one() -> None:
    drawn = set(re.findall(r"\b([A-Z]\w*(?:Error|Several))\b", (errors.__doc__ or "").split("Anything else")[0])) | {
        "Several"
    }
    here = {kind.__name__ for kind in every(DeckcastError) if kind.__module__ == errors.__name__}
    assert drawn == here


@pytest.mark.parametrize(("kind", "code"), [(DeckError, 1), (AssetError, 1), (ConfigError, 2), (BrowserError, 3)])
def test_exit_codes_say_who_can_mend_it(kind: type[DeckcastError], code: int) -> None:
    assert kind("x").exit_code == code


def test_several_are_flat_and_take_the_gravest_code() -> None:
    several = Several([DeckError("a"), Several([ConfigError("b"), BrowserError("c")])])
    assert [str(error) for error in several.errors] == ["a", "b", "c"]
    assert several.exit_code == 3
    assert [finding.message for finding in several.findings] == ["a", "b", "c"]


def test_the_same_mistake_is_told_once() -> None:
    with pytest.raises(DeckError):
        raise_all([DeckError("a"), DeckError("a")])


def test_raise_all() -> None:
    raise_all([])
    with pytest.raises(DeckError):
        raise_all([DeckError("a")])
    with pytest.raises(Several):
        raise_all([DeckError("a"), DeckError("b")])


@pytest.mark.parametrize(
    ("number", "words", "hint"),
    [
        (errno.ENOSPC, "no space left", "free some space"),
        (errno.EACCES, "permission denied", "the right to write"),
        (errno.EROFS, "read-only", "read-only"),
        (errno.EIO, "input/output error", "look at the disk"),
    ],
)
def test_the_systems_refusals_are_translated(number: int, words: str, hint: str) -> None:
    path = Path("output/lesson.mp4")
    with pytest.raises(StorageError) as caught, storage_errors("write", path):
        raise OSError(number, __import__("os").strerror(number))
    assert "cannot write output/lesson.mp4" in str(caught.value)
    assert words in str(caught.value)
    assert hint in caught.value.finding.hint
