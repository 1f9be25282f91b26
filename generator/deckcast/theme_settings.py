"""What a theme says about settings, in its `theme.toml`: the weakest layer, above what is built in."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from deckcast import config
from deckcast.config import Value
from deckcast.errors import ConfigError, DeckcastError, raise_all
from deckcast.settings import Settings
from deckcast.theme import find_theme

FILE = "theme.toml"
NAMES = ("transition", "transition_seconds")
"""All that a theme can say: what belongs to its look, and moves no word."""


def with_theme(values: Sequence[Value], roots: Sequence[Path]) -> tuple[Value, ...]:
    """`values`, the strongest last, with those of the theme that they name below them.

    Raises `ConfigError` for mistakes in the values, an unknown theme, and what a theme cannot say.
    """
    chosen = config.overlay(Settings(), values)
    theme = find_theme(chosen.slides.theme, roots)
    files = [folder / FILE for folder in reversed(theme.folders)]
    return *_checked(one for file in files if file.is_file() for one in config.from_file(file)), *values


def _checked(values: Iterable[Value]) -> list[Value]:
    found, errors = [], list[DeckcastError]()
    for value in values:
        name = value.name.removeprefix("slides.").replace("-", "_")
        if name in NAMES:
            found.append(value)
            continue
        near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.6)
        hint = f"did you mean `{near[0]}`?" if near else f"a theme may say {' and '.join(f'`{one}`' for one in NAMES)}"
        column = max(value.line.find(value.name.rpartition(".")[2]), 0) + 1
        where = value.where and type(value.where)(value.where.path, value.where.line, column)
        message = f"`{value.name}` is nothing that a theme says"
        errors.append(ConfigError(message, where=where, line=value.line, width=len(value.name), hint=hint))
    raise_all(errors)
    return found
