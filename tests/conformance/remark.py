"""The real remark, run under Node; installed once into a cache of this user's."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FILES = ("oracle.mjs", "setup.mjs", "package.json", "package-lock.json")
SOURCE = Path(__file__).parent / "oracle"


def missing() -> str:
    """Why remark cannot run here; empty when it can."""
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"remark needs Node.js 20 or later: {' and '.join(absent)} not found" if absent else ""


def install() -> Path:
    """The folder in which remark is ready to run. Raises `CalledProcessError` when npm fails."""
    digest = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "deckcast-tests" / f"remark-{digest}"
    if (folder / "ready").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(SOURCE / name, folder / name)
    for command in (["npm", "ci", "--no-audit", "--no-fund", "--silent"], ["npm", "run", "--silent", "setup"]):
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=300)
    (folder / "ready").touch()
    return folder


def read(folder: Path, decks: Sequence[str], work: Path, stage: str = "slides") -> list[dict[str, Any]]:
    """remark's reading of each deck; `{"error": …}` where it fails."""
    if not decks:
        return []
    files = []
    for number, deck in enumerate(decks):
        file = work / f"{number:05}.md"
        file.write_text(deck, encoding="utf-8", newline="")
        files.append(str(file))
    command = ["node", str(folder / "oracle.mjs"), "--batch", "--stage", stage, *files]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    readings = {Path(line["file"]).name: line for line in map(json.loads, done.stdout.splitlines())}
    return [readings[Path(file).name] for file in files]
