"""IPA as espeak-ng's own names of phonemes, which it reads between `[[` and `]]`.

Nobody keeps a list of them here: a voice is asked what each phoneme that the library knows sounds like in IPA
(`espeak_program.py phonemes`), and that is turned round.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_LETTERS = "bdfhjklmnprstvwz"
"""Each stands for its language's own sound, as in a broad transcription: an English `r` is no trill."""
_VOWELS = frozenset("aeiouyæɑɒɔəɘɵɛɜɞɐɪʊʌʏøœɨʉɯɤɶɚɝᵻ")
_NEAR = {
    "a": "ɑ æ ɐ", "ɑ": "a ɒ", "æ": "a ɛ", "ɒ": "ɔ ɑ o", "ɐ": "ʌ ə a", "ʌ": "ɐ ə a", "ɔ": "o ɒ", "o": "oʊ ɔ",
    "ə": "ɐ ʌ ɜ e", "ɜ": "ə œ ø ɛ", "ɝ": "ɜ ə œ", "ɚ": "ə ɐ", "e": "eɪ ɛ", "ɛ": "e æ", "ɪ": "i", "i": "ɪ", "ᵻ": "ɪ i",
    "ʊ": "u", "u": "ʊ", "y": "ʏ u i", "ʏ": "y ʊ i", "ø": "œ ɜ", "œ": "ø ɜ", "ɨ": "ɪ", "ʉ": "u", "ɯ": "u", "ɤ": "ə o",
    "oʊ": "əʊ o", "əʊ": "oʊ o", "ɹ": "r", "ʁ": "r", "ʀ": "r", "ɾ": "r", "ɻ": "r", "ɫ": "l", "ʎ": "lj", "ʍ": "w",
    "ɥ": "w", "ç": "x ʃ", "χ": "x", "x": "k", "ɣ": "ɡ", "ɱ": "m", "ʋ": "v", "β": "v", "ð": "d", "θ": "t", "ɲ": "nj",
    "ŋ": "n", "ʒ": "ʃ", "ɕ": "ʃ", "ʂ": "ʃ", "ʑ": "ʒ", "ʐ": "ʒ", "tɕ": "tʃ", "dʑ": "dʒ", "ʈ": "t", "ɖ": "d", "ɳ": "n",
}  # fmt: skip
"""What is nearest to a sound that a voice has not, best first."""
_UNSAID = re.compile(r"\([^)]*\)|[.‿|‖\u0361\u035c\u200d]")
"""Sounds that may be left out, and marks of syllables, ties and phrases."""
_PLAIN = str.maketrans({"g": "ɡ", ":": "ː", "'": "ˈ", "’": "ˈ", "ʼ": "ˈ", ",": "ˌ", "-": " "})
_STRESS = {"ˈ": "'", "ˌ": ","}
_LONGEST = 5


def table(lines: Iterable[str]) -> dict[str, str]:
    """IPA → phoneme, from what the program tells: phoneme, and its IPA between two `p` and between two `a`."""
    ranked: dict[str, tuple[int, int, int, str]] = {}
    told: set[str] = set()
    vowel = ""
    for order, line in enumerate(lines):
        name, after_p, after_a = unicodedata.normalize("NFD", line).split("\t")
        if not name:
            vowel = after_a  # `a` alone
            continue
        told.add(name)
        within = [_between(after_p, "p"), _between(after_a, vowel)]
        for ipa in {one for one in within if one and _is_ipa(one)}:
            rank = (2 - within.count(ipa), len(name), order, name)
            ranked[ipa] = min(ranked.get(ipa, rank), rank)
            plain = "".join(one for one in ipa if unicodedata.category(one) != "Mn")
            rank = (3, *rank[1:])  # the `ä` of one voice is the only `a` it has
            ranked[plain] = min(ranked.get(plain, rank), rank)
    known = {ipa: rank[-1] for ipa, rank in ranked.items()}
    return {**known, **{letter.translate(_PLAIN): letter for letter in (*_LETTERS, "g") if letter in told}}


def mnemonics(ipa: str, known: Mapping[str, str], *, last_stressed: bool = False) -> tuple[str, tuple[str, ...]]:
    """(what stands between `[[` and `]]`, the sounds that the voice has nothing like).

    A word without a mark of stress is stressed on its first vowel, or on its last if `last_stressed`.
    """
    unknown: list[str] = []
    words = _UNSAID.sub("", unicodedata.normalize("NFD", ipa)).translate(_PLAIN).split()
    said = [_word(word, known, unknown, last_stressed=last_stressed) for word in words]
    return " ".join(word for word in said if word), tuple(dict.fromkeys(unknown))


def _word(word: str, known: Mapping[str, str], unknown: list[str], *, last_stressed: bool) -> str:
    names: list[str] = []
    vowels: list[int] = []
    stress, stressed = "", False
    at = 0
    while at < len(word):
        if word[at] in _STRESS:
            stress = _STRESS[word[at]]
            at += 1
            continue
        sound, found = _longest(word, at, known)
        if not found and not (at and unicodedata.category(word[at]) in ("Mn", "Lm", "Sk")):
            unknown.append(sound)
        if found and sound[0] in _VOWELS:
            vowels.append(len(names))
            found = [stress + found[0], *found[1:]]
            stress, stressed = "", stressed or bool(stress)
        names += found
        at += len(sound)
    if vowels and not stressed:
        at = vowels[-1 if last_stressed else 0]
        names[at] = f"'{names[at]}"
    return "|".join(names)


def _longest(word: str, at: int, known: Mapping[str, str]) -> tuple[str, list[str]]:
    """The longest sound that begins at a place, and its phonemes; none, and one character, where it is unknown."""
    for length in range(min(_LONGEST, len(word) - at), 0, -1):
        sound = word[at : at + length]
        if sound in known:
            return sound, [known[sound]]
    for length in (2, 1):
        sound = word[at : at + length]
        for near in (f"{sound}ː", *(like for one in _NEAR.get(sound, "").split() for like in (one, f"{one}ː"))):
            if near in known:
                return sound, [known[near]]
            if len(near) == 2 and near[1] == "j" and near[0] in known and "j" in known:
                return sound, [known[near[0]], known["j"]]
    return word[at], []


def _between(ipa: str, edge: str) -> str:
    inner = ipa[len(edge) : len(ipa) - len(edge)]
    return inner if edge and ipa == f"{edge}{inner}{edge}" else ""


def _is_ipa(text: str) -> bool:
    return all(unicodedata.category(one) in ("Ll", "Lm", "Lo", "Mn", "Sk") for one in text) and (
        unicodedata.category(text[0]) in ("Ll", "Lo")
    )
