"""Frames of slides that nobody looks at, so without a browser: with all that makes a difference to what is heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from deckcast.digest import Question, sha256
from deckcast.errors import DeckcastError, storage_errors
from deckcast.htmltree import parse
from deckcast.keep import Keeper
from deckcast.model import NO_RESULTS, Blob, Deck, Frame, Opening, Region, Step, proses
from deckcast.render import filming
from deckcast.render.assets import Assets
from deckcast.render.compose import Picture, compose
from deckcast.render.orders import Orders
from deckcast.render.parts import text_of
from deckcast.settings import Settings
from deckcast.theme import find_theme

_NOTHING = Blob("", 0)
_PICTURE = re.compile(r"!\[|<(?:img|video)\b", re.IGNORECASE)


def unseen(
    deck: Deck, steps: Sequence[Step], settings: Settings, keeper: Keeper, themes: Sequence[Path]
) -> tuple[tuple[Frame, ...], tuple[str, ...], tuple[DeckcastError, ...]]:
    """A frame for each step that knows its words and its films, which films are heard, and what is wrong with pictures.

    Where no step names a picture, nothing is looked at, and the frames are empty.
    """
    frames = tuple(Frame(one.index, _NOTHING, 0, 0, "") for one in steps)
    if not any(_PICTURE.search(prose.text) for one in steps for prose in proses(one.content)):
        return frames, (), ()
    assets = Assets(deck.folder, find_theme(settings.slides.theme, themes))
    made = compose(deck, steps, settings, assets, NO_RESULTS, Orders())
    errors = list(made.errors)
    found: list[Frame] = []
    names: dict[str, None] = {}
    for frame in frames:
        picture = made.pictures[frame.step]
        try:
            found.append(_frame(frame, picture, assets, keeper))
            heard = {name for wish in found[-1].wishes for name, _ in wish.sounds}
            names.update({one.reference.url.partition("#")[0]: None for one in picture.films if one.name in heard})
        except DeckcastError as error:
            errors.append(error)
            found.append(frame)
    return tuple(found), tuple(names), tuple(dict.fromkeys(errors))


def _frame(frame: Frame, picture: Picture, assets: Assets, keeper: Keeper) -> Frame:
    """Where films lie makes no difference: everywhere."""
    facts = [filming.check(one, assets) for one in picture.films]
    blobs = {one.name: _kept(one.path, keeper) for one in picture.films}
    boxes = [Region(f"{one.name}{part}", 0, 0, 2, 2) for one in picture.films for part in ("", "/whole")]
    text = text_of(parse(picture.section.html))
    shown = Frame(frame.step, _NOTHING, 0, 0, text, tuple(boxes), Opening(_NOTHING, _NOTHING, _NOTHING))
    wish = filming.wish(shown, picture.films, facts, blobs)
    return Frame(frame.step, _NOTHING, 0, 0, text, wishes=(wish,) if wish else ())


def _kept(path: Path, keeper: Keeper) -> Blob:
    with storage_errors("read", path):
        data = path.read_bytes()
    question = Question.of("film-file-1", file=sha256(data))
    answer = keeper.find_part(question) or keeper.keep_part(question, {}, {"film": data})
    return answer.blobs["film"]
