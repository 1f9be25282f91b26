"""What `--json` prints is what its schema says, for good decks and for bad ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.talk import project
from deckcast import documents
from deckcast.cli import run
from faults.harness import chapter, deckcast
from valid import check_schema, problems

DECK = """# One

```python exec name=sum
1 + 1
```

```python exec name=bad may_fail
1 / 0
```

???

It is `{python} 1 + 1`.

---

# Two
"""


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project(tmp_path, DECK, monkeypatch)
    return tmp_path / "talk" / "presentation.md"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    run(arguments)
    return json.loads(capsys.readouterr().out)


def holds(name: str, told: Any) -> None:
    assert not problems(documents.document(name), told)


@pytest.mark.parametrize("name", documents.NAMES)
def test_each_is_a_schema(name: str) -> None:
    check_schema(documents.document(name))


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_a_schema_refuses_what_it_does_not_say(name: str) -> None:
    assert problems(documents.document(name), {})
    assert problems(documents.document(name), {"version": 2, "ok": True})


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("run", ["run", "talk", "--json"]),
        ("run", ["run", "talk", "--cell", "sum", "--json"]),
        ("check", ["check", "talk", "--json", "--no-browser"]),
        ("say", ["say", "talk", "--slide", "1", "--voice", "silent", "--json"]),
        ("say", ["say", "talk", "--slide", "2", "--voice", "silent", "--json"]),
        ("export", ["export", "talk", "--json", "--png", "--set", "browser=/nowhere"]),
        ("voices", ["voices", "--json"]),
        ("config", ["config", "show", "talk", "--json"]),
        ("config", ["config", "show", "--json", "--given"]),
        ("clean", ["clean", "--json", "--dry-run"]),
        ("clean", ["clean", "--json", "--all"]),
        ("doctor", ["doctor", "--json"]),
        ("build", ["build", "talk", "--json", "--voice", "silent", "--set", "browser=/nowhere"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_what_is_printed_is_what_the_schema_says(
    talk: Path, capsys: pytest.CaptureFixture[str], name: str, arguments: list[str]
) -> None:
    holds(name, printed(capsys, *arguments))


@pytest.mark.parametrize("name", ["run", "check", "say", "build"])
def test_so_it_is_for_a_deck_with_mistakes(talk: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    talk.write_text("---\nsieze: 3\n---\n\n# One\n")
    more = ["--slide", "1"] if name == "say" else []
    told = printed(capsys, name, "talk", "--json", *more)
    holds(name, told)
    assert told["ok"] is False
    assert told["diagnostics"][0]["line"] == 2


def test_the_schema_command_prints_each(capsys: pytest.CaptureFixture[str]) -> None:
    for name in documents.NAMES:
        assert printed(capsys, "config", "schema", name) == documents.document(name)
    assert run(["config", "schema", "biuld"]) == 2
    assert "did you mean build?" in capsys.readouterr().err


@pytest.mark.slow
def test_a_whole_build(tmp_path: Path) -> None:
    holds("build", json.loads(deckcast("build", chapter(tmp_path), "--json", cwd=tmp_path).stdout))
    holds("build", json.loads(deckcast("build", "talk", "--json", cwd=tmp_path).stdout))
    holds("export", json.loads(deckcast("export", "talk", "--png", "--html", "--json", cwd=tmp_path).stdout))
    holds("clean", json.loads(deckcast("clean", "talk", "--json", cwd=tmp_path).stdout))
