"""A cell that failed, told so that its author can mend it: its lines, what it printed, the traceback, one hint."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deckcast.errors import CellError
from deckcast.model import Cell, Failure, Inline, Output, Where
from deckcast.run.traces import placed, tidy, without_colours
from deckcast.settings import CellsSettings

_CODE_LINES = 30
_PRINTED_LINES = 20
_PRINTED_WIDTH = 300
"""Characters of a printed line that are shown."""
_TRACE_LINES = 60
_TRANSFORMERS = {"torch", "transformers", "tokenizers", "safetensors", "huggingface_hub", "accelerate"}
_PACKAGES = {
    "PIL": "pillow",
    "cv2": "opencv-python",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
}
"""Modules whose package has another name."""
_NO_HUB = re.compile(
    r"LocalEntryNotFoundError|OfflineModeIsEnabled|We couldn't connect to '|Cannot reach https?://|HF_HUB_OFFLINE"
    r"|Hub can(?:not|'t) be reached"
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a hint has to know about the session in which a cell failed."""

    settings: CellsSettings
    cells: Mapping[int, Cell]
    """The chapter's, by `Cell.index`."""
    skipped: tuple[Cell, ...] = ()
    """Those whose needs were not met."""
    executable: Callable[[], str] = lambda: ""
    """The kernel's Python, empty where it cannot say."""
    chapter: bool = False
    """Whether the chapter's time was over, rather than the cell's own."""


def cell_error(cell: Cell, failure: Failure, outputs: tuple[Output, ...], known: Circumstances) -> CellError:
    """`failure` has the chapter's numbers of cells in its traceback."""
    at = failure.line if 1 <= failure.line <= len(cell.lines) else 0
    where, line = _line(cell, at) if at else (cell.where, "")
    printed = _printed(outputs)
    traceback = "\n".join(_middle(placed(failure.traceback, known.cells).split("\n"), _TRACE_LINES))
    details = (
        ("the cell", "\n".join(_listing(cell, at))),
        ("what it printed", "\n".join(printed)),
        ("traceback", traceback),
    )
    return CellError(
        f"{cell.label} failed: {_summary(failure)}",
        where=where,
        line=line,
        width=max(len(line.strip()), 1),
        hint=hint(cell, failure, known),
        code="cell-failed",
        details=tuple((heading, text) for heading, text in details if text.strip()),
    )


def inline_error(inline: Inline, failure: Failure, known: Circumstances) -> CellError:
    what = f"`{{{inline.language}}} {inline.expression}`"
    traceback = placed(failure.traceback, known.cells)
    return CellError(
        f"{what} has no value: {_summary(failure)}",
        where=inline.where,
        width=len(what) - 2,
        hint=hint(inline, failure, known),
        code="cell-failed",
        details=(("traceback", traceback),) if "Cell In[" in failure.traceback else (),
    )


def _summary(failure: Failure) -> str:
    first = without_colours(failure.message).strip().split("\n")[0]
    if failure.name in _ENDINGS:
        return first or _ENDINGS[failure.name]
    return f"{failure.name}: {first}" if first else failure.name


_ENDINGS = {
    "Timeout": "it took too long",
    "KernelDied": "the kernel died",
    "MemoryLimit": "it took too much memory",
    "OutputLimit": "it did not stop putting out text",
}


def _line(cell: Cell, number: int) -> tuple[Where, str]:
    """The place of the first sign in a line of the cell, and the line as it stands in the file."""
    where = cell.lines[number - 1]
    return where, " " * (where.column - 1) + cell.source.split("\n")[number - 1].strip()


