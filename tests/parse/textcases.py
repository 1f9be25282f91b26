"""Test cases as text that anyone can add to.

A file of cases looks like this; what stands below `§ gives` is compared as a whole:

    § what the case shows
    the input
    § gives
    what must come out

To see what comes out, leave it empty and read the failing test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    title: str
    given: str
    gives: str

    def __str__(self) -> str:
        return self.title


def cases_in(folder: Path, pattern: str = "*.txt") -> list[Case]:
    """All cases of a folder's files, in order."""
    return [case for file in sorted(folder.glob(pattern)) for case in _cases(file)]


def _cases(file: Path) -> Iterator[Case]:
    title = given = ""
    for block in ("\n" + file.read_text(encoding="utf-8")).split("\n§ ")[1:]:
        head, _, body = block.partition("\n")
        if head == "gives":
            yield Case(f"{file.stem}: {title}", given, body.strip("\n"))
        else:
            title, given = head, body
