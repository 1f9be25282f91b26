"""Templates of a stranger's theme that never end, or take all memory, are told with their line; others are filled."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from deckcast import filling, filling_apart
from deckcast.errors import TemplateError
from deckcast.theme import Theme, find_theme, shipped
from theme.test_theme import VALUES

TOLD = {
    "endless": "is not done after 1 seconds of computing",
    "round": "without end",
    "large": "more than .* (MB of memory|million characters)",
    "python": "is unsafe|Range too big",
}


def attacks() -> Iterator[tuple[str, str, str]]:
    """(what it is, the template, a key of `TOLD`) of each in `templates.txt`."""
    text = (Path(__file__).parent / "templates.txt").read_text(encoding="utf-8")
    for block in text.strip().split("\n\n")[1:]:
        name, *lines, kind = block.split("\n")
        yield name, "\n".join(lines), kind.removeprefix("= ")


def theme(tmp_path: Path, template: str) -> Theme:
    folder = tmp_path / "themes" / "ö own"
    folder.mkdir(parents=True)
    (folder / "deck.html.j2").write_text(template)
    (folder / "other.j2").write_text("{% include 'deck.html.j2' %}")
    return find_theme("ö own", [tmp_path])


def told(tmp_path: Path, template: str, line: int = 2) -> str:
    with pytest.raises(TemplateError) as caught:
        theme(tmp_path, template).page(**VALUES)
    where = caught.value.finding.where
    assert where is not None
    assert where.path.endswith(".j2"), where
    assert where.line == line, where
    assert caught.value.finding.hint
    return str(caught.value)


@pytest.mark.parametrize(("template", "kind"), [one[1:] for one in attacks()], ids=[one[0] for one in attacks()])
def test_each_is_told_with_its_line(tmp_path: Path, template: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "SECONDS", 1)
    monkeypatch.setattr(filling, "MEMORY", 128 << 20)
    assert re.search(TOLD[kind], told(tmp_path, template))


def test_one_that_is_nested_without_end(tmp_path: Path) -> None:
    assert "nested too deeply" in told(tmp_path, "\n{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", line=1)


def test_one_of_many_bytes_is_not_read(tmp_path: Path) -> None:
    own = theme(tmp_path, "")
    with (own.folders[0] / "deck.html.j2").open("wb") as file:
        file.truncate(filling.HEAVIEST + 1)
    with pytest.raises(TemplateError, match="it has 4 MB, and 4 are the most for a template"):
        own.page(**VALUES)


def test_files_of_a_theme_lead_nowhere_and_weigh_little(tmp_path: Path) -> None:
    own = theme(tmp_path, "")
    before = own.digest
    (own.folders[0] / "zero.svg").symlink_to("/dev/zero")
    (own.folders[0] / "out.svg").symlink_to("/etc/passwd")
    assert find_theme("ö own", [tmp_path]).digest == before
    with (own.folders[0] / "heavy.svg").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(TemplateError, match=r"heavy\.svg has 1,048,576 MB, and 64 are the most"):
        assert find_theme("ö own", [tmp_path]).digest


def test_a_shipped_template_comes_out_alike_in_both_ways(tmp_path: Path) -> None:
    usual = find_theme("light", [])
    own = theme(tmp_path, (shipped() / "themes" / "light" / "deck.html.j2").read_text())
    assert own.page(**VALUES) == usual.page(**VALUES)


def test_it_sees_nothing_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a hole in the sandbox would find the tokens."""
    monkeypatch.setenv("HF_TOKEN", "hf_secret_of_mine")
    given: list[Mapping[str, str]] = []
    real = subprocess.run

    def run(*arguments: Any, **options: Any) -> Any:
        given.append(options["env"])
        return real(*arguments, **options)

    monkeypatch.setattr(filling_apart.subprocess, "run", run)
    assert theme(tmp_path, "{{ 1 }}").page(**VALUES) == "1"
    assert [one.keys() & {"HF_TOKEN", "HOME"} for one in given] == [set()]
