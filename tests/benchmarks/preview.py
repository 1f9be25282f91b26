"""How long an author waits from a save until the changed slide is seen, in a real browser with `deckcast preview` open.

The alternative measured in the same run, save by save, is what one does without a preview: building an excerpt of that
slide. Goal: a median of at most 1 s over 30 saves of chapter 1, on an idle machine.

Run: python tests/benchmarks/preview.py [CHAPTER] [--saves 30]
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from copied import copied
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "generator"))

PICTURE = "document.getElementById('picture')"


def main() -> None:
    from deckcast.engines.browsers import locate
    from deckcast.stages import Silence

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter", nargs="?", type=Path, default=ROOT / "chapters" / "01-nlp-llms-and-transformers")
    parser.add_argument("--saves", type=int, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "deckcast.toml").write_text("")
        chapter = copied(given.chapter, folder)
        deck = chapter / "presentation.md"
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator"), "XDG_CONFIG_HOME": name}
        base = [sys.executable, "-m", "deckcast"]
        running = subprocess.Popen(
            [*base, "preview", "lesson", "--no-open", "--no-ahead"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert running.stdout is not None
        address = running.stdout.readline().split(": ", 1)[1].strip()
        browser = playwright.chromium.launch(executable_path=locate("", Silence()), chromium_sandbox=False)
        page = browser.new_page()
        page.goto(address)
        while not page.evaluate("document.querySelectorAll('#strip li').length"):
            time.sleep(0.05)
        time.sleep(5)  # the rules are checked for the first time
        slides = deck.read_text(encoding="utf-8").split("\n---\n")
        number = len(slides) // 2
        heading = next(line for line in slides[number].splitlines() if line.startswith("#"))
        saves, builds = [], []
        for count in range(given.saves):
            before = page.evaluate(f"{PICTURE}.src")
            text = deck.read_text(encoding="utf-8")
            deck.write_text(re.sub(re.escape(heading) + r".*", f"{heading} {count}", text, count=1), encoding="utf-8")
            begun = time.perf_counter()
            while not page.evaluate(f"(before) => {PICTURE}.src !== before && {PICTURE}.complete", before):
                time.sleep(0.005)
            saves.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            excerpt = ["build", "lesson", "--only", str(number), "--draft", "--voice", "silent", "--exec=never", "-q"]
            subprocess.run([*base, *excerpt], cwd=folder, env=environment, check=True)
            builds.append(time.perf_counter() - begun)
        browser.close()
        running.send_signal(signal.SIGINT)
        running.wait(30)
    low, _, high = quantiles(saves, n=4)
    print(f"{given.saves} saves of one slide, until it is seen: median {median(saves):.2f} s ({low:.2f} to {high:.2f})")
    print(f"a draft of that slide alone built instead: median {median(builds):.2f} s")
    print(f"ratio {median(builds) / median(saves):.1f}; load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
