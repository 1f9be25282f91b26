"""Texts in which some words are written as phonemes, for engines that read such texts (`Voice.speak`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deckcast.model import Phonemes

_TOUCHING = frozenset(",.;:?!…")
"""Marks that stand right behind phonemes; anything else is parted from them by a blank."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """A text with phonemes in it."""

    text: str
    origins: tuple[int, ...]
    """For each of its characters, and for its end, the offset in the text from which it was made."""


def mixed(text: str, phonemes: Iterable[Phonemes], write: Callable[[str], str]) -> Mixed:
    """The text with `write(ipa)` in place of each stretch: `[[bɜːt]]`, or whatever the engine reads.

    What `write` gives may hold a blank between words; each such word leads back to its own word of the stretch. `[[`
    in the text itself becomes `((`, since that is how most engines begin phonemes.
    """
    parts: list[str] = []
    origins: list[int] = []

    def add(piece: str, places: Iterable[int]) -> None:
        parts.append(piece)
        origins.extend(places)

    text = text.replace("[[", "((")
    at = 0
    for one in phonemes:
        add(text[at : one.begin], range(at, one.begin))
        if one.begin and not text[one.begin - 1].isspace():
            add(" ", [one.begin])
        words = _beginnings(text, one)
        for number, word in enumerate(write(one.ipa).split(" ")):
            origin = words[min(number, len(words) - 1)]
            add(f" {word}" if number else word, [origin] * (len(word) + (number > 0)))
        following = text[one.end : one.end + 1]
        if following and not following.isspace() and following not in _TOUCHING:
            add(" ", [one.end])
        at = one.end
    add(text[at:], range(at, len(text) + 1))
    return Mixed("".join(parts), tuple(origins))


def _beginnings(text: str, one: Phonemes) -> list[int]:
    blanks = [at for at in range(one.begin, one.end) if text[at].isspace()]
    return [one.begin, *(at + 1 for at in blanks if not text[at + 1].isspace())]
