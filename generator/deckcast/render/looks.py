"""How a slide is laid out: by the look that it asks for, by its classes, or by what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deckcast.errors import DeckcastError
from deckcast.htmltokens import unescaped
from deckcast.render.assets import Assets
from deckcast.render.tidy import HEADINGS, Tidy

BY_CLASS = {
    "title-slide": "title",
    "section": "section",
    "section-slide": "section",
    "impact": "statement",
    "statement": "statement",
    "quote": "quote",
    "end": "end",
    "image-right": "image-right",
    "image-left": "image-left",
    "image-full": "image-full",
    "full": "image-full",
    "default": "default",
}
"""Classes that choose a look; `default` only says: none of those that content has."""
ALIGNED = frozenset(["center", "right", "middle", "bottom"])
"""Classes of slides whose author has placed their words."""
BESIDE = frozenset(["p", "ul", "ol", "text", "h3", "h4", "blockquote", "dl"])
"""What can stand beside a picture."""
MOST_BESIDE = 70
"""Words that have room there in type that is not small."""
MOST_STATED = 25
"""Words of a statement."""
WIDEST_BESIDE = 1.9
"""Width to height of a picture that shows well in half of a slide."""
PORTRAIT = 0.9


def look(
    shape: Tidy, classes: Sequence[str], asked: str, *, first: bool, last: bool, aspect: float | None = None
) -> str:
    """The name of the slide's look, one of `settings.LOOKS`.

    `aspect` is the width of its picture to its height, where it has one whose size is known. Content decides only where
    there is no doubt; foot-notes change nothing.
    """
    if asked != "auto":
        return asked
    named = next((BY_CLASS[name] for name in classes if name in BY_CLASS), "")
    return named or _by_content(shape, not ALIGNED.isdisjoint(classes), first, last, aspect)


_SOURCE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*["']([^"']+)["']""")


def aspect(shape: Tidy, assets: Assets) -> float | None:
    """Width to height of a slide's only picture, where that is known."""
    found = _SOURCE.search(shape.html) if shape.pictures == 1 else None
    try:
        path = assets.find(unescaped(found[1]), None) if found else None
    except DeckcastError:  # told with its place where the slide's files are looked for
        return None
    return assets.aspect(path) if path else None


def _by_content(shape: Tidy, aligned: bool, first: bool, last: bool, aspect: float | None) -> str:
    outline = shape.outline
    heads = [tag for tag in outline if tag in HEADINGS]
    rest = outline[1:] if outline[:1] in (("h1",), ("h2",), ("h3",)) else outline
    if first and outline[:1] == ("h1",) and len(outline) <= 5 and all(tag in HEADINGS | {"p"} for tag in outline):
        return "title"
    if heads and len(heads) == len(outline) <= 3:
        return "title" if first else "end" if last else "section"
    if last and len(heads) == 1 and rest in (("p",), ("p", "p")) and shape.words <= MOST_STATED:
        return "end"
    if outline in (("blockquote",), ("blockquote", "p")):
        return "quote"
    if outline in (("p",), ("text",)) and shape.pictures == 0 and 0 < shape.words <= MOST_STATED:
        return "statement"
    if rest in (("img",), ("svg",)):
        upright = aspect is not None and aspect < PORTRAIT and heads and not shape.sized and not aligned
        return "image-right" if upright else "image"
    if rest in (("pre",), ("p", "pre"), ("pre", "p")):
        return "code"
    if rest in (("cell",), ("p", "cell"), ("cell", "p"), ("pre", "pre"), ("pre", "output")):
        return "code-output"
    if aligned or not heads:
        return "default"
    if _beside(shape, rest, aspect):
        return "image-right"
    return "two-cols" if _two(rest) else "default"


def _beside(shape: Tidy, rest: Sequence[str], aspect: float | None) -> bool:
    """Whether words and one picture, before or behind them, are all."""
    words = [tag for tag in rest if tag != "img"]
    return (
        len(rest) - len(words) == 1
        and "img" in (rest[0], rest[-1])
        and BESIDE.issuperset(words)
        and shape.pictures == 1
        and not shape.sized
        and shape.words <= MOST_BESIDE
        and aspect is not None
        and aspect <= WIDEST_BESIDE
    )


def _two(rest: Sequence[str]) -> bool:
    """Whether there are two sub-headings with words under each and nothing else."""
    begins = [number for number, tag in enumerate(rest) if tag == "h3"]
    if len(begins) != 2 or begins[0] != 0:
        return False
    return all(group and {"p", "ul", "ol"}.issuperset(group) for group in (rest[1 : begins[1]], rest[begins[1] + 1 :]))
