"""Text as a terminal would show it in the end: a progress bar that was drawn a hundred times is one line.

Carriage return, backspace, "erase to the end of the line" and "cursor up" act on what was written before them.
Colours stay, as `ESC [ … m`, complete in each line. Every other escape sequence is left out: links, titles, positions.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

WINDOW = 64
"""How many of the last lines the cursor can return to."""
_PIECE = 1 << 16
_LONGEST_ESCAPE = 4096
_ESCAPE = re.compile(
    r"\x1b\[([0-?]*)[ -/]*([@-~])"  # a control sequence: colours, movements
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|(?=\x1b))"  # a string: links, titles
    r"|\x1b[ -/]*[0-Z\\^-~]"
)
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?\Z")
_CONTROLS = re.compile(r"[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\x80-\x9f]|[\ud800-\udfff]")
_ACTING = re.compile(r"[\r\b\n]|\x1b\[[0-?]*[ -/]*[@-~]")
_RESET = "\x1b[0m"


class Terminal:
    """What was written to one stream."""

    def __init__(self) -> None:
        self._above: list[str] = []
        """Lines that the cursor cannot reach any more, each with its end."""
        self._lines = [_Line()]
        self._row = 0
        self._style = ""
        self._begun = ""
        """The beginning of an escape sequence whose end has not come yet."""
        self._full = False
        self._above_size = 0

    @property
    def full(self) -> bool:
        """Whether text has been cut: what is written now is left out."""
        return self._full

    @property
    def size(self) -> int:
        """Of the text, in bytes of UTF-8, to within a few for colours."""
        return self._above_size + sum(line.size + 1 for line in self._lines) - 1

    @property
    def text(self) -> str:
        return "".join(self._above) + "\n".join(line.text for line in self._lines)

    def write(self, text: str, room: int) -> int:
        """Returns how many bytes it left out, so that `size` is at most `room`; from then on it is full."""
        for start in range(0, len(text), _PIECE):
            if not self._full:
                self._write(text[start : start + _PIECE])
            if not self._full and self.size > room:
                start += _PIECE
                return self._cut(room) + _bytes(text[start:])
            if self._full:
                return _bytes(text[start:])
        return 0

    def _cut(self, room: int) -> int:
        whole = self.text
        kept = safe(whole.encode("utf-8", "replace")[: max(room, 0)].decode("utf-8", "ignore"))
        kept = _BEGUN.sub("", kept)
        dropped = _bytes(whole) - _bytes(kept)
        self._above, self._lines, self._row, self._full = (
            [kept + (_RESET if "\x1b" in kept else "")],
            [_Line()],
            0,
            True,
        )
        self._above_size = _bytes(self._above[0])
        return max(dropped, 1)

    def _write(self, text: str) -> None:
        text, self._begun = self._begun + text, ""
        if "\x1b" in text:
            begun = _BEGUN.search(text, max(0, len(text) - _LONGEST_ESCAPE))
            if begun:
                text, self._begun = text[: begun.start()], begun[0]
            text = _ESCAPE.sub(lambda found: found[0] if found[2] in ("m", "K", "A") else "", text)
        text = _CONTROLS.sub(_replaced, text)
        at = 0
        for found in _ACTING.finditer(text) if any(sign in text for sign in "\r\b\x1b") else ():
            self._put(text[at : found.start()])
            self._act(found[0])
            at = found.end()
        self._put(text[at:])

    def _put(self, text: str) -> None:
        """Text without controls but for ends of lines."""
        first, *rest = text.replace("\x1b", "").split("\n")
        self._lines[self._row].put(first, self._style)
        for line in rest[:-WINDOW]:  # the cursor cannot come back to these
            self._down()
            self._lines[self._row].put(line, self._style)
        for line in rest[-WINDOW:]:
            self._down()
            self._lines[self._row].put(line, self._style)

    def _act(self, control: str) -> None:
        line = self._lines[self._row]
        if control == "\n":
            self._down()
        elif control == "\r":
            line.move(0)
        elif control == "\b":
            line.move(line.column - 1)
        elif control.endswith("m"):
            self._style = styled(self._style, control[2:-1])
        elif control.endswith("K"):
            line.erase(control[2:-1])
        else:
            count = int(control[2:-1]) if control[2:-1].isdigit() else 1
            self._row = max(0, self._row - max(count, 1))
            self._lines[self._row].move(line.column)

    def _down(self) -> None:
        self._row += 1
        if self._row < len(self._lines):
            self._lines[self._row].move(0)
            return
        self._lines.append(_Line())
        if len(self._lines) > WINDOW:
            text = self._lines.pop(0).text + "\n"
            self._above.append(text)
            self._above_size += _bytes(text)
            self._row -= 1


@dataclass(slots=True)
class _Line:
    """A line of text: plain as long as it is only added to, else each sign with its style."""

    plain: list[str] = field(default_factory=list)
    signs: list[str] | None = None
    styles: list[str] = field(default_factory=list)
    cursor: int = 0
    size: int = 0
    redrawn: bool = False

    @property
    def column(self) -> int:
        """Where the next sign goes."""
        return self.cursor if self.signs is not None else sum(map(len, self.plain))

    def put(self, text: str, style: str) -> None:
        if not text:
            return
        if self.signs is None and not style:
            self.plain.append(text)
            self.size += _bytes(text)
            return
        signs = self._taken_apart()
        if self.cursor > len(signs):
            blank = self.cursor - len(signs)
            signs += " " * blank
            self.styles += [""] * blank
        end = self.cursor + len(text)
        signs[self.cursor : end] = text
        self.styles[self.cursor : end] = [style] * len(text)
        self.cursor = end
        self.size = _bytes("".join(signs)) + 8 * sum(1 for _ in itertools.groupby(self.styles))

    def move(self, cursor: int) -> None:
        self._taken_apart()
        self.redrawn = self.redrawn or cursor < self.cursor
        self.cursor = max(cursor, 0)

    def erase(self, what: str) -> None:
        """From the cursor to the end; `1`: from the start to the cursor; `2`: the whole line."""
        signs = self._taken_apart()
        self.redrawn = True
        if what == "1":
            signs[: self.cursor] = " " * min(self.cursor, len(signs))
        else:
            start = 0 if what == "2" else self.cursor
            del signs[start:], self.styles[start:]

    @property
    def text(self) -> str:
        if self.signs is None:
            return "".join(self.plain)
        parts: list[str] = []
        current = ""
        at = 0
        for style, group in itertools.groupby(self.styles):
            count = sum(1 for _ in group)
            if style != current:
                parts.append((_RESET if current else "") + (f"\x1b[{style}m" if style else ""))
                current = style
            parts.append("".join(self.signs[at : at + count]))
            at += count
        text = "".join(parts) + (_RESET if current else "")
        return text.rstrip(" ") if self.redrawn else text  # a bar is wiped away with blanks

    def _taken_apart(self) -> list[str]:
        if self.signs is None:
            self.signs = list("".join(self.plain))
            self.styles = [""] * len(self.signs)
            self.cursor = len(self.signs)
            self.plain = []
        return self.signs


def safe(text: str) -> str:
    """Without halves of characters, which nothing can write."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _half(text) else text


