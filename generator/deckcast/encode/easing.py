"""How far something is that moves, after a part of its time."""

from __future__ import annotations


def eased(part: float) -> float:
    """How far something is that starts and stops gently, after `part` of its time (Perlin's smoother step)."""
    return part * part * part * (part * (6 * part - 15) + 10)
