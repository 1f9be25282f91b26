"""Tokens, pauses, places and lengths of spoken sentences; hostile notes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.markup import Block, Span
from deckcast.model import Sentence, Where
from deckcast.spoken import sentences
from deckcast.spoken.numbers import cardinal, decade, number, ordinal, year
from deckcast.spoken.split import LONGEST


def block(text: str, kind: str = "paragraph") -> Block:
    return Block(kind, (Span(text, "text", Where("deck.md", 5, 3)),))  # type: ignore[arg-type]


def said(*texts: str, kind: str = "paragraph") -> tuple[Sentence, ...]:
    return sentences([block(text, kind) for text in texts], sentence_pause=0.4, paragraph_pause=0.75)


def pairs(sentence: Sentence) -> list[tuple[str, str]]:
    return [
        (sentence.written[begin:end], sentence.spoken[spoken_begin:spoken_end])
        for begin, end, spoken_begin, spoken_end in sentence.tokens
    ]


def test_tokens_lead_from_the_written_words_to_the_spoken_ones() -> None:
    (sentence,) = said("GPT-2 has 1.5B parameters, e.g. on 3 GPUs → fine.")
    assert pairs(sentence) == [
        ("GPT-2", "G-P-T two"),
        ("has", "has"),
        ("1.5B", "one point five billion"),
        ("parameters,", "parameters"),
        ("e.g.", "for example"),
        ("on", "on"),
        ("3", "three"),
        ("GPUs", "G-P-U's"),
        ("→", "to"),
        ("fine.", "fine"),
    ]


def test_what_is_said_as_one_is_one_token() -> None:
    (sentence,) = said("It costs $3.2 million in 5 GB 🎉 now.")
    assert pairs(sentence) == [
        ("It", "It"),
        ("costs", "costs"),
        ("$3.2 million", "three point two million dollars"),
        ("in", "in"),
        ("5 GB", "five gigabytes"),
        ("now.", "now"),
    ]


def test_pauses_between_sentences_and_paragraphs_and_none_at_the_end() -> None:
    assert [sentence.pause for sentence in said("One. Two.", "Three.")] == [0.4, 0.75, 0.0]


def test_list_items_are_sentences_close_together() -> None:
    found = said("first item", "second item;", kind="item")
    assert [(one.written, one.spoken, one.pause) for one in found] == [
        ("first item", "first item.", 0.4),
        ("second item;", "second item.", 0.0),
    ]


def test_the_authors_pause_takes_the_place_of_ours() -> None:
    found = said("Wait [pause 1.5s] for it. [pause 200ms] Now [Pause 2]", "Then. [pause 0s]", "End.")
    assert [(one.written, one.spoken, one.pause) for one in found] == [
        ("Wait", "Wait,", 1.5),
        ("for it.", "for it.", 0.2),
        ("Now", "Now,", 2.0),
        ("Then.", "Then.", 0.0),
        ("End.", "End.", 0.0),
    ]


def test_a_pause_before_the_first_words_is_silence_alone() -> None:
    first, second = said("[pause 1s][pause 500ms] Late.")
    assert (first.written, first.spoken, first.tokens, first.pause) == ("", "", (), 1.5)
    assert second.written == "Late."


def test_a_pause_mark_in_code_is_text() -> None:
    (sentence,) = sentences([Block("paragraph", (Span("[pause 2s]", "code", None),))])
    assert sentence.written == "[pause 2s]"


@pytest.mark.parametrize("text", ["", "  ", "🎉", "→", "---", "…", "[ ]", "\u200b"])
def test_notes_without_words_say_nothing_or_name_signs(text: str) -> None:
    assert [sentence.written for sentence in said(text)] == (["→"] if text == "→" else [])


def test_every_sentence_knows_its_line() -> None:
    spans = (
        Span("One is here.\nTwo is", "text", Where("deck.md", 7, 4)),
        Span(" ", "text", Where("deck.md", 8, 8)),
        Span("bold", "emphasis", Where("deck.md", 9, 3)),
        Span(". Three.", "text", Where("deck.md", 9, 8)),
    )
    found = sentences([Block("paragraph", spans)])
    assert [(one.written, str(one.where)) for one in found] == [
        ("One is here.", "deck.md:7:4"),
        ("Two is bold.", "deck.md:8:1"),
        ("Three.", "deck.md:9:8"),
    ]


def test_a_long_sentence_is_parted_at_marks_and_loses_nothing() -> None:
    text = ", ".join(f"part number {number} of it" for number in range(60)) + "."
    found = said(text)
    assert len(found) > 2
    assert all(len(one.written) <= LONGEST for one in found)
    assert all(one.written.endswith(",") and one.pause == 0.1 for one in found[:-1])
    assert " ".join(one.written for one in found) == text


@pytest.mark.parametrize("text", ["x" * 5_000, "é" * 5_000, "1" * 5_000, "a-" * 3_000, "word " * 2_000])
def test_endless_words_are_parted_too(text: str) -> None:
    found = said(text)
    assert all(len(one.written) <= LONGEST for one in found)
    assert "".join(one.written for one in found).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "piece",
    ["(", "[", "`", '"', ". ", "a. ", "A. ", "1.", "1-", "1 2 ", "$1", "a@", "a.b.", "http://", "x/", "<", "\\", "…",
     "[pause ", "[pause 1s]", "e.g. ", "3,", "1.0", "z. B. ", "1er ", "X", "XX ", "5 €", "3. ", "12:30 ", "É", "５",
     "²", "٣", "€", "1e", "^", "_", "a_", "-", "— "],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "de", "fr", "sv"])
def test_time_grows_with_the_length_only(piece: str, language: str) -> None:
    text = piece * (20_000 // len(piece))
    begun = time.monotonic()
    sentences([block(text)], language)
    assert time.monotonic() - begun < 30, "a hang guard: it takes a second or so"


def test_many_spans_take_no_longer() -> None:
    spans = tuple(Span(*one, Where("deck.md", 1)) for _ in range(5_000) for one in (("Say. ", "text"), ("x", "code")))
    begun = time.monotonic()
    assert len(sentences([Block("paragraph", spans)])) > 1_000
    assert time.monotonic() - begun < 30


WORDS = st.lists(
    st.sampled_from(
        ["The", "GPU", "LLMs", "3.5", "GB", "$5", "50%", "e.g.", "→", "-", "—", "x²", "1/2", "10–20", "v1.2",
         "2024-03-15", "foo_bar", "model.py", "https://a.org/b",
         "don't", "“so”", "(yes)", "🎉", "α", "end.", "Why?", "5", "pm",
         "H₂O", "a=b"]
    ),
    max_size=25,
).map(" ".join)  # fmt: skip


LOCAL = st.lists(
    st.sampled_from(
        ["Am", "3.", "Mai", "z.", "B.", "p.", "ex.", "1er", "2e", "1º", "2ª", "1.000.000", "1 000", "3,14", "3.14",
         "0,05",
         "50 %", "−5", "°C", "€", "3,50 €", "$5", "R$", "16 GB", "1,5 GB/s", "14:30", "Uhr", "14 h 30", "2024-03-15",
         "5.03.2024", "XX", "IV", "siècle", "Kapitel", "usw.", "Abb.", "S.", "12", "–", "20", "=", "<", "&", "v1.2",
         "1984",
         "ж", "三", "ا", "٣", "１２", "x", "l’", "“", "”.", "~", "/", "-", "#7", "²", "½"]
    ),
    max_size=20,
).map(" ".join)  # fmt: skip
TAGS = ["en", "de", "fr", "es", "it", "pt-BR", "nl", "pl", "ja", "ru", "ar", "sv", "tr", "he", "hi", "xx", "zh-Hans"]


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=40), st.text("aB_.-/=<>!x0159²³①½٣ \\\"'{}()[]^$", max_size=30)),
    st.sampled_from(["code", "url", "math", "text"]),
    st.sampled_from(TAGS),
)
def test_code_addresses_and_formulas_can_be_read_in_any_language(text: str, kind: str, language: str) -> None:
    spans = (Span("Say ", "text", None), Span(text, kind, None), Span(" now.", "text", None))  # type: ignore[arg-type]
    assert sentences([Block("paragraph", spans)], language)


def test_every_language_that_has_number_words_can_be_read() -> None:
    from num2words import CONVERTER_CLASSES

    for tag in (one.replace("_", "-") for one in CONVERTER_CLASSES):
        text = "1 2 5 21 200 1984 1.000 1,5 3.14 0,05 999999999 007 ende."
        (sentence,) = sentences([block(text)], tag)
        assert len(sentence.tokens) >= len(text.split()) - 2, tag


@settings(deadline=None)
@given(st.one_of(st.text(max_size=120), WORDS, LOCAL), st.sampled_from(TAGS))
def test_tokens_are_ranges_in_order_whatever_is_written(text: str, language: str) -> None:
    for sentence in sentences([block(text)], language):
        assert sentence.tokens
        assert sentence.written == " ".join(sentence.written.split())
        assert "  " not in sentence.spoken
        assert sentence.spoken == sentence.spoken.strip()
        last_written = last_spoken = 0
        for begin, end, spoken_begin, spoken_end in sentence.tokens:
            assert last_written <= begin < end <= len(sentence.written)
            assert last_spoken <= spoken_begin < spoken_end <= len(sentence.spoken)
            assert not sentence.written[begin].isspace()
            assert any(one.isalnum() for one in sentence.spoken[spoken_begin:spoken_end])
            last_written, last_spoken = end, spoken_end
        outside = sentence.spoken[last_spoken:]
        assert not any(one.isalnum() for one in outside)


@settings(deadline=None)
@given(WORDS)
def test_in_english_nothing_is_left_that_engines_read_differently(text: str) -> None:
    for sentence in sentences([block(text)]):
        assert not any(one.isdigit() for one in sentence.spoken)
        assert not set(sentence.spoken) & set("$%&/=_→—“”")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (110, "one hundred ten"),
        (1_001, "one thousand one"),
        (1_000_000, "one million"),
        (2_300_045, "two million three hundred thousand forty-five"),
        (-7, "minus seven"),
        (10**18, "one zero" + " zero" * 17),
    ],
)
def test_cardinal(value: int, words: str) -> None:
    assert cardinal(value) == words


def test_other_numbers() -> None:
    assert [ordinal(value) for value in (1, 2, 3, 5, 8, 9, 12, 20, 21, 40, 100, 101)] == [
        "first", "second", "third", "fifth", "eighth", "ninth", "twelfth", "twentieth", "twenty-first", "fortieth",
        "one hundredth", "one hundred first",
    ]  # fmt: skip
    assert [year(value) for value in (1066, 1900, 1905, 1984, 2000, 2007, 2010, 2024)] == [
        "ten sixty-six", "nineteen hundred", "nineteen oh five", "nineteen eighty-four", "two thousand",
        "two thousand seven", "twenty ten", "twenty twenty-four",
    ]  # fmt: skip
    assert [decade(value) for value in (90, 1980, 1900, 2010, 2000)] == [
        "nineties", "nineteen eighties", "nineteen hundreds", "twenty tens", "two thousands",
    ]  # fmt: skip
    assert [number(text) for text in ("1,234.50", "-3", "−0.5", "007", "1.0")] == [
        "one thousand two hundred thirty-four point five zero", "minus three", "minus zero point five",
        "zero zero seven", "one point zero",
    ]  # fmt: skip
