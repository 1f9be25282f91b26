"""Where the value of each setting comes from, and the settings as a JSON schema: for people and editors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deckcast.config import SLIDE_PROPERTIES, Value, overlay, resolve
from deckcast.model import Property
from deckcast.settings import TYPES, Pairs, Settings, fields

BUILT_IN = "built in"


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting, its value, and who says so."""

    name: str
    """In full: `video.size`."""
    value: Any
    places: tuple[str, ...]
    """`built in`, `deckcast.toml:3`, `the command line`; several where layers add to each other, the weakest first."""

    @property
    def given(self) -> bool:
        """Whether anybody but deckcast itself says so."""
        return self.places != (BUILT_IN,)


def trace(layers: Iterable[Value]) -> tuple[Origin, ...]:
    """Every setting under these values, the strongest last, as `config.overlay` takes them.

    Raises every mistake at once.
    """
    values = list(layers)
    chosen = overlay(Settings(), values)
    places: dict[str, list[str]] = {}
    for value in values:
        full = ".".join(resolve(value))
        place = f"{value.where.path}:{value.where.line}" if value.where else value.origin
        before = places.get(full, []) if TYPES[full] == Pairs else []
        places[full] = [*(one for one in before if one != place), place]
    origins = []
    for name in fields():
        section, _, key = name.partition(".")
        origins.append(Origin(name, getattr(getattr(chosen, section), key), tuple(places.get(name, [BUILT_IN]))))
    return tuple(origins)


def of_slide(properties: Iterable[Property]) -> tuple[Value, ...]:
    """What a slide's own properties say of settings."""
    return tuple(Value(one.key, one.value, where=one.where) for one in properties if one.key in SLIDE_PROPERTIES)
