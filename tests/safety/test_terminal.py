"""Nothing that a stranger wrote steers the terminal of whoever builds, or turns what is read there round."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path

import pytest

from cli.talk import project
from deckcast import report
from deckcast.cli import run
from deckcast.cli.progress import BarProgress, PlainProgress
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.harmless import TURNING, harmless
from deckcast.model import Finding, Where

RAW = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{TURNING}]")
CLEARS = "\x1b[2J\x1b]0;renamed\x07\x9b2K\x1b[8m\rdone\u202edrow\u2066\u2028\udc9b"
"""Clears the screen, renames the window, clears the line (in one character), hides, begins it anew, turns round."""

DECK = f"""\
# A title {CLEARS[:-1]}

```python exec
print("{CLEARS[:-1].replace(chr(13), "").replace(chr(0x2028), "")}")
raise_nothing = 1
```

[a](images/{CLEARS[:12]}.png)

![a](images/{CLEARS[:12]}.png)

```python exec such{CLEARS[:10]}=1
1
```
"""


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeKernels:
    monkeypatch.setenv("NO_COLOR", "1")
    made = project(tmp_path, DECK, monkeypatch)
    theme = tmp_path / "templates" / "themes" / f"own{CLEARS[:10]}"
    theme.mkdir(parents=True)
    (theme / "theme.css").write_text(f"/* A theme {CLEARS[:-1]}. */", encoding="utf-8")
    return made


COMMANDS = [
    ("parse", "talk"),
    ("parse", "talk", "--json"),
    ("check", "talk", "--no-browser"),
    ("check", "talk", "--no-browser", "--output-format", "concise"),
    ("check", "talk", "--no-browser", "--output-format", "github"),
    ("check", "talk", "--no-browser", "--output-format", "json"),
    ("check", "talk", "--no-browser", "--output-format", "sarif"),
    ("run", "talk"),
    ("build", "talk", "--exec=never"),
    ("themes",),
    ("config", "show", "talk"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_prints_it_raw(
    kernels: FakeKernels, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    run(command)
    captured = capsys.readouterr()
    assert captured.out or captured.err
    for text in (captured.out, captured.err):
        assert not RAW.findall(text), text


def test_each_part_of_a_finding_is_shown_as_it_is() -> None:
    finding = Finding(
        "x", "error", f"a{CLEARS}b\nc{CLEARS}", Where(f"talk/{CLEARS}.md", 1, 3), f"if {CLEARS} x", 2, f"h{CLEARS}"
    )
    shown = report.render_finding(finding)
    assert not RAW.findall(shown)
    assert shown.count("<U+202E>") == 5
    assert "\x1b[" in report.render_finding(finding, colour=True), "our own colours stay"


def test_programs_are_told_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    report.print_json({"a": CLEARS[:-1]})
    out = capsys.readouterr().out
    assert not RAW.findall(out)
    assert json.loads(out) == {"a": CLEARS[:-1]}


@pytest.mark.parametrize("kind", [PlainProgress, BarProgress])
def test_what_is_said_while_it_builds(kind: type[PlainProgress], monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(sys.stderr, "write", lines.append)
    progress = kind()
    progress.say(f"a server said {CLEARS}")
    progress.close()
    assert not RAW.findall("".join(one for one in lines if "server" in one))
    assert "<U+202E>" in "".join(lines)


def test_words_of_all_languages_stay() -> None:
    words = "naïve\tשלום\u200f العربية\u200e 한국어 👩\u200d👧 e\u0301\n"
    assert harmless(words) == words


def test_code_is_shown_as_it_runs(tmp_path: Path) -> None:
    """CVE-2021-42574: on slides, on the lesson's page and in titles."""
    from deckcast.markup import Code
    from deckcast.parse import compose, script_of
    from deckcast.publish.page_cells import coloured
    from deckcast.render.highlight import Painter
    from deckcast.settings import Settings

    code = 'if a != "user\u202e \u2066# admins\u2069 \u2066":'
    for shown in (Painter()(Code(code, "python", "python", frozenset(), None)), coloured(code, "python")):
        text = html.unescape(re.sub("<[^>]*>", "", shown)).strip()
        assert text == 'if a != "user<U+202E> <U+2066># admins<U+2069> <U+2066>":'
    deck = compose(
        script_of([("deck.md", "# One \u202eowt\n\n---\n\n## **Three** \u2066four")], tmp_path), Settings().slides
    )
    assert [slide.title for slide in deck.slides] == ["One owt", "Three four"]
