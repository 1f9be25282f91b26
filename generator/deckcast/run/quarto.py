"""Options in the first lines of a cell, `#| key: value`, and the names that Quarto and R Markdown have for ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from deckcast.errors import CellError
from deckcast.model import Where
from deckcast.run.places import Place
from deckcast.run.words import Word, inside

_KNITR = re.compile(r"\s*[\w.-]+\s*=")
"""Begins options as R Markdown writes them: `#| echo=FALSE, fig.width=10`."""
MAX_OPTIONS = 10_000
"""Characters of `#|` lines."""
MAX_DEPTH = 8
"""Lists and tables in each other."""

DIAGRAMS = frozenset({"mermaid", "dot"})
"""What Quarto draws in braces, and does not run."""

NAMES = {
    "label": "name",
    "error": "may_fail",
    "eval": "exec",
    "code_fold": "fold",
    "fig_alt": "alt",
    "filename": "title",
}
"""Quarto's names for options of ours."""
SILENT = frozenset({"warning", "message", "code_summary", "code_overflow", "code_copy", "classes", "cache", "freeze"})
"""Options of Quarto that change nothing on a slide worth a word."""


def read_options(options: Sequence[str], lines: Sequence[str], places: Sequence[Where]) -> tuple[Word, ...]:
    """The words in `#|` lines. `lines` are the same with their signs, `places` where each begins.

    Raises `CellError` where they are no YAML of names and values.
    """
    import yaml

    text = "\n".join(option.removeprefix(" ") for option in options)
    if len(text) > MAX_OPTIONS:
        raise _error("there are too many options", places[0], f"at most {MAX_OPTIONS} characters")
    if _KNITR.match(text):
        return tuple(
            word
            for place, option in zip(places, text.split("\n"), strict=True)
            for word in inside(option, Place(place))
        )
    words: list[Word] = []
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _error(f"more than {MAX_DEPTH} levels of options", places[_line(event.start_mark, places)])
            if isinstance(event, yaml.AliasEvent):
                raise _error("anchors and aliases are not for options", places[_line(event.start_mark, places)])
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            return ()
        if not isinstance(root, yaml.MappingNode):
            raise _error("these options have no names", places[0])
        for key, node in root.value:
            words.append(_word(key, node, options, lines, places))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"these options are not YAML: {error.problem or error.context or 'this cannot be read'}"
        raise _error(message, places[_line(mark, places)]) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        raise _error("these options are not YAML", places[0]) from None
    return tuple(words)


def _word(key: Any, node: Any, options: Sequence[str], lines: Sequence[str], places: Sequence[Where]) -> Word:
    import yaml

    number = _line(key.start_mark, places)
    where = places[number]
    if not isinstance(key, yaml.ScalarNode):
        raise _error("the name of an option is a word", where)
    sign = len(lines[number]) - len(options[number])
    blanks = len(lines[number]) - len(lines[number].lstrip())
    column = where.column + sign - blanks + options[number].startswith(" ") + key.start_mark.column
    place = Where(where.path, where.line, column)
    value: str | tuple[str, ...]
    if isinstance(node, yaml.ScalarNode):
        value = str(node.value)
    elif isinstance(node, yaml.SequenceNode) and all(isinstance(one, yaml.ScalarNode) for one in node.value):
        value = tuple(str(one.value) for one in node.value)
    else:
        value = "{…}"
    return Word(str(key.value), value, place, "", max(len(lines[number].rstrip()) - sign - 1, 1), strict=False)


def _line(mark: Any, places: Sequence[Where]) -> int:
    return min(mark.line, len(places) - 1) if mark is not None else 0


def translated(words: Sequence[Word]) -> Iterator[Word]:
    """The words under our names; those that say nothing about a slide are left out."""
    for word in words:
        key = word.key.replace(".", "_")
        value = word.value.lower() if isinstance(word.value, str) else ""
        if key in SILENT or (key == "include" and value in ("true", "yes")):
            continue
        if key == "include":
            yield _renamed(word, "hidden", "true")
        elif key == "results" and not word.strict:
            if value in ("hide", "false"):
                yield _renamed(word, "output", "none")
        elif key == "code_line_numbers":
            if re.search("[0-9]", value):
                yield _renamed(word, "lines", value)
            elif value in ("true", "yes", "false", "no"):
                yield _renamed(word, "numbers", value)
        elif key == "code_fold":
            yield _renamed(word, "fold", "false" if value == "show" else value)
        elif key == "output" and value in ("true", "yes", "asis"):
            continue
        elif key == "output" and value in ("false", "no"):
            yield _renamed(word, "output", "none")
        elif key == "echo" and value == "fenced":
            yield _renamed(word, "echo", "true")
        else:
            yield _renamed(word, NAMES.get(key, word.name), word.value)


def _renamed(word: Word, name: str, value: str | tuple[str, ...] | None) -> Word:
    return Word(name, value, word.where, word.line, word.width, word.strict)


def _error(message: str, where: Where, hint: str = "write a line for each: `#| name: value`") -> CellError:
    return CellError(message, where=where, hint=hint, code="cell-option")
