"""The accent of a lesson's theme on its page: where it stands in style sheets, and how it stays readable there. Pure.

Themes set the custom property `--accent` at the root (docs/themes.md), often as `light-dark(a, b)`. What is no plain
colour there, such as one of `color-mix()`, leaves the page its own accent.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]
LEAST = 4.5
"""Contrast of words with their ground (WCAG 2.2, 1.4.3)."""
GROUNDS: tuple[tuple[str, ...], ...] = (("#ffffff", "#f4f6fa"), ("#171c27", "#0f131b"))
"""`--bg` and `--ground` of `tokens.css`, light and dark."""
ON: tuple[str, str] = ("#ffffff", "#0f1726")
"""Words on the accent."""
_TINT = (0.09, 0.16)
"""How much of the accent is in `--tint`."""
_ROOT = re.compile(r"(?:^|[\s{};])(?::root|html)\s*\{([^{}]*)\}")
_DEEPEST = 5


def accents(source: str) -> tuple[str, str] | None:
    """The accent for light and for dark grounds that the style sheets of a page set at its root, as `#1d5fd1`, each
    lighter or darker where its words could not be read on the page; None where they set none that can be told."""
    sheets = "\n".join(re.findall(r"<style\b[^>]*>(.*?)</style", source, re.DOTALL | re.IGNORECASE))
    values: dict[str, str] = {}
    for rule in _ROOT.findall(re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)):
        for name, value in re.findall(r"(--[\w-]+)\s*:\s*([^;]+)", rule):
            values[name] = value.strip()
    found = [_colour(values.get("--accent", ""), values, side) for side in (0, 1)]
    light, dark = found
    return (_readable(light, 0), _readable(dark, 1)) if light and dark else None


def style(colours: Sequence[str]) -> str:
    """CSS that gives a page these accents, after `tokens.css`."""
    light, dark = (_rules(colour, side) for side, colour in enumerate(colours))
    return (
        f":root {{ {light} }}\n"
        f'@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f'@media screen {{ :root[data-theme="dark"] {{ {dark} }} }}\n'
        f"::highlight(spoken) {{ background-color: {colours[0]}; color: {ON[0]}; }}\n"
    )


def _rules(colour: str, side: int) -> str:
    tint = _hex(_mixed(_rgb(colour), _rgb(GROUNDS[side][0]), _TINT[side]))
    return f"--accent: {colour}; --on-accent: {ON[side]}; --tint: {tint};"


def _colour(value: str, values: dict[str, str], side: int, depth: int = 0) -> Colour | None:
    """What a value means on a light (0) or a dark (1) ground."""
    from PIL import ImageColor

    if depth > _DEEPEST:
        return None
    if found := re.fullmatch(r"var\(\s*(--[\w-]+)\s*(?:,(.*))?\)", value, re.DOTALL):
        return _colour(values.get(found[1], (found[2] or "").strip()), values, side, depth + 1)
    if found := re.fullmatch(r"light-dark\((.*)\)", value, re.DOTALL):
        parts = re.split(r",(?![^(]*\))", found[1])
        return _colour(parts[side].strip(), values, side, depth + 1) if len(parts) == 2 else None
    if found := re.fullmatch(r"(rgb|hsl)a?\(\s*([^,/]+?)\s*(?:/[^)]*)?\)", value):
        value = f"{found[1]}({','.join(found[2].split())})"
    try:
        told = ImageColor.getrgb(value.replace("deg", ""))
    except ValueError:
        return None
    return told[0], told[1], told[2]


def _readable(colour: Colour, side: int) -> str:
    """The colour, so much darker or lighter that it is read on the grounds of a page and on its own tint."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    while not all(_contrast(colour, ground) >= LEAST for ground in _grounds(colour, side)):
        lightness += 0.01 if side else -0.01
        red, green, blue = colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), saturation)
        colour = round(red * 255), round(green * 255), round(blue * 255)
    return _hex(colour)


def _grounds(colour: Colour, side: int) -> list[Colour]:
    grounds = [_rgb(ground) for ground in GROUNDS[side]]
    return [*grounds, _mixed(colour, grounds[0], _TINT[side])]


def _mixed(colour: Colour, ground: Colour, share: float) -> Colour:
    red, green, blue = (round(one * share + other * (1 - share)) for one, other in zip(colour, ground, strict=True))
    return red, green, blue


def _contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    parts = (part / 255 for part in colour)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
