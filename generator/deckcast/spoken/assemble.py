"""From atoms to what the voice is given, and back: the spoken text and its tokens."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from deckcast.model import Phonemes
from deckcast.spoken.atoms import Atom
from deckcast.spoken.signs import plain

_STOPS = ".,;:!?"


def assemble(
    text: str, atoms: Iterable[Atom], kept: str = ""
) -> tuple[str, tuple[tuple[int, int, int, int], ...], tuple[Phonemes, ...]]:
    """The spoken form of `text`; (written begin, end, spoken begin, end) of each of its words; given sounds.

    What no atom claims is said as it stands, but for signs. A token is what white space parts in the written
    text, atoms being whole; what is written without being said belongs to no token. `kept`: signs that are said.
    """
    building = _Building()
    at = 0
    for atom in (*atoms, Atom(len(text), len(text), "")):
        for index in range(at, atom.begin):
            if text[index].isspace():
                building.part()
            else:
                building.add(index, index + 1, plain(text[index], kept))
        # A number or name said in words stands apart from letters that touch it (`US$5`, `H₂O`), but not from an
        # ending: the `s` of several `tensor`s.
        if atom.spoken and building.ends_in_a_word and atom.spoken[0].isalnum():
            building.join(" ")
        building.add(atom.begin, atom.end, atom.spoken, atom.ipa)
        touching = text[atom.end : atom.end + 1]
        if touching.isalnum() and not (touching.islower() and text[atom.end - 1].isalpha() and not atom.ipa):
            building.join(" ")
        at = atom.end
    building.part()
    return "".join(building.said).rstrip(" ,"), tuple(building.tokens), tuple(building.phonemes)


class _Building:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.tokens: list[tuple[int, int, int, int]] = []
        self.phonemes: list[Phonemes] = []
        self._length = 0
        self._written: tuple[int, int] | None = None
        self._spoken: tuple[int, int] | None = None

    def add(self, begin: int, end: int, spoken: str, ipa: str = "") -> None:
        """A stretch of the token under way."""
        self._written = (self._written[0] if self._written else begin, end)
        first = max(self._length - 1, 0) if self.ends_in_a_blank else self._length
        for character in spoken:
            self._say(character)
        if ipa:
            self._sound(first, ipa)

    @property
    def ends_in_a_word(self) -> bool:
        return bool(self.said) and self.said[-1].isalnum()

    @property
    def ends_in_a_blank(self) -> bool:
        return bool(self.said) and self.said[-1] == " "

    def _sound(self, begin: int, ipa: str) -> None:
        """What has been said since `begin` sounds so, from its first letter to its last."""
        end = self._length
        while begin < end and not self.said[begin].isalnum():
            begin += 1
        while end > begin and not self.said[end - 1].isalnum() and unicodedata.category(self.said[end - 1])[0] != "M":
            end -= 1
        if begin < end:
            self.phonemes.append(Phonemes(begin, end, ipa))

    def join(self, spoken: str) -> None:
        """Something that is said between two parts of one token."""
        for character in spoken:
            self._say(character)

    def part(self) -> None:
        """White space: the token is over."""
        if self._written is not None and self._spoken is not None:
            self.tokens.append((*self._written, *self._spoken))
        self._written = self._spoken = None
        self._say(" ")

    def _say(self, character: str) -> None:
        last = self.said[-1] if self.said else " "
        if character.isspace():
            character = " "
            if last == " ":
                return
        elif character in _STOPS:
            if last == " " and self.said:  # what stood before it was not said
                self.said.pop()
                self._length -= 1
                last = self.said[-1] if self.said else " "
            if character == "," and last in (" ", "(", "-", *_STOPS):
                # A pause needs words before it, and no other mark beside it.
                if last in _STOPS:
                    self._put(" ")
                return
        self._put(character)
        if character.isalnum():
            self._spoken = (self._spoken[0] if self._spoken else self._length - 1, self._length)

    def _put(self, character: str) -> None:
        self.said.append(character)
        self._length += 1
