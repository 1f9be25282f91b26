"""From atoms to what the voice is given, and back: the spoken text and its tokens."""

from __future__ import annotations

from collections.abc import Iterable

from deckcast.spoken.atoms import Atom
from deckcast.spoken.signs import plain

_STOPS = ".,;:!?"


def assemble(text: str, atoms: Iterable[Atom]) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
    """The spoken form of `text`, and (written begin, end, spoken begin, end) of each of its words.

    What no atom claims is said as it stands, but for signs. A token is what white space parts in the written
    text, atoms being whole; what is written without being said belongs to no token.
    """
    building = _Building()
    at = 0
    for atom in (*atoms, Atom(len(text), len(text), "")):
        for index in range(at, atom.begin):
            if text[index].isspace():
                building.part(index)
            else:
                building.add(index, index + 1, plain(text[index]))
        building.add(atom.begin, atom.end, atom.spoken)
        at = atom.end
    building.part(len(text))
    return "".join(building.said).rstrip(" ,"), tuple(building.tokens)


class _Building:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.tokens: list[tuple[int, int, int, int]] = []
        self._length = 0
        self._written: tuple[int, int] | None = None
        self._spoken: tuple[int, int] | None = None

    def add(self, begin: int, end: int, spoken: str) -> None:
        """A stretch of the token under way."""
        self._written = (self._written[0] if self._written else begin, end)
        for character in spoken:
            self._say(character)

    def part(self, _: int) -> None:
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
        elif character == ",":
            # A pause needs words before it, and no other mark beside it.
            if last == " " and self.said:
                self.said.pop()
                self._length -= 1
                last = self.said[-1] if self.said else " "
            if last in (" ", *_STOPS, "(", "-"):
                if last in _STOPS:
                    self._put(" ")
                return
        self._put(character)
        if character.isalnum():
            self._spoken = (self._spoken[0] if self._spoken else self._length - 1, self._length)

    def _put(self, character: str) -> None:
        self.said.append(character)
        self._length += 1
