"""Where things are: chapters, their decks, their templates, and where the lesson goes."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from deckcast import modules
from deckcast.config import find_file
from deckcast.errors import AuthorError, UsageError
from deckcast.theme import is_folder, is_there

DECK = "presentation.md"
"""The deck's file name in a chapter's folder."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A lesson to build, before anything of it has been read."""

    name: str
    """Of the folder that holds the deck; the lesson's folder in the output has the same."""
    deck: Path
    config: Path | None
    """The configuration file that applies, if any."""

    @property
    def folder(self) -> Path:
        return self.deck.parent

    @property
    def templates(self) -> tuple[Path, ...]:
        """Folders that may hold the author's own themes, nearest first."""
        roots = [self.folder, *([self.config.parent] if self.config else []), *_roots_above(self.folder)]
        return tuple(dict.fromkeys(root / "templates" for root in roots))


def lesson_name(chapter: Chapter, only: str, *, draft: bool) -> str:
    """Under which a lesson is built: excerpts and drafts have folders of their own beside the whole."""
    return chapter.name + (f"@{only}" if only else "") + ("@draft" if draft else "")


def find_chapter(given: str | Path) -> Chapter:
    """The chapter that a person means: a folder with a deck, a deck file, or a name in `chapters/`.

    Raises `AuthorError` when there is no deck in a folder, `UsageError` when there is nothing of that name.
    """
    path = Path(given)
    inside = Path("chapters") / path
    if not is_there(path) and is_there(inside):
        path = inside
    if is_folder(path):
        deck = path / DECK
        if not deck.is_file():
            raise AuthorError(
                f"there is no {DECK} in {path}", hint=f"write one, or name the deck's file: deckcast build {path}/FILE"
            )
        return _chapter(deck)
    if is_there(path):
        return _chapter(path)
    names = [chapter.name for chapter in Path("chapters").glob("*") if chapter.is_dir()]
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.4)
    hint = f"did you mean chapters/{near[0]}?" if near else "name a folder with a presentation.md, or a deck file"
    raise UsageError(f"there is no chapter {given}", hint=hint)


def all_chapters() -> tuple[Chapter, ...]:
    """Every chapter of the project in the current folder, in order of name. Raises `UsageError` when there is none."""
    decks = sorted(Path("chapters").glob(f"*/{DECK}"))
    if not decks:
        raise UsageError("there is no chapters/*/presentation.md here", hint="name the chapter: deckcast build FOLDER")
    return tuple(_chapter(deck) for deck in decks)


def _chapter(deck: Path) -> Chapter:
    folder = deck.resolve().parent
    return Chapter(folder.name or "lesson", deck, find_file(folder))


def _roots_above(folder: Path) -> tuple[Path, ...]:
    """The folder above `chapters/`, where the project's own templates lie."""
    above = modules.shared(folder)
    return () if above is None else (above.parent,)
