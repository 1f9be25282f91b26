"""What a transition costs: deckcast composes its frames alone, moviepy the whole lesson around it.

    python tests/benchmarks/motion.py [--slides 3] [--seconds 4] [--size 1080] [--runs 1]

Both get the same slides, each in sight for `--seconds`, and fades of 0.4 s between them. What counts is CPU time, user
and system, children included; ways take turns. The ratio grows with the time that slides stand still.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2] / "generator")]

FADE, FPS = 0.4, 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slides", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="that each slide is in sight")
    parser.add_argument("--size", type=int, default=1080)
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    from encode.lessons import slide_png

    size = (round(given.size * 16 / 9 / 2) * 2, given.size)
    text = "\n".join("the quick brown fox jumps over the lazy dog " * 4 for _ in range(given.size // 30))
    slides = [slide_png(f"{number} {text}", size, number) for number in range(given.slides)]
    costs: dict[str, list[float]] = {"moviepy": [], "deckcast": [], "deckcast without fades": []}
    for _ in range(given.runs):
        costs["moviepy"].append(spent(lambda: by_moviepy(slides, given.seconds)))
        costs["deckcast"].append(spent(lambda: by_deckcast(slides, given.seconds, size, "fade")))
        costs["deckcast without fades"].append(spent(lambda: by_deckcast(slides, given.seconds, size, "none")))
    middle = {name: statistics.median(found) for name, found in costs.items()}
    for name, found in costs.items():
        print(f"{name:24}{middle[name]:8.2f} CPU s   {min(found):.2f} to {max(found):.2f}")
    fade = (middle["deckcast"] - middle["deckcast without fades"]) / (given.slides - 1)
    print(
        f"a fade of {FADE} s costs {fade:.2f} CPU s; moviepy / deckcast: {middle['moviepy'] / middle['deckcast']:.1f}"
    )


def spent(work: Callable[[], None]) -> float:
    """CPU seconds of this process and of those that it waited for."""
    before = os.times()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


def by_deckcast(slides: list[bytes], seconds: float, size: tuple[int, int], transition: str) -> None:
    from dataclasses import replace

    from deckcast.model import Deck, Frame, Properties, Slide, Step, Take, Where
    from deckcast.settings import NarrationSettings, SlidesSettings
    from deckcast.timeline import plan
    from encode.lessons import Studio, quick

    settings = replace(
        quick(size=size[1], keyframe=4.0),
        narration=NarrationSettings(silent=seconds),
        slides=SlidesSettings(transition=transition, transition_seconds=FADE),
    )
    studio = Studio(settings=settings)
    steps = [Step(at, at, "", Properties(), (), (), Where("d", at)) for at in range(1, len(slides) + 1)]
    frames = [Frame(step.index, studio.put(png), *size, "") for step, png in zip(steps, slides, strict=True)]
    timeline = plan(steps, frames, [Take(step.index, 0) for step in steps], [settings] * len(steps))
    deck = Deck("d", Path(), tuple(Slide(step.index, "", (step,)) for step in steps))
    with tempfile.TemporaryDirectory() as folder:
        studio.encode(deck, timeline, Path(folder) / "lesson.mp4")


def by_moviepy(slides: list[bytes], seconds: float) -> None:
    from moviepy import CompositeVideoClip, ImageClip, vfx

    with tempfile.TemporaryDirectory() as folder:
        clips = []
        for number, png in enumerate(slides):
            path = Path(folder) / f"{number}.png"
            path.write_bytes(png)
            clip = ImageClip(str(path), duration=seconds + (FADE if number + 1 < len(slides) else 0))
            if number:
                clip = clip.with_effects([vfx.CrossFadeIn(FADE)])
            clips.append(clip.with_start(number * seconds))
        made = CompositeVideoClip(clips)
        made.write_videofile(
            str(Path(folder) / "lesson.mp4"), fps=FPS, preset="veryfast", threads=1, audio=False, logger=None
        )


if __name__ == "__main__":
    main()