def _listing(cell: Cell, at: int) -> list[str]:
    """The cell's lines with their numbers in the file, the one that failed marked; those around it of a long cell."""
    lines = list(zip(cell.lines, cell.source.split("\n"), strict=False))
    if not lines:
        return []
    first = max(0, min((at or 1) - 1 - _CODE_LINES * 2 // 3, len(lines) - _CODE_LINES))
    shown = lines[first : first + _CODE_LINES]
    gutter = len(str(lines[-1][0].line))
    listed = [
        f"{'>' if number == at else ' '} {where.line:>{gutter}} | {text}".rstrip()
        for number, (where, text) in enumerate(shown, first + 1)
    ]
    above, below = first, len(lines) - first - len(shown)
    return [
        *([f"  … {above} lines above …"] if above else []),
        *listed,
        *([f"  … {below} lines below …"] if below else []),
    ]


def _printed(outputs: tuple[Output, ...]) -> list[str]:
    texts = [str(output.get("text/plain") or "") for output in outputs]
    joined = without_colours("\n".join(text.rstrip("\n") for text in texts if text.strip()))
    lines = [_start(line) for line in joined.split("\n")] if joined else []
    left_out = len(lines) - _PRINTED_LINES
    return lines if left_out <= 0 else [f"… {left_out} lines before …", *lines[left_out:]]


def _start(line: str) -> str:
    return line if len(line) <= _PRINTED_WIDTH else f"{line[:_PRINTED_WIDTH]}… {len(line) - _PRINTED_WIDTH:,} more"


def _middle(lines: list[str], most: int) -> list[str]:
    if len(lines) <= most:
        return lines
    half = most // 2
    return [*lines[:half], f"  … {len(lines) - 2 * half} lines …", *lines[-half:]]


# ── hints ──


def hint(code: Cell | Inline, failure: Failure, known: Circumstances) -> str:
    """What mends this kind of failure."""
    text = f"{failure.name}: {failure.message}\n{failure.traceback}"
    if isinstance(code, Cell) and not code.needs and _NO_HUB.search(text):
        return "it needs the model hub: write `needs=hub`, so that its record is used where the hub cannot be reached"
    if failure.name == "Timeout":
        if known.chapter:
            return "give the chapter more time: `cells.chapter_timeout`, or let its cells do less"
        return "give it more time, such as `timeout=5m` on the cell or `cells.cell_timeout`, or let it do less"
    if failure.name == "NameError" and known.skipped:
        labels = ", ".join(cell.label for cell in known.skipped)
        return f"not run here for want of what it needs: {labels}; give the same `needs` to what depends on it"
    if failure.name == "ModuleNotFoundError":
        return _module_hint(failure.message, known)
    return _HINTS.get(failure.name, "" if isinstance(code, Inline) else "if it is meant to fail, write `may_fail`")


_HINTS = {
    "FileNotFoundError": "cells run in the deck's folder: name files from there on",
    "KernelDied": "something in the cell ended the process; its own code, or a library that crashed",
    "MemoryLimit": "let it hold less at once, or allow more: `cells.cell_memory`",
    "OutputLimit": "let it print less, or allow more: `cells.output_limit`",
    "StdinNotImplementedError": "nobody can answer during a build: write the value into the cell",
    "SystemExit": "a cell need not exit: let it end, or raise an exception that says what is wrong",
    "EOFError": "nobody can answer during a build: write the value into the cell",
    "MemoryError": "let it hold less at once, or allow more: `cells.cell_memory`",
}


def _module_hint(message: str, known: Circumstances) -> str:
    found = re.search(r"No module named '([^'.]+)", message)
    if found is None:
        return "install the module into the kernel's Python"
    name = found[1]
    package = '"deckcast[transformers]"' if name in _TRANSFORMERS else _PACKAGES.get(name, name)
    executable = known.executable()
    command = f"{shlex.quote(executable)} -m pip install {package}" if executable else f"pip install {package}"
    if name in _TRANSFORMERS:
        more = "without a GPU, a smaller PyTorch does: docs/transformers.md"
    else:
        more = "a module of your own must lie beside the deck"
    return f"install it where the kernel runs: `{command}`; {more}"


_STATUS = re.compile(r"Error: [0-9]{1,3}")
_IN_FILE = re.compile(r"\s*\((?:<[^>]*>|\S+\.py), line \d+\)\Z")


def tidied(failure: Failure, renumber: Callable[[str], str]) -> Failure:
    """The failure as it is recorded: the same in every run and on every machine."""
    # `Error: 2` is all that the kernels of shells tell of a command that failed.
    message = (
        f"exit status {failure.message}" if _STATUS.fullmatch(f"{failure.name}: {failure.message}") else failure.message
    )
    message = _IN_FILE.sub("", without_colours(message))  # of a SyntaxError, in a file that is none
    return Failure(failure.name, message, tidy(renumber(failure.traceback)), failure.line)
