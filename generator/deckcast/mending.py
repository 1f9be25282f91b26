"""Mends in a deck what is mechanical, looks again, and tells what was done."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deckcast.check.fix import Edit, line_of, mended
from deckcast.checking import Checked, check, edits, failed, read_text
from deckcast.errors import DeckcastError, UsageError, storage_errors
from deckcast.project import Chapter

ROUNDS = 5
"""How often a deck is mended and looked at again, since what is mended may show more to mend."""


def mend(chapter: Chapter, **how: Any) -> Checked:
    """Mends what is mechanical, looks again, and tells what was done. `how` is what `check` takes.

    Each file is written aside and renamed; where nothing is mended, none is written. Raises `StorageError`.
    """
    done: list[tuple[Edit, str, str]] = []
    checked = _look(chapter, how)
    for _ in range(ROUNDS):
        wanted = edits(checked.findings)
        by_file: dict[str, list[Edit]] = {}
        for one in wanted:
            by_file.setdefault(one.path, []).append(one)
        changed = False
        for name, some in by_file.items():
            path = Path(name)
            before = read_text(path)
            after = mended(before, some)
            if after == before:
                continue
            _write(path, after)
            changed = True
            done += [(one, wanted[one], line_of(after, one.line)) for one in sorted(some)]
        if not changed:
            break
        checked = _look(chapter, how)
    return dataclasses.replace(checked, fixed=tuple(done))


def _look(chapter: Chapter, how: Mapping[str, Any]) -> Checked:
    """`check`, with what ends the work as findings."""
    try:
        return check(chapter, **how)
    except UsageError:
        raise
    except DeckcastError as error:
        return failed(chapter, error)


def _write(path: Path, text: str) -> None:
    """Writes beside the file and renames, links followed, rights kept."""
    real = path.resolve()
    aside = real.with_name(f".{real.name}.deckcast")
    with storage_errors("write", path):
        try:
            aside.write_bytes(text.encode())
            aside.chmod(real.stat().st_mode)
            aside.replace(real)
        finally:
            aside.unlink(missing_ok=True)
