"""What a change costs: chapter 1 built cold, again, and after changes, each as a process of its own.

The alternative measured in the same run is building everything again (`--force`), as tools do that keep nothing.

Run: .venv/bin/python tests/benchmarks/rebuild.py [CHAPTER]
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build(chapter: Path, output: Path, *options: str) -> tuple[float, float]:
    """Wall and CPU seconds (the browser and the voices included) of one build."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "deckcast", "build", str(chapter), "--output", str(output), "-q", "--trust", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT / "generator"), "XDG_CONFIG_HOME": str(output)},
        check=True,
    )
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def change(chapter: Path, old: str, new: str) -> None:
    deck = chapter / "presentation.md"
    text = deck.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"the deck has no `{old}` to change")
    deck.write_text(text.replace(old, new, 1), encoding="utf-8")


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "chapters" / "01-nlp-llms-and-transformers"
    with tempfile.TemporaryDirectory() as name:
        chapter = Path(name) / "lesson"
        shutil.copytree(source, chapter)
        output = Path(name) / "output"
        rows = [("cold", build(chapter, output)), ("everything again, --force", build(chapter, output, "--force"))]
        rows.append(("nothing changed", build(chapter, output)))
        deck = (chapter / "presentation.md").read_text(encoding="utf-8")
        heading = next(line for line in deck.splitlines()[30:] if line.startswith("## "))
        change(chapter, heading, f"{heading} now")
        rows.append(("one heading changed", build(chapter, output)))
        note = deck.split("???\n", 2)[1].strip().split(". ")[0]
        change(chapter, note, f"{note} here")
        rows.append(("one sentence changed", build(chapter, output)))
    again = rows[1][1]
    for what, (wall, cpu) in rows:
        print(f"{what:<28}{wall:7.1f} s wall {cpu:7.1f} s CPU   1/{again[1] / cpu:.1f} of building everything again")


if __name__ == "__main__":
    main()
