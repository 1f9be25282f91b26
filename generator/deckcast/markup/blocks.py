"""Block rules of ours for markdown-it: headings, fences and HTML as decks write them (FORMAT 3.4, 14.1)."""

from __future__ import annotations

import re
from bisect import bisect_left

from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block import StateBlock

from deckcast.markup.protect import FENCE, CodeFinder

_HEADING = re.compile(r"(?P<marks>#{1,6})(?P<gap>[ \t]+|$|(?=[^\W\d_]))(?P<text>.*)")
_HEADING_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_FENCE = re.compile(FENCE)

_PLAIN_END = (
    (re.compile(r"<(script|style|pre|textarea)(?=[\s>]|$)", re.I), None),
    (re.compile(r"<!--"), "-->"),
    (re.compile(r"<\?"), "?>"),
    (re.compile(r"<!\[CDATA\["), "]]>"),
    (re.compile(r"<![A-Za-z]"), ">"),
)
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(block_names)}|svg)(?=[\s>]|/>|$)", re.I)
_LONE_TAG = re.compile(
    r"""</?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*/?>\s*$"""
)
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)")
_INLINE = frozenset(
    re.findall(
        "[a-z]+",
        """a abbr audio b bdi bdo big br button cite code data del dfn em embed i img input ins kbd label map mark
        meter object output progress q rb rp rt ruby s samp select small span strong sub sup time tt u var video wbr""",
    )
)
_VOID = frozenset(re.findall("[a-z]+", "area base br col embed hr img input link meta param source track wbr"))
_WHOLE = frozenset({"pre", "svg", "table", "script", "style"})
"""Elements that are kept in one piece, blank lines or not."""


def heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """`# Title`, and `#Title` where a letter follows."""
    if state.is_code_block(start):
        return False
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    match = _HEADING.match(line)
    if match is None:
        return False
    if silent:
        return True
    state.line = start + 1
    tag = f"h{len(match['marks'])}"
    opening = state.push("heading_open", tag, 1)
    opening.markup = match["marks"]
    opening.map = [start, state.line]
    inline = state.push("inline", "", 0)
    inline.content = _HEADING_END.sub("", match["text"].strip(" \t")).strip(" \t")
    inline.map = [start, state.line]
    inline.children = []
    state.push("heading_close", tag, -1).markup = match["marks"]
    return True


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A fence as the deck's scanner sees it: closed by marks at any line's end, no fence when never closed."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    match = _FENCE.match(state.src, begin, state.eMarks[start])
    if match is None:
        return False
    finder = state.env.get("code_finder")
    if finder is None:
        finder = state.env["code_finder"] = CodeFinder(state.src)
    marks = match["marks"]
    close = finder.fence_end(marks[0], len(marks), state.eMarks[start], len(state.src))
    if close is None:
        return False
    last = bisect_left(state.eMarks, close)
    if last >= end:
        return False
    if silent:
        return True
    indent = state.sCount[start]
    text = state.getLines(start + 1, last, indent, True)
    rest = state.getLines(last, last + 1, indent, False).rstrip(" \t")
    rest = rest.rstrip(marks[0])
    token = state.push("fence", "code", 0)
    token.info = match["info"].strip()
    token.content = text + (f"{rest}\n" if rest.strip() else "")
    token.markup = marks
    token.map = [start, last + 1]
    state.line = last + 1
    return True


def html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """HTML that ends at a blank line or with its element, whichever comes first; some elements stay whole."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    line = state.src[begin : state.eMarks[start]]
    if not line.startswith("<"):
        return False
    for opening, closing in _PLAIN_END:
        match = opening.match(line)
        if match is not None:
            stop = _plain_end(state, end, begin, closing or f"</{match[1].lower()}")
            break
    else:
        lone = None if _BLOCK_TAG.match(line) else _LONE_TAG.match(line)
        if not _BLOCK_TAG.match(line) and (lone is None or silent or lone["name"].lower() in _INLINE):
            return False
        stop = start if silent else _element_end(state, start, end)
    if stop is None:
        return False
    if silent:
        return True
    state.line = stop
    token = state.push("html_block", "", 0)
    token.map = [start, stop]
    token.content = state.getLines(start, stop, state.blkIndent, True)
    return True


def _last(state: StateBlock, word: str) -> int:
    """The last place of a word in the text, remembered."""
    places = state.env.setdefault("last_places", {})
    if word not in places:
        found = [match.start() for match in re.finditer(re.escape(word), state.src, re.I)]
        places[word] = found[-1] if found else -1
    return int(places[word])


def _plain_end(state: StateBlock, end: int, begin: int, closing: str) -> int | None:
    """The line behind the one that holds `closing`; None when it never comes: then nothing is hidden."""
    if _last(state, closing) < begin:
        return None
    found = re.compile(re.escape(closing), re.I).search(state.src, begin + 2)
    if found is None:
        return None
    last = bisect_left(state.eMarks, found.end())
    return last + 1 if last < end else None


def _element_end(state: StateBlock, start: int, end: int) -> int:
    depth = whole = 0
    number = start
    while number < end:
        begin = state.bMarks[number] + state.tShift[number]
        line = state.src[begin : state.eMarks[number]]
        if not whole and number > start and (not line or state.sCount[number] < state.blkIndent):
            break
        tags = 0
        for tag in _TAG.finditer(line):
            name = tag["name"].lower()
            step = -1 if tag["slash"] else 1
            if name in _WHOLE and (whole or _last(state, f"</{name}") > begin):
                whole = max(0, whole + step)
            if (not whole or name in _WHOLE) and name not in _VOID and name not in _INLINE:
                depth += step
                tags += 1
        number += 1
        if not whole and (depth <= 0 and tags):
            break
    return number
