"""YAML between two `---` at the very top of a file (FORMAT 4.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deckcast.errors import DeckError
from deckcast.model import Finding, Option, Scalar
from deckcast.parse.manuscript import Line, Manuscript

if TYPE_CHECKING:
    import yaml

_KEY = re.compile(r"[A-Za-z_][\w.-]*[ \t]*:(?:[ \t]|$)")
_FITS = re.compile(r"[ \t]*$|[ \t]+\S|#|-(?:[ \t]|$)|[\"']?[\w. -]+[\"']?[ \t]*:(?:[ \t]|$)|[\]}]")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
MAX_LINES = 500
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file's top says about the deck, and the rest of the file."""

    options: tuple[Option, ...]
    lines: list[Line]
    findings: tuple[Finding, ...] = ()


def split(path: str, lines: Sequence[Line], originals: Sequence[str]) -> FrontMatter:
    """The options in a file's front matter and the lines behind it; all lines where it has none.

    Raises `DeckError` when what looks like front matter is no YAML that a deck may have.
    """
    end, stray = _closing(lines)
    if stray is not None:
        return FrontMatter((), list(lines), (_broken_off(path, lines[stray], originals),))
    if end is None:
        return FrontMatter((), list(lines))
    manuscript = Manuscript(((path, line) for line in lines[1:end]), {path: originals})
    options = tuple(_options(manuscript))
    return FrontMatter(
        options, list(lines[end + 1 :]), (*_repeated(options), *_lost(path, lines[: end + 1], originals))
    )


def _lost(path: str, lines: Sequence[Line], originals: Sequence[str]) -> Iterator[Finding]:
    """Comments that stand alone, as a heading does: the author may have meant the first slide."""
    texts = ["" if number in (0, len(lines) - 1) else _text(line).strip() for number, line in enumerate(lines)]
    for number, line in enumerate(lines[1:-1], 1):
        if re.match(r"#{1,6} \S", texts[number]) and not texts[number - 1] and not texts[number + 1]:
            manuscript = Manuscript([(path, line)], {path: originals})
            where = manuscript.where(0)
            yield Finding(
                "deck-front-matter-comment",
                "warning",
                "this line is a comment of the front matter, not a heading, and does not show",
                where,
                manuscript.original(where),
                len(texts[number]),
                "if it is the first slide's heading, write a `---` above it",
            )


def _repeated(options: Sequence[Option]) -> Iterator[Finding]:
    first: dict[str, Option] = {}
    for option in options:
        if option.name in first:
            yield Finding(
                "deck-front-matter-twice",
                "warning",
                f"`{option.name}` has a value already",
                option.where,
                option.line,
                len(option.name.rpartition(".")[2]),
                f"the last value counts: take the one in line {first[option.name].where.line} away",
            )
        first[option.name] = option


def _closing(lines: Sequence[Line]) -> tuple[int | None, int | None]:
    """The line that ends the front matter, or the one that cannot stand in it.

    Neither where nothing looks like front matter: without a `key: value` line, `---` begins a slide.
    """
    if not lines or _text(lines[0]) != "---":
        return None, None
    keyed = False
    for number, line in enumerate(lines[1:MAX_LINES], 1):
        text = _text(line)
        if text == "---":
            return (number, None) if keyed else (None, None)
        if not keyed and text.strip() and not text.startswith("#"):
            keyed = _KEY.match(text) is not None
            if not keyed:
                return None, None
        if not _FITS.match(text):
            return None, number
    return None, None


def _broken_off(path: str, line: Line, originals: Sequence[str]) -> Finding:
    manuscript = Manuscript([(path, line)], {path: originals})
    where = manuscript.where(0)
    return Finding(
        "deck-front-matter-text",
        "warning",
        "this line is no `name: value`, so the lines from the `---` at the top on are read as slides",
        where,
        manuscript.original(where),
        max(len(manuscript.text.rstrip()), 1),
        "write `name: value`, or take the `---` at the top away if this is the first slide",
    )


def _text(line: Line) -> str:
    return "".join(piece.text for piece in line).removesuffix("\n")


def _options(manuscript: Manuscript) -> Iterator[Option]:
    import yaml

    text = manuscript.text
    try:
        _check(manuscript, yaml.parse(text, Loader=yaml.SafeLoader))
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        yield from _flat(manuscript, root, "")
    except yaml.MarkedYAMLError as error:
        problem = error.problem or error.context or "this cannot be read"
        mark = error.problem_mark or error.context_mark
        if "end of stream" in problem:  # where it began says more than where the text ends
            mark, problem = error.context_mark or mark, f"{error.context}, {problem}"
        raise _error(manuscript, _index(mark), f"the front matter is not YAML: {problem}") from None
    except yaml.reader.ReaderError as error:
        at = error.position if isinstance(error.position, int) else 0
        message = f"the front matter holds a character that YAML does not allow: U+{ord(text[at]):04X}"
        raise _error(manuscript, at, message) from None


def _check(manuscript: Manuscript, events: Iterator[yaml.Event]) -> None:
    """Refuses what could make a small text into huge or endless values."""
    import yaml

    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _error(manuscript, _index(event.start_mark), "anchors and aliases are not for front matter")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _error(manuscript, _index(event.start_mark), f"more than {MAX_DEPTH} levels of front matter")


def _flat(manuscript: Manuscript, node: yaml.Node | None, name: str) -> Iterator[Option]:
    """The options under a node, nested names joined by dots: `narration.voice`, `authors.0.name`."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _error(manuscript, _index(key.start_mark), "a name in the front matter is a word")
            yield from _named(manuscript, key, value, f"{name}.{key.value}" if name else str(key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _named(manuscript, value, value, f"{name}.{index}")


def _named(manuscript: Manuscript, key: yaml.Node, node: yaml.Node, name: str) -> Iterator[Option]:
    import yaml

    where = manuscript.where(_index(key.start_mark))
    line = manuscript.original(where)
    if isinstance(node, yaml.ScalarNode):
        yield Option(name, scalar(node.value, node.style), where, line)
    elif isinstance(node, yaml.SequenceNode) and all(isinstance(one, yaml.ScalarNode) for one in node.value):
        yield Option(name, tuple(scalar(one.value, one.style) for one in node.value), where, line)
    else:
        yield from _flat(manuscript, node, name)


def scalar(text: str, style: str | None) -> Scalar:
    """A value as YAML 1.2's core schema reads it: `no` is a word (and a language), `12:30` is a time of day."""
    if style is not None:
        return text
    if text.lower() in ("", "~", "null"):
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if _INT.fullmatch(text) and len(text) <= 18:
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _index(mark: Any) -> int:
    """A place in the text; YAML's libraries may leave it out."""
    return mark.index if mark is not None else 0


def _error(manuscript: Manuscript, offset: int, message: str) -> DeckError:
    where = manuscript.where(min(offset, max(len(manuscript.text) - 1, 0)))
    return DeckError(
        message,
        where=where,
        line=manuscript.original(where),
        hint="between the two `---` stand lines of the form `name: value`",
        code="deck-front-matter",
    )
