"""Folds what a kernel tells while it runs a piece of code into outputs. Pure.

Streams are merged, carriage returns and backspaces resolved, `clear_output` and updates of displays followed, and no
more than a budget of bytes is kept.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deckcast.model import Failure, Output, OutputKind

PICTURES = ("image/png", "image/jpeg")
TEXTS = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/svg+xml",
    "application/json",
)
"""Forms that are kept; others say nothing to a slide."""
_ESCAPE = re.compile(
    r"\x1b(?:\](?:[^\x07\x1b]|\x1b(?!\\))*(?:\x07|\x1b\\)?"  # OSC: titles, links
    r"|\[[0-?]*[ -/]*(?P<final>[@-~])"  # CSI
    r"|[PX^_].*?\x1b\\|[ -/]*[0-~])",
    re.DOTALL,
)
_SERVER_CUT = re.compile(r"IOPub (?:data|message) rate exceeded\..*?(?:rate_limit_window=[^\n]*\n?|\Z)", re.DOTALL)
"""What a Jupyter server puts into a stream from which it has dropped something."""


@dataclass
class _Piece:
    kind: OutputKind
    text: str = ""
    data: dict[str, str | bytes] = field(default_factory=dict)
    display: str = ""
    width: int = 0


class Fold:
    """The outputs of one run, message by message."""

    def __init__(self, limit: int) -> None:
        """`limit`: bytes that are kept."""
        self._limit = limit
        self._room = limit
        self._pieces: list[_Piece] = []
        self._clear = False
        self.dropped = 0
        """Bytes beyond the limit."""
        self.failure: Failure | None = None

    def take(self, kind: str, content: Mapping[str, Any]) -> None:
        """One message of the iopub channel that belongs to the run."""
        if kind == "stream":
            self._stream(content)
        elif kind in ("display_data", "execute_result"):
            self._cleared()
            self._display(content, "result" if kind == "execute_result" else "display")
        elif kind == "update_display_data":
            self._update(content)
        elif kind == "clear_output":
            self._clear = True
            if not content.get("wait"):
                self._cleared()
        elif kind == "error":
            self._cleared()
            lines = content.get("traceback") or ()
            self.failure = Failure(
                plain(str(content.get("ename") or "Error")),
                plain(str(content.get("evalue", ""))),
                plain("\n".join(map(str, lines))),
            )

    def outputs(self) -> tuple[Output, ...]:
        found: list[Output] = []
        for piece in self._pieces:
            if piece.kind in ("stdout", "stderr"):
                text = settled(piece.text)
                if text:
                    found.append(Output(piece.kind, (("text/plain", text),)))
            elif piece.data:
                found.append(Output(piece.kind, tuple(sorted(piece.data.items())), piece.width))
        return tuple(found)

    # ── kinds of messages ──

    def _stream(self, content: Mapping[str, Any]) -> None:
        kind: OutputKind = "stderr" if content.get("name") == "stderr" else "stdout"
        text = sound(str(content.get("text", "")))
        cut = _SERVER_CUT.sub("", text)
        if cut != text:
            self.dropped += 1
            text = cut
        self._cleared()
        text = self._within(text)
        if not text:
            return
        last = self._pieces[-1] if self._pieces else None
        if last is None or last.kind != kind:
            last = _Piece(kind)
            self._pieces.append(last)
        last.text += text
        if "\r" in text and len(last.text) > 4096:  # a progress bar of many states is kept small while it goes on
            small = settled(last.text, whole=False)
            self._room += len(last.text.encode()) - len(small.encode())
            last.text = small

    def _display(self, content: Mapping[str, Any], kind: OutputKind) -> None:
        piece = _Piece(kind, display=str((content.get("transient") or {}).get("display_id") or ""))
        self._fill(piece, content)
        if piece.data or piece.display:
            self._pieces.append(piece)

    def _update(self, content: Mapping[str, Any]) -> None:
        name = str((content.get("transient") or {}).get("display_id") or "")
        for piece in self._pieces:
            if name and piece.display == name:
                self._fill(piece, content)

    def _fill(self, piece: _Piece, content: Mapping[str, Any]) -> None:
        data = forms(content.get("data") or {})
        self._room += sum(_size(one) for one in piece.data.values())
        size = sum(_size(one) for one in data.values())
        if size > self._room:
            self.dropped += size
            data = {}
            size = 0
        self._room -= size
        piece.data = data
        metadata = content.get("metadata") or {}
        width = next((one.get("width") for one in metadata.values() if isinstance(one, dict)), None)
        piece.width = int(width) if isinstance(width, int | float) and 0 < width < 100_000 else 0

    def _cleared(self) -> None:
        if self._clear:
            self._clear = False
            self._pieces.clear()
            self._room = self._limit

    def _within(self, text: str) -> str:
        size = len(text.encode())
        if size <= self._room:
            self._room -= size
            return text
        kept = text.encode()[: max(self._room, 0)].decode(errors="ignore")
        self.dropped += size - len(kept.encode())
        self._room = 0
        return kept


def forms(data: Mapping[str, Any]) -> dict[str, str | bytes]:
    """What a kernel offers for display, as the media types that are kept."""
    found: dict[str, str | bytes] = {}
    for name, content in data.items():
        if name in PICTURES:
            try:
                found[name] = base64.b64decode("".join(content) if isinstance(content, list) else str(content))
            except (binascii.Error, ValueError):
                continue
        elif name == "application/json":
            found[name] = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        elif name in TEXTS:
            text = sound("".join(map(str, content)) if isinstance(content, list) else str(content))
            found[name] = text if name != "text/plain" else settled(text)
    return found


def sound(text: str) -> str:
    """Without what no text file may hold: lone surrogates, NUL and other control characters but a terminal's."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]", "", text)


def plain(text: str) -> str:
    """Without colours and other escape sequences."""
    return _ESCAPE.sub("", sound(text)).replace("\x1b", "")


def settled(text: str, *, whole: bool = True) -> str:
    """What a terminal would show in the end: carriage returns and backspaces resolved, colours kept.

    Unless `whole`, the last line may go on: its carriage return is kept.
    """
    text = _ESCAPE.sub(lambda found: found[0] if found["final"] == "m" else "", text)
    if "\r" not in text and "\b" not in text:
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    done = [_line(line) for line in lines[:-1]]
    last = lines[-1]
    return "\n".join([*done, _line(last) if whole or not last.endswith("\r") else f"{_line(last)}\r"])


def _line(line: str) -> str:
    """One line after its carriage returns: a shorter text leaves the end of the longer one before, as terminals do."""
    while "\b" in line:
        shorter = re.sub(r"[^\b\r]\x08|^\x08", "", line, count=1)
        if shorter == line:
            line = line.replace("\b", "")
            break
        line = shorter
    if "\r" not in line:
        return line
    shown = ""
    for part in line.split("\r"):
        if not part:
            continue
        shown = part if "\x1b" in part or "\x1b" in shown else part + shown[len(part) :]
    return shown.rstrip() if shown.strip() else ""


def _size(content: str | bytes) -> int:
    return len(content if isinstance(content, bytes) else content.encode())
