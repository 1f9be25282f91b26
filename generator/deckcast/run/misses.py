"""Fences that hardly were meant so: `python execute`, `python echo=false`, `python linenos`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from deckcast.markup.fence import CELLS_ONLY, ELSEWHERE, NAMES, first_number
from deckcast.markup.groups import read_groups
from deckcast.run.options import LINES_HINT, NUMBERS_HINT
from deckcast.run.words import Info, Word

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


def misread(words: Sequence[Word], count: int) -> Iterator[tuple[Word, str, str]]:
    """(word, message, hint) of what stands behind the fence of plain code and cannot be followed."""
    for word in words:
        value = word.value if isinstance(word.value, str) or word.value is None else ",".join(word.value)
        try:
            if word.key == "lines":
                if value is None:
                    raise ValueError("needs a value")
                read_groups(value, count)
            elif word.key == "numbers":
                first_number(value)
            elif word.key not in NAMES and word.key not in CELLS_ONLY:
                name = ELSEWHERE.get(word.key) or "".join(difflib.get_close_matches(word.key, NAMES, n=1, cutoff=0.75))
                if name or word.value is not None:
                    hint = f"did you mean `{name}`?" if name else f"there are {', '.join(f'`{one}`' for one in NAMES)}"
                    yield word, f"`{word.name}` says nothing about this code", hint
        except ValueError as error:
            hint = LINES_HINT if word.key == "lines" else NUMBERS_HINT
            yield word, f"`{word.name}` {error}", hint
