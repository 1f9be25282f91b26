"""What becomes of a build when the service behind `edge` misbehaves: each fault once, and lasting. Prints Markdown.

The client is unmodified edge-tts; the service is a loopback server that speaks its protocol. The builds are real.

Run: .venv/bin/python tests/benchmarks/edge_faults.py [FAULT …]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

from faults.edge_outages import FAULTS, Outcome, observe, table  # noqa: E402


def main() -> None:
    faults = sys.argv[1:] or list(FAULTS)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as name:
        for fault in faults:
            outcomes.append(observe(fault, Path(name) / fault))
            print(fault, "…", outcomes[-1].message, "|", outcomes[-1].where, "|", outcomes[-1].hint, file=sys.stderr)
    print(table(outcomes))


if __name__ == "__main__":
    main()
