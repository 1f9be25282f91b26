"""Looking ahead without looking twice."""

from __future__ import annotations

import re


class Ahead:
    """The next place of a word in a text, large or small; the places asked from never go back."""

    def __init__(self, text: str, word: str) -> None:
        self._text = text
        self._word = re.compile(re.escape(word), re.I)
        self._next = -1

    def find(self, begin: int) -> int:
        """Beyond the text's end when there is none."""
        if self._next < begin:
            found = self._word.search(self._text, begin)
            self._next = len(self._text) + 1 if found is None else found.start()
        return self._next
