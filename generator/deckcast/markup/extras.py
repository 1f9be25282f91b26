"""What is read beyond remark's Markdown (FORMAT 14.5): markdown-it's own plug-ins, and their bounds."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Callable, Set
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from deckcast.markup.callouts import callouts

_Block = Callable[[StateBlock, int, int, bool], bool]
_EMOJI = re.compile(r":(?P<name>[a-z0-9_+-]+):(?![\w:])")
_TILDE = re.compile(r"[ \t>]*~[ \t]")
_DEFINITION = re.compile(r"[ \t]*:[ \t]+\S")


def install(md: MarkdownIt, extras: Set[str]) -> None:
    """Teaches an engine the extras of these names (`settings.EXTRAS`), but for sizes of pictures."""
    rules = dict(md.renderer.rules)  # type: ignore[attr-defined]
    if "admonitions" in extras:
        md.use(admon_plugin)
        _bound(md, "admonition", _with_exclamation_marks)
        md.core.ruler.before("inline", "callouts", callouts)
    if "definitions" in extras:
        md.use(deflist_plugin)
        _bound(md, "deflist", _with_colons)
    if "footnotes" in extras:
        md.use(footnote_plugin, inline=False, move_to_end=False)
    if "tasks" in extras:
        md.options["tasklists"] = True
    if "emoji" in extras:
        md.inline.ruler.push("emoji", emoji)
    md.renderer.rules = rules  # type: ignore[attr-defined]


def _bound(md: MarkdownIt, name: str, bound: Callable[[_Block], _Block]) -> None:
    rule = next(rule for rule in md.block.ruler.__rules__ if rule.name == name)
    md.block.ruler.at(name, bound(rule.fn), {"alt": rule.alt})


def _with_exclamation_marks(rule: _Block) -> _Block:
    """`!!!` only: the plug-in's other mark, `???`, begins a slide's notes."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        begin = state.bMarks[start] + state.tShift[start]
        return state.src.startswith("!!!", begin) and rule(state, start, end, silent)

    return bounded


def _with_colons(rule: _Block) -> _Block:
    """Definitions that begin with `:`; the plug-in's other mark, `~`, means about."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if silent:
            return rule(state, start, end, silent)
        second = start + 1
        if second < end and state.isEmpty(second):
            second += 1
        if second >= end or not _DEFINITION.match(state.src, state.bMarks[second], state.eMarks[second]):
            return False
        last = state.lineMax
        state.lineMax = min(last, _first_tilde(state, second))
        try:
            return rule(state, start, min(end, state.lineMax), silent)
        finally:
            state.lineMax = last

    return bounded


def _first_tilde(state: StateBlock, line: int) -> int:
    """The first line behind this one that the plug-in would take for a definition by its `~`."""
    lines = state.env.get("tildes")
    if lines is None:
        texts = enumerate(state.src.split("\n"))
        lines = state.env["tildes"] = [number for number, text in texts if _TILDE.match(text)]
    at = bisect_right(lines, line)
    return lines[at] if at < len(lines) else state.lineMax


def emoji(state: StateInline, silent: bool) -> bool:
    """`:rocket:`, where it touches no letter, digit or other colon. What nobody knows is text."""
    match = _EMOJI.match(state.src, state.pos, state.posMax) if state.src[state.pos] == ":" else None
    if match is None or (state.pos and (state.src[state.pos - 1].isalnum() or state.src[state.pos - 1] in ":_")):
        return False
    character = character_of(match["name"])
    if not character:
        return False
    if not silent:
        token = state.push("emoji", "", 0)
        token.content, token.markup = character, match[0]
    state.pos = match.end()
    return True


@functools.lru_cache(maxsize=512)
def character_of(name: str) -> str:
    """The emoji of a short-code, as GitHub and others name them; nothing where there is none."""
    emojize: Any = _emojize()
    code = f":{name}:"
    found = str(emojize(code, language="alias"))
    return "" if found == code else found


def code_of(character: str) -> str:
    """The first of an emoji's short-codes: `:smile:`."""
    from emoji import demojize

    return str(demojize(character, language="alias"))


def _emojize() -> Any:
    """Its tables take a moment to load, and few decks need them."""
    from emoji import emojize

    return emojize
