"""The words behind a fence's marks, each with its place: `python exec name=scores`, `{python, echo=FALSE}`.

Only their shape is read here; `options.py` knows what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckcast.markup.fence import LINES, language_of
from deckcast.model import Where
from deckcast.run.places import Place

MAX_INFO = 4000
"""Characters behind a fence's marks that are read."""

ALIASES = {
    "py": "python", "python3": "python", "ipython": "python", "ipython3": "python",
    "sh": "bash", "shell": "bash", "zsh": "bash",
    "js": "javascript", "node": "javascript", "nodejs": "javascript", "ts": "typescript",
    "jl": "julia", "rb": "ruby", "rs": "rust", "golang": "go", "c++": "cpp", "cxx": "cpp", "hs": "haskell",
    "kt": "kotlin", "pl": "perl", "c#": "csharp", "cs": "csharp", "f#": "fsharp", "fs": "fsharp",
    "ps1": "powershell", "pwsh": "powershell",
}  # fmt: skip
"""Other names of languages, so that one kernel runs them all."""


def canonical(language: str) -> str:
    """The name by which cells know a language."""
    return ALIASES.get(language.lower(), language.lower())


@dataclass(frozen=True, slots=True)
class Word:
    """An option as the author wrote it."""

    name: str
    value: str | tuple[str, ...] | None
    """None for a word alone; several for a list in `#|` lines."""
    where: Where
    line: str = ""
    """The author's own line, where it is at hand."""
    width: int = 1
    strict: bool = True
    """Whether it must be one of ours; an option in braces or `#|` lines may be one that only Quarto knows."""

    @property
    def key(self) -> str:
        return self.name.lower().replace("-", "_")


@dataclass(frozen=True, slots=True)
class Info:
    """What stands behind a fence's marks."""

    first: str
    """The language as written: `Python`, or the `r` of `{r, echo=FALSE}`; empty where there is none."""
    braces: bool
    """Whether it stands in braces, as live code does in Quarto and R Markdown."""
    words: tuple[Word, ...]
    """What follows, in order."""

    @property
    def language(self) -> str:
        return canonical(self.first)

    def has(self, name: str) -> bool:
        return any(word.name == name for word in self.words)


_BRACES = re.compile(r"\{[ \t]*([A-Za-z][\w+#.-]*)(?=[\s,}])((?:\"[^\"]*\"|'[^']*'|[^\"'}])*)\}")
_INSIDE = re.compile(r"""(?P<name>[^\s,="'}]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s,}(]*(?:\([^)]*\))?))?""")
_OUTSIDE = re.compile(rf"""{LINES}|(?P<name>[^\s=]+)(?:=(?P<value>"[^"]*"|'[^']*'|\S*))?""")


def read_info(info: str, place: Place) -> Info:
    """Takes an info string apart. `place` is its fence's line."""
    at = place.text.find(info) if info else -1
    info = info[:MAX_INFO]
    found = _BRACES.match(info)
    if found is not None:
        words = list(_words(_INSIDE, info, found.start(2), found.end(2), at, place, strict=False))
        behind = _words(_OUTSIDE, info, found.end(), len(info), at, place, strict=True)
        if words and words[0].value is None and words[0].key not in _FLAGS:
            first = words[0]  # the label of an R Markdown chunk
            words[0] = Word("label", first.name.lstrip("#"), first.where, first.line, first.width, strict=False)
        return Info(found[1], True, (*words, *behind))
    language = language_of(info)
    return Info(language, False, tuple(_words(_OUTSIDE, info, len(language), len(info), at, place, strict=True)))


def inside(text: str, place: Place) -> Iterator[Word]:
    """The words of a text as they stand in braces: split by commas or blanks, with blanks around `=`."""
    return _words(_INSIDE, text[:MAX_INFO], 0, MAX_INFO, place.text.find(text), place, strict=False)


_FLAGS = frozenset({"exec", "echo", "hidden", "may_fail", "varies", "fold", "typed"})
"""Options that may stand alone, so that they are no label."""


def _words(
    pattern: re.Pattern[str], info: str, begin: int, end: int, at: int, place: Place, *, strict: bool
) -> Iterator[Word]:
    for match in pattern.finditer(info, begin, end):
        where = place.where if at < 0 else place.at(at + match.start())
        width = 1 if at < 0 else match.end() - match.start()
        if match.groupdict().get("lines") is not None:
            yield Word("lines", match["lines"].strip(), where, place.line, width, strict)
            continue
        value = match["value"]
        if value is not None and len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        yield Word(match["name"], value, where, place.line, width, strict)
