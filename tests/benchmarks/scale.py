"""How time and memory grow with a course: lessons of 35, 350 and 3,500 slides, each built by a process of its own.

    python tests/benchmarks/scale.py [--slides 35,350,3500] [--real]

Slides have a heading, a list and two sentences. The browser and the voice are the shipped fakes, so that what is
measured is deckcast's own work; encoder, sound and file are real, at 360 lines. `--real` takes the real browser and
the voice `auto`. What counts is the CPU time of all processes and the most memory that the build's own one held at once
(goal: at most 1 GB for 3,500 slides). The alternative in the same table is the smallest lesson: linear is 1.0.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2] / "generator"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slides", default="35,350,3500")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--brief", action="store_true", help="one short sentence a slide: a third of the time")
    parser.add_argument("--worker", nargs=3, metavar=("SLIDES", "FOLDER", "WHICH"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        work(int(given.worker[0]), Path(given.worker[1]), real=given.real, brief=given.brief)
        return
    first = 0.0
    for slides in map(int, given.slides.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            for which in ("cold", "again"):
                before = spent()
                command = [sys.executable, *sys.argv, "--worker", str(slides), folder, which]
                told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
                each = (spent() - before) / slides
                first = first or each
                ratio = f"{each / first:5.2f} × the first row" if which == "cold" else ""
                print(f"{slides:6} slides {which:6}{1000 * each:9.1f} CPU ms a slide  {told}  {ratio}", flush=True)


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def deck(slides: int, *, brief: bool) -> str:
    parts = [
        f"# Slide {at} of the course\n\n- what is new in part {at}\n- what follows from it\n\n???\n\n"
        + (f"Part {at}." if brief else f"This is what part {at} is about. It says {at * 37 % 1000} things, and ends.")
        for at in range(1, slides + 1)
    ]
    return "---\ntitle: A long course\nsize: 360\n---\n\n" + "\n\n---\n\n".join(parts) + "\n"


def work(slides: int, folder: Path, *, real: bool, brief: bool) -> None:
    import deckcast
    from deckcast.engines.browser_fake import FakeBrowser
    from deckcast.engines.voice_fake import FakeVoice
    from deckcast.workshop import Workshop

    talk = folder / "talk"
    talk.mkdir(exist_ok=True)
    (talk / "presentation.md").write_text(deck(slides, brief=brief))

    def voice(*_: Any) -> Any:
        return FakeVoice(), "it is a benchmark"

    shop = Workshop() if real else Workshop(browser=lambda *_: FakeBrowser(), voice=voice)
    lesson = deckcast.build(talk, output=folder / "out", workshop=shop)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stages = ", ".join(f"{stage.name} {stage.seconds:.0f}" for stage in lesson.stages)
    size = lesson.video.stat().st_size / 1e6
    print(f"{memory:5.0f} MB resident  ({lesson.seconds / 60:.0f} min, {size:.0f} MB; wall s: {stages})")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
