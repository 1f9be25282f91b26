"""Mends what is mechanical, and nothing else. Pure: it says which words take the place of which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from deckcast.model import Finding

_MEANT = re.compile(r"did you mean `#?([^`]+)`\?")
_SEPARATOR = re.compile(r"[ \t]*(---?|\?\?\?)[ \t]*")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Some characters of one line, and what stands in their place from now on."""

    path: str
    line: int
    begin: int
    """Characters before it in the line."""
    end: int
    new: str
    code: str
    """Of the finding that it mends."""


def edit(finding: Finding, line: str) -> Edit | None:
    """How a finding about a line is mended; None where that takes a person."""
    mend = _MENDERS.get(finding.code)
    where = finding.where
    if mend is None or where is None:
        return None
    begin = where.column - 1
    found = mend(line, begin, begin + finding.width, finding)
    return None if found is None else Edit(where.path, where.line, *found, finding.code)


_Place = tuple[int, int, str]


def _separator(line: str, _begin: int, _end: int, _finding: Finding) -> _Place | None:
    match = _SEPARATOR.fullmatch(line)
    return (0, len(line), match[1]) if match and match[0] != match[1] else None


def _click(line: str, begin: int, end: int, _finding: Finding) -> _Place | None:
    """The mark goes, and one of the blanks around it."""
    if line[begin:end].lower() != "[click]":
        return None
    if line[end : end + 1] == " ":
        end += 1
    elif begin and line[begin - 1] == " ":
        begin -= 1
    return begin, end, ""


def _heading(line: str, begin: int, _end: int, _finding: Finding) -> _Place | None:
    match = re.match(r"#{1,6}(?=[^\W\d_])", line[begin:])
    return (begin + match.end(), begin + match.end(), " ") if match else None


def _small(line: str, begin: int, end: int, _finding: Finding) -> _Place | None:
    word = line[begin:end]
    return (begin, end, word.lower()) if word.lower() != word else None


def _case(line: str, _begin: int, _end: int, finding: Finding) -> _Place | None:
    """A name that differs from the real one only by capitals."""
    meant = _MEANT.search(finding.hint)
    if meant is None:
        return None
    begin = (finding.where.column if finding.where else 1) - 1
    at = line.lower().find(meant[1].lower(), begin)
    word = line[at : at + len(meant[1])]
    return (at, at + len(word), meant[1]) if at >= 0 and word != meant[1] else None


_MENDERS: Mapping[str, Callable[[str, int, int, Finding], _Place | None]] = {
    "deck-separator-blank": _separator,
    "narration-click": _click,
    "heading-blank": _heading,
    "deck-property-case": _small,
    "asset": _case,
    "class-unknown": _case,
    "link-anchor": _case,
    "link-file": _case,
    "property-unknown": _case,
}
FIXABLE = frozenset(_MENDERS)
"""Codes of findings of which some can be mended."""


def mended(text: str, edits: Iterable[Edit]) -> str:
    """A file's text with edits made in it, each of its lines with the line end that it has."""
    lines = _lines(text)
    last: dict[int, int] = {}
    for one in sorted(set(edits), key=lambda one: (one.line, -one.begin)):
        if one.end > last.get(one.line, len(text) + 1):
            continue  # it lies over another one: the next round mends it
        last[one.line] = one.begin
        line = lines[one.line - 1]
        lines[one.line - 1] = line[: one.begin] + one.new + line[one.end :]
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """Lines with their ends, parted as the parser does: at line feeds alone, with or without a carriage return."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def line_of(text: str, number: int) -> str:
    """A line without its end; empty where there is none."""
    lines = _lines(text)
    return lines[number - 1].rstrip("\r\n") if 0 < number <= len(lines) else ""
