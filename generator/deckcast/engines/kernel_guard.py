"""Ends what a builder leaves behind that is killed itself: a kernel, all that its cells had started, its folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

_SCRIPT = 'trap "" HUP INT TERM; read -r _; kill -s KILL -- "-$1"; rm -rf -- "$2"'


class Guard:
    """A shell that waits for the end of a pipe, which comes with the end of this process, however that ends."""

    def __init__(self, group: int, folder: Path) -> None:
        """`group` is the process group of the kernel, `folder` what goes with it."""
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "deckcast-guard", str(group), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # not ended by a Ctrl-C that is meant for us
        )

    def stop(self) -> None:
        """It is not needed any more."""
        self._shell.kill()
        self._shell.communicate()
