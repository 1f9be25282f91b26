"""The program that lays out graphs: what it is given, and what becomes of it when it is missing, slow or broken."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from deckcast.engines.graphviz_program import Graphviz
from deckcast.errors import GraphError
from deckcast.render.graphviz import DEFAULTS
from deckcast.theme import find_theme

FONTS = find_theme("light", ()).plots.fonts


def program(folder: Path, body: str) -> str:
    """A `dot` of our own."""
    path = folder / "dot"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_without_the_program_it_is_told_how_to_get_it() -> None:
    graphs = Graphviz("no-such-program")
    found = graphs.availability()
    assert not found.works
    assert "is not installed" in found.reason
    with pytest.raises(GraphError, match="not installed") as caught:
        graphs.lay_out("digraph {}", (), ())
    assert caught.value.exit_code == 3
    assert "graphviz" in caught.value.finding.hint


def test_another_program_of_that_name_is_none(tmp_path: Path) -> None:
    graphs = Graphviz(program(tmp_path, "print('polka')"))
    with pytest.raises(GraphError, match="is no Graphviz"):
        _ = graphs.identity


def test_its_version_names_it(tmp_path: Path) -> None:
    graphs = Graphviz(program(tmp_path, "print('dot - graphviz version 12.1.0 (2024)', file=sys.stderr)"))
    assert graphs.identity == "graphviz 12.1.0"


def test_it_works_in_an_empty_folder_with_the_fonts_it_is_given(tmp_path: Path) -> None:
    body = (
        "seen = [sys.argv[1:], sorted(os.listdir()), len(os.listdir('fonts')), os.environ['SERVER_NAME'],"
        " sorted(name for name in os.environ if 'TOKEN' in name)]\nprint(seen, sys.stdin.read())"
    )
    found = Graphviz(program(tmp_path, body)).lay_out("digraph {}", ["Nshape=box"], FONTS)
    assert found.svg.strip() == (
        f"[['-Tsvg', '-Nshape=box'], ['fonts', 'fonts.conf'], {len(FONTS)}, 'deckcast', []] digraph {{}}"
    )


def test_one_that_hangs_is_stopped(tmp_path: Path) -> None:
    found = Graphviz(program(tmp_path, "time.sleep(60)"), seconds=0.3).lay_out("digraph {}", (), ())
    assert found.slow


def test_one_that_crashes_or_complains_is_told(tmp_path: Path) -> None:
    found = Graphviz(program(tmp_path, "os.abort()")).lay_out("digraph {}", (), ())
    assert (found.svg, "crashed" in found.said) == ("", True)
    body = "print('half'); print('Error: <stdin>: syntax error in line 1', file=sys.stderr); sys.exit(1)"
    found = Graphviz(program(tmp_path, body)).lay_out("digraph {", (), ())
    assert (found.svg, found.said) == ("", "Error: <stdin>: syntax error in line 1\n")


@pytest.mark.slow
def test_the_real_one_measures_in_the_themes_font_and_reads_no_file(tmp_path: Path) -> None:
    graphs = Graphviz()
    if not graphs.availability().works:
        pytest.skip("Graphviz is not installed")
    wide, narrow = (
        float(re.search(r'width="(\d+)pt"', graphs.lay_out(source, DEFAULTS, FONTS).svg)[1])  # type: ignore[index]
        for source in ('digraph { a [label="WWWWWWWWWW"] }', 'digraph { a [label="iiiiiiiiii"] }')
    )
    assert wide > 1.5 * narrow
    picture = tmp_path / "a.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="4321" height="4321"/>', encoding="utf-8")
    found = graphs.lay_out(f'digraph {{ a [image="{picture}"] }}', DEFAULTS, FONTS)
    assert "432" not in found.svg
    assert graphs.lay_out("digraph { a -> b }", DEFAULTS, FONTS) == graphs.lay_out(
        "digraph { a -> b }", DEFAULTS, FONTS
    )
