"""Writes a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_whole(path: Path, body: bytes, folder: Path, prefix: str = "") -> None:
    """Writes aside in `folder`, syncs, and renames. Whoever may read new files of this user may read it.

    What is written aside has a name that begins with `prefix`; a process that is killed leaves it. Raises `OSError`.
    """
    aside = folder / f"{prefix}{secrets.token_hex(8)}"
    try:
        # Not by tempfile, whose files are their owner's alone, whatever the umask says.
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise
