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


LANGUAGES = {
    "german": "de-AT", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt", "dutch": "nl",
    "polish": "pl",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "notes", "expected"),
    [(tag, *case) for name, tag in LANGUAGES.items() for case in cases(f"{name}.txt")],
    ids=lambda value: str(value)[:40],
)
def test_other_languages(language: str, notes: str, expected: list[str]) -> None:
    assert [sentence.spoken for sentence in said(notes, language)] == expected


@pytest.mark.parametrize(
    ("language", "notes", "expected"),
    [
        ("sv", "Det är 3,14 och 1 000 ord, 5 modeller.", "Det är tre komma ett fyra och ettusen ord, fem modeller."),
        ("ru", "Есть 3,14 и 2 модели, 5 слов.", "Есть три целых четырнадцать сотых и 2 модели, пять слов."),
        ("ru", "Это 3.05 и 16 ГБ.", "Это 3.05 и шестнадцать ГБ."),
        ("ko", "3.14 그리고 1,000.", "삼 점 일 사 그리고 천."),
        ("nb-NO", "Det er 7 ting.", "Det er syv ting."),
        ("tr", "0,05 ve 7 kelime.", "0,05 ve yedi kelime."),
        ("da", "Den 3. maj, 10:30, 5-10 og 50.", "Den 3. maj, 10:30, 5-10 og halvtreds."),
        ("fr-CH", "Il y a 90 mots.", "Il y a nonante mots."),
        ("pt-BR", "São 16 palavras.", "São dezesseis palavras."),
        # Nothing is known of these, or their voices read digits better.
        ("ja", "3.14と1,000です。", "3.14と1,000です."),
        ("zh-Hans", "有3.14和1,000个。", "有3.14和1,000个."),
        ("hi", "यह 3.14 है।", "यह 3.14 है।"),
        ("xx", "So 16 GB, 50 %.", "So 16 GB, 50 %."),
    ],
)
def test_languages_without_a_file_of_their_own(language: str, notes: str, expected: str) -> None:
    assert [sentence.spoken for sentence in said(notes, language)] == [expected]


@pytest.mark.parametrize(("notes", "expected"), cases("sentences.txt"), ids=lambda value: str(value)[:40])
def test_sentences(notes: str, expected: list[str]) -> None:
    assert [sentence.written for sentence in said(notes)] == expected


def test_the_cases_are_read() -> None:
    assert len(cases("english.txt")) > 75
    assert len(cases("sentences.txt")) > 20
