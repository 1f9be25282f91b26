"""Holds what the documents promise."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from deckcast import __version__, check
from deckcast.cli import _COMMANDS
from docs.generated import generated

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", generated(), ids=lambda path: path.name)
def test_what_is_made_from_the_code_stands_as_it_is_made(path: Path) -> None:
    assert path.read_text() == generated()[path], "run `make docs`"


def test_every_finding_can_be_switched_off_by_its_name() -> None:
    """Whatever makes a finding, `check: off` and the documents know its code."""
    given = {
        code
        for file in (ROOT / "generator" / "deckcast").rglob("*.py")
        for code in re.findall(r'Finding\(\s*"([a-z]+(?:-[a-z]+)+)"', file.read_text())
    }
    assert len(given) > 15
    assert not given - check.every_code(), "tell what they mean in check/known.py"


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for name in _COMMANDS:
        assert f"`deckcast {name}" in readme


def test_every_room_is_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    for name in ("parse", "render", "narrate", "encode", "publish", "markup", "theme", "spoken", "timeline", "outline"):
        assert f"`{name}" in text, name


def rules_of_the_format() -> dict[str, str]:
    """What docs/format.md says, by the number of the rule or section."""
    parts = re.split(r"^(?:## |- \*\*)(\d+[a-z]?(?:\.\d+)?)", (ROOT / "docs" / "format.md").read_text(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_rule_that_the_code_cites_is_in_the_format() -> None:
    number = r"\d+[a-z]?(?:\.\d+)?"
    citation = re.compile(rf"FORMAT\s+(?:section\s+)?({number}(?:(?:,| to)\s+{number})*)")
    known = rules_of_the_format()
    cited = {
        (file.name, rule)
        for folder in (ROOT / "generator", ROOT / "tests")
        for file in folder.rglob("*.py")
        for match in citation.finditer(file.read_text())
        for rule in re.findall(number, match[1])
    }
    assert len(cited) > 30
    assert not [(name, rule) for name, rule in sorted(cited) if rule not in known]


def test_the_format_says_where_it_differs_from_remark() -> None:
    known = rules_of_the_format()
    deviations = tomllib.loads((ROOT / "tests" / "conformance" / "deviations.toml").read_text())
    for rule in sorted({entry["rule"] for entry in deviations.values()}):
        assert "differs from remark" in " ".join(known[rule].lower().split()), rule


def test_every_finding_about_a_deck_is_in_the_format() -> None:
    package = ROOT / "generator" / "deckcast"
    given = {
        code
        for folder in ("parse", "markup")
        for file in (package / folder).glob("*.py")
        for code in re.findall(r'"(deck-[a-z-]+)"', file.read_text())
    }
    findings = (ROOT / "docs" / "format.md").read_text().partition("## Findings")[2]
    assert set(re.findall(r"^\| `(deck-[a-z-]+)` \|", findings, re.M)) == given


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(
            r"\]\((?!https?:|#)([^)#]+)", re.sub(r"```.*?```|`[^`\n]+`", "", document.read_text(), flags=re.S)
        ):
            if not target.startswith("images/"):  # examples of decks
                assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_changelog_knows_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_package_has_one_version() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_every_error_is_in_the_troubleshooting() -> None:
    package = ROOT / "generator" / "deckcast"
    given = {
        code
        for file in package.rglob("*.py")
        for code in re.findall(r'\bcode ?= ?"([a-z]+(?:-[a-z]+)*)"', file.read_text())
        if not code.startswith("deck-")
    }
    told = set(re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs" / "troubleshooting.md").read_text(), re.M))
    assert given <= told
    source = "".join(file.read_text() for file in package.rglob("*.py"))
    assert not [code for code in told if f'"{code}"' not in source]


def test_anchors_between_documents_are_headings() -> None:
    def anchors(path: Path) -> set[str]:
        heads = re.findall(r"^#+ (.+)$", path.read_text(), re.M)
        return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}

    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = re.sub(r"```.*?```|`[^`\n]+`", "", document.read_text(), flags=re.S)
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", text):
            path = document.parent / target if target else document
            if path.suffix == ".md" and path.exists():
                assert anchor in anchors(path), f"{document.name} links to {target}#{anchor}"
