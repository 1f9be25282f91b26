"""What it costs to draw slides: one page for all of them, against one page load a slide, and two browsers at once.

    python tests/benchmarks/rendering.py [--slides 30] [--size 1080] [--runs 3]

All ways draw the same generated slides (lists, code, tables, formulas) with the real browser. What counts is the CPU
time, user and system, of this process and of all that it started, browser and driver included, as /proc tells (Linux).
Ways take turns. A slide should cost some 110 CPU ms when the browser runs, one changed slide not much more, and the
start of a browser with its driver under a second.

    start             the browser starts and draws one slide
    warm              all slides in one page of a browser that runs
    changed           one slide is new, the others are kept: a browser that runs
    by itself         the alternative: one page load a slide, in a browser that runs
    two at once       each half of the slides in a browser of its own; `wall` tells whether that is quicker
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2] / "generator")]

KINDS = (
    "- a first thing to know\n- a second one, **louder**\n- a third with `code` in it",
    "```python\ndef square(number: int) -> int:\n    return number * number\n\nprint(square(7))\n```",
    "| model | size | year |\n|---|---|---|\n| BERT | 110 M | 2018 |\n| GPT-2 | 1.5 G | 2019 |\n| T5 | 11 G | 2019 |",
    "$$\\operatorname{softmax}(x)_i = \\frac{e^{x_i}}{\\sum_j e^{x_j}}$$\n\nwhere every $x_i$ is a score",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slides", type=int, default=30)
    parser.add_argument("--size", type=int, default=1080)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    costs: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for run in range(given.runs):
            for way, cost in measured(Path(folder), given, run):
                costs.setdefault(way, []).append(cost)
    print(f"{given.slides} slides of {given.size} lines; {given.runs} run(s)")
    for way, found in costs.items():
        cpu, wall = (statistics.median(each) for each in zip(*found, strict=True))
        low, high = min(cost for cost, _ in found), max(cost for cost, _ in found)
        number = 1 if way in ("start", "changed") else given.slides
        print(f"{way:14}{1000 * cpu / number:8.0f} CPU ms a slide ({1000 * low / number:.0f} to "
              f"{1000 * high / number:.0f}){1000 * wall / number:8.0f} ms wall")  # fmt: skip
    warm, alone, two = (costs[way] for way in ("warm", "by itself", "two at once"))
    ratio = statistics.median(one[0] / other[0] for one, other in zip(alone, warm, strict=True))
    print(f"a page load a slide / one page: {ratio:.2f} of the CPU")
    ratio = statistics.median(one[1] / other[1] for one, other in zip(two, warm, strict=True))
    print(f"two at once / one page: {ratio:.2f} of the wall time")


def measured(folder: Path, given: argparse.Namespace, run: int) -> Iterator[tuple[str, tuple[float, float]]]:
    """(way, CPU and wall seconds) of every way, once."""
    with opened() as first, opened() as second:
        drawing, pictures, assets = composed(folder, given, first, run)

        def draw(browser: Any, wanted: Sequence[Any]) -> None:
            with closing(browser.shoot(drawing.page(wanted), assets)) as shots:
                if len([shot for shot in shots if shot.png]) != len(wanted):
                    raise SystemExit("a slide was not drawn")

        def apart(browser: Any) -> None:
            for one in pictures:
                draw(browser, [one])

        first.close()  # whatever formulas took
        yield "start", spent(lambda: draw(first, pictures[:1]))
        draw(second, pictures[:1])
        yield "warm", spent(lambda: draw(first, pictures))
        yield "changed", spent(lambda: draw(first, pictures[2:3]))
        yield "by itself", spent(lambda: apart(first))

        def both() -> None:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(draw, (first, second), (pictures[::2], pictures[1::2])))

        yield "two at once", spent(both)


def composed(folder: Path, given: argparse.Namespace, browser: Any, run: int) -> tuple[Any, list[Any], Any]:
    """The slides as they are given to the browser, which is what costs: their HTML is made here."""
    from deckcast import project
    from deckcast.build import read
    from deckcast.keep import Keeper
    from deckcast.model import NO_RESULTS
    from deckcast.render.assets import Assets
    from deckcast.render.stage import Drawing, composed, deck_sheets
    from deckcast.stages import Silence
    from deckcast.theme import find_theme
    from deckcast.workshop import Workshop

    chapter = folder / f"run-{run}"
    chapter.mkdir()
    parts = [f"# Slide {at} of run {run}\n\n{KINDS[at % len(KINDS)]}" for at in range(given.slides)]
    text = f"---\ntitle: Slides to be drawn\nsize: {given.size}\n---\n\n" + "\n\n---\n\n".join(parts) + "\n"
    (chapter / "presentation.md").write_text(text, encoding="utf-8")
    job = project.find_chapter(chapter)
    deck, chosen = read(job, ())
    theme = find_theme(chosen.slides.theme, job.templates)
    assets = Assets(deck.folder, theme)
    keeper = Keeper(fresh(), Silence(), "slides")
    graphs = Workshop().graphs()
    made = composed(deck, deck.steps, chosen, assets, NO_RESULTS, theme, keeper, browser, graphs)
    drawing = Drawing(deck, chosen, theme, made, deck_sheets(chosen, assets)[0])
    return drawing, list(made.pictures.values()), assets


def fresh() -> Any:
    from deckcast.engines.store_memory import MemoryStore

    return MemoryStore()


@contextmanager
def opened() -> Iterator[Any]:
    from deckcast.engines.browsers import open_browser
    from deckcast.stages import Silence

    with closing(open_browser("", Silence())) as browser:
        yield browser


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds."""
    before, begun = used(), time.perf_counter()
    work()
    return used() - before, time.perf_counter() - begun


def used() -> float:
    """CPU seconds of this process and of all that descend from it, those that have ended included."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                told = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            parents[int(entry.name)] = int(told[1])
            ticks[int(entry.name)] = sum(map(int, told[11:15]))
    ours, more = {os.getpid()}, True
    while more:
        found = {one for one, parent in parents.items() if parent in ours} - ours
        ours |= found
        more = bool(found)
    return sum(ticks[one] for one in ours if one in ticks) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
