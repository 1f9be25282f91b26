"""Where a chapter's record lies, and how it gets there whole."""

from __future__ import annotations

import contextlib
import json
import re
import time
from pathlib import Path

from deckcast.aside import write_whole
from deckcast.errors import UPDATE
from deckcast.folders import inside
from deckcast.model import Deck, Finding, Where
from deckcast.run.record import Changed, NewerFormat, Record, Written, is_newer, read, write
from deckcast.theme import content

_PICTURE = re.compile(r"[\w.-]+-[0-9a-f]{12}\.(?:png|jpg|svg)")
_CONFLICT = re.compile(r"^(?:<{7}|[|]{7}|={7}|>{7})", re.MULTILINE)
_ASIDE = ".deckcast-"
"""Begins the name of a file that is being written."""
_ABANDONED = 3600
"""Seconds after which such a file is a killed build's."""


class Shelf:
    """The folder `outputs/` beside a deck."""

    def __init__(self, deck: Deck) -> None:
        self.folder = deck.folder / "outputs"
        stem = re.sub(r"[^\w.-]+", "-", Path(deck.path).stem).strip("-.") or "deck"
        self.path = self.folder / f"{stem}.json"

    def load(self) -> tuple[Record, tuple[Finding, ...], str]:
        """The record, what is wrong with it, and why there is none where there should be one; all empty for none."""
        text = ""
        try:
            text = content(self.path).decode("utf-8")
            record = read(text, self._picture)
        except FileNotFoundError:
            return Record(), (), ""
        except OSError as error:
            return self._nothing(f"the record cannot be read: {(error.strerror or str(error)).lower()}")
        except NewerFormat:
            return self._nothing("the record was written by a newer deckcast", UPDATE)
        except Changed:
            return self._nothing("the record was changed by something else than a run of the cells")
        except (ValueError, RecursionError) as error:
            if isinstance(error, json.JSONDecodeError) and _CONFLICT.search(text):
                hint = "take one side whole, as in `git checkout --theirs`, or let the cells run"
                return self._nothing("the record holds two versions that git could not merge", hint)
            return self._nothing("the record is damaged")
        damaged = [entry.damage for entry in record.entries if entry.damage]
        return record, tuple(self._told(f"the record is damaged: {one}") for one in damaged), ""

    def save(self, record: Record) -> tuple[Finding, ...]:
        """Writes the record and its pictures, and takes away pictures that no record names any more.

        Pictures first, then the record, then the cleaning: killed at any moment, it leaves the old record or the new
        one, and all pictures of it. A newer deckcast's record stays as it is.
        """
        if self._is_newer():
            message = f"what came out of the cells was not recorded: {self.path} was written by a newer deckcast"
            hint = f"{UPDATE}; or remove that file, to have this one's record"
            return (Finding("cell-unrecorded", "warning", message, hint=hint),)
        written = write(record)
        try:
            self._save(written)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return (
                Finding(
                    "cell-unrecorded",
                    "warning",
                    f"what came out of the cells could not be recorded in {self.folder}: {reason}",
                    hint="it is used for this lesson; the next build has to run the cells again",
                ),
            )
        return ()

    def _save(self, written: Written) -> None:
        if self._same(self.path, written.text.encode("utf-8", "backslashreplace")) and all(
            self._same(self.folder / name, body) for name, body in written.pictures.items()
        ):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, body in written.pictures.items():
            if not self._same(self.folder / name, body):
                self._put(self.folder / name, body)
        # A lone surrogate becomes its escape, which is what it is called in JSON, too.
        self._put(self.path, written.text.encode("utf-8", "backslashreplace"))
        self._clean()

    def _put(self, path: Path, body: bytes) -> None:
        try:
            write_whole(path, body, self.folder, _ASIDE)
        except FileNotFoundError:
            # Another build, whose clock has leapt ahead, may have taken it for a killed build's.
            write_whole(path, body, self.folder, _ASIDE)

    def _clean(self) -> None:
        """Pictures of another deck's record stay, even where that record cannot be read as one."""
        with contextlib.suppress(OSError, UnicodeError):
            texts = [content(path).decode("utf-8") for path in self.folder.glob("*.json")]
            for path in self.folder.iterdir():
                left = _PICTURE.fullmatch(path.name) and not any(f'"{path.name}"' in text for text in texts)
                abandoned = path.name.startswith(_ASIDE) and time.time() - path.stat().st_mtime > _ABANDONED
                if left or abandoned:
                    path.unlink()

    @staticmethod
    def _same(path: Path, body: bytes) -> bool:
        try:
            return content(path) == body
        except OSError:
            return False

    def _is_newer(self) -> bool:
        try:
            return is_newer(content(self.path).decode("utf-8"))
        except (OSError, UnicodeError):
            return False

    def _picture(self, name: str) -> bytes | None:
        path = inside(self.folder, name)  # a link to elsewhere is no picture of ours
        try:
            return None if path is None else content(path)
        except OSError:
            return None

    def _nothing(self, message: str, hint: str = "") -> tuple[Record, tuple[Finding, ...], str]:
        return Record(), (self._told(message, hint),), message

    def _told(self, message: str, hint: str = "") -> Finding:
        hint = hint or "get it back from git, or let the cells run"
        return Finding("cell-record", "warning", message, Where(str(self.path), 1), hint=hint)
