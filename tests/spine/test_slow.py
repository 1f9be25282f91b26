"""`tests/slow.py`: what fails is run once more, alone; what fails twice fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

COMMAND = Path(__file__).parents[1] / "slow.py"
TESTS = """
import pathlib, pytest

@pytest.fixture
def busy():
    if not pathlib.Path("ran").exists():
        pathlib.Path("ran").touch()
        raise OSError("the machine is busy")

@pytest.mark.slow
def test_a_good_one(): pass

@pytest.mark.slow
def test_on_a_busy_machine(busy): pass

@pytest.mark.slow
@pytest.mark.parametrize("word", ["a::b [c]"])
def test_that_is_wrong(word): assert not pathlib.Path("wrong").exists()

def test_a_quick_one(): raise AssertionError
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -m 'not slow'\nmarkers = slow: takes long\n")
    (tmp_path / "test_it.py").write_text(TESTS)
    return tmp_path


def told(folder: Path) -> tuple[int, list[str]]:
    command = [sys.executable, str(COMMAND), "-n0"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    return ran.returncode, ran.stdout.splitlines()


def test_what_fails_is_run_once_more_and_what_passes_then_is_named(folder: Path) -> None:
    busy, wrong = "test_it.py::test_on_a_busy_machine", "test_it.py::test_that_is_wrong[a::b [c]]"
    (folder / "wrong").touch()
    code, said = told(folder)
    assert code == 1
    assert f"once more, alone: {busy}, {wrong}" in said
    assert said[-1] == f"passed only when run alone: {busy}"
    (folder / "wrong").unlink()
    (folder / "ran").unlink()
    code, said = told(folder)
    assert code == 0
    assert f"once more, alone: {busy}" in said, "an earlier run's failures count no longer"
    assert said[-1] == f"passed only when run alone: {busy}"


def test_what_breaks_the_run_itself_is_not_tried_again(folder: Path) -> None:
    (folder / "test_it.py").write_text("import nothing_of_this_name\n")
    code, said = told(folder)
    assert code == 2
    assert not [line for line in said if line.startswith("once more")]
