"""Clocks that are set back or leap ahead while builds run."""

from __future__ import annotations

import random
from pathlib import Path

from faults import shim
from faults.ground import STATES, Ground, exact, expected_of, mended, ready, whole
from faults.harness import chapter
from faults.nursery import Nursery

OFF = (60, 3600, 30 * 3600, 400 * 24 * 3600)
"""Seconds: a clock that was set right, an hour of summer time, what makes a file look abandoned, another year."""
CALLS = {"fresh": 500, "live": 500, "changed": 500, "worn": 300, "drawn": 400, "over": 120, "due": 120}
"""About how many a build makes."""


def leap(ground: Ground, nursery: Nursery, library: Path, output: Path, chance: random.Random) -> str:
    """The clock of a build leaps up to four times; what the deck becomes right after is not missed by the next one."""
    state = chance.choice(STATES)
    ready(ground, output, state, chance)
    leaps = some(chance, CALLS[state])
    done = ground.build(nursery, output, **shim.leaps(library, ground.folder, leaps))
    assert done.returncode == 0, done.stderr
    expected_of(ground, output)
    whole(ground, output)
    chapter(ground.folder, ground.deck.replace("It has a cell", "It had a cell"), voice=ground.voice)
    done = ground.build(nursery, output, **shim.leaps(library, ground.folder, some(chance, CALLS["over"])))
    assert done.returncode == 0, done.stderr
    assert b"It had a cell" in (output / "talk" / "captions.srt").read_bytes().replace(b"\n", b" ")
    chapter(ground.folder, ground.deck, voice=ground.voice)
    mended(ground, nursery, output, replayed=state not in ("live", "due"))
    return state


def leap_beside(ground: Ground, nursery: Nursery, library: Path, output: Path, chance: random.Random) -> str:
    """The clock of one build leaps days ahead while another one writes into the same store."""
    ready(ground, output, chance.choice(("fresh", "drawn")), chance)
    store = output / ".deckcast"
    arguments = ("--set", f"store={store}")
    builds = [
        nursery.start(
            "build",
            ground.talk,
            "--output",
            output / str(at),
            *arguments,
            cwd=ground.folder,
            **(shim.leaps(library, ground.folder, [(chance.randint(1, 12), chance.choice(OFF[2:]))]) if at else {}),
        )
        for at in range(3)
    ]
    for at, build in enumerate(builds):
        code, errors = build.end()
        assert code == 0, errors
        assert exact(output / str(at)) == exact(ground.folder / "calm")
    return "beside others"


def some(chance: random.Random, calls: int) -> list[tuple[int, int]]:
    """Leaps ahead and back, each from the calls that make up the time before it."""
    times = sorted(chance.randint(1, calls) for _ in range(chance.randint(1, 4)))
    return [(at, chance.choice((-1, 1)) * chance.choice((0, *OFF))) for at in times]
