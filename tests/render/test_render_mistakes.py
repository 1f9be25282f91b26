"""Every mistake with a file is told with its place, what is wrong, and one hint: `mistakes.txt`, anyone may add.

A case is a title, a deck, and a line `= place | part of the message | part of the hint` for each error.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.errors import DeckcastError
from render.drawing import Studio, folder


def cases() -> list[tuple[str, str, list[str]]]:
    found: list[tuple[str, str, list[str]]] = []
    for block in (Path(__file__).parent / "mistakes.txt").read_text().split("\n\n"):
        lines = block.strip("\n").split("\n")
        if found and not found[-1][2]:  # a blank line inside a deck
            title, deck, _ = found.pop()
            lines = [title, *deck.split("\n"), "", *lines]
        expected = [line[2:] for line in lines if line.startswith("= ")]
        found.append((lines[0], "\n".join(line for line in lines[1:] if not line.startswith("= ")), expected))
    return found


@pytest.mark.parametrize(
    ("title", "text", "expected"), cases(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_mistake(tmp_path: Path, title: str, text: str, expected: list[str]) -> None:
    studio = Studio(folder(tmp_path))
    with pytest.raises(DeckcastError) as caught:
        studio.render(text)
    assert caught.value.exit_code == 1
    assert len(caught.value.findings) == len(expected), [finding.message for finding in caught.value.findings]
    for finding, line in zip(caught.value.findings, expected, strict=True):
        place, message, hint = line.split(" | ")
        where = "-" if finding.where is None else str(finding.where).removeprefix(f"{tmp_path}/talk/")
        assert (where, message in finding.message, hint in finding.hint) == (place, True, True), finding
