"""How long `deckcast --help` takes against Python itself and against an import of all that a build needs.

Run: .venv/bin/python tests/benchmarks/help.py [RUNS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

GENERATOR = Path(__file__).parents[2] / "generator"


def seconds(arguments: list[str], runs: int) -> float:
    """Median wall seconds of `python ARGUMENTS` after one warm-up."""
    times = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(GENERATOR)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    bare = seconds(["-c", "pass"], runs)
    told = seconds(["-m", "deckcast", "--help"], runs)
    loaded = seconds(["-c", "import deckcast.build, av, playwright.sync_api, numpy"], runs)
    print(f"python -c pass              {bare * 1000:6.0f} ms")
    print(f"deckcast --help             {told * 1000:6.0f} ms   {told / bare:.1f} times bare Python")
    print(f"with everything imported    {loaded * 1000:6.0f} ms   {loaded / told:.1f} times as long as --help")


if __name__ == "__main__":
    main()
