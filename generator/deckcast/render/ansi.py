"""Text with a terminal's escape sequences, read into runs of characters that look alike."""

from __future__ import annotations

import colorsys
import html
import re
from dataclasses import dataclass, replace
from typing import TypeAlias

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")

_SEQUENCE = re.compile(
    r"""
      \x1b\[(?P<look>[0-9;:]*)m                          # how the next characters look
    | \x1b\[[0-?]*[ -/]*[@-~]                            # any other command: where the cursor goes, …
    | \x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?                 # titles, links
    | \x1b[PX^_][^\x1b]*(?:\x1b\\)?
    | \x1b[ -/]*[0-~]?
    | [\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]   # what no font shows
    """,
    re.VERBOSE,
)

Run: TypeAlias = tuple[str, str]
"""(classes, characters)"""
Line: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    colour: str = ""
    ground: str = ""
    marks: frozenset[str] = frozenset()

    @property
    def classes(self) -> str:
        names = [self.colour and f"ansi-{self.colour}", self.ground and f"ansi-on-{self.ground}"]
        return " ".join([*filter(None, names), *(f"ansi-{mark}" for mark in sorted(self.marks))])


_MARKS = {1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "inverse", 9: "strike"}
_UNMARKS = {21: {"bold"}, 22: {"bold", "faint"}, 23: {"italic"}, 24: {"underline"}, 27: {"inverse"}, 29: {"strike"}}


def read(text: str) -> tuple[Line, ...]:
    """The lines of the text, as many as it has newlines and one more. Looks last over the ends of lines."""
    look = _Look()
    lines: list[list[Run]] = [[]]
    at = 0
    for found in [*_SEQUENCE.finditer(text), None]:
        end = len(text) if found is None else found.start()
        for number, piece in enumerate(text[at:end].split("\n")):
            if number:
                lines.append([])
            if piece:
                _add(lines[-1], look.classes, piece)
        if found is not None:
            at = found.end()
            if found["look"] is not None:
                look = _changed(look, found["look"])
    return tuple(tuple(line) for line in lines)


def plain(text: str) -> str:
    """The text without escape sequences and without control characters."""
    return _SEQUENCE.sub("", text)


def length(line: Line) -> int:
    return sum(len(characters) for _, characters in line)


def cut(line: Line, count: int) -> Line:
    """The first `count` characters."""
    kept: list[Run] = []
    for classes, characters in line:
        kept.append((classes, characters[:count]))
        count -= len(characters)
        if count <= 0:
            break
    return tuple(kept)


def to_html(line: Line) -> str:
    return "".join(
        f'<span class="{classes}">{html.escape(characters, quote=False)}</span>'
        if classes
        else html.escape(characters, quote=False)
        for classes, characters in line
    )


def _add(line: list[Run], classes: str, characters: str) -> None:
    if line and line[-1][0] == classes:
        line[-1] = (classes, line[-1][1] + characters)
    else:
        line.append((classes, characters))


def _changed(look: _Look, codes: str) -> _Look:
    numbers = [int(code) if code.isdigit() and len(code) < 5 else 0 for code in re.split("[;:]", codes)]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            look = _Look()
        elif code in _MARKS:
            look = replace(look, marks=look.marks | {_MARKS[code]})
        elif code in _UNMARKS:
            look = replace(look, marks=look.marks - _UNMARKS[code])
        elif code in (38, 48):
            name = _any_colour(numbers)
            look = replace(look, colour=name) if code == 38 else replace(look, ground=name)
        elif code in (39, 49):
            look = replace(look, colour="") if code == 39 else replace(look, ground="")
        elif code // 10 in (3, 9) and code % 10 < 8:
            look = replace(look, colour=_named(code % 10, bright=code >= 90))
        elif code // 10 in (4, 10) and code % 10 < 8:
            look = replace(look, ground=_named(code % 10, bright=code >= 100))
    return look


def _any_colour(numbers: list[int]) -> str:
    """The nearest of the sixteen colours to `5;n` or `2;r;g;b`, which is taken off the numbers."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 5 and numbers:
        return _of_256(min(numbers.pop(0), 255))
    if kind == 2 and len(numbers) >= 3:
        red, green, blue = (min(numbers.pop(0), 255) for _ in range(3))
        return nearest(red, green, blue)
    numbers.clear()
    return ""


def _of_256(number: int) -> str:
    if number < 16:
        return _named(number % 8, bright=number >= 8)
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return nearest(level, level, level)
    steps = (0, 95, 135, 175, 215, 255)
    number -= 16
    return nearest(steps[number // 36], steps[number // 6 % 6], steps[number % 6])


def nearest(red: int, green: int, blue: int) -> str:
    """By hue, so that a theme's own red, which can be read on its ground, stands for every red."""
    hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if saturation < 0.25 or value < 0.15:
        return ("black", "bright-black", "white", "bright-white")[min(3, int(value * 4))]
    name = ("red", "yellow", "green", "cyan", "blue", "magenta")[round(hue * 6) % 6]
    return f"bright-{name}" if value > 0.85 and saturation < 0.7 else name


def _named(number: int, *, bright: bool) -> str:
    return f"bright-{NAMES[number]}" if bright else NAMES[number]
