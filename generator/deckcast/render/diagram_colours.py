"""Colours of diagrams as names: the programs that draw them compute with colours, so they are given marked ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES = (
    *("node", "border", "text", "line", "group", "group-border", "note", "note-border", "chip", "muted", "grid"),
    *("ground", "alert", "done"),
    *(f"{number}{kind}" for number in range(1, 9) for kind in ("", "-soft")),
)
"""Each is a custom property of `diagrams.css`: `--diagram-node`."""
MARKS: Mapping[str, str] = {name: f"#0a0b{16 + number:02x}" for number, name in enumerate(NAMES)}
"""What stands for each while a diagram is drawn: colours that nobody chooses."""
_SANKEY = "#4e79a7 #f28e2c #e15759 #76b7b2 #59a14f #edc949 #af7aa1 #ff9da7 #9c755f #bab0ab"
_PERSONS = "#8fbc8f #7cfc00 #00ffff #20b2aa #b0e0e6 #ffffe0"
PALETTES: Mapping[str, str] = {
    **dict(zip(re.findall(r"\S+", _SANKEY), "1276324588", strict=True)),
    **dict(zip(re.findall(r"\S+", _PERSONS), "123456", strict=True)),
}
"""Colours of Sankey diagrams (d3's) and of journeys' persons, which Mermaid lets nobody choose, and ours for them."""


_HEX = re.compile(r"#0a0b(?P<number>[1-3][0-9a-f])(?![0-9a-f])", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*10\s*,\s*11\s*,\s*(?P<number>\d+)\s*(?:,\s*(?P<part>[\d.]+)\s*)?\)")
_BLACK = re.compile(r'(?<= )(stroke|fill)="(?:black|#000|#000000)"')
_PALETTE = re.compile("|".join(PALETTES), re.IGNORECASE)


def named(svg: str) -> str:
    """The drawing with custom properties where the marked colours stand, whole or partly transparent."""
    svg = _HEX.sub(lambda found: _name(int(found["number"], 16)) or found[0], svg)
    return _RGB.sub(_mixed, svg)


def in_palette(svg: str) -> str:
    """The drawing with the diagrams' own colours for those that it could not be given."""
    return _PALETTE.sub(lambda found: f"var(--diagram-{PALETTES[found[0].lower()]})", svg)


def without_black(svg: str) -> str:
    """The drawing with the colours of lines and words for black in its attributes, which is not seen on dark."""
    return _BLACK.sub(lambda found: f'{found[1]}="var(--diagram-{"line" if found[1] == "stroke" else "text"})"', svg)


def _mixed(found: re.Match[str]) -> str:
    name = _name(int(found["number"]))
    if not name or found["part"] is None:
        return name or found[0]
    return f"color-mix(in srgb, {name} {float(found['part']) * 100:.0f}%, transparent)"


def _name(number: int) -> str:
    return f"var(--diagram-{NAMES[number - 16]})" if 16 <= number < 16 + len(NAMES) else ""
