"""What a change costs: chapter 1 built cold, again, and after changes, each as a process of its own.

The alternative measured in the same run is the cold build, which is what tools do that keep nothing. Goals: one slide
edited at most 3 % of the cold build's CPU time, nothing edited at most 0.3 s, cold 60 times quicker than it plays.

With `--fade`, it is built cold without and with fades between its slides instead, and with fades after without.

Run: python tests/benchmarks/rebuild.py [CHAPTER] [--voice "flite rms"] [--fade]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypeAlias

from copied import copied

ROOT = Path(__file__).parents[2]
Row: TypeAlias = tuple[str, tuple[float, float, float]]


def build(chapter: Path, output: Path, *options: str) -> tuple[float, float, float]:
    """Wall and CPU seconds (the browser and the voices included) of one build, and seconds of the lesson."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator"), "XDG_CONFIG_HOME": str(output)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    command = ["deckcast", "build", str(chapter), "--output", str(output), "--json", "--exec=never", *options]
    done = subprocess.run([sys.executable, "-m", *command], env=environment, check=True, stdout=subprocess.PIPE)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, json.loads(done.stdout)["lessons"][0]["seconds"]


def change(chapter: Path, old: str, new: str) -> None:
    deck = chapter / "presentation.md"
    text = deck.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"the deck has no `{old}` to change")
    deck.write_text(text.replace(old, new, 1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter", nargs="?", type=Path, default=ROOT / "chapters" / "01-nlp-llms-and-transformers")
    parser.add_argument("--voice", default="auto")
    parser.add_argument("--fade", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        chapter = copied(given.chapter, Path(name))
        output = Path(name) / "output"
        voice = f"--voice={given.voice}"
        time.sleep(3)  # files that were just written are not trusted by their times
        if given.fade:
            tell(given.voice, fades(chapter, Path(name), voice))
            return
        rows = [("cold", build(chapter, output, voice))]
        rows += [("nothing changed", build(chapter, output, voice)) for _ in range(3)]
        rows.append(("nothing changed, --check", build(chapter, output, voice, "--check")))
        deck = (chapter / "presentation.md").read_text(encoding="utf-8")
        slides = deck.split("\n---\n")
        middle = slides[len(slides) // 2]
        heading = next(line for line in middle.splitlines() if line.startswith("#"))
        note = middle.split("???\n", 2)[1].strip().split(". ")[0]
        change(chapter, heading, f"{heading} now")
        rows.append(("a heading changed", build(chapter, output, voice)))
        change(chapter, note, f"{note} here")
        rows.append(("a sentence changed", build(chapter, output, voice)))
        (chapter / "presentation.md").write_text(deck.replace("\n---\n" + slides[-2], "", 1), encoding="utf-8")
        rows.append(("a slide left out", build(chapter, output, voice)))
        rows.append(("--draft", build(chapter, output, voice, "--draft")))
    tell(given.voice, rows)


def fades(chapter: Path, folder: Path, voice: str) -> list[Row]:
    none, fade = "--set=transition=none", "--set=transition=fade"
    rows = [("cold", build(chapter, folder / "plain", voice, none))]
    rows.append(("cold, with fades", build(chapter, folder / "faded", voice, fade)))
    rows.append(("with fades, after without", build(chapter, folder / "plain", voice, fade)))
    rows.append(("cold, once more", build(chapter, folder / "again", voice, none)))
    return rows


def tell(voice: str, rows: list[Row]) -> None:
    wall, cold, seconds = rows[0][1]
    print(f"{seconds:.0f} s of lesson, voice {voice}")
    for what, (took, cpu, _) in rows:
        print(f"{what:<28}{took:7.2f} s wall {cpu:7.2f} s CPU   {100 * cpu / cold:6.2f} % of cold")
    print(f"cold: {seconds / wall:.1f} times quicker than it plays (goal: 60 on two idle cores)")


if __name__ == "__main__":
    main()
