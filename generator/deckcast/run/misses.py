"""Fences that hardly were meant to be plain code: `python execute`, `python echo=false`."""

from __future__ import annotations

import re

from deckcast.run.words import Info

_LIKE_EXEC = frozenset({"exec", "execute", "executed", "executable", "exe", "excec", "exce", "exex", "exect"})
_OURS = frozenset({"needs", "may_fail", "varies", "echo", "timeout", "output"})
"""Options that nothing but a cell has."""


def missed(info: Info, text: str) -> tuple[str, str, str] | None:
    """(the word that is meant, message, hint) of a block that does not run, but looks as if it should; `text` is its
    info string."""
    language = info.first if info.first.isalnum() and info.first not in _LIKE_EXEC else "python"
    hint = f"to let it run, write `{language} exec` behind the marks"
    for word in text.split():
        pieces = re.split(r"[^A-Za-z]+", word.partition("=")[0].lower())
        if not _LIKE_EXEC.isdisjoint(pieces) and not word.startswith("{"):
            return word, f"this code does not run, though `{word}` looks as if it should", hint
    if info.braces or text.startswith("{"):
        return None
    for own in info.words:
        if own.key in _OURS and (own.value or own.key == "may_fail"):
            return own.name, f"`{own.name}` is an option of code that runs, and this code does not", hint
    return None
