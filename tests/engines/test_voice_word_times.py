"""Hanging an engine's word events on the words of the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deckcast.engines.word_times import Sound, hang, words_in
from deckcast.model import Word


def test_words_are_what_holds_a_letter_or_digit() -> None:
    text = "  One -- (two), 3.5 … é! "
    assert [text[begin:end] for begin, end in words_in(text)] == ["One", "(two),", "3.5", "é!"]


def test_several_sounds_of_a_word_are_one_span() -> None:
    sounds = [Sound(0, 0.1, 0.3), Sound(3, 0.3, 0.6), Sound(4, 0.6, 0.9), Sound(8, 1.0, 1.2)]
    assert hang("In 2024 yes", sounds, 1.5) == (Word(0, 2, 0.1, 0.3), Word(3, 7, 0.3, 0.9), Word(8, 11, 1.0, 1.2))


def test_words_without_a_sound_share_the_one_before() -> None:
    assert hang("of the dog", [Sound(0, 0.0, 0.5), Sound(7, 0.5, 1.0)], 1.0) == (
        Word(0, 2, 0.0, 0.2),
        Word(3, 6, 0.2, 0.5),
        Word(7, 10, 0.5, 1.0),
    )


def test_words_before_the_first_sound_share_it() -> None:
    assert hang("aa bb", [Sound(3, 0.2, 0.6)], 1.0) == (Word(0, 2, 0.2, 0.4), Word(3, 5, 0.4, 0.6))


def test_no_sounds_at_all_share_the_whole_time() -> None:
    assert hang("aa bb", [], 1.0) == (Word(0, 2, 0.0, 0.5), Word(3, 5, 0.5, 1.0))


def test_no_words() -> None:
    assert hang(" -- ", [Sound(1, 0.0, 1.0)], 1.0) == ()


@given(
    st.text(alphabet="ab1 -.\né", max_size=40),
    st.lists(st.builds(Sound, st.integers(0, 60), st.floats(0, 9), st.floats(0, 9)), max_size=12),
)
def test_every_word_has_a_time_in_order_whatever_the_engine_says(text: str, sounds: list[Sound]) -> None:
    placed = hang(text, sounds, 5.0)
    assert tuple((word.begin, word.end) for word in placed) == words_in(text)
    times = [moment for word in placed for moment in (word.start, word.stop)]
    assert times == sorted(times)
    assert all(0 <= moment <= 5.0 + 1e-9 for moment in times)
