"""Macros: `![:name a, b](target)` (FORMAT 13a).

A macro is a function from a `Call` to Markdown or HTML, which is read again as deck text (content
classes in it count, separators and macros do not). A page's own macros are JavaScript, which we do not run.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a macro."""

    name: str
    arguments: tuple[str, ...]
    """Split at commas and trimmed; one empty text when there are none."""
    target: str
    """What stands in the parentheses; empty when there are none."""


Macro: TypeAlias = Callable[[Call], str]

_PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)(?:[?#].*)?$", re.I)
_SIZE = re.compile(r"[0-9.]+(?:%|px|em|rem|vw|vh|cm|mm|in|pt)?")


def scale(call: Call) -> str:
    """`![:scale 50%](a.png)`: a picture of that width, in per cent of the place it has."""
    return _image(call.target, call.arguments[0])


def img(call: Call) -> str:
    """`![:img what it shows, 50%](a.png)`: a picture with an alternative text and a width."""
    sizes = [argument for argument in call.arguments if _SIZE.fullmatch(argument)]
    words = [argument for argument in call.arguments if argument not in sizes]
    return _image(call.target, sizes[0] if sizes else "", ", ".join(words))


def _image(target: str, width: str, alt: str = "") -> str:
    size = f"{width}px" if re.fullmatch(r"[0-9.]+", width) else width
    style = f' style="width: {html.escape(size)}"' if size else ""
    return f'<img src="{html.escape(target)}" alt="{html.escape(alt)}"{style}>'


def stand_in(call: Call) -> str:
    """What an unknown macro shows: its target when that looks like a picture, else nothing."""
    return _image(call.target, "") if _PICTURE.search(call.target) else ""


BUILT_IN: Mapping[str, Macro] = MappingProxyType({"scale": scale, "img": img})
