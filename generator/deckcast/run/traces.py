"""What a kernel says about places in code, as places in the author's file.

Three kinds of numbers stand in `Cell In[3], line 2`: the kernel's own count of what it ran, the cell's number in its
chapter (`renumbered`, so that they say the same in every run), and at last the author's line (`placed`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import PurePosixPath

from deckcast.model import Cell

LIBRARY_FRAMES = 8
"""Most of them that are shown; the first and the last ones tell the most."""
_FIRST = 3
"""Of these, how many are the outermost ones."""
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CELL = re.compile(r"Cell In ?\[(\d+)\](, line )?")
_PLACE = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")
_OLD = re.compile(r"<ipython-input-(\d+)-[0-9a-f]+>(?::(\d+))?")
"""What older kernels write."""
_TEMPORARY = re.compile(r"[^\s\"'(]*ipykernel_\d+[/\\]\d+\.py")
_NUMBERED = re.compile(r"^((?:-+> ?| *))(\d+)(?= |$)")
_ARROW = re.compile(r"^-+> ?\d+", re.MULTILINE)
"""Marks the line in the form of a traceback that numbers the lines it shows."""
_LIBRARY = re.compile(r"^\s*File (?!<)")
_INSTALLED = re.compile(r"(File )[^\s:]*(?:site-packages|dist-packages|lib/python\d[\d.]*)/(?=\S)")


def without_colours(text: str) -> str:
    return _ANSI.sub("", text)


def settled(text: str) -> str:
    """Output without the names of temporary files that IPython gives to cells: they differ in each run."""
    return _TEMPORARY.sub("cell", text) if "ipykernel_" in text else text


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """`Cell In[n]` with other numbers; those that `numbers` does not know stay."""
    return _CELL.sub(lambda found: f"Cell In[{numbers.get(int(found[1]), found[1])}]{found[2] or ''}", text)


def tidy(traceback: str) -> str:
    """Frames that repeat folded, those inside libraries shortened, paths as they are on every machine."""
    text = _OLD.sub(
        lambda found: f"Cell In[{found[1]}]" + (f", line {found[2]}" if found[2] else ""),
        without_colours(settled(traceback)),
    )
    blocks = [_INSTALLED.sub(r"\1", block) for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]
    folded: list[str] = []
    for block, same in groupby(blocks):
        count = sum(1 for _ in same)
        folded += [block] if count == 1 else [block, f"  … the same {count - 1} times more …"]
    return "\n\n".join(_shortened(folded))


def _shortened(blocks: list[str]) -> list[str]:
    inside = [index for index, block in enumerate(blocks) if _LIBRARY.match(block)]
    if len(inside) <= LIBRARY_FRAMES:
        return blocks
    left_out = inside[_FIRST : len(inside) - (LIBRARY_FRAMES - _FIRST)]
    mark = f"  … {len(left_out)} frames inside libraries …"
    shown = [mark if index == left_out[0] else block for index, block in enumerate(blocks)]
    return [block for index, block in enumerate(shown) if index == left_out[0] or index not in set(left_out)]


def placed(traceback: str, cells: Mapping[int, Cell]) -> str:
    """`Cell In[3], line 2` as `presentation.md:48`, with the lines shown under it numbered like the file's.

    `cells` are the chapter's, by `Cell.index`.
    """
    shown: list[str] = []
    for block in traceback.split("\n\n"):
        found = _PLACE.search(block)
        cell = cells.get(int(found[1])) if found else None
        if cell is None or not cell.lines:
            shown.append(block)
            continue
        lines = [_PLACE.sub(lambda match, cell=cell: _place(match, cell), line) for line in block.split("\n")]  # type: ignore[misc]
        if _ARROW.search(block):
            lines = [lines[0], *(_numbered(line, cell) for line in lines[1:])]
        shown.append("\n".join(lines))
    return "\n\n".join(shown)


def _place(found: re.Match[str], cell: Cell) -> str:
    where = cell.lines[min(max(int(found[2]), 1), len(cell.lines)) - 1]
    return f"{PurePosixPath(where.path.replace(chr(92), '/')).name}:{where.line}"


def _numbered(line: str, cell: Cell) -> str:
    found = _NUMBERED.match(line)
    if found is None or not 1 <= int(found[2]) <= len(cell.lines):
        return line
    return f"{found[1]}{cell.lines[int(found[2]) - 1].line}{line[found.end() :]}"
