"""Decks in, findings out, as text that anyone can add to: `cases/*.md`.

A case is a title, a deck, and what `deckcast check` says of it, one line each, notes included:

    § what the case shows
    the deck
    § gives
    line:column severity[code] message
"""

from __future__ import annotations

from pathlib import Path

from deckcast.check import RULES, Rule
from deckcast.checking import Checked, check
from deckcast.model import Finding

FILES = ("images/forest.jpg", "images/growth.png", "images/cycle.svg", "images/photo.jpg", "files/exercises.ipynb")


def folder(path: Path) -> Path:
    """A deck's folder with some files in it."""
    from PIL import Image

    for name in FILES:
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".svg":
            file.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3z"/></svg>')
        elif file.suffix == ".ipynb":
            file.write_text("{}")
        else:
            Image.new("RGB", (4, 3), "green").save(file)
    return path


def checked(path: Path, text: str, **how: object) -> Checked:
    """What is found in a deck of that text, without a browser."""
    deck = path / "deck.md"
    deck.write_text(text, encoding="utf-8")
    how = {"browser": False, "output": path / "output", **how}
    return check(deck, **how)  # type: ignore[arg-type]


def line(finding: Finding) -> str:
    where = f"{finding.where.line}:{finding.where.column}" if finding.where else "-"
    return f"{where} {finding.severity}[{finding.code}] {finding.message}"


def lines(result: Checked) -> str:
    return "\n".join(map(line, result.findings))


def rules_with_decks() -> list[Rule]:
    """Rules whose examples are decks, so that they can be tried."""
    return [one for one in RULES if not one.drawn and "\n" in one.bad]
