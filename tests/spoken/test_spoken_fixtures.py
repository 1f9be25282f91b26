"""The cases of english.txt, german.txt and sentences.txt: add one by adding text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deckcast.markup import to_text
from deckcast.model import Prose, Sentence, Where
from deckcast.spoken import sentences

HERE = Path(__file__).parent


def cases(name: str) -> list[tuple[str, list[str]]]:
    """(notes, expected lines) of each case. The first paragraph and headings (`# `) are for the reader."""
    found = []
    for paragraph in re.split(r"\n\s*\n", (HERE / name).read_text(encoding="utf-8").strip())[1:]:
        lines = [line for line in paragraph.split("\n") if not line.startswith("# ")]
        if lines:
            notes = "\n".join(line for line in lines if not line.startswith(">"))
            found.append((notes, [line[1:].strip() for line in lines if line.startswith(">")]))
    return found


def said(notes: str, language: str = "en") -> tuple[Sentence, ...]:
    places = tuple(Where("deck.md", number) for number in range(1, notes.count("\n") + 2))
    return sentences(to_text((Prose(notes, places),)), language)


@pytest.mark.parametrize(("notes", "expected"), cases("english.txt"), ids=lambda value: str(value)[:40])
def test_english(notes: str, expected: list[str]) -> None:
    assert [sentence.spoken for sentence in said(notes)] == expected


@pytest.mark.parametrize(("notes", "expected"), cases("german.txt"), ids=lambda value: str(value)[:40])
def test_german(notes: str, expected: list[str]) -> None:
    assert [sentence.spoken for sentence in said(notes, "de-AT")] == expected


@pytest.mark.parametrize(("notes", "expected"), cases("sentences.txt"), ids=lambda value: str(value)[:40])
def test_sentences(notes: str, expected: list[str]) -> None:
    assert [sentence.written for sentence in said(notes)] == expected


def test_the_cases_are_read() -> None:
    assert len(cases("english.txt")) > 75
    assert len(cases("sentences.txt")) > 20
