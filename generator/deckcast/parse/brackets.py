"""Which `]` ends a content class (FORMAT 10.4, 10.5), for all brackets of a text in one pass."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from deckcast.markup.formulas import find_formulas
from deckcast.markup.protect import code_regions

_BRACKET = re.compile(r"[\[\]]")
_ESCAPED = re.compile(r"\\.")


class Brackets:
    """Pairs of `[` and `]`, by plain counting as remark does, and by reading as a person does."""

    def __init__(self, text: str) -> None:
        self._text = text

    def close(self, opening: int, bound: int) -> int | None:
        """The `]` for the `[` at `opening`, before `bound`.

        Only where plain counting finds none, brackets in code, in formulas and behind a back-slash are left out.
        """
        plain = self._plain.get(opening)
        if plain is not None and plain < bound:
            return plain
        read = self._read.get(opening)
        return read if read is not None and read < bound else None

    @cached_property
    def _plain(self) -> dict[int, int]:
        return _pairs(self._text, (match.start() for match in _BRACKET.finditer(self._text)))

    @cached_property
    def _read(self) -> dict[int, int]:
        code = list(code_regions(self._text))
        spans = [(region.begin, region.end) for region in code]
        spans += [(formula.begin, formula.end) for formula in find_formulas(self._text, code)]
        spans += [match.span() for match in _ESCAPED.finditer(self._text)]
        spans.sort()
        begins = [begin for begin, _ in spans]
        reach: list[int] = []
        for _, end in spans:
            reach.append(max(end, reach[-1] if reach else 0))

        def free(at: int) -> bool:
            index = bisect_right(begins, at) - 1
            return index < 0 or reach[index] <= at

        found = (match.start() for match in _BRACKET.finditer(self._text))
        return _pairs(self._text, (at for at in found if free(at)))


def _pairs(text: str, places: Iterable[int]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for at in places:
        if text[at] == "[":
            opened.append(at)
        elif opened:
            pairs[opened.pop()] = at
    return pairs
