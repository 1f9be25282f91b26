from __future__ import annotations

from collections.abc import Sequence

from conformance.shrink import shrink


def test_only_the_lines_that_matter_are_left() -> None:
    deck = "\n".join(f"line {number}" for number in range(100))
    asked: list[int] = []

    def judge(decks: Sequence[str]) -> list[bool]:
        asked.append(len(decks))
        return [{"line 17", "line 64"} <= set(one.split("\n")) for one in decks]

    assert shrink(deck, judge) == "line 17\nline 64"
    assert len(asked) < 40


def test_a_deck_of_one_line_stays() -> None:
    assert shrink("x", lambda decks: [True] * len(decks)) == "x"
