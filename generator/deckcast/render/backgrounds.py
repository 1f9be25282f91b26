"""The ground of a slide: its background as CSS, and how much a picture is dimmed so that words on it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckcast.errors import ConfigError, DeckcastError
from deckcast.markup import Reference
from deckcast.model import Properties, Where
from deckcast.render import css
from deckcast.render.assets import Assets

REMARK_WIDTH, REMARK_HEIGHT = 1210, 681
"""The units of a remark slide (FORMAT 12.4)."""
BACKGROUNDS = ("background-image", "background-color", "background-size", "background-position")
COVERING = frozenset(["", "cover", "100%", "100% 100%", "100% auto", "auto 100%"])
DARK_LOOKS = frozenset(["title", "end", "thumbnail"])
DARK_CLASSES = frozenset(["inverse", "impact"])
SCHEMES = {"light": ((255, 255, 255), (28, 35, 48)), "dark": ((18, 22, 31), (233, 237, 244))}
"""(ground, words) of the theme `light` on either ground, near enough to those of others."""
STEPS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
LEAST = 7
"""Contrast of words with all but the worst twentieth of the picture (WCAG 2.2, 1.4.6)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The background of a slide."""

    style: str = ""
    """CSS, as remark sets it."""
    scheme: str = ""
    """`light` or `dark`, where the picture decides that."""
    dim: float = 0.0
    """How much of the picture the ground's colour covers."""


def files_of(properties: Properties) -> list[Reference]:
    """The files of a slide's `background-image`, each at its place in the author's line."""
    found = properties.find("background-image")
    if found is None:
        return []
    begin = found.where
    return [
        Reference(item.url, Where(begin.path, begin.line, begin.column + item.offset))
        for item in css.named(found.value)
    ]


def ground(properties: Properties, look: str, assets: Assets, *, styled: bool) -> Ground:
    """The slide's ground. Raises `ConfigError` for a `background-dim` that cannot be.

    A picture without a size keeps the share of the slide that it has in remark, or covers it where it is larger. One
    that covers the slide is dimmed until words can be read, but not in a deck that is `styled` by itself: what its
    words look like is not known.
    """
    asked = _asked(properties)
    values = {key: properties.get(key) for key in BACKGROUNDS}
    names = [item.url for item in css.named(values["background-image"])]
    path = _path(names[0], assets) if len(names) == 1 else None
    covers = values["background-size"].strip() in COVERING
    if len(names) == 1 and not values["background-size"]:
        wide, high = (assets.size(path) if path else None) or (REMARK_WIDTH, REMARK_HEIGHT)
        covers = wide >= REMARK_WIDTH or high >= REMARK_HEIGHT
        values["background-size"] = "cover" if covers else f"calc({wide}px * var(--remark))"
    style = "; ".join(f"{key}: {value}" for key, value in values.items() if value)
    if not names or look == "image-full" or (asked is None and (styled or not covers)):
        return Ground(style)
    dark = look in DARK_LOOKS or not DARK_CLASSES.isdisjoint(properties.classes)
    colours = assets.colours(path) if path else ()
    if not colours:
        return Ground(style, "dark" if dark else "", asked or 0.0)
    return Ground(style, *_dimmed(colours, ("dark",) if dark else ("light", "dark"), asked))


def _path(name: str, assets: Assets) -> Path | None:
    try:
        return assets.find(name, None)
    except DeckcastError:  # told with its place where the slide's files are looked for
        return None


_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?|\.\d+)\s*(%?)", re.ASCII)


def _asked(properties: Properties) -> float | None:
    """`background-dim: 60%`, `0.6` or `none`."""
    found = properties.find("background-dim")
    if found is None:
        return None
    if found.value == "none":
        return 0.0
    match = _SHARE.fullmatch(found.value)
    share = float(match[1]) / (100 if match[2] else 1) if match else -1.0
    if not 0 <= share <= 1:
        raise ConfigError(
            f"`background-dim` is a share of the picture, not `{found.value}`",
            where=found.where,
            width=max(len(found.value), 1),
            hint="write `60%`, or `none`",
        )
    return share


def _dimmed(colours: Sequence[tuple[int, int, int]], schemes: Sequence[str], asked: float | None) -> tuple[str, float]:
    """The scheme in which the picture needs least of the ground's colour over it, and how much."""
    found = [(next(_enough(colours, scheme, asked)), number, scheme) for number, scheme in enumerate(schemes)]
    (share, _), _, scheme = min(found)
    return scheme, share


def _enough(colours: Sequence[tuple[int, int, int]], scheme: str, asked: float | None) -> Iterator[tuple[float, float]]:
    """(share, minus the contrast) that will do, the least first."""
    under, words = SCHEMES[scheme]
    for share in STEPS if asked is None else (asked,):
        seen = [
            _contrast([part * (1 - share) + below * share for part, below in zip(colour, under, strict=True)], words)
            for colour in colours
        ]
        worst = sorted(seen)[len(seen) // 20]
        if worst >= LEAST or asked is not None or share == STEPS[-1]:
            yield share, -worst


def _contrast(one: Sequence[float], other: Sequence[float]) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Sequence[float]) -> float:
    parts = (part / 255 for part in colour)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
