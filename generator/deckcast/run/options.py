"""What the options of a cell mean; every mistake in them is told with its place."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from deckcast.config import Value, convert
from deckcast.errors import CellError, ConfigError, DeckcastError
from deckcast.markup import typing_time
from deckcast.markup.fence import first_number
from deckcast.markup.groups import read_groups, read_range
from deckcast.model import Finding, OutputPlace
from deckcast.run.quarto import translated
from deckcast.run.words import Word

NEEDS = ("gpu", "hub")
PLACES: tuple[OutputPlace, ...] = ("below", "right", "only", "none")


@dataclass(slots=True)
class Options:
    """The options of one cell, with the words that say them where these are needed later."""

    count: int
    """Lines of the cell."""
    exec: bool | None = None
    """None where nothing is said."""
    echo: bool = True
    output: OutputPlace = "below"
    hidden: bool = False
    timeout: float = 0.0
    name: str = ""
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    highlights: tuple[frozenset[int], ...] = ()
    fold: tuple[int, int] | None = None
    may_fail: bool = False
    varies: bool = False
    alt: str = ""
    typed: float | None = None
    numbers: int | None = None
    title: str = ""
    said: dict[str, Word] = field(default_factory=dict)
    """The word of each option that was given, by its key."""
    errors: list[DeckcastError] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_words(info: Iterable[Word], options: Iterable[Word], count: int, *, lenient: bool = False) -> Options:
    """The options in a fence's words and in its `#|` lines, which win, of a cell with `count` lines.

    `lenient`: an unknown word is told only where it looks like one of ours, and what says how code looks stops nothing;
    of blocks that never said `exec`.
    """
    read = Options(count)
    for source in (info, options):
        given: dict[str, Word] = {}
        for word in translated(tuple(source)):
            if word.key not in _READERS:
                _unknown(word, read, lenient)
            elif word.key in given:
                read.errors.append(_error(word, f"`{word.name}` stands twice", "leave one of them out"))
            else:
                given[word.key] = word
        read.said.update(given)
    for key, word in read.said.items():
        try:
            _READERS[key](read, word)
        except _Wrong as wrong:
            if lenient and key in LOOKS:
                finding = Finding("cell-option", "warning", str(wrong), word.where, word.line, word.width, wrong.hint)
                read.findings.append(finding)
            else:
                read.errors.append(_error(word, str(wrong), wrong.hint))
    if read.hidden:
        for key in ("echo", "output"):
            if key in read.said and read.said[key].strict and read.said["hidden"].strict:
                hint = "`hidden` means `echo=false output=none`: leave one of them out"
                read.errors.append(_error(read.said[key], f"a hidden cell has no `{key}`", hint))
        read.echo, read.output = False, "none"
    if read.typed is not None and (not read.echo or read.output == "only"):
        hint = "leave it out, or let the slide show the code"
        read.errors.append(_error(read.said["typed"], "code that does not show cannot be typed", hint))
    return read


def _unknown(word: Word, read: Options, lenient: bool) -> None:
    near = difflib.get_close_matches(word.key, _READERS, n=1, cutoff=0.7)
    hint = f"did you mean `{near[0]}`?" if near else "docs/cells.md lists every option"
    if lenient and not near:
        return
    if word.strict and not lenient:
        read.errors.append(_error(word, f"there is no option `{word.name}`", hint))
    else:
        message = f"the option `{word.name}` does nothing here"
        read.findings.append(Finding("cell-option", "warning", message, word.where, word.line, word.width, hint))


class _Wrong(Exception):
    """What is wrong with a value, and how it is written."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _error(word: Word, message: str, hint: str) -> CellError:
    return CellError(message, where=word.where, line=word.line, width=word.width, hint=hint, code="cell-option")


def _shown(word: Word) -> str:
    return word.value if isinstance(word.value, str) else ", ".join(word.value or ())


def _bool(word: Word) -> bool:
    value = _shown(word).lower()
    if word.value is None or value in ("true", "yes", "on", "t"):
        return True
    if value in ("false", "no", "off", "f"):
        return False
    raise _Wrong(f"`{word.name}` is yes or no, not `{_shown(word)}`", "write `true` or `false`")


def _text(word: Word, example: str) -> str:
    """A value that cannot be left out."""
    if not _shown(word).strip():
        raise _Wrong(f"`{word.name}` needs a value", f"write it without blanks: `{word.name}={example}`")
    return _shown(word).strip()


