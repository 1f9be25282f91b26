"""markdown-it, set up for decks (FORMAT 14.1)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Set
from typing import Any

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.rules_inline.state_inline import Delimiter

from deckcast.markup import blocks
from deckcast.markup.extras import install
from deckcast.markup.sized import sized

MAX_NESTING = 40
"""How deep quotes and lists may stand in each other, each list counting two."""

_local = threading.local()


def engine(renderer: Callable[[Any], RendererHTML], extras: Set[str]) -> MarkdownIt:
    """This thread's Markdown engine; its link finder keeps state between calls, so threads cannot share one."""
    engines: dict[frozenset[str], MarkdownIt] = _local.__dict__.setdefault("engines", {})
    key = frozenset(extras)
    if key not in engines:
        engines[key] = _build(renderer, key)
    return engines[key]


def _build(renderer: Callable[[Any], RendererHTML], extras: Set[str]) -> MarkdownIt:
    options: dict[str, Any] = {"maxNesting": MAX_NESTING, "xhtmlOut": False, "linkify": True}
    md = MarkdownIt("commonmark", options, renderer_cls=renderer)
    md.enable(["table", "strikethrough", "linkify"]).disable("reference")
    links = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for schema in ("ftp:", "//", "mailto:"):
        links.add(schema, None)
    md.linkify = links
    md.block.ruler.at("heading", blocks.heading, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.ruler.at("fence", blocks.fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.block.ruler.at("html_block", blocks.html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    md.inline.ruler.at("emphasis", emphasis)
    md.inline.ruler.at("link", _unless_open(link))
    md.inline.ruler.at("image", _unless_open(sized(image) if "image-sizes" in extras else image))
    install(md, extras)
    return md


def _unless_open(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The rule, asked only where a `]` follows: without one it would look far ahead at each of many `[`."""

    def guarded(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] not in "[!":
            return False
        source, last = state.env.get("last_bracket", (None, -1))
        if source is not state.src:
            last = state.src.rfind("]")
            state.env["last_bracket"] = (state.src, last)
        return last > state.pos and rule(state, silent)

    return guarded


def emphasis(state: StateInline, silent: bool) -> bool:
    """Runs of `*` and `_` that may open or close, by CommonMark's rule, relaxed beside CJK letters."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    can_open, can_close = scanned.can_open, scanned.can_close
    before = state.src[state.pos - 1] if state.pos else " "
    end = state.pos + scanned.length
    after = state.src[end] if end < state.posMax else " "
    if marker == "*" and (_is_cjk(before) or _is_cjk(after)):
        can_open = can_open or not after.isspace()
        can_close = can_close or not before.isspace()
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos = end
    return True


_CJK = (
    (0x1100, 0x11FF),  # Hangul letters
    (0x2E80, 0x303F),  # radicals, CJK punctuation
    (0x3040, 0x30FF),  # Kana
    (0x3130, 0x318F),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),  # Hangul syllables
    (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF),  # full-width forms
    (0x20000, 0x3FFFF),
)


def _is_cjk(char: str) -> bool:
    point = ord(char)
    return point >= 0x1100 and any(low <= point <= high for low, high in _CJK)
