"""From left to right through the text: what stands where (FORMAT 3).

The text falls into tokens that follow each other without gaps but for what means nothing any more
(a back-slash before an escaped class, the marks around a content class). Work is linear: every
look-ahead is prepared in one pass or remembers how far it has looked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckcast.errors import DeckError
from deckcast.markup.ahead import Ahead
from deckcast.markup.protect import FENCE, FENCE_LINE, CodeFinder
from deckcast.parse.brackets import Brackets
from deckcast.parse.manuscript import Findings, Manuscript
from deckcast.parse.tokens import Close, Definition, Macro, Open, Separator, Text, Token

MAX_DEPTH = 60
"""How deep content classes may stand in each other, templates and layouts included."""

_LINK = (
    r"[ ]*\[(?P<id>[^\]\n^][^\]\n]*)\]:[ \t]*<?(?P<url>[^\s>]+)>?"
    r"(?:[ \t]+(?:\"(?P<title1>[^\n]*)\"|\((?P<title2>[^\n]*)\)))?[ \t]*(?:\n|\Z)"
)
_KINDS = {
    "indented": r"(?<=\n\n)(?: {4}[^\n]+\n*)+",
    "fence": FENCE_LINE,
    "ticks": r"`+",
    "class": r"\\?(?P<names>(?:\.[A-Za-z_-][A-Za-z0-9_-]*)++)(?P<opening>\[)?",
    "link": f"^{_LINK}",
    "macro": r"!\[:(?P<name>[^\]\s]+)",
    "separator": r"^[ \t]*(?P<mark>---?|\?\?\?)[ \t]*$",
    "hidden": r"<!--|<(?P<element>(?i:style|script))(?=[\s>])",
}
"""In the order in which they win where two begin at the same place."""
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.M)
_FENCE_HERE = re.compile(rf"[ \t]*{FENCE}", re.M)
_LINK_HERE = re.compile(_LINK)
_INDENTED_HERE = re.compile(r"(?: {4}[^\n]+\n*)+")


def scan(manuscript: Manuscript, findings: Findings | None = None) -> Iterator[Token]:
    """The text's tokens. Without `findings` it is a macro's result: no separators, no macros in it."""
    return _Scanner(manuscript, findings).tokens()


class _Scanner:
    def __init__(self, manuscript: Manuscript, findings: Findings | None) -> None:
        self._manuscript = manuscript
        self._text = manuscript.text
        self._findings = findings
        self._code = CodeFinder(self._text)
        self._brackets = Brackets(self._text)
        self._ahead = {word: Ahead(self._text, word) for word in ("]", ")", "\n", "-->", "</style", "</script")}
        self._position = 0
        self._flushed = 0
        self._bound = len(self._text)
        self._outer: list[int] = []
        """Where the classes around the current one end."""
        self._hidden_until = 0
        """End of the HTML comment, style or script in which classes mean nothing."""
        self._comment = (0, 0)
        self._warned_class = -1

    def tokens(self) -> Iterator[Token]:
        yield from self._indented_here()
        while True:
            match = _TOKEN.search(self._text, self._position, self._bound)
            if match is not None:
                handler = getattr(self, f"_{match.lastgroup}")
                yield from handler(match)
                continue
            yield from self._flush(self._bound)
            if not self._outer:
                return
            yield Close(self._bound)
            self._position = self._flushed = self._bound + 1
            self._bound = self._outer.pop()
            self._hidden_until = 0

    def _flush(self, end: int) -> Iterator[Token]:
        if self._flushed < end:
            yield Text(self._flushed, end)
        self._flushed = max(end, self._flushed)

    def _take_code(self, begin: int, end: int) -> Iterator[Token]:
        yield from self._flush(begin)
        yield Text(begin, end, code=True)
        self._position = self._flushed = end

    # ── code ─────────────────────────────────────────────────────────────────────────────────────

    def _indented(self, match: re.Match[str]) -> Iterator[Token]:
        end = match.end()
        while end > match.start() and self._text[end - 1] == "\n":
            end -= 1
        return self._take_code(match.start(), end)

    def _indented_here(self) -> Iterator[Token]:
        """Indented code at the very start of the deck or right behind a separator."""
        match = _INDENTED_HERE.match(self._text, self._position, self._bound)
        if match is not None:
            yield from self._indented(match)

    def _fence(self, match: re.Match[str]) -> Iterator[Token]:
        begin, after = match.span("marks")
        end = self._code.fence_end(match["marks"][0], after - begin, match.end(), self._bound)
        if end is not None:
            yield from self._take_code(begin, end)
            return
        self._position = after
        self._warn(
            "deck-fence-unclosed",
            "this fence is never closed, so it protects nothing",
            begin,
            after,
            f"end the code with a line of {match['marks']}",
        )

    def _ticks(self, match: re.Match[str]) -> Iterator[Token]:
        begin, after = match.span()
        slashes = begin
        while slashes > 0 and self._text[slashes - 1] == "\\":
            slashes -= 1
        begin += (begin - slashes) % 2
        end = self._code.inline_end(begin, after, self._bound) if begin < after else None
        if end is not None:
            yield from self._take_code(begin, end)
        self._position = after if end is None else end

    # ── content classes ──────────────────────────────────────────────────────────────────────────

    def _class(self, match: re.Match[str]) -> Iterator[Token]:
        self._position = match.end()
        if match["opening"] is None or match.start() < self._hidden_until:
            return
        opening = match.end() - 1
        names = match.start("names")
        escaped = names > match.start()
        close = self._brackets.close(opening, self._bound)
        if close is None:
            self._unclosed_class(match, names)
        elif escaped:
            yield from self._flush(match.start())
            yield Text(names, close + 1)
            self._position = self._flushed = close + 1
        else:
            if len(self._outer) >= MAX_DEPTH:
                raise self._error("deck-class-depth", f"content classes stand more than {MAX_DEPTH} deep", names)
            yield from self._flush(names)
            block = not self._manuscript.same_line(opening, close)
            yield Open(names, match.end(), tuple(match["names"][1:].split(".")), block)
            self._outer.append(self._bound)
            self._bound = close
            self._position = self._flushed = opening + 1
            yield from self._class_start()

    def _class_start(self) -> Iterator[Token]:
        """A class's inside begins like a line, though none begins there."""
        fence = _FENCE_HERE.match(self._text, self._position, self._bound)
        if fence is not None:
            yield from self._fence(fence)
            return
        link = _LINK_HERE.match(self._text, self._position, self._bound)
        if link is not None:
            yield from self._link(link)

    def _unclosed_class(self, match: re.Match[str], names: int) -> None:
        before = self._text[names - 1 : names]
        if not (before.isalnum() or before == "\\"):
            self._warn(
                "deck-class-unclosed",
                f"`{match['names']}[` has no `]`, so it is plain text",
                names,
                match.end(),
                "close it with `]`, or write a back-slash before the dot",
            )

    # ── definitions and macros ───────────────────────────────────────────────────────────────────

    def _link(self, match: re.Match[str]) -> Iterator[Token]:
        yield from self._flush(match.start())
        title = match["title1"] if match["title1"] is not None else match["title2"]
        begin = match.start("id") - 1
        yield Definition(begin, " ".join(match["id"].split()).lower(), match["url"], title or "")
        self._position = self._flushed = match.end()

    def _macro(self, match: re.Match[str]) -> Iterator[Token]:
        self._position = match.end()
        closing = self._ahead["]"].find(match.end())
        line_end = min(self._ahead["\n"].find(match.end()), self._bound)
        if closing >= line_end or self._findings is None or match.start() < self._hidden_until:
            return
        end, target = closing + 1, ""
        if self._text.startswith("(", end):
            parenthesis = self._ahead[")"].find(end)
            if parenthesis < line_end:
                target = self._text[end + 1 : parenthesis]
                end = parenthesis + 1
        arguments = tuple(one.strip() for one in self._text[match.end() : closing].split(","))
        yield from self._flush(match.start())
        yield Macro(match.start(), end, match["name"], arguments, target.strip())
        self._position = self._flushed = end

    # ── separators ───────────────────────────────────────────────────────────────────────────────

    def _separator(self, match: re.Match[str]) -> Iterator[Token]:
        self._position = match.end()
        mark = match["mark"]
        exact = match[0] == mark
        if self._findings is None:
            return
        if self._outer:
            self._separator_in_class(match)
        elif not exact:
            self._warn(
                "deck-separator-blank",
                f"`{mark}` with blanks around it separates nothing",
                *match.span("mark"),
                "let the line begin and end with the mark itself",
            )
        else:
            if match.start() < self._comment[1]:
                self._warn(
                    "deck-separator-in-comment",
                    f"`{mark}` cuts through an HTML comment, whose parts will show",
                    *match.span("mark"),
                    "leave slides out with `exclude: true`",
                )
            yield from self._flush(max(match.start() - 1, self._flushed))
            yield Separator(match.start(), match.end(), mark)
            self._hidden_until = 0
            self._comment = (0, 0)
            self._position = min(match.end() + 1, self._bound)
            self._flushed = match.end() if mark == "--" else self._position
            yield from self._indented_here()

    def _separator_in_class(self, match: re.Match[str]) -> None:
        outermost = self._outer[1] if len(self._outer) > 1 else self._bound
        if match["mark"] != match[0] or self._warned_class == outermost:
            return
        self._warned_class = outermost
        self._warn(
            "deck-class-separator",
            f"`{match['mark']}` stands inside a content class and separates nothing",
            *match.span("mark"),
            f"the class ends at {self._manuscript.where(outermost)}: is its `]` where you mean it?",
        )

    # ── comments, styles, scripts ────────────────────────────────────────────────────────────────

    def _hidden(self, match: re.Match[str]) -> Iterator[Token]:
        self._position = match.end()
        if match.start() < self._hidden_until:
            return
        closing = f"</{match['element'].lower()}" if match["element"] else "-->"
        end = self._ahead[closing].find(match.end())
        if end < self._bound:
            self._hidden_until = end
            if closing == "-->":
                self._comment = (match.start(), end)
        yield from ()

    def _warn(self, code: str, message: str, begin: int, end: int, hint: str) -> None:
        if self._findings is not None:
            self._findings.add(code, message, begin, end, hint)

    def _error(self, code: str, message: str, at: int) -> DeckError:
        where = self._manuscript.where(at)
        return DeckError(
            message,
            where=where,
            line=self._manuscript.original(where),
            hint="is a `]` missing further up?",
            code=code,
        )
