"""How values get into the settings.

Layers, weakest first: built-in, the theme's (`theme_settings.py`), `deckcast.toml` (or `[tool.deckcast]` in
`pyproject.toml`), the deck's front matter, slide properties, the command line. Each is laid over the one before, once,
and every mistake is told.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.errors import ConfigError, DeckcastError, raise_all
from deckcast.model import Option, Property, Where
from deckcast.redact import without_passwords
from deckcast.settings import TYPES, Pairs, Settings, fields


@dataclass(frozen=True, slots=True)
class Value:
    """One value on its way into the settings, and where it came from."""

    name: str
    value: Any
    origin: str = ""
    """Where a place in a file is not to be had: `the command line`."""
    where: Where | None = None
    line: str = ""


def overlay(settings: Settings, values: Iterable[Value]) -> Settings:
    """`settings` with `values` on top, the last one of a name winning, of `Pairs` the last of each word.

    Raises every mistake at once.
    """
    errors: list[DeckcastError] = []
    changes: dict[str, dict[str, Any]] = {}
    for value in values:
        try:
            section, name = resolve(value)
            changed = changes.setdefault(section, {})
            new = convert(f"{section}.{name}", value)
            if TYPES[f"{section}.{name}"] == Pairs:
                below = changed.get(name, getattr(getattr(settings, section), name))
                new = tuple({**dict(below), **dict(new)}.items())
            changed[name] = new
        except ConfigError as error:
            errors.append(error)
    raise_all(errors)
    return dataclasses.replace(
        settings,
        **{section: dataclasses.replace(getattr(settings, section), **new) for section, new in changes.items()},
    )


def lay_slide(settings: Settings, properties: Iterable[Property]) -> Settings:
    """`settings` with a slide's own properties on top. Raises `ConfigError` for values that cannot be."""
    own = [Value(item.key, item.value, where=item.where) for item in properties if item.key in SLIDE_PROPERTIES]
    return overlay(settings, own)


def resolve(value: Value) -> tuple[str, str]:
    """The section and field that a name means. Raises `ConfigError` with the nearest real name."""
    name = _parted(value.name)[0].strip().replace("-", "_")
    full = name if name in _FIELDS else _BY_NAME.get(name, "")
    if full:
        section, _, item = full.partition(".")
        return section, item
    near = difflib.get_close_matches(name, [*_BY_NAME, *_FIELDS], n=1, cutoff=0.6)
    hint = f"did you mean `{near[0]}`?" if near else "`docs/writing.md` lists every setting"
    raise _error(value, f"unknown setting `{value.name}`", hint, value.name)


def pairs_of(option: Option, name: str) -> tuple[str, ...]:
    """The words that an option of the front matter tells of a setting of pairs; none where it is another setting."""
    if _parted(option.name)[0] not in (name, name.partition(".")[2]):
        return ()
    return tuple(word for word, _ in _pairs(Value(option.name, option.value), ""))


def _parted(name: str) -> tuple[str, str]:
    """`lexicon.C++` as a setting of pairs and the word in it; the word is empty for any other name."""
    for setting in _PAIRS:
        if name.startswith(f"{setting}."):
            return setting, name[len(setting) + 1 :]
    return name, ""


def _full(setting: str) -> str:
    return setting if setting in _FIELDS else _BY_NAME[setting]


_DURATION = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|min)?", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, None: 1.0}
_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}


def convert(name: str, value: Value) -> Any:
    """The value as its field's type, within the field's limits. Raises `ConfigError`."""
    item = _FIELDS[name]
    kind = TYPES[name]
    meta = item.metadata
    raw = value.value
    shown = raw if isinstance(raw, str) else repr(raw)
    if kind == Pairs:
        return _pairs(value, shown)
    if kind is bool:
        word = str(raw).lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        raise _error(value, f"`{value.name}` is yes or no, not `{shown}`", "write `true` or `false`", str(raw))
    if kind in (int, float) and meta["unit"] == "s":
        return _within(name, value, _seconds(value, shown))
    if kind in (int, float):
        try:
            if isinstance(raw, bool):
                raise ValueError
            number = float(raw)
            if kind is int and number != int(number):
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            wanted = "a whole number" if kind is int else "a number"
            raise _error(value, f"`{value.name}` is {wanted}, not `{shown}`", meta["help"], str(raw)) from None
        return kind(_within(name, value, number))
    if kind == tuple[str, ...]:
        items = raw.replace(",", " ").split() if isinstance(raw, str) else raw
        if isinstance(items, list | tuple) and all(isinstance(one, str) for one in items):
            return _chosen(value, items, meta["choices"]) if meta["choices"] else tuple(items)
        raise _error(value, f"`{value.name}` is a list of words, not `{shown}`", meta["help"], str(raw))
    if not isinstance(raw, str | int | float) or isinstance(raw, bool):
        raise _error(value, f"`{value.name}` is text, not `{shown}`", meta["help"], str(raw))
    text = str(raw)
    if meta["choices"] and text not in meta["choices"]:
        raise _no_choice(value, text, meta["choices"])
    if meta["wrong"] and (hint := meta["wrong"](text)):
        raise _error(value, f"`{value.name}` cannot be `{text}`", hint, text)
    return text


