"""Whose code may run: that of the project one works in, and that of decks for which a person has said so.

Code in a deck runs with the rights of whoever builds it. So a deck from elsewhere runs nothing until it is trusted
once, by `--trust`. That holds for its code as it is: another digest is asked for again.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.config import Value, find_file, of_folder, overlay
from deckcast.errors import NewerError, TrustError, storage_errors
from deckcast.lock import exclusive
from deckcast.settings import Settings

FORMAT = 1
KEPT = 20
"""States of one deck that are remembered."""


@dataclass(frozen=True, slots=True)
class LiveCode:
    """What would run."""

    digest: str
    """Of all cells and expressions, and of the files that they declare or import."""
    cells: int
    languages: tuple[str, ...]
    expressions: int = 0

    def __str__(self) -> str:
        parts = []
        if self.cells:
            languages = f" ({', '.join(sorted(set(self.languages)))})" if self.languages else ""
            parts.append(f"{self.cells} cell{'s' if self.cells != 1 else ''}{languages}")
        if self.expressions:
            parts.append(f"{self.expressions} inline value{'s' if self.expressions != 1 else ''}")
        return " and ".join(parts)


def check(deck: Path, code: LiveCode, *, allow: bool = False) -> None:
    """Raises `TrustError` unless the deck's code may run. `allow` lets it run, and remembers that.

    Raises `StorageError` when it cannot be remembered, `NewerError` where that would write over a newer file.
    """
    if is_trusted(deck, code.digest):
        return
    if allow:
        _remember(deck, code.digest)
        return
    raise TrustError(
        f"{deck} lies outside your project and wants to run code: {code}",
        hint="read the code, then give --trust once; or build with --exec=never, which runs nothing and shows what its "
        "author recorded; or, if the deck is your own, put a `deckcast.toml` into its project and work from there",
    )


def check_cluster(deck: Path, chosen: Settings, given: Iterable[Value]) -> None:
    """Raises `TrustError` where anything but the command and the current folder's configuration names the cluster.

    Whoever answers there can run anything on this machine: Dask's messages are Python's pickles.
    """
    if chosen.build.cluster != overlay(of_folder(Path.cwd()), given).build.cluster:
        raise TrustError(
            f"{deck} names a cluster, {chosen.build.cluster}, and a deck may not say whom you trust",
            hint="name it on the command line with --cluster, or in the `deckcast.toml` of the folder you work in",
        )


def is_trusted(deck: Path, digest: str) -> bool:
    """Whether the deck lies in the project of the current folder, or its code has been trusted as it is."""
    path = deck.resolve()
    home = project()
    return (home is not None and path.is_relative_to(home)) or digest in _known().get(str(path), ())


def project() -> Path | None:
    """The folder at or above the current one that holds `deckcast.toml`, or `pyproject.toml` with `[tool.deckcast]`."""
    found = find_file(Path.cwd().resolve())
    return None if found is None else found.parent.resolve()


def memory() -> Path:
    """The file that remembers which decks are trusted."""
    given = os.environ.get("XDG_CONFIG_HOME", "")
    if Path(given).is_absolute():  # the specification says to ignore others
        root = Path(given)
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    elif sys.platform == "win32":
        root = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    else:
        root = Path.home() / ".config"
    return root / "deckcast" / "trusted.json"


def _known() -> dict[str, tuple[str, ...]]:
    """Digests by deck. A file that cannot be read trusts nobody, nor does one of a newer deckcast."""
    data = _read()
    decks = data.get("decks") if not _is_newer(data) else None
    if not isinstance(decks, dict):
        return {}
    return {
        path: tuple(digest for digest in digests if isinstance(digest, str))
        for path, digests in decks.items()
        if isinstance(digests, list)
    }


def _read() -> dict[str, Any]:
    """What the file tells; empty where that cannot be read."""
    try:
        data: Any = json.loads(memory().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _is_newer(data: Mapping[str, Any]) -> bool:
    return isinstance(version := data.get("version"), int) and version > FORMAT


def _remember(deck: Path, digest: str) -> None:
    """Adds a deck's digest, in a file that only its owner can read and write, made aside and renamed."""
    target = memory()
    with storage_errors("remember that the deck is trusted in", target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with exclusive(target.with_suffix(".lock"), lambda: None):  # builds side by side remember others
        if _is_newer(_read()):
            raise NewerError(target, "build with --exec=never, which runs nothing")
        known = _known()
        path = str(deck.resolve())
        known[path] = (*known.get(path, ()), digest)[-KEPT:]
        text = json.dumps({"version": FORMAT, "decks": known}, indent=1, sort_keys=True) + "\n"
        with storage_errors("remember that the deck is trusted in", target):
            _write(target, text)


def _write(target: Path, text: str) -> None:
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".trusted-")  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(aside).unlink()
        raise
