"""The question that each cell and each expression asks: all that can change its answer.

The cells of a chapter form one chain, each asking about the one before, so that a change makes all that follows ask
anew. Cells with `needs` may be left out on some machines: they stand beside the chain, and nothing but cells with the
same needs depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckcast.digest import Question, sha256
from deckcast.errors import AssetError, CellError, DeckcastError, raise_all
from deckcast.model import Cell, Inline
from deckcast.run.imports import Modules
from deckcast.settings import CellsSettings

VERSION = "cell-1"
FILE = "file "
"""Begins the name of a part that is a file's digest."""
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a chapter."""

    cells: Mapping[int, Question]
    """By `Cell.index`."""
    inlines: tuple[Question, ...]
    """In the order of the expressions."""


def ask(cells: Sequence[Cell], inlines: Sequence[Inline], folder: Path, settings: CellsSettings) -> Asked:
    """The questions of a chapter's cells and expressions. Raises every mistake about files that they name."""
    errors: list[DeckcastError] = []
    lock = _lock(folder, settings, errors)
    questions: dict[int, Question] = {}
    chain = ""
    ends: list[tuple[int, str]] = []
    beside: list[tuple[frozenset[str], str]] = []
    modules = Modules(folder)
    for cell in cells:
        needs = frozenset(cell.needs)
        before = [chain, *(key for others, key in beside if others <= needs)]
        files = sorted({*cell.files, *modules.of([cell])})
        parts = {
            "kernel": kernel_name(cell.language, settings),
            BEFORE: before if needs else chain,
            "source": normalised(cell.source),
            **({"needs": sorted(needs)} if needs else {}),
            **{FILE + name: _digest(folder / name, cell, name, errors) for name in files},
            **lock,
        }
        question = questions[cell.index] = Question.of(VERSION, **parts)
        if needs:
            beside.append((needs, question.key))
        else:
            chain = question.key
            ends.append((cell.step, chain))
    raise_all(errors)
    return Asked(questions, tuple(_expression(inline, ends, settings, lock) for inline in inlines))


def kernel_name(language: str, settings: CellsSettings) -> str:
    """What a kernel is called in keys: the same on every machine, whatever runs there."""
    return settings.kernel if language == "python" else language


def normalised(source: str) -> str:
    """The source without blanks that change nothing: at the ends of its lines, and behind it."""
    return "\n".join(line.rstrip() for line in source.rstrip().split("\n"))


def _expression(
    inline: Inline, ends: Sequence[tuple[int, str]], settings: CellsSettings, lock: Mapping[str, str]
) -> Question:
    before = next((key for step, key in reversed(ends) if step <= inline.step), "")
    return Question.of(
        VERSION,
        kernel=kernel_name(inline.language, settings),
        before=before,
        source=inline.expression,
        **(lock if not before else {}),
    )


def _lock(folder: Path, settings: CellsSettings, errors: list[DeckcastError]) -> dict[str, str]:
    if not settings.lock:
        return {}
    try:
        return {"lock": sha256((folder / settings.lock).read_bytes())}
    except OSError as error:
        errors.append(
            AssetError(
                f"cannot read the lock file {settings.lock}: {(error.strerror or str(error)).lower()}",
                hint="`cells.lock` names a file of the deck's folder",
            )
        )
        return {}


def _digest(path: Path, cell: Cell, name: str, errors: list[DeckcastError]) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError as error:
        reason = "it does not exist" if isinstance(error, FileNotFoundError) else (error.strerror or str(error)).lower()
        errors.append(
            CellError(
                f"{cell.label} names a file that cannot be read: {name}: {reason}",
                where=cell.where,
                hint="names in `files=` are looked for in the deck's folder",
                code="cell-file",
            )
        )
        return ""
