"""Where a copy of a deck's files lies on a worker, told as where the author's own files lie.

So a record is the same wherever its cells ran: with the paths that tracebacks and cells print here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def shown(path: str, home: str = "") -> str:
    """A path as IPython's tracebacks show it. `home` is that of whose machine it lies on; by default, this one's."""
    above = home or str(Path.home())
    return f"~{path[len(above) :]}" if path == above or path.startswith(above.rstrip("/") + "/") else path


def pairs(folder: Path, *, sharing: bool) -> tuple[tuple[str, str], ...]:
    """A deck's folder, and the one of all chapters where it shares modules: (the path, as tracebacks show it)."""
    found = folder.resolve()
    return tuple((str(one), shown(str(one))) for one in (found, *((found.parent,) if sharing else ())))


class Renaming:
    """Replaces some paths by others, in texts."""

    def __init__(self, here: Iterable[tuple[str, str]], there: Iterable[tuple[str, str]]) -> None:
        """`pairs` of the copies, and of what they are copies of."""
        self._names: list[tuple[str, str]] = []
        for (copy, copy_shown), (own, own_shown) in zip(here, there, strict=True):
            self._names += [(f"File {copy_shown}", f"File {own_shown}"), (copy_shown, own), (copy, own)]

    def __call__(self, text: str) -> str:
        for copy, own in self._names:
            text = text.replace(copy, own)
        return text
