"""What is wrong with a picture that the browser drew, each thing at its place in the author's text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from deckcast.errors import AssetError, DeckcastError
from deckcast.model import Finding, Where
from deckcast.places import place
from deckcast.ports import Shot
from deckcast.render.assets import Assets
from deckcast.render.compose import Picture
from deckcast.writing import font_hint, named, of_character


def wrong(picture: Picture, shot: Shot, assets: Assets) -> Iterator[DeckcastError]:
    """What must not be in a lesson: pictures that did not show, and empty boxes for characters."""
    step = picture.step
    for address in shot.failed:
        cell = assets.maker(address)
        if cell is not None:
            yield AssetError(
                f"the picture that {cell.label} put out could not be shown",
                where=cell.where,
                hint="have the code save it, and open it; the browser cannot read it",
            )
            continue
        name = address.removeprefix("/deck/")
        shown = name if len(name) < 120 else f"{name[:120]}…"
        where = place(step.content, Path(name).name) or step.where
        yield AssetError(f"{shown} could not be shown", where=where, width=1, hint="open the file, and save it anew")
    for characters in _by_writing(shot.unshown):
        character, *others = characters
        where = _place_of(picture, character)
        writing = of_character(character)
        more = f", and {len(others)} more of {writing.name}" if writing and others else ""
        yield AssetError(
            f"no font has the character `{character}` ({named(character)}){more}: it would show as an empty box",
            where=where,
            code="slide-glyph",
            hint=font_hint(character),
        )


def _by_writing(characters: Iterable[str]) -> list[list[str]]:
    """Those of one writing system together, since one font mends them; of the others, each by itself."""
    found: dict[object, list[str]] = {}
    for character in characters:
        found.setdefault(of_character(character) or character, []).append(character)
    return list(found.values())


def told(picture: Picture, facts: Mapping[str, Any], least: float) -> Iterator[Finding]:
    """What the author should know about a picture, by what is kept with it. `least` are pixels of type in diagrams."""
    step = picture.step
    if facts["overflow"] > 0:
        yield _overflow(picture, facts["overflow"], " ".join(facts["beyond"].split()))
    for where, (size, words) in zip(picture.diagrams, facts.get("smallest", ()), strict=False):
        if 0 < size < least - 0.05:
            few = words if len(words) <= 40 else f"{words[:39].rstrip()}…"
            yield Finding(
                "diagram-small",
                "warning",
                f"this diagram is so large that `{few}` is set in {size:.3g} pixels, less than {least:g}",
                where or step.where,
                width=3,
                hint="give it a slide of its own, or leave something out; what is wide may go from top to bottom",
            )
    for font, characters in facts["borrowed"]:
        few = characters[:12] + ("…" if len(characters) > 12 else "")
        what = f"`{few}` is" if characters else "some of its words are"
        yield Finding(
            "slide-font",
            "warning",
            f"{what} drawn with {font}, a font of this machine: elsewhere the slide will look different",
            _place_of(picture, characters[:1]),
            hint="add a font that has it: @font-face in a style sheet of the deck (`css`)",
        )


def _overflow(picture: Picture, pixels: int, words: str) -> Finding:
    """Told where the first words stand that have no room."""
    begins = [words, words[:24].rpartition(" ")[0], words.partition(" ")[0]]
    where = next((found for one in begins if (found := place(picture.step.content, one))), None)
    few = f"{words[:60].rpartition(' ')[0]} …" if len(words) > 60 else words
    what = f"`{few}` reaches" if words else "its pictures reach"
    return Finding(
        "slide-overflow",
        "warning",
        f"the slide is too full: in the smallest type, {what} {pixels} pixels beyond the room for words",
        where or _place_of(picture, words),
        width=len(words) if where and place(picture.step.content, words) else 1,
        hint="shorten it, or go on on a new slide",
    )


def _place_of(picture: Picture, needle: str) -> Where:
    """Where the author wrote it, or else the cell or the value that put it out, or else the step."""
    step = picture.step
    said = (where for where, text in picture.said if needle and needle in text)
    return place(step.content, needle) or next(said, None) or step.where
