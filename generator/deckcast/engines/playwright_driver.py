"""Makes sure that Playwright's own Node runs here: it needs libatomic, which a bare Debian has not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from deckcast.engines import debian
from deckcast.errors import BrowserError, MachineError
from deckcast.ports import Availability, Progress

VARIABLE = "PLAYWRIGHT_NODEJS_PATH"
"""Playwright's variable for another Node than its own."""
OLDEST = 18
"""The first Node that Playwright's driver works with."""


def ensure(progress: Progress) -> None:
    """Installs what Playwright's Node lacks, or has Playwright use the machine's own Node. Raises `BrowserError`."""
    there = availability()
    if not there.works and "libatomic" in there.reason and debian.may_install():
        try:
            debian.install(["libatomic1"], progress)
        except MachineError as error:
            raise BrowserError(there.reason, hint=str(error)) from error
        there = availability()
    if not there.works:
        raise BrowserError(there.reason, hint=there.mend)
    if there.reason == _OTHER and (other := _other_node()):
        os.environ[VARIABLE] = other


def availability() -> Availability:
    """Whether Playwright's driver runs here, and with which Node."""
    if os.environ.get(VARIABLE):
        return Availability(True, f"Playwright, with the Node that {VARIABLE} names")
    problem = _problem(_own_node())
    if problem is None:
        return Availability(True, "Playwright, with its own Node")
    if _other_node():
        return Availability(True, _OTHER)
    mend = debian.command("libatomic1") if "libatomic" in problem else f"install Node {OLDEST} or newer"
    return Availability(False, f"the browser's driver does not run: {problem}", mend)


_OTHER = "Playwright, with this machine's Node, since its own does not run here"


def _other_node() -> str:
    """This machine's own Node where it is new enough, or nothing."""
    node = shutil.which("node")
    return node if node and _problem(Path(node)) is None and _version(Path(node)) >= OLDEST else ""


def _own_node() -> Path:
    import playwright

    name = "node.exe" if os.name == "nt" else "node"
    return Path(playwright.__file__).parent / "driver" / name


def _problem(node: Path) -> str | None:
    """Why this Node does not run, or None."""
    try:
        done = subprocess.run([str(node), "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode:
        return (done.stderr.strip() or f"exit code {done.returncode}").rpartition(f"{node}: ")[2]
    return None


def _version(node: Path) -> int:
    done = subprocess.run([str(node), "--version"], capture_output=True, text=True, timeout=60, check=False)
    major = done.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdecimal() else 0