def _items(word: Word, example: str) -> tuple[str, ...]:
    """A list's items: separated by commas where it is one text."""
    if isinstance(word.value, tuple):
        items: Sequence[str] = word.value
    else:
        items = _text(word, example).strip("[]").split(",")
    found = tuple(dict.fromkeys(item.strip() for item in items if item.strip()))
    if not found:
        raise _Wrong(f"`{word.name}` needs a value", f"such as `{word.name}={example}`")
    return found


def _near(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else "one of " + ", ".join(f"`{one}`" for one in known)


def _exec(read: Options, word: Word) -> None:
    read.exec = _bool(word)


def _echo(read: Options, word: Word) -> None:
    read.echo = _bool(word)


def _hidden(read: Options, word: Word) -> None:
    read.hidden = _bool(word)


def _may_fail(read: Options, word: Word) -> None:
    read.may_fail = _bool(word)


def _varies(read: Options, word: Word) -> None:
    read.varies = _bool(word)


def _output(read: Options, word: Word) -> None:
    value = _text(word, "right").lower()
    named: dict[str, OutputPlace] = {one: one for one in PLACES}
    place = named.get(value)
    if place is None:
        raise _Wrong(f"`output` cannot be `{value}`", _near(value, PLACES))
    read.output = place


def _timeout(read: Options, word: Word) -> None:
    try:
        read.timeout = float(convert("cells.cell_timeout", Value("timeout", _text(word, "2m"))))
    except ConfigError as error:
        raise _Wrong(error.finding.message, error.finding.hint) from None


def _name(read: Options, word: Word) -> None:
    name = _text(word, "scores")
    if any(sign.isspace() or sign in "`{}" for sign in name):
        raise _Wrong("a name is one word, without back-ticks and braces", "such as `name=scores`")
    read.name = name


def _needs(read: Options, word: Word) -> None:
    needs = _items(word, "gpu")
    for need in needs:
        if need not in NEEDS:
            raise _Wrong(f"there is no need `{need}`", _near(need, NEEDS))
    read.needs = needs


def _files(read: Options, word: Word) -> None:
    read.files = _items(word, "data.csv")


def _lines(read: Options, word: Word) -> None:
    if word.value is None:
        raise _Wrong("`lines` needs a value", "such as `lines=1|3-5|all`")
    try:
        read.highlights = read_groups(_shown(word), read.count)
    except ValueError as error:
        raise _Wrong(f"`lines` {error}", LINES_HINT) from None


def _fold(read: Options, word: Word) -> None:
    value = _shown(word).strip()
    if value[:1].isdigit():
        try:
            read.fold = read_range(value, read.count)
        except ValueError as error:
            raise _Wrong(f"`fold` {error}", "the lines to leave out: `fold=3-9`") from None
    elif _bool(word):
        read.fold = (1, read.count)


def _alt(read: Options, word: Word) -> None:
    read.alt = _text(word, '"A rising line"')


def _typed(read: Options, word: Word) -> None:
    try:
        read.typed = typing_time(None if word.value is None else _shown(word))
    except ValueError as error:
        raise _Wrong(str(error), TYPED_HINT) from None


def _numbers(read: Options, word: Word) -> None:
    try:
        read.numbers = first_number(None if word.value is None else _shown(word))
    except ValueError as error:
        raise _Wrong(f"`numbers` {error}", NUMBERS_HINT) from None


def _title(read: Options, word: Word) -> None:
    read.title = _text(word, '"train.py"')


NUMBERS_HINT = "write `numbers`, or the first one: `numbers=10`"
LINES_HINT = "groups of lines, one a step: `lines=1|3-5|all`"
TYPED_HINT = "write `typed`, or how long it takes: `typed=1.5s`"

_READERS: dict[str, Callable[[Options, Word], None]] = {
    "exec": _exec,
    "echo": _echo,
    "output": _output,
    "hidden": _hidden,
    "timeout": _timeout,
    "name": _name,
    "needs": _needs,
    "files": _files,
    "lines": _lines,
    "fold": _fold,
    "may_fail": _may_fail,
    "varies": _varies,
    "alt": _alt,
    "typed": _typed,
    "numbers": _numbers,
    "title": _title,
}
LOOKS = frozenset({"lines", "numbers", "title"})
NAMES = tuple(_READERS)
"""Every option."""
