"""The recipes for build servers in docs/ci.md are what `tests/fresh/debian.sh` runs in a system that has nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCRIPT = (ROOT / "tests" / "fresh" / "debian.sh").read_text()


def recipes() -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs" / "ci.md").read_text(), re.M | re.S)


def commands(recipe: str) -> list[str]:
    """What a recipe gives to a shell, of GitHub or of GitLab."""
    told = yaml.safe_load(recipe)
    if "jobs" in told:
        return [step["run"] for job in told["jobs"].values() for step in job["steps"] if "run" in step]
    return [line for job in told.values() for line in job["script"]]


@pytest.mark.parametrize("recipe", recipes())
def test_every_command_of_a_recipe_is_run_in_a_fresh_system(recipe: str) -> None:
    found = commands(recipe)
    assert "deckcast build --exec=never" in found
    run = {command.strip() for command in re.findall(r"^ *step \S+ \S+ ['\"](.*)['\"]$", SCRIPT, re.M)}
    for command in found:
        # the wheel of this checkout stands for the release
        assert command.replace("pip install deckcast", "pip install --quiet $deckcast") in run, command


def test_both_recipes_are_looked_at() -> None:
    assert len(recipes()) == 2
