"""Builds in processes of their own, as a person starts them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

SECONDS = 60
"""Until something that does not come is given up, on a machine as busy as it may be."""
Found = TypeVar("Found")
GENERATOR = Path(__file__).parents[2] / "generator"

DECK = """\
---
title: A short lesson
voice: {voice}
video:
  size: 360
  audio_file: true
  webm: true
---

# A short lesson

???

Welcome to a short lesson. It has only three slides.

---

# Pictures

![a red square](red.svg)

???

A picture is worth a thousand words.

--

- and then a list

???

A list is worth a few.

---

# The end

???

That was all.
"""

RED = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100"/></svg>'


def soon(look: Callable[[], Found]) -> Found:
    """Looks until it finds something, and gives that."""
    end = time.monotonic() + SECONDS
    while not (found := look()):
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)
    return found


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def chapter(folder: Path, deck: str = DECK, *, voice: str = "silent") -> Path:
    """Writes a chapter named `talk` and gives its folder."""
    talk = folder / "talk"
    talk.mkdir(parents=True, exist_ok=True)
    (talk / "presentation.md").write_text(deck.replace("{voice}", voice), encoding="utf-8")
    (talk / "red.svg").write_text(RED)
    return talk


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "deckcast", *map(str, arguments)]


def environment(**changes: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(GENERATOR), "NO_COLOR": "1", **changes}


def deckcast(*arguments: str | Path, cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end. A traceback is never an answer to anything that these tests do."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def contents(lesson: Path) -> dict[str, str]:
    """Every file of a built lesson and the digest of its bytes."""
    return {
        str(path.relative_to(lesson)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(lesson.rglob("*"))
        if path.is_file()
    }