def coloured(text: str) -> str:
    """A text that is no stream: colours stay, other escape sequences and controls go."""
    if "\x1b" in text:
        text = _ESCAPE.sub(lambda found: found[0] if found[2] == "m" else "", text)
        text = re.sub(r"\x1b(?!\[[0-9;:]*m)", "", text)
    return _CONTROLS.sub(_replaced, text)


def uncoloured(text: str) -> str:
    return _CONTROLS.sub(_replaced, _ESCAPE.sub("", text)).replace("\x1b", "")


def styled(style: str, codes: str) -> str:
    """The style after a colour sequence, in one form for each look: at most one code of each kind."""
    kinds = {_kind(part): part for part in _parts(style)}
    for part in _parts(codes) or ["0"]:
        kind = _kind(part)
        if kind == "reset":
            kinds.clear()
        elif kind.startswith("no "):
            for ended in kind[3:].split("+"):
                kinds.pop(ended, None)
        elif kind:
            kinds[kind] = part
    return ";".join(kinds[kind] for kind in sorted(kinds))


_KINDS = {
    **dict.fromkeys([*range(30, 38), *range(90, 98), 38], "front"),
    **dict.fromkeys([*range(40, 48), *range(100, 108), 48], "back"),
    **dict(enumerate(("reset", "bold", "faint", "italic", "line", "blink", "", "inverse", "hidden", "struck"))),
    **dict(enumerate(("line", "no bold+faint", "no italic", "no line", "no blink", "", "no inverse"), 21)),
    **dict(enumerate(("no hidden", "no struck"), 28)),
    39: "no front",
    49: "no back",
}


def _kind(part: str) -> str:
    number = part.partition(";")[0]
    return _KINDS.get(int(number), "") if number.isdigit() else ""


def _parts(codes: str) -> list[str]:
    """`1;38;5;196` as `1` and `38;5;196`."""
    numbers = iter((codes.replace(":", ";") if codes else "").split(";") if codes else [])
    parts: list[str] = []
    for number in numbers:
        if number in ("38", "48"):
            form = next(numbers, "")
            values = list(itertools.islice(numbers, {"5": 1, "2": 3}.get(form, 0)))
            if all(value.isdigit() for value in values) and values:
                parts.append(";".join([number, form, *values]))
        else:
            parts.append(number or "0")
    return parts


def _half(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text) if not text.isascii() else False


def _replaced(found: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else ""


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
