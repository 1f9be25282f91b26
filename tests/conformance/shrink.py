"""Makes a deck smaller for as long as what is wrong with it stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Judge = Callable[[Sequence[str]], Sequence[bool]]
"""Of some decks, which still show what is wrong: asked together, since asking takes a process."""


def shrink(deck: str, judge: Judge) -> str:
    """Takes lines out, first many together, then one by one."""
    lines = deck.split("\n")
    size = max(len(lines) // 2, 1)
    while True:
        cuts = [lines[:begin] + lines[begin + size :] for begin in range(0, len(lines), size)]
        candidates = ["\n".join(cut) for cut in cuts if cut]
        judged = judge(candidates) if candidates else []
        smaller = next((one for one, still in zip(candidates, judged, strict=True) if still), None)
        if smaller is not None:
            lines = smaller.split("\n")
        elif size == 1:
            return "\n".join(lines)
        size = max(min(size, len(lines)) // (1 if smaller is not None else 2), 1)
