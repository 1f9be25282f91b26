"""How exactly word times are found by alignment: recordings with known word times, aligned with another voice.

No human speech with known times was at hand, so recordings are made from the embedded voices, whose engines tell
when each word begins: plain, faster and slower, with noise, and with pauses and hums within sentences. Each is aligned
with a voice of another engine. The alternative measured in the same run is giving each word time in proportion to its
letters. Errors are those of word beginnings, in milliseconds.

Run: .venv/bin/python tests/benchmarks/word_times.py [TAKES]       (how many takes of six sentences, 13 unless given)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

from align.spoken import NOTES, Recorded, record, rendered  # noqa: E402
from deckcast.align import align  # noqa: E402

GOAL = 50, 150
"""Median and 95 % of the errors, in milliseconds."""


@dataclass(frozen=True)
class Case:
    voice: str
    reference: str
    rate: float = 1.0
    noise: float | None = None
    pauses: float = 0.0

    def __str__(self) -> str:
        parts = [f"{self.rate:g} times as fast"] if self.rate != 1 else []
        parts += [f"noise at {self.noise:g} dB"] if self.noise is not None else []
        parts += ["pauses and hums"] if self.pauses else []
        return f"{self.voice} by {self.reference}{': ' if parts else ''}{', '.join(parts)}"


CASES = [
    Case("flite rms", "espeak"),
    Case("flite awb", "espeak"),
    Case("flite slt", "espeak"),
    Case("espeak", "flite rms"),
    Case("espeak en-us+f2", "flite rms"),
    Case("espeak en-gb", "flite rms"),
    Case("flite rms", "espeak", rate=0.8),
    Case("flite slt", "espeak", rate=1.25),
    Case("flite rms", "espeak", noise=20),
    Case("flite slt", "espeak", noise=20),
    Case("flite slt", "espeak", noise=10),
    Case("flite rms", "espeak", pauses=0.15),
    Case("flite slt", "espeak", pauses=0.15),
    Case("flite awb", "espeak", pauses=0.15, noise=20),
    Case("espeak", "flite rms", pauses=0.15, noise=20),
]


@cache
def takes(count: int) -> tuple[tuple[str, ...], ...]:
    return tuple(NOTES[first : first + 6] for first in range(0, 6 * count, 6) if NOTES[first : first + 6])


def errors(recorded: Recorded, found: Sequence[float]) -> list[float]:
    return [1000 * abs(one - other) for one, other in zip(found, recorded.starts, strict=True)]


def by_letters(recorded: Recorded) -> list[float]:
    """Word beginnings in proportion to letters, from the first sound to the last."""
    lengths = [len(word) for word in recorded.words]
    begin, end = recorded.starts[0], recorded.stop
    return [begin + (end - begin) * sum(lengths[:at]) / sum(lengths) for at in range(len(lengths))]


def told(name: str, found: Sequence[float]) -> str:
    middle, most, worst = np.median(found), np.percentile(found, 95), max(found)
    return f"{name} {middle:5.0f} {most:5.0f} {worst:6.0f} {100 * np.mean(np.array(found) <= 100):4.0f} %"


def measure(case: Case, count: int) -> bool:
    """Whether the goal is met."""
    found: list[float] = []
    other: list[float] = []
    ratios, wrong = [], []
    seconds = cost = 0.0
    chosen = takes(count)
    for number, sentences in enumerate(chosen):
        recorded = record(case.voice, sentences, rate=case.rate, noise=case.noise, pauses=case.pauses, seed=number)
        begun = time.process_time()
        made = align(recorded.samples, rendered(case.reference, sentences))
        cost += time.process_time() - begun
        seconds += len(recorded.samples) / 16_000
        if made is None:
            raise SystemExit(f"{case}: take {number + 1} could not be aligned")
        ratios.append(made.ratio)
        found += errors(recorded, [word.start for one in made.words for word in one])
        other += errors(recorded, by_letters(recorded))
        foreign = align(recorded.samples, rendered(case.reference, chosen[(number + 1) % len(chosen)]))
        wrong.append(foreign.ratio if foreign is not None else 1.0)
    met = bool(np.median(found) <= GOAL[0] and np.percentile(found, 95) <= GOAL[1])
    print(f"{case!s:60} {told('aligned', found)}   {told('letters', other)}   {'met' if met else 'NOT MET'}")
    print(
        f"{'':60} ratio {min(ratios):.3f} to {max(ratios):.3f}, of another text {min(wrong):.3f} to {max(wrong):.3f};"
        f" {1000 * cost / seconds:.0f} ms of processor time a second",
        flush=True,
    )
    return met


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 13
    print(f"{'':60} errors: median, 95 %, most, share within 100 ms")
    met = [measure(case, count) for case in CASES]
    print(f"{sum(met)} of {len(met)} cases with a median of at most {GOAL[0]} ms and 95 % within {GOAL[1]} ms")


if __name__ == "__main__":
    main()
