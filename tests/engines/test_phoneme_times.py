"""Words laid beside the phonemes of a sentence."""

from __future__ import annotations

import pytest

from deckcast.engines.letters import in_letters
from deckcast.engines.phoneme_times import Timed, word_times


def timed(phonemes: str) -> list[Timed]:
    """Each lasts a second."""
    return [(phoneme, float(at), float(at + 1)) for at, phoneme in enumerate(phonemes)]


@pytest.mark.parametrize(
    ("words", "stream", "times"),
    [
        (["ɡʊd", "mɔɹ"], "ɡʊd mɔɹ.", [(0, 3), (4, 7)]),
        (["ɒv", "ðə", "dɒɡ"], "ʌvðə dɒɡ", [(0, 2), (2, 4), (5, 8)]),  # two words in one run
        (["eɪ", "ɹəʊz"], "ɐ ɹˈəʊz", [(0, 1), (2, 7)]),  # one that sounds otherwise among others
        (["twɛnti fɔː"], "twˈɛnti fˈɔː", [(0, 12)]),  # one that is two runs
        (["a", "", "b"], "a b", [(0, 1), None, (2, 3)]),
        (["siː", "ɪt"], "ˈsiː ˈɪt", [(0, 4), (5, 8)]),  # marks belong to what they mark
        (["a"], "", [None]),
        ([], "abc", []),
        (["kat", "kat"], "kat kat", [(0, 3), (4, 7)]),
        (["ɑ̃"], "ɑ̃", [(0, 2)]),
    ],
)
def test_words_have_the_times_of_their_phonemes(
    words: list[str], stream: str, times: list[tuple[float, float] | None]
) -> None:
    assert list(word_times(words, timed(stream))) == times


KNOWN = frozenset("abcdefghijklmnopqrstuvwxyz' ")


@pytest.mark.parametrize(
    ("text", "language", "written", "lost"),
    [
        ("Good morning", "en", "good morning", ""),
        ("In 2024, 3.5 of 12", "en", "in two thousand and twenty four  three point five of twelve", ""),
        ("12 Uhr", "de", "zwölf uhr", ""),
        ("1,500 cafés", "en", "one thousand five hundred cafes", ""),
        ("Straße – that’s “it”…", "en", "strasse   that's  it  ", ""),
        ("soft\u00adhyphen", "en", "softhyphen", ""),
        ("Say 你好.", "en", "say   ", "你好"),
        ("α & β", "en", "", "αβ"),
        ("7", "tlh", "", "7"),
        ("١٢", "ar", "", "١٢"),
    ],
)
def test_text_in_the_letters_that_a_model_knows(text: str, language: str, written: str, lost: str) -> None:
    known = KNOWN | {"ö"} if language == "de" else KNOWN
    lettered = in_letters(text, known, language)
    assert lettered.text.replace("-", " ").split() == written.split()
    assert lettered.lost == lost
    assert set(lettered.text) <= known
    assert len(lettered.origins) == len(lettered.text)
    assert list(lettered.origins) == sorted(lettered.origins)


def test_what_a_model_knows_stays_as_it_is() -> None:
    assert in_letters("Ab 12 é!", frozenset("Aab12é! "), "en").text == "Ab 12 é!"
    assert in_letters("that's", frozenset("abcdefghijklmnopqrst "), "en").text == "thats"
