"""The settings as a JSON schema (2020-12), so that editors complete and check front matter and `deckcast.toml`."""

from __future__ import annotations

import dataclasses
from typing import Any

from deckcast.settings import TYPES, Pairs, fields

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FORMS = ("configuration", "front-matter")
_DURATION = r"^\d*\.?\d+\s*(ms|s|m|min)?$"


def schema(form: str) -> dict[str, Any]:
    """The schema of a `deckcast.toml`, or of a deck's front matter.

    Both take settings alone (`size`), in full (`video.size`), and under their section's name, with `-` for `_` where
    the author likes that better.
    """
    names: dict[str, Any] = {}
    sections: dict[str, dict[str, Any]] = {}
    patterns: dict[str, Any] = {}
    for name, item in fields().items():
        value = _value(name, item)
        section, _, key = name.partition(".")
        inside = sections.setdefault(section, {})
        for spelt in dict.fromkeys((key, key.replace("_", "-"))):
            inside[spelt] = names[spelt] = names[f"{section}.{spelt}"] = value
            if TYPES[name] == Pairs:
                patterns[rf"^({section}\.)?{spelt}\."] = {"type": ["string", "number"]}
    tables = {
        section: {"type": "object", "properties": inside, "additionalProperties": False}
        for section, inside in sections.items()
    }
    return {
        "$schema": DRAFT,
        "title": "deckcast.toml" if form == "configuration" else "front matter of a deckcast deck",
        "description": "Made by `deckcast config schema`.",
        "type": "object",
        "properties": {**names, **tables},
        "patternProperties": patterns,
        "additionalProperties": False,
    }


def _value(name: str, item: dataclasses.Field[Any]) -> dict[str, Any]:
    kind, meta = TYPES[name], item.metadata
    limits = {}
    if meta["low"] is not None:
        limits = {"minimum": meta["low"], "maximum": meta["high"]}
    if kind == Pairs:
        shape: dict[str, Any] = {"type": ["object", "string"], "additionalProperties": {"type": ["string", "number"]}}
    elif kind is bool:
        shape = {"type": "boolean"}
    elif kind in (int, float) and meta["unit"] == "s":
        shape = {"oneOf": [{"type": "number", **limits}, {"type": "string", "pattern": _DURATION}]}
    elif kind in (int, float):
        shape = {"type": "integer" if kind is int else "number", **limits}
    elif kind == tuple[str, ...]:
        shape = {"type": ["array", "string"], "items": {"type": "string"}}
    elif meta["choices"]:
        shape = {"enum": list(meta["choices"])}
    else:
        shape = {"type": ["string", "number"]}
    text = meta["help"] + (f" ({meta['unit']})" if meta["unit"] else "")
    default = list(item.default) if isinstance(item.default, tuple) and kind != Pairs else item.default
    return {**shape, "description": text, "default": {} if kind == Pairs else default}
