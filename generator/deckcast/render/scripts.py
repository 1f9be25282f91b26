"""Pages of our own in which libraries' scripts run: what they are made of, and what may be asked for there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from deckcast.digest import digest, sha256
from deckcast.ports import Bench, Resource, Resources
from deckcast.theme import Theme, shipped

HERE = Path(__file__).parent
SCRIPTS = ("formulas.js", "mermaid.js")
"""Those of this room."""
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
}


class Scripts:
    """`Resources` of a bench: libraries, fonts, the theme, the deck's files, and the scripts of this room as
    `/scripts/…`."""

    def __init__(self, theme: Theme, deck: Resources) -> None:
        self._theme = theme
        self._deck = deck

    def get(self, path: str) -> Resource | None:
        if path.startswith("/deck/"):
            return self._deck.get(path)
        name = path.removeprefix("/scripts/")
        file = HERE / name if name != path and name in SCRIPTS else self._theme.file(path)
        if file is None or file.suffix not in _TYPES:
            return None
        return Resource(file.read_bytes(), _TYPES[file.suffix])


def bench(library: str, script: str, *, body: str = "", seconds: float = 10.0) -> Bench:
    """A page with a library (`katex/katex.min.js`) and the script of ours that uses it."""
    scripts = "".join(f'<script src="{url}"></script>' for url in (f"/libraries/{library}", f"/scripts/{script}"))
    return Bench(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>-</title>{body}{scripts}', seconds)


@cache
def version(library: str, script: str) -> str:
    """Of a library and the script of ours that uses it: a digest of both."""
    return digest([sha256(path.read_bytes()) for path in (shipped() / "libraries" / library, HERE / script)])


@cache
def files_of(folder: str, kinds: Sequence[str]) -> str:
    """A digest of the files of these kinds in a library's folder."""
    root = shipped() / "libraries" / folder
    found = sorted(path for path in root.rglob("*") if path.suffix in kinds)
    return digest([(path.relative_to(root).as_posix(), sha256(path.read_bytes())) for path in found])
