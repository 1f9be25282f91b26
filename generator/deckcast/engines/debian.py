"""Installs Debian packages where that is possible without asking anybody: as root, with apt."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from deckcast.errors import MachineError
from deckcast.ports import Progress

_PATIENCE = 900
"""Seconds after which an installation is given up."""


def may_install() -> bool:
    """Whether this process is root on a machine with apt."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def command(*packages: str) -> str:
    """What a person types to install the packages."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return f"{'' if root else 'sudo '}apt-get install -y --no-install-recommends {' '.join(packages)}"


def typed(mend: str) -> str:
    """The same for a hint that begins with `apt-get install`; any other as it is."""
    packages = mend.removeprefix("apt-get install ")
    return mend if packages == mend or packages.startswith("-") else command(*packages.split())


def install(packages: Sequence[str], progress: Progress) -> None:
    """Installs the packages without their recommendations, and says so. Raises `MachineError`."""
    progress.say(f"installing {', '.join(packages)} with apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MachineError(f"`{' '.join(command)}` failed: {error}", hint="run it by hand to see why") from error
        if done.returncode:
            last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-10:])
            raise MachineError(
                f"`{' '.join(command)}` failed with exit code {done.returncode}:\n{last}",
                hint="run it by hand to see why; is the network there?",
            )
