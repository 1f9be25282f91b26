"""Boxes that stand out, in two spellings: `> [!NOTE]` and `!!! note "Title"`.

A box always has a word for its kind above it, or the author's own title: its colour alone says nothing.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

KINDS = {
    "note": "note", "info": "note", "abstract": "note", "summary": "note", "example": "note", "question": "note",
    "tip": "tip", "hint": "tip", "success": "tip",
    "important": "important",
    "warning": "warning", "attention": "warning",
    "danger": "danger", "caution": "danger", "error": "danger", "failure": "danger", "bug": "danger",
}  # fmt: skip
"""What authors call a box, and as what it looks."""
_ALERT = re.compile(r"\[!(?P<kind>[A-Za-z]+)\][ \t]*(?P<title>[^\n]*)(?:\n|\Z)")


def callouts(state: StateCore) -> None:
    """Makes boxes of quotes that begin with `[!KIND]`, and gives the plug-in's tokens the same names."""
    done: list[Token] = []
    open_quotes: list[bool] = []
    """Of each open quote, whether it is a box."""
    tokens = state.tokens
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.type == "blockquote_open":
            alert = _ALERT.match(tokens[at + 1].content) if tokens[at].type == "paragraph_open" else None
            kind = alert["kind"].lower() if alert else ""
            open_quotes.append(kind in KINDS)
            if alert is not None and kind in KINDS:
                done += _box(token, kind, alert["title"].strip())
                done += _rest(tokens[at : at + 3], alert.end())
                at += 3
                continue
        elif token.type == "blockquote_close" and open_quotes.pop():
            token.type, token.tag = "callout_close", "div"
        elif token.type == "admonition_open":
            at += 3 if token.content else 0
            done += _box(token, token.meta["tag"], token.content)
            continue
        elif token.type == "admonition_close":
            token.type = "callout_close"
        done.append(token)
    state.tokens = done


def _box(token: Token, kind: str, title: str) -> list[Token]:
    label = title or kind.capitalize()
    token.type, token.tag = "callout_open", "div"
    token.attrs = {"class": f"callout callout-{KINDS.get(kind, 'note')}"}
    lines = [token.map[0], token.map[0] + 1] if token.map else None
    words = Token("inline", "", 0, content=label, map=lines, children=[], level=token.level + 2, block=True)
    words.meta = {"kind": not title}
    return [
        token,
        Token("callout_title_open", "p", 1, {"class": "callout-title"}, level=token.level + 1, block=True),
        words,
        Token("callout_title_close", "p", -1, level=token.level + 1, block=True),
    ]


def _rest(paragraph: list[Token], behind: int) -> list[Token]:
    """The paragraph without the line that names the box, if more is left of it."""
    _, inline, _ = paragraph
    inline.content = inline.content[behind:]
    if not inline.content:
        return []
    if inline.map:
        inline.map = [inline.map[0] + 1, inline.map[1]]
    return paragraph
