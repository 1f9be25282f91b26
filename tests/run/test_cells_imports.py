"""Which of the deck's own modules its cells import."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.model import Cell, Where
from deckcast.run.cells import local_files


def imported(folder: Path, *sources: str, language: str = "python") -> tuple[str, ...]:
    where = Where("p.md", 1)
    return local_files([Cell(n, language, source, (where,), where, 1) for n, source in enumerate(sources, 1)], folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "models.py": "import numpy\nfrom layers.attention import heads\n",
        "plots.py": "x = 1\n",
        "layers/__init__.py": "from . import base\n",
        "layers/base.py": "",
        "layers/attention.py": "from .base import x\n",
        "layers/deep/__init__.py": "from .. import other\nfrom ..other import z\n",
        "layers/other.py": "",
        "names/only.py": "",
        "broken.py": "import plots\ndef f(:\n",
        "binary.py": "\0import plots\n",
        "loop_a.py": "import loop_b\n",
        "loop_b.py": "import loop_a\n",
        "images/a.svg": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_imports_are_followed_through_modules_and_packages(folder: Path) -> None:
    assert imported(folder, "import models") == (
        "layers/__init__.py",
        "layers/attention.py",
        "layers/base.py",
        "models.py",
    )
    assert imported(folder, "from layers.deep import x") == (
        "layers/__init__.py",
        "layers/base.py",
        "layers/deep/__init__.py",
        "layers/other.py",
    )
    assert imported(folder, "import names.only as n") == ("names/only.py",)


@pytest.mark.parametrize(
    "source",
    [
        "import plots",
        "import os, plots as p",
        "from plots import *",
        "def f():\n    if True:\n        import plots",
        "try:\n    from plots import x\nexcept ImportError:\n    pass",
        "%matplotlib inline\nimport plots",
        "!ls\nimport plots\nfiles = !ls\nwhat = %time 3\nplots?",
        "%%time\nimport plots",
        "if True:\n    !ls\n    %time x\nimport plots",
        "await x\nimport plots",
        "import plots\nthis is no Python",
        "%run -i plots.py",
        "%run ./plots.py",
        "import importlib\nimportlib.import_module('plots')",
        "__import__('plots')",
        "x = '\\d'\nimport plots",
        "x = 7\nx %= 3\nprint(x\n  % 2)\nimport plots",
    ],
)
def test_every_way_to_import_counts(folder: Path, source: str) -> None:
    assert imported(folder, source) == ("plots.py",)


@pytest.mark.parametrize(
    "source",
    ["import numpy", "import images", "import images.a", "from . import x", "import é.ü", "'import plots'", "x", ""],
)
def test_what_is_not_there_is_none(folder: Path, source: str) -> None:
    assert imported(folder, source) == ()


def test_several_cells_name_each_file_once(folder: Path) -> None:
    assert imported(folder, "import plots", "import plots, loop_a") == ("loop_a.py", "loop_b.py", "plots.py")


def test_only_python_is_looked_at(folder: Path) -> None:
    assert imported(folder, "import plots", language="julia") == ()


def test_what_is_no_python_is_searched_by_line_and_does_not_stop(folder: Path) -> None:
    assert imported(folder, "import broken") == ("broken.py", "plots.py")
    assert imported(folder, "import binary") == ("binary.py",)
    assert imported(folder, "(" * 5000) == ()
    assert imported(folder, "-" * 100_000 + "1\nimport plots") == ("plots.py",)
    assert imported(folder, "\udcff\nimport plots") == ("plots.py",)


def test_a_module_that_lies_elsewhere_is_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.py"
    outside.write_text("")
    (folder / "secret.py").symlink_to(outside)
    assert imported(folder, "import secret") == ()


@pytest.fixture
def chapter(tmp_path: Path) -> Path:
    files = {
        "chapters/one/own.py": "import common.models\n",
        "chapters/one/both.py": "",
        "chapters/both.py": "",
        "chapters/tools.py": "from own import x\n",
        "chapters/common/__init__.py": "",
        "chapters/common/models.py": "from .texts import y\nimport own\n",
        "chapters/common/texts.py": "",
        "secret.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "chapters" / "led.py").symlink_to(tmp_path / "secret.py")
    return tmp_path / "chapters" / "one"


def test_chapters_share_the_modules_beside_them(chapter: Path) -> None:
    shared = ("../common/__init__.py", "../common/models.py", "../common/texts.py", "own.py")
    assert imported(chapter, "from common.models import z") == shared
    assert imported(chapter, "import own") == shared
    assert imported(chapter, "import tools") == ("../common/__init__.py", *shared[1:3], "../tools.py", "own.py")
    assert imported(chapter, "import both") == ("both.py",), "the deck's own comes first"
    assert imported(chapter, "import led, secret") == (), "links lead nowhere"


def test_only_chapters_share_modules(chapter: Path) -> None:
    apart = chapter.parent.parent / "talks" / "one"
    apart.mkdir(parents=True)
    (apart.parent / "tools.py").write_text("")
    assert imported(apart, "import tools") == ()
