"""Line ends, byte order mark and common indent (FORMAT 2.1 to 2.3), without losing a character's place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deckcast.parse.manuscript import Line, Piece

BOM = "\ufeff"
CR = "\r"


def lines_of(text: str) -> list[Line]:
    """The lines of a file's text; CRLF is one line end, a lone CR is none."""
    texts = text.removeprefix(BOM).split("\n")
    last = len(texts)
    return [
        (Piece(one if number == last else f"{one.removesuffix(CR)}\n", number, 1),)
        for number, one in enumerate(texts, 1)
    ]


def originals_of(text: str) -> list[str]:
    """The lines as the author's editor shows them."""
    return [line.removesuffix(CR) for line in text.removeprefix(BOM).split("\n")]


def without_common_indent(lines: Sequence[Line]) -> list[Line]:
    """The lines without the indent that all of them share, blanks and tabs counting one each."""
    indents = [_indent(line) for line in lines]
    common = min((indent for indent in indents if indent is not None), default=0)
    return [_cut(line, common) for line in lines] if common else list(lines)


def _indent(line: Line) -> int | None:
    """How many blanks and tabs the line begins with; None when it holds nothing."""
    width = 0
    for piece in line:
        rest = piece.text.lstrip(" \t")
        width += len(piece.text) - len(rest)
        if rest.strip():
            return width
        if rest:
            return None
    return None


def _cut(line: Line, width: int) -> Line:
    """The line without its first `width` characters; a blank line may be shorter than that."""
    pieces: list[Piece] = []
    for piece in line:
        body = piece.text.removesuffix("\n")
        drop = min(width, len(body) - len(body.lstrip(" \t"))) if not pieces else 0
        width -= drop
        if text := piece.text[drop:]:
            pieces.append(Piece(text, piece.line, piece.column + drop))
    return tuple(pieces) or (Piece("", line[0].line, line[0].column),)


def join(files: Iterable[tuple[str, Sequence[Line]]]) -> list[tuple[str, Line]]:
    """The lines of several files as of one deck, a separator between each two."""
    joined: list[tuple[str, Line]] = []
    for path, lines in files:
        first = lines[0][0] if lines and lines[0] else Piece("", 1, 1)
        if joined:
            last_path, last = joined[-1]
            end = last[-1] if last else Piece("", first.line, 1)
            joined[-1] = (last_path, (*last[:-1], Piece(f"{end.text}\n", end.line, end.column)))
            joined.append((path, (Piece("---\n", first.line, 1),)))
        joined.extend((path, line) for line in lines)
    return joined
