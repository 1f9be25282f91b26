"""Fences that hardly were meant to be plain code: `python execute`, `python echo=false`."""

from __future__ import annotations

import re

from deckcast.run.words import Info

_LIKE_EXEC = frozenset({"exec", "execute", "executed", "executable", "exe", "excec", "exce", "exex", "exect"})
_OURS = frozenset({"needs", "may_fail", "varies", "echo", "timeout", "output"})
"""Options that nothing but a cell has."""


def missed(info: Info, text: str) -> tuple[str, str] | None:
    """(the word that is meant, hint) of a block that does not run, but looks as if it should; `text` is its info."""
    language = info.first if info.first.isalnum() and info.first not in _LIKE_EXEC else "python"
    hint = f"write `{language} exec` behind the marks"
    for word in text.split():
        pieces = re.split(r"[^A-Za-z]+", word.partition("=")[0].lower())
        if not _LIKE_EXEC.isdisjoint(pieces) and not word.startswith("{"):
            return word, hint
    if info.braces or text.startswith("{"):
        return None
    option = next(
        (word.name for word in info.words if word.key in _OURS and (word.value or word.key == "may_fail")), ""
    )
    return (option, f"to let it run, {hint}") if option else None
