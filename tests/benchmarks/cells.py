"""What cells cost: a deck's cells run, replayed, and run again after a change, each as a process of its own.

Two alternatives are measured in the same run: the same code as one plain Python script, which shows what kernel and
record add, and running everything again (`--exec=always`), as tools do that keep no record.

Run: .venv/bin/python tests/benchmarks/cells.py [CELLS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SLOW = 0.1
"""CPU seconds of each cell."""


def source(number: int) -> str:
    return (
        "import time\n"
        f"until = time.process_time() + {SLOW}\n"
        "while time.process_time() < until:\n"
        "    pass\n"
        f"print('cell {number}')"
    )


def slide(number: int) -> str:
    return f"# Slide {number}\n\n```python exec\n{source(number)}\n```\n\n???\n\nThis is slide {number}.\n"


def timed(*command: str, home: Path) -> float:
    begun = time.perf_counter()
    subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generator"), "XDG_CONFIG_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        deck = home / "lesson" / "presentation.md"
        deck.parent.mkdir()
        slides = [
            f"# Slide {n}\n\n```python exec\n{source(n)}\n```\n\n???\n\nThis is slide {n}.\n" for n in range(count)
        ]
        deck.write_text("\n---\n\n".join(slides))
        script = home / "script.py"
        script.write_text("\n".join(map(source, range(count))))
        cells = (sys.executable, "-m", "deckcast", "run", str(deck.parent), "--trust")
        plain = timed(sys.executable, str(script), home=home)
        rows = [("the same code as a script", plain), ("run for the first time", timed(*cells, home=home))]
        again = timed(*cells, "--exec", "always", home=home)
        rows += [("run again, --exec=always", again), ("replayed", timed(*cells, home=home))]
        deck.write_text(deck.read_text().replace("This is slide 3.", "That is slide 3."))
        rows.append(("replayed, a word changed", timed(*cells, home=home)))
        deck.write_text(deck.read_text().replace("'cell 3'", "'cell three'"))
        rows.append(("one cell changed", timed(*cells, home=home)))
    for what, seconds in rows:
        print(
            f"{what:<28}{seconds:7.2f} s   {seconds / plain:5.2f} × the script   1/{again / seconds:.1f} of running all"
        )
    print(f"kernel, record and start-up: {(again - plain) / count * 1000:.0f} ms a cell, over {count} cells")


if __name__ == "__main__":
    main()
