"""What a machine is, told by itself: whether it may work for a build, and at what."""

from __future__ import annotations

import asyncio
import platform
import socket
import sys
from collections.abc import Collection, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from deckcast import __version__
from deckcast.cluster.transport import Shared
from deckcast.digest import digest, sha256
from deckcast.errors import DeckcastError

MADE_WITH = ("av", "moviepy", "numpy", "pillow", "soxr")
"""Packages whose version may change what is encoded."""


async def look(store: str, offers: Collection[str]) -> dict[str, Any]:
    """What this machine has, as JSON data: a worker of another version must be able to tell. Takes seconds at most.

    It is called in a worker's own loop, which must not wait.
    """
    return await asyncio.to_thread(_look, store, frozenset(offers))


def encoding() -> dict[str, str]:
    """What encoded bytes depend on besides their inputs. Machines must agree on it to encode for one lesson."""
    found = {"processor": platform.machine(), "system": sys.platform}
    for name in MADE_WITH:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    try:
        import av

        found["libavcodec"] = ".".join(map(str, av.library_versions["libavcodec"]))
    except (ImportError, OSError) as error:
        found["libavcodec"] = f"none ({error})"
    return found


@cache
def program() -> str:
    """This deckcast: its version, and the digest of all that it consists of."""
    root = Path(__file__).parents[1]
    files = sorted(path for kind in ("py", "js", "sh") for path in root.rglob(f"*.{kind}"))
    sources = digest([[path.relative_to(root).as_posix(), sha256(path.read_bytes())] for path in files])
    return f"{__version__} ({sources[:8]})"


def mark(shared: Shared, *, new: str = "") -> str:
    """By what a store is told from all others; empty where it has none yet. `new` becomes the mark of such a one.

    Raises `StorageError` or `MachineError`.
    """
    store = shared.store()
    key = digest("the mark of a store, 1")
    answer = store.get(key)
    if answer is None and new:
        store.put(key, {"mark": new}, {})
        answer = store.get(key)
    return str(answer.facts["mark"]) if answer is not None else ""


def _look(store: str, offers: frozenset[str]) -> dict[str, Any]:
    return {
        "deckcast": program(),
        "python": platform.python_version(),
        "host": socket.gethostname(),
        "encoding": encoding(),
        **_store(store),
        **(_browser() if "browser" in offers else {}),
    }


def _store(address: str) -> Mapping[str, str]:
    try:
        return {"store": mark(Shared(address))}
    except DeckcastError as error:
        return {"store": "", "no_store": str(error)}


def _browser() -> Mapping[str, str]:
    from deckcast.engines import browser_find, browsers
    from deckcast.engines.browser_chromium import Chromium

    try:
        path = browsers.named("") or browser_find.find()
        if path is None:
            return {"browser": "", "no_browser": "no Chromium, Chrome or Edge was found"}
        return {"browser": Chromium(lambda: path).identity}
    except (DeckcastError, OSError) as error:
        return {"browser": "", "no_browser": str(error)}
