"""Graphs for tests, without a program: each line of the source becomes a line of text."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from deckcast.errors import GraphError
from deckcast.ports import Availability, LaidOut


class FakeGraphs:
    """`Graphs`. Where `missing`, there is no program; a graph without a `}` at its end is refused as Graphviz does."""

    def __init__(self, *, missing: bool = False) -> None:
        self.sources: list[str] = []
        self._missing = missing

    @property
    def identity(self) -> str:
        if self._missing:
            raise GraphError("Graphviz is not installed here", hint="install it")
        return "graphs 1"

    def availability(self) -> Availability:
        return Availability(not self._missing, "a fake", "install it" * self._missing)

    def lay_out(self, source: str, defaults: Sequence[str], fonts: Sequence[Path]) -> LaidOut:
        self.sources.append(source)
        if not source.rstrip().endswith("}"):
            count = source.count("\n") + 1
            return LaidOut(said=f"Error: <stdin>: syntax error in line {count}\n")
        words = "".join(
            f'<text x="0" y="{14 * number}" font-family="Inter" font-size="14.00" fill="#0a0b12">'
            f"{html.escape(word)}</text>"
            for number, word in enumerate(re.findall(r"\w+", source)[1:], 1)
        )
        return LaidOut(
            f'<?xml version="1.0"?>\n<svg width="72pt" height="72pt" viewBox="0.00 0.00 72.00 72.00" '
            f'xmlns="http://www.w3.org/2000/svg"><g id="graph0" class="graph">{words}</g></svg>'
        )
