"""Pictures with a size: `![alt](a.png){width=50%}` and `![alt](a.png =300x200)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_Rule = Callable[[StateInline, bool], bool]
_LENGTH = re.compile(r"(?P<number>[0-9]{1,5}(?:\.[0-9]{1,3})?)(?P<unit>%|px|em|rem|vw|vh)?")
_BRACES = re.compile(r"\{(?P<inside>[^{}\n]{1,400})\}")
_WORD = re.compile(
    r"""\s+|(?P<sign>[.#])(?P<word>[A-Za-z_][\w-]*)(?=\s|\Z)"""
    r"""|(?P<name>width|height)=(?P<quote>["']?)(?P<value>[^\s"']+)(?P=quote)(?=\s|\Z)"""
)
_TITLE = r"(?:\s+\"(?P<title>[^\"\n]*)\")?"
_EQUALS = re.compile(rf"{_TITLE}\s+=(?P<width>[0-9.]+%?)?(?:x(?P<height>[0-9.]+%?)?)?\s*\)")


def sized(image: _Rule) -> _Rule:
    """The rule for pictures, which also reads what follows the address or the picture."""

    def rule(state: StateInline, silent: bool) -> bool:
        if not image(state, silent):
            return _with_equals(state, silent)
        match = _BRACES.match(state.src, state.pos, state.posMax)
        found = attributes(match["inside"]) if match else None
        if match is not None and found is not None:
            state.pos = match.end()
            if not silent:
                state.tokens[-1].attrs.update(found)
        return True

    return rule


def unread(tokens: Sequence[Token]) -> Iterator[str]:
    """What stands in braces right behind a picture and says nothing of it."""
    for token in tokens:
        for picture, behind in pairwise(token.children or []):
            match = _BRACES.match(behind.content) if picture.type == "image" and behind.type == "text" else None
            if match is not None:
                yield match[0]


def attributes(text: str) -> dict[str, str | int | float] | None:
    """`width=50% .rounded #fig` as attributes of the picture; None where it is something else."""
    styles: list[str] = []
    classes: list[str] = []
    found: dict[str, str | int | float] = {}
    at = 0
    while at < len(text):
        word = _WORD.match(text, at)
        if word is None:
            return None
        at = word.end()
        if word["sign"] == ".":
            classes.append(word["word"])
        elif word["sign"]:
            found["id"] = word["word"]
        elif word["name"]:
            length = _length(word["name"], word["value"])
            if length is None:
                return None
            styles.append(length)
    if not (found or styles or classes):
        return None
    if classes:
        found["class"] = " ".join(classes)
    if styles:
        found["style"] = "; ".join(styles)
    return found


def _length(name: str, value: str) -> str | None:
    """As CSS. A number alone is pixels; per cent of a height are of the whole slide's."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        return None
    if name == "height" and match["unit"] == "%":
        return f"height: calc({float(match['number']) / 100:g} * var(--stage-height, 100vh) / var(--remark, 1))"
    return f"{name}: {match['number']}{match['unit'] or 'px'}"


def _with_equals(state: StateInline, silent: bool) -> bool:
    """`![alt](a.png =300x200)`, where either number may be missing and be per cent."""
    if not state.src.startswith("![", state.pos):
        return False
    label_end = state.md.helpers.parseLinkLabel(state, state.pos + 1, False)
    if label_end < 0 or not state.src.startswith("(", label_end + 1):
        return False
    address = state.md.helpers.parseLinkDestination(state.src, label_end + 2, state.posMax)
    if not address.ok:
        return False
    href = state.md.normalizeLink(address.str)
    match = _EQUALS.match(state.src, address.pos, state.posMax)
    if match is None or not (match["width"] or match["height"]) or not state.md.validateLink(href):
        return False
    given = {name: match[name] for name in ("width", "height") if match[name]}
    lengths = [_length(name, value) for name, value in given.items()]
    if None in lengths:
        return False
    if not silent:
        content = state.src[state.pos + 2 : label_end]
        token = state.push("image", "img", 0)
        token.children, token.content = [], content
        token.attrs = {"src": href, "alt": "", "style": "; ".join(one for one in lengths if one)}
        if match["title"]:
            token.attrs["title"] = match["title"]
        state.md.inline.parse(content, state.md, state.env, token.children)
    state.pos = match.end()
    return True
