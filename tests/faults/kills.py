"""SIGKILL for builds, at random instants of each of their stages, again and again before one may end."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from faults.ground import Ground, family, mended, ready, record, wear, whole
from faults.harness import SECONDS, gone, soon
from faults.nursery import Build, Nursery

STAGES = ("start", "run", "narrate", "render", "encode", "publish", "close")
"""What a build does: it reads the deck, runs cells, speaks, draws, encodes, writes the lesson, remembers it."""
BETWEEN = "between stages"
LATE = "late"
FIRST = 0.3
"""Seconds that a stage is thought to take before it was seen."""


def series(
    ground: Ground, nursery: Nursery, output: Path, chance: random.Random, state: str, stages: Sequence[str]
) -> list[str]:
    """Kills a build in each of the stages in turn, on the same output, then lets one end, which must be as ever.

    Says in which stage each was killed: the one that was meant where it was open, `LATE` where it had ended.
    """
    ready(ground, output, state, chance, stages)
    replayed = state not in ("live", "due") and "run" not in stages
    hit = []
    for number, stage in enumerate(stages):
        if stage == "run":
            record(ground, there=False)
        elif number or state == "worn":
            wear(ground, output, stage, chance)
        hit.append(strike(ground, nursery, output, chance, stage))
        whole(ground, output)
    mended(ground, nursery, output, replayed=replayed)
    return hit


def strike(ground: Ground, nursery: Nursery, output: Path, chance: random.Random, stage: str) -> str:
    """Kills a build at a random instant of a stage, alone or with all that it has started. Says where it was hit."""
    build = nursery.start("build", ground.talk, "--output", output, cwd=ground.folder, watch=True, **ground.environment)
    log = Log(build)
    if log.until(stage):
        pace = ground.pace.get(stage, FIRST)
        if log.stays(stage, pace * chance.random()):
            ground.pace[stage] = pace * 1.05
        else:
            ground.pace[stage] = pace * 0.85
    started = family(build.pid)
    build.kill()
    if chance.random() < 0.5:
        for one in started:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
    build.wait(SECONDS)
    log.drain()
    code, errors = build.end()
    for one in started:
        soon(lambda one=one: gone(one))  # type: ignore[misc]
    if code != -signal.SIGKILL:
        assert code == 0, errors
        return LATE
    return stage if stage in log.open else min(log.open, default=BETWEEN)


class Log:
    """Which stages a build is in, as far as it has told."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self.open: set[str] = {"start"}
        self.over = False

    def until(self, stage: str) -> bool:
        """Waits until the build is in a stage; false where it ends before."""
        while stage not in self.open and not self.over:
            self._hear(SECONDS, stage)
        return not self.over

    def stays(self, stage: str, seconds: float) -> bool:
        """Waits for so long; false at once when the build leaves the stage."""
        for told in self._build.told(seconds):
            self._take(*told)
            if stage not in self.open:
                return False
        return True

    def drain(self) -> None:
        for told in self._build.told(0):
            self._take(*told)

    def _hear(self, seconds: float, stage: str) -> None:
        for told in self._build.told(seconds):
            self._take(*told)
            if stage in self.open or self.over:
                return

    def _take(self, verb: str, stage: str) -> None:
        if verb == "gone":
            self.over = True
        elif verb == "begin":
            self.open.add("start" if stage == "parse" else stage)
        else:
            self.open.discard("start" if stage == "parse" else stage)
            if stage == "publish":
                self.open.add("close")


def plan(chance: random.Random, hits: Counter[str]) -> tuple[str, list[str]]:
    """A state to begin with and two to four stages to hit, above all those that were hit least.

    One series in ten is anything. Otherwise what takes long, a browser's or a kernel's start, comes together, where
    all else is kept.
    """
    number = chance.randint(2, 4)
    if chance.random() < 0.1:
        return chance.choice(("fresh", "live", "changed", "worn")), chance.choices(STAGES, k=number)
    least = min(STAGES, key=lambda stage: (hits[stage] + 5 * chance.random(), stage))
    if least == "run":
        return "due", ["run"] * number
    if least == "render":
        return "worn", ["render"] * number
    cheap = [stage for stage in STAGES if stage not in ("run", "render")]
    weights = [1 + max(hits[one] for one in cheap) - hits[stage] for stage in cheap]
    stages = [least, *chance.choices(cheap, weights, k=3)]
    chance.shuffle(stages)
    return "worn", stages
