"""How long each target of the fuzzing takes for input that grows in one way, and that the time grows with its length.

    python tests/benchmarks/fuzz_linear.py [TARGET …] [--size N]

Prints seconds of processor time for N, 2 N and 4 N pieces (5,000 unless given; 250 for what is costly), and the
ratios: about 2 is linear, about 4 would be quadratic. Ratios of less than 0.02 s say nothing and are left out.
`parse_linear.py` does the same with longer decks.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

from fuzz.fragments import FAMILIES  # noqa: E402
from fuzz.targets import TARGETS  # noqa: E402

COSTLY = {"lesson": 20}
"""By target: by how much its sizes are smaller."""


def seconds(target: str, data: bytes) -> float:
    begin = time.process_time()
    TARGETS[target].work(data)
    return time.process_time() - begin


def ratio(few: float, many: float) -> str:
    return f"{many / few:7.1f}" if few >= 0.02 else "      –"


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    reader.add_argument("targets", nargs="*", metavar="TARGET")
    reader.add_argument("--size", type=int, default=5_000)
    given = reader.parse_args()
    print(f"{'target':14}{'what grows':22}{'size':>7}{'n':>9}{'2 n':>9}{'4 n':>9}{'2n/n':>7}{'4n/2n':>7}")
    for target in given.targets or TARGETS:
        size = given.size // COSTLY.get(target, 1)
        seconds(target, b"")  # what is imported and read once
        for name, family in FAMILIES[target].items():
            one, two, four = (seconds(target, family(n * size).encode()) for n in (1, 2, 4))
            times = f"{one:7.2f} s{two:7.2f} s{four:7.2f} s"
            print(f"{target:14}{name:22}{size:7,}{times}{ratio(one, two)}{ratio(two, four)}", flush=True)


if __name__ == "__main__":
    main()
