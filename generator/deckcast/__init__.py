"""Markdown decks with speaker notes become narrated video lessons.

    deckcast.parse(text, path) -> Deck
    deckcast.build(chapter, output="output") -> Lesson

Both are what the command line itself uses. Trouble that a person can mend is a `DeckcastError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deckcast.build import build as build
    from deckcast.errors import DeckcastError as DeckcastError
    from deckcast.model import Deck as Deck
    from deckcast.model import Lesson as Lesson
    from deckcast.parse import parse as parse

__version__ = "0.1.0"
__all__ = ["Deck", "DeckcastError", "Lesson", "__version__", "build", "parse"]

_MODULES = ("build", "parse")
"""Modules that are called like the function of their name: see `callable_module`."""
_HOMES = {"DeckcastError": "deckcast.errors", "Deck": "deckcast.model", "Lesson": "deckcast.model"}


def __getattr__(name: str) -> Any:
    """Imports what is asked for, when it is asked for: `deckcast --help` reads no Markdown library."""
    if name in _MODULES:
        return import_module(f"deckcast.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'deckcast' has no attribute {name!r}")
