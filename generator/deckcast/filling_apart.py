"""Fills templates of strangers in a process of their own, which the system stops; see `filling`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deckcast import filling
from deckcast.errors import MachineError
from deckcast.filling import Failed, packed

# No site-packages but those that this program has, and nothing of the environment but what Python needs to start.
_BOOT = (
    "import json, runpy, sys; sys.path[:] = json.loads(sys.argv.pop(1));"
    "runpy.run_module('deckcast.filling', run_name='__main__')"
)
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONHOME")
_FRAME = re.compile(r'  File "(.*)", line (\d+) in ')


def fill_apart(name: str, folders: Sequence[Path], values: Mapping[str, Any]) -> str:
    """As `filling.fill`, within its limits. Raises `Failed`, `MachineError`."""
    asked = {
        "name": name,
        "folders": [str(folder) for folder in folders],
        "values": {key: packed(value) for key, value in values.items()},
        "seconds": filling.SECONDS,
        "memory": filling.MEMORY,
    }
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-I", "-S", "-c", _BOOT, json.dumps([root, *(one for one in sys.path if one != root)])]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asked).encode() + b"\n",
            capture_output=True,
            timeout=filling.PATIENCE * 2,
            env={one: os.environ[one] for one in _NEEDED if one in os.environ},
            start_new_session=True,
            check=False,
        )
    except OSError as error:
        raise MachineError(f"cannot start {sys.executable}: {error.strerror or error}") from error
    except subprocess.TimeoutExpired as error:
        raise Failed("endless", _time()) from error
    files: list[str] = []
    lines: dict[str, list[list[int]]] = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if "file" in message:
            files.append(message["file"])
        elif "lines" in message:
            lines[files[-1]] = message["lines"]
        elif "failed" in message:
            raise Failed(*message["failed"])
        else:
            return str(message["page"])
    raise _stopped(done, files, lines)


def _time() -> str:
    return f"it is not done after {filling.SECONDS} seconds of computing"


def _stopped(
    done: subprocess.CompletedProcess[bytes], files: Sequence[str], lines: Mapping[str, list[list[int]]]
) -> Exception:
    """What became of a program that could not say it itself."""
    said = done.stderr.decode("utf-8", "replace")
    names = {one.encode("ascii", "backslashreplace").decode()[:500]: one for one in files}
    for file, number in _FRAME.findall(said):  # the innermost first
        if file in names:
            known = lines.get(names[file], [])
            place = next((mine for mine, its in reversed(known) if its <= int(number)), 1)
            return Failed("endless", _time(), names[file], place)
    if not files:
        last = said.strip().splitlines()
        return MachineError(f"templates cannot be filled: {last[-1] if last else f'exit code {done.returncode}'}")
    what = f"it ends the program that reads it (signal {-done.returncode})" if done.returncode < 0 else _time()
    return Failed("endless", what, files[-1])
