"""`deckcast run` as a person and a script see it, with a kernel that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.talk import edit, project
from deckcast.cli import run
from deckcast.engines.kernel_fake import FakeKernels

DECK = """\
# One

```python exec name=data
numbers = [3, 1, 2]
print("hello")
for number in numbers:
    pass
numbers
```

---

# Two

```python exec name=model needs=hub
1
```

```python exec
print("\\x1b[31mred\\x1b[0m \\x07")
```

The largest is `{python} max(numbers)`.
"""


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeKernels:
    return project(tmp_path, DECK, monkeypatch)


def test_each_cell_is_shown_with_its_place_its_code_and_what_came_out(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "talk"]) == 0
    captured = capsys.readouterr()
    lines = captured.out.split("\n")
    assert lines[0].startswith("talk/presentation.md:3  slide 1  cell `data`  0.0")
    assert lines[1:8] == [
        "  | numbers = [3, 1, 2]",
        '  | print("hello")',
        "  | for number in numbers:",
        "  | … 2 more",
        "  hello",
        "  [3, 1, 2]",
        "",
    ]
    assert "  not run here: needs hub" in lines
    assert "  red �" in lines
    assert "talk/presentation.md:23  slide 2  max(numbers) = 3" in lines
    assert "slide 1 cell `data`: there is no record of it" in captured.err
    assert "warning[cell-not-run]" in captured.err
    assert Path("talk/outputs/presentation.json").is_file()

    assert run(["run", "talk"]) == 0
    again = capsys.readouterr()
    assert again.out == captured.out
    assert "replayed from the record" in again.err
    assert len(kernels.kernels) == 1


def test_one_cell_runs_with_those_before_it_and_records_nothing(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("numbers\n```", "numbers\n```\n\n```python exec name=more\nlen(numbers)\n```\n\n```python exec\n1 / 0\n```")
    assert run(["run", "talk", "--cell", "more"]) == 0
    captured = capsys.readouterr()
    assert captured.out.split("\n")[1:] == ["  | len(numbers)", "  3", "", ""]
    assert len(kernels.ran) == 2
    assert not Path("talk/outputs").exists()

    assert run(["run", "talk", "--cell", "3"]) == 1
    assert "presentation.md:16" in capsys.readouterr().err
    assert run(["run", "talk", "--cell", "moer"]) == 2
    assert "did you mean `more`?" in capsys.readouterr().err
    assert run(["run", "talk", "--cell", "model"]) == 3
    assert "needs `hub`: there is no hub here" in capsys.readouterr().err
    assert run(["run", "talk", "--cell", "more", "--exec", "never"]) == 2


def test_a_failing_cell_ends_with_1_and_its_lines(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    edit("    pass", "    1 / 0")
    assert run(["run", "talk"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    order = ["error[cell-failed]", 'talk/presentation.md:7:5 (slide 1 "One")', "the cell:", "hello", "traceback:"]
    places = [captured.err.index(words) for words in order]
    assert places == sorted(places)
    assert not Path("talk/outputs").exists()


def test_modes_have_their_own_ends(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "talk", "--exec", "never"]) == 1
    assert "error[cell-stale]" in capsys.readouterr().err
    assert run(["run", "talk", "--exec=always"]) == 0
    edit("3, 1, 2", "3, 1")
    kernels.languages = ()
    assert run(["run", "talk"]) == 3
    assert "pip install python-kernel" in capsys.readouterr().err
    kernels.languages = ("python",)
    assert run(["run", "talk", "--exec", "verify"]) == 1
    captured = capsys.readouterr()
    assert "error[cell-stale]" in captured.err
    assert "[3, 1]" in captured.out


def test_code_from_elsewhere_waits_for_trust(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deckcast.toml").unlink()
    assert run(["run", "talk"]) == 2
    assert "--trust" in capsys.readouterr().err
    assert kernels.kernels == []
    assert run(["run", "talk", "--trust"]) == 0
    edit("# Two", "# Another")
    assert run(["run", "talk", "--exec", "always"]) == 0


def test_json_is_one_document_whatever_happens(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    def answer(code: int, *arguments: str) -> Any:
        assert run(["run", "talk", "--json", *arguments]) == code
        return json.loads(capsys.readouterr().out)

    told = answer(0)
    assert told["ok"] is True
    assert [(cell["cell"], cell["name"], cell["line"], cell["slide"]) for cell in told["cells"]] == [
        (1, "data", 3, 1),
        (2, "model", 15, 2),
        (3, None, 19, 2),
    ]
    assert told["cells"][0]["outputs"][1] == {"kind": "result", "data": {"text/plain": "[3, 1, 2]"}}
    assert told["cells"][0]["provenance"]["cpu"] == "Fake Processor 1"
    assert told["cells"][1]["lacking"] == ["hub"]
    assert told["values"][0]["value"] == "3"
    assert [one["code"] for one in told["diagnostics"] if one["severity"] != "note"] == ["cell-not-run"]

    edit("    pass", "    1 / 0")
    told = answer(1)
    assert (told["ok"], told["cells"]) == (False, [])
    assert told["diagnostics"][0]["details"][0]["heading"] == "the cell"


def test_a_deck_without_code_says_so(kernels: FakeKernels, capsys: pytest.CaptureFixture[str]) -> None:
    Path("talk/presentation.md").write_text("# Hello\n")
    assert run(["run", "talk"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "there is no code in talk/presentation.md that runs" in captured.err


def test_settings_can_be_given(kernels: FakeKernels) -> None:
    assert run(["run", "talk", "-s", "output_limit=2", "--set", "cell_timeout=7s"]) == 0
    assert kernels.kernels[0].limits[0] == (7.0, 2000)
