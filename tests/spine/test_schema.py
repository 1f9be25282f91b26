"""The JSON schema says the same of a configuration as the loader does."""

from __future__ import annotations

from typing import Any

import pytest

from deckcast.config import Value, overlay
from deckcast.errors import ConfigError
from deckcast.schema import FORMS, schema
from deckcast.settings import Settings, fields
from valid import check_schema, problems

CASES: list[tuple[dict[str, Any], bool]] = [
    ({"size": 720}, True),
    ({"size": 72}, False),
    ({"size": "large"}, False),
    ({"video": {"size": 720}}, True),
    ({"video": {"sieze": 720}}, False),
    ({"video.size": 720}, True),
    ({"sieze": 720}, False),
    ({"tail": 1.5}, True),
    ({"tail": "1.5s"}, True),
    ({"tail": "soon"}, False),
    ({"tail": 61}, False),
    ({"lead-in": "300ms"}, True),
    ({"transition": "fade"}, True),
    ({"transition": "fado"}, False),
    ({"online": True}, True),
    ({"css": ["a.css", "b.css"]}, True),
    ({"css": "a.css"}, True),
    ({"lexicon": {"BERT": "burt"}}, True),
    ({"lexicon.BERT": "burt"}, True),
    ({"narration.lexicon.BERT": "burt"}, True),
]


@pytest.mark.parametrize("form", FORMS)
def test_it_is_a_schema(form: str) -> None:
    check_schema(schema(form))


@pytest.mark.parametrize(("told", "good"), CASES, ids=[str(told) for told, _ in CASES])
def test_schema_and_loader_agree(told: dict[str, Any], good: bool) -> None:
    assert bool(problems(schema("configuration"), told)) is not good
    values = []
    for name, value in told.items():
        nested = isinstance(value, dict) and "lexicon" not in name
        values += [Value(f"{name}.{key}", one) for key, one in value.items()] if nested else [Value(name, value)]
    if good:
        overlay(Settings(), values)
    else:
        with pytest.raises(ConfigError):
            overlay(Settings(), values)


def test_every_default_fits() -> None:
    for name, item in fields().items():
        default = schema("configuration")["properties"][name]["default"]
        assert not problems(schema("configuration"), {name: default}), (name, item.default)
