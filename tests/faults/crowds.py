"""Builds at once that share a store, some of them killed, while it is swept again and again."""

from __future__ import annotations

import contextlib
import random
import shutil
import time
from pathlib import Path

from faults.ground import Ground, exact, ready
from faults.harness import SECONDS
from faults.nursery import Nursery

SPAN = 3.0
"""Seconds within which some are killed and the store is swept."""


def crowd(ground: Ground, nursery: Nursery, output: Path, chance: random.Random, number: int) -> str:
    """So many builds, of chapters of one name; all that are not killed, and those that follow, make their lessons."""
    ready(ground, output, chance.choice(("fresh", "worn", "drawn")), chance)
    shutil.rmtree(output / "talk", ignore_errors=True)
    talks = [ground.folder / f"crowd-{at}" / "talk" for at in range(number)]
    for talk in talks:
        shutil.rmtree(talk.parent, ignore_errors=True)
        shutil.copytree(ground.talk, talk)
    store = output / ".deckcast"  # where `clean` looks for it, who knows none of the lessons
    outputs = [output / f"{at}" for at in range(number)]
    builds = [
        nursery.start("build", talk, "--output", where, "--set", f"store={store}", cwd=ground.folder)
        for talk, where in zip(talks, outputs, strict=True)
    ]
    killed = set(chance.sample(range(number), max(1, number // 3)))
    sweeps = []
    for at in [*killed, None, None]:
        time.sleep(SPAN / (len(killed) + 2) * 2 * chance.random())
        if at is None:
            sweeps.append(
                nursery.start("clean", "--output", output, "--unused", "0d", "--most", "0", cwd=ground.folder)
            )
        else:
            with contextlib.suppress(ProcessLookupError):
                builds[at].kill_all()
    expected = exact(ground.folder / "calm")
    for at, build in enumerate(builds):
        code, errors = build.end(10 * SECONDS)
        if at not in killed:
            assert code == 0, errors
            assert exact(outputs[at]) == expected
    for one in sweeps:
        code, errors = one.end(10 * SECONDS)
        assert code == 0, errors
    for at in killed:
        done = nursery.run("build", talks[at], "--output", outputs[at], "--set", f"store={store}", cwd=ground.folder)
        assert done.returncode == 0, done.stderr
        assert exact(outputs[at]) == expected
    return f"{number} at once, {len(killed)} killed"