def _chosen(value: Value, items: Sequence[str], choices: Sequence[str]) -> tuple[str, ...]:
    """Some of the choices, or `none` of them."""
    if list(items) == ["none"]:
        return ()
    for item in items:
        if item not in choices:
            raise _no_choice(value, item, (*choices, "none"))
    return tuple(dict.fromkeys(items))


def _no_choice(value: Value, text: str, choices: Sequence[str]) -> ConfigError:
    near = difflib.get_close_matches(text, choices, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "one of " + ", ".join(f"`{one}`" for one in choices)
    return _error(value, f"`{value.name}` cannot be `{text}`", hint, text)


def _pairs(value: Value, shown: str) -> Pairs:
    """From `name.word: said`, from a mapping, or from `word=said, word=said`."""
    raw = value.value
    setting, word = _parted(value.name)
    example, what = _FIELDS[_full(setting)].metadata["pairs"]
    if word:
        pairs = [(word, raw)]
    elif isinstance(raw, Mapping):
        pairs = list(raw.items())
    elif isinstance(raw, str):
        parts = (one.partition("=") for one in raw.split(","))
        pairs = [(_unquoted(left), _unquoted(right)) for left, sign, right in parts if sign]
        if len(pairs) < raw.count(",") + 1:
            wrong = next((one.strip() for one in raw.split(",") if "=" not in one and one.strip()), raw)
            raise _error(value, f"`{wrong}` is no entry of `{setting}`", _inline(example), wrong)
    else:
        message = f"`{setting}` is words, each with {what}, not `{shown}`"
        raise _error(value, message, f"write `{example}`", str(raw))
    return tuple(_pair(value, setting, *pair) for pair in pairs)


def _inline(example: str) -> str:
    """`BERT: burt` → write `BERT=burt`"""
    return f"write `{'='.join(part.strip() for part in example.split(':'))}`, with commas between entries"


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _pair(value: Value, setting: str, left: object, right: object) -> tuple[str, str]:
    example, what = _FIELDS[_full(setting)].metadata["pairs"]
    word, said = (" ".join(str(one).split()) for one in (left, right))
    if not word:
        raise _error(value, f"an entry of `{setting}` has no word", f"write `{example}`", str(right))
    if not isinstance(right, str | int | float) or not re.search(r"[^\W_]|\\", said):
        told = what.replace(" it ", f" `{word}` ")
        raise _error(value, f"`{setting}` does not tell {told}", f"write words: `{word}: …`", word)
    return word, said


def _seconds(value: Value, shown: str) -> float:
    raw = value.value
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    found = _DURATION.fullmatch(str(raw).strip())
    if found is None:
        raise _error(value, f"`{value.name}` is a time, not `{shown}`", "write seconds, such as `2.5` or `2.5s`", shown)
    return float(found[1]) * _SECONDS[found[2]]


def _within(name: str, value: Value, number: float) -> float:
    meta = _FIELDS[name].metadata
    low, high = meta["low"], meta["high"]
    if not ((low is None or number >= low) and (high is None or number <= high)):
        raise _error(value, f"`{value.name}` is {number:g}", f"it must lie from {low:g} to {high:g}", str(value.value))
    return number


def _error(value: Value, message: str, hint: str, word: str) -> ConfigError:
    if value.origin and value.where is None:
        message = f"{message} ({value.origin})"
    where = value.where
    width = 1
    if where is not None and value.line:
        at = value.line.find(word)
        if at >= 0:
            where, width = Where(where.path, where.line, at + 1), max(len(word), 1)
    return ConfigError(
        without_passwords(message), where=where, line=without_passwords(value.line), width=width, hint=hint
    )


# ── layers ───────────────────────────────────────────────────────────────────────────────────────


def from_options(options: Iterable[Option]) -> tuple[Value, ...]:
    """A deck's front matter as values."""
    return tuple(Value(item.name, item.value, where=item.where, line=item.line) for item in options)


def from_command_line(given: Mapping[str, Any]) -> tuple[Value, ...]:
    """Options of the command line, by full name; None means: not given."""
    return tuple(Value(name, value, "the command line") for name, value in given.items() if value is not None)


def find_file(start: Path) -> Path | None:
    """The nearest `deckcast.toml`, or `pyproject.toml` with `[tool.deckcast]`, from `start` upwards."""
    for folder in (start, *start.parents):
        own = folder / "deckcast.toml"
        if own.is_file():
            return own
        shared = folder / "pyproject.toml"
        if shared.is_file() and "[tool.deckcast" in _read(shared):
            return shared
    return None


def of_folder(folder: Path) -> Settings:
    """The settings of the configuration that applies in a folder, no deck's on top. Raises `ConfigError`."""
    file = find_file(folder)
    return overlay(Settings(), from_file(file) if file else ())


def place_of(folder: Path, name: str) -> tuple[Where | None, str]:
    """Where the configuration that applies in a folder sets a setting, and that line; None where it does not."""
    file = find_file(folder)
    for value in reversed(from_file(file) if file else ()):
        if ".".join(resolve(value)) == name:
            return value.where, value.line
    return None, ""


def from_file(path: Path) -> tuple[Value, ...]:
    """The values of a configuration file. Raises `ConfigError` where it is no TOML."""
    text = _read(path)
    try:
        data: Any = tomllib.loads(text)
        for table in ("tool", "deckcast") if path.name == "pyproject.toml" else ():
            data = data.get(table, {}) if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            raise ConfigError("`tool.deckcast` is a table", where=Where(str(path), 1), hint="write [tool.deckcast]")
        lines = text.split("\n")
        return tuple(_flat(path, lines, _places(lines), "", data))
    except tomllib.TOMLDecodeError as error:
        number = re.search(r"line (\d+), column (\d+)", str(error))
        where = Where(str(path), int(number[1]), int(number[2])) if number else Where(str(path), 1)
        lines = text.split("\n")
        line = lines[where.line - 1] if where.line <= len(lines) else ""
        raise ConfigError(f"this is not TOML: {error}", where=where, line=line, hint="see https://toml.io") from None
    except RecursionError:
        where = Where(str(path), 1)
        raise ConfigError("this nests too deep", where=where, hint="settings stand in tables of one level") from None


def _flat(
    path: Path, lines: list[str], places: Mapping[tuple[str, str], int], prefix: str, data: Mapping[str, Any]
) -> Iterable[Value]:
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(path, lines, places, f"{name}.", value)
            continue
        number = places.get((prefix.rstrip("."), key), 1)
        yield Value(name, value, where=Where(str(path), number), line=lines[number - 1])


_HEADER = re.compile(r"\s*\[([^\]]+)\]")
_SET = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=]+))\s*=""")


def _places(lines: list[str]) -> dict[tuple[str, str], int]:
    """The line that sets each key, by (table, key); tomllib keeps no positions. Unusual ones are not found."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(lines, 1):
        if header := _HEADER.match(line):
            table = header[1].strip().removeprefix("tool.deckcast").strip(".")
        elif told := _SET.match(line):
            found.setdefault((table, next(one for one in told.groups() if one is not None)), number)
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}", hint="it must be a readable UTF-8 text file") from None


_FIELDS: dict[str, dataclasses.Field[Any]] = fields()
_BY_NAME: dict[str, str] = {name.partition(".")[2]: name for name in _FIELDS}
_PAIRS: tuple[str, ...] = tuple(
    one for name in _FIELDS if TYPES[name] == Pairs for one in (name, name.partition(".")[2])
)
SLIDE_PROPERTIES: tuple[str, ...] = tuple(item.metadata["slide"] for item in _FIELDS.values() if item.metadata["slide"])
"""The slide properties that are settings; the parser knows them as properties (FORMAT 7.6)."""
PROPERTIES = frozenset(
    {
        "name",
        "class",
        "layout",
        "template",
        "count",
        "exclude",
        "background-image",
        "background-color",
        "background-size",
        "background-position",
        "background-dim",
        "highlight-style",
        "pan",
        "zoom",
        "title",
        *SLIDE_PROPERTIES,
    }
)
"""All that a slide may say of itself but names of its own, for `{{ name }}` (FORMAT 7.6, 7.9)."""
