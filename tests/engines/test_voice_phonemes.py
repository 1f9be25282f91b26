"""Sounds in IPA: written into a text, and as espeak-ng's own phonemes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.engines.espeak_ipa import mnemonics, table
from deckcast.engines.phonemes import mixed
from deckcast.engines.voices import engine
from deckcast.model import Phonemes


def brackets(ipa: str) -> str:
    return f"[[{ipa}]]"


def test_sounds_stand_between_blanks_and_lead_back_to_their_word() -> None:
    text = 'so "burt", New York-like [[x'
    found = mixed(text, (Phonemes(4, 8, "bɜːt"), Phonemes(11, 19, "njuː jɔːk")), brackets)
    assert found.text == 'so " [[bɜːt]] ", [[njuː jɔːk]] -like ((x'
    assert found.origins[found.text.index("bɜːt")] == 4
    assert found.origins[found.text.index("njuː")] == 11
    assert found.origins[found.text.index("jɔːk")] == 15
    assert found.origins[found.text.index("like")] == text.index("like")
    assert found.origins[-1] == len(text)


@given(st.lists(st.sampled_from(["burt", "a", "(", " ", ". ", "x y"]), max_size=12), st.sampled_from(["bɜːt", "a b c"]))
def test_every_character_has_an_origin_and_they_never_go_back(parts: list[str], ipa: str) -> None:
    text, phonemes = "", []
    for part in parts:
        if part == "burt" and not text[-1:].isalnum():
            phonemes.append(Phonemes(len(text), len(text) + 4, ipa))
            text += " "
        text += part
    phonemes = [one for one in phonemes if text[one.begin : one.end] == "burt"]
    found = mixed(text, phonemes, brackets)
    assert len(found.origins) == len(found.text) + 1
    assert list(found.origins) == sorted(found.origins)
    assert found.text.count("[[") == len(phonemes)


KNOWN = {"b": "b", "t": "t", "ɜː": "3:", "ə": "@", "oʊ": "oU", "l": "l", "h": "h", "t̪": "t[", "ts": "ts", "ɡ": "g"}


@pytest.mark.parametrize(
    ("ipa", "said", "unknown"),
    [
        ("bɜːt", "b|'3:|t", ()),
        ("b'ɜ:t", "b|'3:|t", ()),
        ("həˈloʊ", "h|@|l|'oU", ()),
        ("ˌlə.ˈlə", "l|,@|l|'@", ()),
        ("lə lə", "l|'@ l|'@", ()),
        ("ləʰt̪", "l|'@|t[", ()),
        ("t͡sə", "ts|'@", ()),
        ("gə(l)", "g|'@", ()),
        ("bɜt", "b|'3:|t", ()),
        ("ləʘ!ʘ", "l|'@", ("ʘ", "!")),
    ],
)
def test_ipa_as_phonemes(ipa: str, said: str, unknown: tuple[str, ...]) -> None:
    assert mnemonics(ipa, KNOWN) == (said, unknown)


def test_a_language_may_stress_its_last_vowel() -> None:
    assert mnemonics("ləloʊ", KNOWN, last_stressed=True)[0] == "l|@|l|'oU"


def test_the_table_takes_the_plainest_name() -> None:
    known = table(["\t\tæ", "b\tpbp\tæbæ", "b;\tpbp\tæbæ", "r\tprp\tæɹæ", "R\tprp\tæræ", "_x\tpp\tææ", "E\tpe̞p\tæe̞æ"])
    assert (known["b"], known["r"], known["ɹ"], known["e"]) == ("b", "r", "r", "E")


WORDS = {
    "espeak": ["bɜːt", "həˈloʊ", "ˈtʃɛkɪŋ", "naɪˈiːv", "ˈmɛʒɚ", "ˈðɪs", "ˈθɪŋ", "ˌɪntɚˈnæʃənəl"],
    "espeak de": ["ˈmɪlç", "ˈʃøːn", "ˈbɛrt", "ˈhyːtə", "ˈtsuːk", "ˈaʊxən"],
    "espeak fr": ["bɔ̃ˈʒuʁ", "ʃaʁˈlɔt", "pəˈti"],
    "espeak es": ["ˈxente", "ˈmutʃo", "ˈniɲo"],
}


@pytest.mark.slow
@pytest.mark.parametrize(("setting", "ipa"), [(voice, word) for voice, words in WORDS.items() for word in words])
def test_espeak_says_the_sounds_that_were_given(setting: str, ipa: str) -> None:
    """What the library itself calls the phonemes that we give it, in IPA, is what was asked for."""
    name, _, variant = setting.partition(" ")
    voice = engine(name)(variant)
    assert voice.lacks(ipa) == ()
    said = transcriber(voice)(f"[[{voice._mnemonics(ipa)[0]}]]")  # type: ignore[attr-defined]

    def bare(text: str) -> str:
        return text.replace("ˈ", "").replace("ˌ", "").replace("r", "ɹ").replace("ɾ", "ɹ").replace("ɐ", "ə")

    assert bare(said) == bare(ipa)
    assert said.count("ˈ") == 1


@pytest.mark.slow
def test_a_sound_that_espeak_has_not_is_named() -> None:
    assert engine("espeak")("").lacks("ʘaǃʘ") == ("ʘ", "ǃ")


def transcriber(voice: object) -> Callable[[str], str]:
    library = ctypes.CDLL(voice._installed.library)  # type: ignore[attr-defined]
    library.espeak_Initialize(2, 0, voice._installed.data.encode() or None, 0x8000)  # type: ignore[attr-defined]
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(lambda *_: 0)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetVoiceByName(voice._voice.encode())  # type: ignore[attr-defined]
    library.espeak_Synth.argtypes = [ctypes.c_char_p, ctypes.c_size_t, *[ctypes.c_uint] * 4, *[ctypes.c_void_p] * 2]
    library.espeak_Synth(b"a", 2, 0, 1, 0, 0x101, None, None)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def ipa(text: str) -> str:
        pointer = ctypes.c_char_p(text.encode())
        assert callback
        return str(library.espeak_TextToPhonemes(ctypes.byref(pointer), 1, 2).decode())

    return ipa
