"""What a run's messages add up to: streams merged, displays updated, everything beyond a number of bytes left out."""

from __future__ import annotations

import base64
import binascii
import io
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deckcast.engines.kernel_terminal import Terminal, coloured, safe
from deckcast.model import Output, OutputKind
from deckcast.unreadable import picture_errors

PICTURES = ("image/png", "image/jpeg")
_FORMS = frozenset(
    {"text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "application/json", *PICTURES}
)
"""What a slide can show. Other forms, such as widgets, are kept only where there is none of these."""
_CONVERTED = ("image/gif", "image/webp", "image/bmp", "image/tiff")
_RATE_NOTICES = ("IOPub data rate exceeded", "IOPub message rate exceeded")
"""What a Jupyter server puts into the output in place of what it has left out."""


@dataclass(slots=True)
class _Stream:
    kind: OutputKind
    terminal: Terminal = field(default_factory=Terminal)

    @property
    def size(self) -> int:
        return self.terminal.size


@dataclass(slots=True)
class _Shown:
    kind: OutputKind
    data: tuple[tuple[str, str | bytes], ...]
    width: int
    display: str

    @property
    def size(self) -> int:
        return sum(len(content) if isinstance(content, bytes) else _bytes(content) for _, content in self.data)


class Outputs:
    """What one run put out so far."""

    def __init__(self, limit: int) -> None:
        """At most `limit` bytes are kept: those that came first."""
        self._limit = limit
        self._parts: list[_Stream | _Shown] = []
        self._held = 0
        """Bytes of all parts."""
        self._clear = False
        """Whether what is there goes when something else comes."""
        self._full = False
        self.dropped = 0
        """Bytes that are left out of what is there."""
        self.flood = 0
        """Bytes that were left out in all, of cleared outputs, too."""

    def add(self, kind: str, content: Mapping[str, Any]) -> None:
        """One message of the kernel's, by its type; those that put nothing out do nothing."""
        if kind == "clear_output":
            self._clear = True
            if not content.get("wait"):
                self._cleared()
        elif kind == "stream":
            self._cleared()
            self._stream("stderr" if content.get("name") == "stderr" else "stdout", str(content.get("text", "")))
        elif kind in ("display_data", "execute_result"):
            self._cleared()
            self._show("result" if kind == "execute_result" else "display", content)
        elif kind == "update_display_data":
            self._update(content)

    def show(self, text: str) -> None:
        """Text that stands for itself, such as a help page."""
        self.add("display_data", {"data": {"text/plain": text}})

    @property
    def all(self) -> tuple[Output, ...]:
        return tuple(output for part in self._parts if (output := _output(part)) is not None)

    def _cleared(self) -> None:
        if self._clear:
            self._parts, self._held, self.dropped, self._full, self._clear = [], 0, 0, False, False

    def _drop(self, count: int) -> None:
        self.dropped += count
        self.flood += count

    def _stream(self, kind: OutputKind, text: str) -> None:
        if text.lstrip().startswith(_RATE_NOTICES):
            self._full = True
        if self._full:
            self._drop(_bytes(text))
            return
        last = self._parts[-1] if self._parts else None
        if not isinstance(last, _Stream) or last.kind != kind:
            last = _Stream(kind)
            self._parts.append(last)
        before = last.size
        self._drop(last.terminal.write(text, self._limit - self._held + before))
        self._held += last.size - before
        self._full = last.terminal.full

    def _show(self, kind: OutputKind, content: Mapping[str, Any]) -> None:
        shown = _Shown(kind, _forms(content.get("data") or {}), _width(content), _display(content))
        if self._held + shown.size > self._limit:
            self._drop(shown.size)
        elif shown.data:
            self._parts.append(shown)
            self._held += shown.size

    def _update(self, content: Mapping[str, Any]) -> None:
        display = _display(content)
        for part in self._parts if display else ():
            if isinstance(part, _Shown) and part.display == display:
                new = _Shown(part.kind, _forms(content.get("data") or {}), _width(content), display)
                if self._held + new.size - part.size > self._limit:
                    self._drop(new.size)
                else:
                    self._held += new.size - part.size
                    part.data, part.width = new.data, new.width


def _output(part: _Stream | _Shown) -> Output | None:
    if isinstance(part, _Shown):
        return Output(part.kind, part.data, part.width)
    text = part.terminal.text
    return Output(part.kind, (("text/plain", text),)) if text.strip("\n") or "\n" in text else None


def _forms(data: Mapping[str, Any]) -> tuple[tuple[str, str | bytes], ...]:
    found: dict[str, str | bytes] = {}
    for name, content in data.items():
        media_type = name.partition(";")[0].strip().lower()
        form = _form(media_type, content)
        if form is None:
            continue
        if media_type in _CONVERTED:
            media_type = "image/png"
        found.setdefault(media_type, form)
    known = {name: form for name, form in found.items() if name in _FORMS}
    return tuple(sorted((known or found).items()))


def _form(media_type: str, content: Any) -> str | bytes | None:
    """None where the content is not what its media type says."""
    if isinstance(content, list) and all(isinstance(line, str) for line in content) and not media_type.endswith("json"):
        content = "".join(content)
    if media_type in (*PICTURES, *_CONVERTED):
        picture = _decoded(content)
        return _png(picture) if picture and media_type in _CONVERTED else picture
    if media_type.endswith("json") or not isinstance(content, str):
        return safe(json.dumps(content, ensure_ascii=False, indent=2))
    return coloured(content) if media_type == "text/plain" else safe(content).replace("\x00", "")


def _decoded(content: Any) -> bytes | None:
    try:
        return base64.b64decode(content)
    except (binascii.Error, TypeError, ValueError):
        return None


def _png(picture: bytes) -> bytes | None:
    """The picture, the first one of an animation, in a form that slides can show."""
    from PIL import Image

    buffer = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.open(io.BytesIO(picture)).convert("RGBA").save(buffer, "PNG")
    except picture_errors():
        return None
    return buffer.getvalue()


def _width(content: Mapping[str, Any]) -> int:
    """What the metadata say of the picture, for all forms or for one of them."""
    metadata = content.get("metadata") or {}
    for place in (metadata, *(metadata.get(name) for name in (*PICTURES, "image/svg+xml", *_CONVERTED))):
        width = place.get("width") if isinstance(place, Mapping) else None
        if isinstance(width, int | float) and not isinstance(width, bool) and 0 < width < 100_000:
            return round(width)
    return 0


def _display(content: Mapping[str, Any]) -> str:
    return str((content.get("transient") or {}).get("display_id") or "")


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
