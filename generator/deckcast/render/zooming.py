"""Slide properties that have a picture move slowly: `zoom: 1.3 at left top for 6s`, `pan: left to right`.

What film makers call the Ken Burns effect. The first picture of a slide is what moves, within its own box.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from deckcast.errors import AssetError, ConfigError
from deckcast.htmltokens import unescaped
from deckcast.model import Blob, Frame, Properties, Property, Region, View, Wish, Zoom

REGION = "moves"
"""The name of the region in which it is seen."""
PAN_SCALE = 1.2
"""How much larger than its box a picture is that is panned and not zoomed."""
LARGEST = 8.0

_SCALE = r"(\d+(?:\.\d+)?|\.\d+)(%?)"
_POINT = r"(?:[a-z]+(?:\s+[a-z]+)??|[\d.]+%\s+[\d.]+%)"
_TAIL = r"(?:\s+for\s+(?P<time>[\d.]+)\s*s?)?"
_ZOOM = re.compile(rf"(?:{_SCALE}\s*(?:-|–|→|to)\s*)?{_SCALE}(?:\s+at\s+(?P<at>{_POINT}))?{_TAIL}", re.ASCII)
_PAN = re.compile(rf"(?P<begin>{_POINT})\s+to\s+(?P<end>{_POINT}){_TAIL}", re.ASCII)
_ACROSS = {"left": 0.0, "right": 1.0}
_DOWN = {"top": 0.0, "bottom": 1.0}
_MIDDLE = frozenset({"center", "centre", "middle"})
_PICTURE = re.compile(r"<img\b(?P<rest>[^>]*)>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Movement:
    """What the properties of a slide ask for."""

    begin: View
    end: View
    seconds: float
    """0 for as long as the slide shows."""
    asked: Property


def movement(properties: Properties) -> Movement | None:
    """What `zoom` and `pan` ask for, together or alone. Raises `ConfigError`."""
    zoom, pan = properties.find("zoom"), properties.find("pan")
    wanted = [one for one in (zoom, pan) if one is not None and one.value not in ("none", "")]
    if not wanted:
        return None
    scales, points, seconds = (PAN_SCALE, PAN_SCALE), ((0.5, 0.5), (0.5, 0.5)), 0.0
    for asked in wanted:
        found = (_ZOOM if asked is zoom else _PAN).fullmatch(" ".join(asked.value.lower().split()))
        if found is None:
            _wrong(asked)
        if asked is zoom:
            first, last = _scale(found[1] or "1", found[2] or "", asked), _scale(found[3], found[4], asked)
            scales = first, last
            if found["at"]:
                points = (_point(found["at"], asked),) * 2
        else:
            points = _point(found["begin"], asked), _point(found["end"], asked)
        seconds = float(found["time"]) if found["time"] else seconds
    begin, end = (View(scale, *point) for scale, point in zip(scales, points, strict=True))
    return Movement(begin, end, seconds, wanted[0])


def marked(text: str, moves: Movement) -> tuple[str, str]:
    """A slide's HTML with its first picture marked as what moves, and that picture's address in the page.

    The text as it is, and no address, where it has no picture. Raises `AssetError` for one that is no bitmap.
    """
    found = _PICTURE.search(text)
    source = _SOURCE.search(found["rest"]) if found else None
    if found is None or source is None:
        return text, ""
    address = unescaped(source[1] or source[2] or "")
    path = unquote(urlsplit(address).path)
    if address.startswith("data:") or path.lower().endswith(".svg"):
        raise AssetError(
            "only pictures made of pixels can be zoomed, and this is a drawing (SVG)",
            where=moves.asked.where,
            width=len(moves.asked.value),
            hint="export it as a PNG of two or three times its size on the slide",
        )
    whole = path if path.startswith("/") else posixpath.normpath(f"/deck/{path}")
    begin = found.start() + len("<img")
    return f'{text[:begin]} data-region="{REGION}" data-opening{text[begin:]}', whole


def wish(frame: Frame, moves: Movement, blobs: Mapping[str, Blob]) -> Wish | None:
    """What is to move over a frame; None where the picture does not show."""
    regions = {region.name: region for region in frame.regions}
    if frame.opening is None or REGION not in regions or "picture" not in blobs:
        return None
    whole = regions[f"{REGION}/whole"]
    box = _both(regions[REGION], whole)
    if box.width < 1 or box.height < 1:
        return None
    return Wish(Zoom(frame.opening, blobs["picture"], box, whole, moves.begin, moves.end), moves.seconds)


def _both(box: Region, whole: Region) -> Region:
    """Where the picture is seen: a box may be larger than what it shows, or cut it off."""
    left, top = max(box.left, whole.left), max(box.top, whole.top)
    right = min(box.left + box.width, whole.left + whole.width)
    bottom = min(box.top + box.height, whole.top + whole.height)
    return Region(REGION, left, top, right - left, bottom - top)


def no_picture(moves: Movement) -> AssetError:
    return AssetError(
        f"`{moves.asked.key}` finds no picture on this slide",
        where=moves.asked.where,
        width=len(moves.asked.value),
        hint="write the picture into the slide, `![what it shows](images/a.png)`, instead of as its background",
    )


def _scale(number: str, sign: str, asked: Property) -> float:
    scale = float(number) / (100 if sign else 1)
    if not 1 <= scale <= LARGEST:
        raise ConfigError(
            f"a picture cannot be zoomed to {number}{sign}",
            where=asked.where,
            width=len(asked.value),
            hint=f"write a number from 1, as it lies on the slide, to {LARGEST:g}",
        )
    return scale


def _point(text: str, asked: Property) -> tuple[float, float]:
    """Across and down, from 0 to 1."""
    words = text.split()
    if words[0].endswith("%"):
        across, down = (float(word.rstrip("%")) / 100 for word in words)
        if not (0 <= across <= 1 and 0 <= down <= 1):
            _wrong(asked)
        return across, down
    if not set(words) <= _ACROSS.keys() | _DOWN.keys() | _MIDDLE:
        _wrong(asked)
    across = next((_ACROSS[word] for word in words if word in _ACROSS), 0.5)
    down = next((_DOWN[word] for word in words if word in _DOWN), 0.5)
    return across, down


def _wrong(asked: Property) -> NoReturn:
    example = "1.3, 1-1.3 at 70% 30%, or 1.3 at left top for 6s" if asked.key == "zoom" else "left to right for 8s"
    raise ConfigError(
        f"`{asked.key}: {asked.value}` is no movement",
        where=asked.where,
        width=max(len(asked.value), 1),
        hint=f"write for example {example}",
    )
