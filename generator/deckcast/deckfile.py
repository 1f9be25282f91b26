"""Files beside a deck that its settings name: a cover, music."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path
from typing import Any

from deckcast.errors import AssetError
from deckcast.folders import inside
from deckcast.model import Deck
from deckcast.theme import is_folder, is_there


def told_at(deck: Deck, setting: str, name: str) -> dict[str, Any]:
    """Where the front matter gives `name` to a setting, as errors take it; nothing where it is given elsewhere."""
    for option in deck.options:
        if option.name.rpartition(".")[2].replace("-", "_") == setting and option.value == name:
            column = option.line.find(name) + 1
            where = replace(option.where, column=column) if column else option.where
            return {"where": where, "line": option.line, "width": len(name) if column else 1}
    return {}


def find_file(deck: Deck, name: str, place: dict[str, Any], hint: str) -> Path:
    """The file `name`, a path from the deck's folder on.

    Raises `AssetError` that points to a `place` as `told_at` gives it; `hint` is for a file that is not there.
    """
    if "://" in name:
        raise AssetError(f"{name} is on the web", hint="download it and put it beside the deck", **place)
    found = inside(deck.folder, name)
    if found is not None:
        return found
    path = deck.folder / name
    if is_folder(path):
        raise AssetError(f"{name} is a folder", hint="name a file in it", **place)
    if is_there(path):
        raise AssetError(f"{name} lies outside the deck's folder", hint="copy it into the deck's folder", **place)
    others = sorted(one.name for one in path.parent.iterdir()) if is_folder(path.parent) else []
    near = difflib.get_close_matches(path.name, others, n=1)
    raise AssetError(
        f"there is no file {name} in {deck.folder}",
        hint=f"did you mean `{Path(name).with_name(near[0]).as_posix()}`?" if near else hint,
        **place,
    )
