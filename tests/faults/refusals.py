"""Calls that write and are refused, or at which the build is killed."""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faults import shim
from faults.ground import Ground, expected_of, mended, ready, whole
from faults.nursery import Nursery

STATES = ("fresh", "drawn", "over", "due")
"""Builds whose calls together are all that builds make."""


@dataclass(frozen=True)
class Call:
    """One that can be refused."""

    state: str
    folder: Path
    """Calls that concern what lies in there are counted."""
    at: int
    """Its number, from 1."""
    what: str


def calls(ground: Ground, nursery: Nursery, library: Path, output: Path) -> Iterator[Call]:
    """All that builds make: a `drawn` one makes what a `fresh` one does at its end, a `due` one its record."""
    made: dict[str, list[str]] = {}
    for state in STATES:
        ready(ground, output, state, random.Random(0))
        folder = ground.talk / "outputs" if state == "due" else ground.folder
        log = ground.folder.with_name("calls.log")
        log.unlink(missing_ok=True)
        done = ground.build(nursery, output, **shim.listing(library, folder, log))
        assert done.returncode == 0, done.stderr
        made[state] = log.read_text().splitlines()
    made["fresh"] = made["fresh"][: len(made["fresh"]) - len(made["drawn"]) + 40]  # some of both, for they differ a bit
    for state in STATES:
        folder = ground.talk / "outputs" if state == "due" else ground.folder
        yield from (Call(state, folder, at, what) for at, what in enumerate(made[state], 1))


def refuse(
    ground: Ground, nursery: Nursery, library: Path, output: Path, call: Call, error: str, *, lasting: bool
) -> str:
    """The call fails, and the next build mends it. Says what became of the build."""
    ready(ground, output, call.state, random.Random(0))
    became = refused(ground, nursery, library, output, call.folder, call.at, error, lasting=lasting)
    mended(ground, nursery, output, replayed=call.state != "due")
    return f"{error}, {became}"


def refused(
    ground: Ground, nursery: Nursery, library: Path, output: Path, folder: Path, at: int, error: str, *, lasting: bool
) -> str:
    """The same, with the output as it is, and without what comes after."""
    build = nursery.start(
        "build",
        ground.talk,
        "--output",
        output,
        cwd=ground.folder,
        **shim.failing(library, folder, at, error, lasting=lasting),
    )
    code, errors = build.end()
    assert "Traceback" not in errors, errors
    if error == shim.KILLED:
        assert code in (0, -signal.SIGKILL), errors
    else:
        assert code in (0, 1, 3), errors
    if code > 0:
        assert re.search(r"error\[\w+\]", errors), errors
        assert "help:" in errors, errors
        assert str(ground.folder) in errors, f"no file is named:\n{errors}"
    elif code == 0:
        expected_of(ground, output)
    whole(ground, output)
    return "killed" if code < 0 else "told" if code else "done without"
