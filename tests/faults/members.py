"""SIGKILL for what a build has started: its kernel, its browser, what speaks and what lays out graphs."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from faults.ground import Ground, expected_of, family, mended, name_of, ready, whole
from faults.harness import SECONDS, gone, soon
from faults.kills import LATE
from faults.nursery import Build, Nursery


@dataclass(frozen=True)
class Kind:
    """Of processes."""

    name: str
    has: tuple[str, ...]
    """Parts of the command that starts it."""
    lacks: tuple[str, ...] = ()
    voice: str = "espeak"
    stage: str = "narrate"
    """Where it has to do: of what this stage makes, some must be lacking."""
    state: str = "worn"
    life: float = 2.0
    """Seconds that one is thought to live before it was seen."""


KINDS = (
    Kind("kernel", ("ipykernel_launcher",), stage="run", state="due"),
    Kind("browser", ("--headless",), ("--type=",), stage="render"),
    Kind("part of the browser", ("--type=",), stage="render"),
    Kind("browser's driver", ("run-driver",), stage="render"),
    Kind("Graphviz", ("/dot ",), ("-V",), stage="render", state="fresh", life=0.03),
    Kind("espeak", ("espeak_program.py", "speak"), life=0.1),
    Kind("flite", ("flite_program.py",), voice="flite", life=0.1),
    Kind("piper", ("piper_program",), voice="piper en_US-tiny-low"),
    Kind("kokoro", ("kokoro_program",), voice="kokoro"),
    Kind("transformers", ("transformers_program",), voice="transformers acme/mms-tiny"),
)


def strike(
    ground: Ground, nursery: Nursery, output: Path, chance: random.Random, kind: Kind, lives: dict[str, float]
) -> str:
    """Kills a process of the kind at a random instant of its life. Says what became of the build.

    `lives` are seconds that a process of each kind is known to live; put right as builds go.
    """
    ready(ground, output, kind.state, chance, (kind.stage, "encode"))
    build = nursery.start("build", ground.talk, "--output", output, cwd=ground.folder, **ground.environment)
    found = _find(build, kind)
    hit = False
    if found:
        life = lives.get(kind.name, kind.life)
        hit = not _ends(found, life * chance.random())
        lives[kind.name] = life * (1.1 if hit else 0.7)
    started = family(build.pid)
    if hit:
        with contextlib.suppress(ProcessLookupError):
            os.kill(found, signal.SIGKILL)
    code, errors = build.end()
    for one in started:
        soon(lambda one=one: gone(one))  # type: ignore[misc]
    assert "Traceback" not in errors, errors
    assert code in (0, 1, 3), f"{kind.name}: {code}: {errors}"
    if code:
        assert "error[" in errors, errors
        assert "help:" in errors, errors
    else:
        expected_of(ground, output)
    whole(ground, output)
    mended(ground, nursery, output, replayed=kind.stage != "run")
    return f"{kind.name}, {'told' if code else 'recovered'}" if hit else LATE


def _find(build: Build, kind: Kind) -> int:
    """Waits for a process of the kind; 0 where the build ends before there is one."""
    known: set[int] = set()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and build.wait(0) is None:
        for one in family(build.pid):
            if one in known:
                continue
            name = name_of(one)
            if all(part in name for part in kind.has) and not any(part in name for part in kind.lacks):
                return one
            if name and "nursery" not in name:  # else it has not yet become another program
                known.add(one)
        time.sleep(0.001)
    return 0


def _ends(pid: int, seconds: float) -> bool:
    """Whether a process ends within so many seconds."""
    until = time.monotonic() + seconds
    while not (over := gone(pid)) and time.monotonic() < until:
        time.sleep(min(0.005, seconds / 4))
    return over
