"""The fonts that this machine has for writing systems that the themes' fonts do not cover."""

from __future__ import annotations

import shutil
import subprocess
import sys

from deckcast.ports import Availability
from deckcast.writing import Writing

SECONDS = 20


def font_for(writing: Writing) -> Availability:
    """Whether some font here has the system's characters; `reason` is its name, or why nobody can tell."""
    if sys.platform in ("win32", "darwin"):
        return Availability(True, "a font of the system")
    program = shutil.which("fc-list")
    mend = f"apt-get install {writing.package}"
    if program is None:
        return Availability(False, "fc-list is not installed, so nobody can tell", "apt-get install fontconfig")
    points = " ".join(f"{ord(character):x}" for character in writing.sample)
    try:
        done = subprocess.run(
            [program, "--format=%{family[0]}\n", f":charset={points}"],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Availability(False, f"fc-list does not work: {error}", mend)
    names = sorted(set(done.stdout.split("\n")) - {""}, key=lambda name: (name != writing.family, name))
    return Availability(True, names[0]) if names else Availability(False, "no font", mend)
