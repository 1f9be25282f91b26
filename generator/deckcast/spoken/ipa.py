"""Sounds that the author gives in the International Phonetic Alphabet, between strokes: `burt /bɜːt/`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deckcast.model import Where

_SOUNDS = re.compile(r"(?:^|(?P<said>.*\S)\s)\s*/(?P<ipa>[^/]+)/")


@dataclass(frozen=True, slots=True)
class Sounds:
    """Sounds that were given for a word, and who gave them."""

    ipa: str
    word: str
    """The entry of the lexicon; empty for a mark in the notes."""
    mark: str
    """`[say "/bɜːt/"]`; empty for an entry."""
    where: Where | None
    respelled: bool
    """Whether something else is given, for voices that cannot say the sounds."""


def parted(said: str) -> tuple[str, str]:
    """(respelling, IPA) of what the author wrote; either may be empty, but not both."""
    found = _SOUNDS.fullmatch(said.strip())
    if found is None or not any(one.isalpha() for one in found["ipa"]):
        return said, ""
    return found["said"] or "", " ".join(found["ipa"].split())


def ended(ipa: str, ending: str, language: str) -> str:
    """The sounds with the `s` or `'s` that the word is written with."""
    if not ending or language == "fr":
        return ipa
    if language != "en":
        return f"{ipa}s"
    last = ipa.rstrip("ːˑ'’ ")[-1:]
    return f"{ipa}{'ɪz' if last in 'szʃʒ' else 's' if last in 'ptkfθ' else 'z'}"
