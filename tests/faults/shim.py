"""`shim.c`, compiled: makes the n-th call fail that writes under a folder, or sets a process's clock."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
KILLED = "SIGKILL"
"""Befalls a call like an error, but ends the process."""


def missing() -> str:
    """Why it cannot be had here; empty where it can."""
    if sys.platform != "linux":
        return "the shim stands before the C library of Linux"
    return "" if shutil.which("cc") else "there is no C compiler (cc)"


def compiled(folder: Path) -> Path:
    target = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    command = [
        "cc",
        "-O1",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-shared",
        "-fPIC",
        "-o",
        target,
        source,
        "-ldl",
        "-lpthread",
    ]
    subprocess.run(command, check=True)
    return target


def failing(shim: Path, folder: Path, at: int, error: str, *, lasting: bool) -> dict[str, str]:
    """The environment of a process whose call number `at` under the folder fails, and with `lasting` all others.

    `error` is one of `ERRORS`, or `KILLED`.
    """
    return {
        "LD_PRELOAD": str(shim),
        "FAULT_FOLDER": str(folder),
        "FAULT_AT": str(at),
        "FAULT_ERRNO": str(ERRORS.get(error, 0)),
        "FAULT_LASTING": str(int(lasting)),
    }


def listing(shim: Path, folder: Path, log: Path) -> dict[str, str]:
    """The environment of a process that writes into `log` what a fault could befall."""
    return {"LD_PRELOAD": str(shim), "FAULT_FOLDER": str(folder), "FAULT_LOG": str(log)}


def clock(shim: Path, seconds: int) -> dict[str, str]:
    """The environment of a process whose clock is off by so many seconds; the times of files are not."""
    return {"LD_PRELOAD": str(shim), "FAULT_CLOCK": str(seconds)}


def leaps(shim: Path, folder: Path, each: Sequence[tuple[int, int]]) -> dict[str, str]:
    """The environment of a process whose clock, and with it the times of the files that it writes, leaps.

    `each`: the number of a call under the folder, and by how many seconds the clock is off from then on.
    """
    told = ",".join(f"{at}:{seconds}" for at, seconds in each)
    return {"LD_PRELOAD": str(shim), "FAULT_FOLDER": str(folder), "FAULT_LEAPS": told}
