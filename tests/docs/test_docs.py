"""Holds what the documents promise."""

from __future__ import annotations

import re
from pathlib import Path

from deckcast import __version__, settings
from deckcast.cli import _COMMANDS

ROOT = Path(__file__).parents[2]


def test_every_setting_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "writing.md").read_text()
    inside = text.partition("when it differs -->\n")[2].partition("\n<!-- /settings -->")[0]
    assert inside == settings.reference(), "paste `settings.reference()` between the marks in docs/writing.md"


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for name in _COMMANDS:
        assert f"`deckcast {name}" in readme


def test_every_room_is_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    for name in ("parse", "render", "narrate", "encode", "publish", "markup", "theme", "spoken", "timeline", "outline"):
        assert f"`{name}" in text, name


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(
            r"\]\((?!https?:|#)([^)#]+)", re.sub(r"```.*?```", "", document.read_text(), flags=re.S)
        ):
            if not target.startswith("images/"):  # examples of decks
                assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_changelog_knows_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_package_has_one_version() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()
