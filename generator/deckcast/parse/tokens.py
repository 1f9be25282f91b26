"""What the scanner finds in a text, in order (FORMAT 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Text from `begin` to `end`; `code` means that nobody looks into it."""

    begin: int
    end: int
    code: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """`.a.b[`: a content class begins."""

    begin: int
    end: int
    classes: tuple[str, ...]
    block: bool


@dataclass(frozen=True, slots=True)
class Close:
    """`]`: the content class ends."""

    begin: int


@dataclass(frozen=True, slots=True)
class Definition:
    """`[id]: url "title"` on a line of its own."""

    begin: int
    id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Macro:
    """`![:name a, b](target)`."""

    begin: int
    end: int
    name: str
    arguments: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Separator:
    """`---`, `--` or `???` on a line of its own.

    The newline before it belongs to it; the one behind it, too, but for `--` (FORMAT 5.2).
    """

    begin: int
    end: int
    mark: str


Token: TypeAlias = Text | Open | Close | Definition | Macro | Separator
