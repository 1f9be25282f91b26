"""Lane 1: 220 small decks, each with what remark 0.14.1 made of it."""

from __future__ import annotations

import html
import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.reading import differences
from deckcast.parse import BUILT_IN, Call, Macro, as_json, script_of

HERE = Path(__file__).parent
PROBES: dict[str, Any] = json.loads((HERE / "probes.json").read_text(encoding="utf-8"))
DEVIATIONS: dict[str, Any] = tomllib.loads((HERE / "deviations.toml").read_text(encoding="utf-8"))
STRUCTURE = frozenset({"slides", "properties", "tree", "notes"})
DEMANDS = {"words": 0.98, "html": 0.93}
"""Share of the slides that must be equal in a layer, deviations with a reason left out."""


def stand_in(call: Call) -> str:
    """What the recording put in place of macros that only a deck's own page knows."""
    arguments, target = html.escape(",".join(call.arguments)), html.escape(call.target)
    return f'<span data-macro="{call.name}" data-args="{arguments}" data-obj="{target}"></span>'


MACROS: Mapping[str, Macro] = {
    **BUILT_IN,
    "foo": stand_in,
    "hello": lambda call: "hello!",
    "num": lambda call: "42",
    "cls": lambda call: "one .x[two] three",
}


def read(probe: str) -> dict[str, Any]:
    return as_json(script_of([("probe.md", PROBES[probe]["source"])]), macros=MACROS)


@pytest.mark.parametrize("probe", PROBES)
def test_probe_is_read_as_remark_reads_it(probe: str) -> None:
    found = list(differences(read(probe), PROBES[probe]))
    accepted = set(DEVIATIONS.get(probe, {}).get("layers", ()))
    unexpected = [difference for difference in found if difference[0] in STRUCTURE - accepted]
    assert not unexpected
    assert accepted <= {layer for layer, *_ in found}, "an accepted deviation is none any more: take it off the list"


def test_every_deviation_has_a_probe_a_rule_and_a_reason() -> None:
    for probe, entry in DEVIATIONS.items():
        assert probe in PROBES
        assert set(entry) == {"rule", "layers", "reason"}
        assert entry["rule"]
        assert entry["reason"]
        assert set(entry["layers"]) <= STRUCTURE | set(DEMANDS)


@pytest.mark.parametrize("layer", DEMANDS)
def test_share_of_equal_slides(layer: str) -> None:
    counts: Counter[bool] = Counter()
    for probe, recorded in PROBES.items():
        if {layer, "slides"} & set(DEVIATIONS.get(probe, {}).get("layers", ())):
            continue
        different = {index for name, index, *_ in differences(read(probe), recorded) if name == layer}
        counts.update(index not in different for index in range(len(recorded["slides"])))
    assert counts[True] + counts[False] > 200
    assert counts[True] / (counts[True] + counts[False]) >= DEMANDS[layer], counts
