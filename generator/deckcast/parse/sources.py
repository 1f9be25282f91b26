"""From files to lines: `.md`, or the textarea of an `.html` page (FORMAT 15)."""

from __future__ import annotations

import html
import re
from pathlib import Path

from deckcast.errors import DeckError
from deckcast.model import Where
from deckcast.parse.clean import lines_of
from deckcast.parse.manuscript import Line, Piece
from deckcast.theme import content

_OPENING = re.compile(r"<!--|<(script|style|textarea)(?=[\s/>])", re.I)
_ID = re.compile(r"""\bid\s*=\s*(?:"\s*source\s*"|'\s*source\s*'|source(?=[\s/>]))""", re.I)
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")


def read_text(path: Path) -> str:
    """A file's text. Raises `DeckError` when it cannot be read or is not UTF-8."""
    if path.suffix.lower() == ".rmd":
        raise DeckError(
            f"{path.name} is an R Markdown source, not a deck yet",
            where=Where(str(path), 1),
            hint="knit it first and give the resulting .md or .html",
            code="deck-rmd",
        )
    try:
        data = content(path)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise DeckError(
            f"cannot read the deck {path}: {reason}",
            hint="is the path right, and may you read it?",
            code="deck-unreadable",
        ) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error.start) from None


def _not_utf8(path: Path, data: bytes, at: int) -> DeckError:
    begin = data.rfind(b"\n", 0, at) + 1
    end = data.find(b"\n", at)
    line = data[begin : len(data) if end < 0 else end].decode("utf-8", "replace").rstrip("\r")
    column = len(data[begin:at].decode("utf-8", "replace")) + 1
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return DeckError(
        f"this byte is not UTF-8: 0x{data[at]:02X}",
        where=Where(str(path), data.count(b"\n", 0, at) + 1, column),
        line=line[:500],
        hint="the file is UTF-16: save it as UTF-8" if wide else "save the file as UTF-8",
        code="deck-encoding",
    )


def lines_in(text: str, path: str) -> list[Line]:
    """The deck's lines in a file's text; of an `.html` file those in its textarea."""
    if Path(path).suffix.lower() in (".html", ".htm"):
        return _textarea(text, path)
    return lines_of(text)


def _textarea(text: str, path: str) -> list[Line]:
    begin, end = _find_textarea(text, path)
    pieces: list[Piece] = []
    lines: list[Line] = []
    number = text.count("\n", 0, begin) + 1
    line_begin = text.rfind("\n", 0, begin) + 1
    if text.startswith("\r\n", begin) or text.startswith("\n", begin):
        begin = line_begin = text.index("\n", begin) + 1
        number += 1
    position = begin
    while position < end:
        newline = text.find("\n", position, end)
        stop = end if newline < 0 else newline
        body_stop = stop - 1 if newline >= 0 and text[stop - 1 : stop] == "\r" and stop > position else stop
        at = position
        for match in _ENTITY.finditer(text, position, body_stop):
            if at < match.start():
                pieces.append(Piece(text[at : match.start()], number, at - line_begin + 1))
            decoded = html.unescape(match[0])
            pieces.append(Piece(decoded.replace("\r", ""), number, match.start() - line_begin + 1))
            if "\n" in decoded:
                lines.append(tuple(pieces))
                pieces = []
            at = match.end()
        if newline >= 0:
            pieces.append(Piece(f"{text[at:body_stop]}\n", number, at - line_begin + 1))
            lines.append(tuple(pieces))
            pieces = []
            number += 1
            line_begin = newline + 1
        elif at < body_stop:
            pieces.append(Piece(text[at:body_stop], number, at - line_begin + 1))
        position = stop + 1
    lines.append(tuple(pieces) or (Piece("", number, max(end - line_begin, 0) + 1),))
    return lines


def _find_textarea(text: str, path: str) -> tuple[int, int]:
    """Where the text of `<textarea id="source">` begins and ends."""
    position = 0
    while match := _OPENING.search(text, position):
        if match[1] is None:
            closing = text.find("-->", match.end())
            position = len(text) if closing < 0 else closing + 3
            continue
        close = text.find(">", match.end())
        if close < 0:
            break
        closing_tag = re.compile(rf"</{match[1]}(?=[\s/>])", re.I).search(text, close)
        end = len(text) if closing_tag is None else closing_tag.start()
        if match[1].lower() == "textarea" and _ID.search(text, match.end(), close + 1):
            return close + 1, end
        position = end
    raise DeckError(
        'there is no <textarea id="source"> in this page',
        where=Where(path, 1),
        hint="give the deck's Markdown file, or a page that holds the deck in such a textarea",
        code="deck-no-textarea",
    )
