"""What `make lesson` installs, with a Python that only writes down what it is asked to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"
PYTHON = """\
#!/bin/sh
echo "$@" >>asked
case "$*" in
*"import torch"*) {torch} ;;
*"index versions"*) {index} ;;
esac
"""
THE_EXTRA = [
    "--quiet --require-hashes --no-deps -r generator/locks/transformers.txt",
    "--quiet --editable .[transformers]",
]
CPU = "https://download.pytorch.org/whl/cpu"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder in which everything but the extra is installed."""
    shutil.copy(MAKEFILE, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    for name in ("deckcast", "transformers", "dev"):
        lock = tmp_path / "generator" / "locks" / f"{name}.txt"
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
        os.utime(lock, (0, 0))
    for name in ("python", "deckcast"):
        program(tmp_path, name)
    (tmp_path / ".venv" / ".installed").touch()
    return tmp_path


def program(folder: Path, name: str = "python", *, torch: str = "exit 1", index: str = "exit 1") -> None:
    path = folder / ".venv" / "bin" / name
    path.write_text(PYTHON.format(torch=torch, index=index))
    path.chmod(0o755)
    os.utime(path, (0, 0))
    os.utime(folder / "pyproject.toml", (0, 0))


def make(folder: Path, *arguments: str) -> tuple[str, list[str]]:
    """What make says, and what it asked of Python."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "EXEC", "TORCH"))}
    ran = subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    asked = folder / "asked"
    return ran.stdout, asked.read_text().splitlines() if asked.exists() else []


def installs(asked: list[str]) -> list[str]:
    return [line.partition(" install ")[2] for line in asked if " install " in line]


def test_replaying_installs_nothing(checkout: Path) -> None:
    _, asked = make(checkout, "lesson", "EXEC=never")
    assert asked == ["doctor --fix", "build chapters/01-nlp-llms-and-transformers --exec=never"]
    _, asked = make(checkout, "course", "EXEC=never")
    assert asked[-1] == "build --exec=never"


def test_checking_the_chapters_installs_nothing_that_runs_them(checkout: Path) -> None:
    _, asked = make(checkout, "check")
    assert asked == ["doctor --fix", "check --strict"]


@pytest.mark.parametrize("mode", ["always", "auto", "verify"])
def test_running_installs_the_extra_once(checkout: Path, mode: str) -> None:
    given = [] if mode == "always" else [f"EXEC={mode}"]
    _, asked = make(checkout, "lesson", *given)
    assert installs(asked)[-1] == "--quiet --editable .[transformers]"
    assert asked[-1] == f"build chapters/01-nlp-llms-and-transformers --exec={mode}"
    _, again = make(checkout, "lesson", *given)
    assert again[len(asked) :] == asked[-2:]


linux = pytest.mark.skipif(sys.platform != "linux", reason="only there does pip's own PyTorch bring NVIDIA's libraries")


@linux
def test_without_a_gpu_the_newest_pytorch_for_processors_is_taken(checkout: Path) -> None:
    program(checkout, index="echo 'torch (2.15.0)'; echo 'Available versions: 2.15.0, 2.14.1+cpu, 2.13.0+cpu'")
    said, asked = make(checkout, "lesson", "GPU=false")
    assert installs(asked)[0] == f"-qq --no-deps --index-url {CPU} --retries 1 torch==2.14.1+cpu"
    assert "installing PyTorch 2.14.1+cpu, for processors alone" in said


@linux
def test_another_address_is_asked_when_it_is_named_and_none_when_it_is_empty(checkout: Path) -> None:
    program(checkout, index="echo 'torch (2.14.1+cpu)'")
    _, asked = make(checkout, "lesson", "GPU=false", "TORCH_CPU=https://mirror.example/cpu")
    assert installs(asked)[0] == "-qq --no-deps --index-url https://mirror.example/cpu --retries 1 torch==2.14.1+cpu"
    (checkout / ".venv" / ".transformers").unlink()
    _, again = make(checkout, "lesson", "GPU=false", "TORCH_CPU=")
    assert installs(again[len(asked) :])[0] == "-qq --no-deps torch==2.14.1+cpu"


@linux
@pytest.mark.parametrize("index", ["exit 1", "echo 'torch (2.15.0)'"])
def test_where_there_is_none_pips_own_is_taken_and_its_size_is_told(checkout: Path, index: str) -> None:
    program(checkout, index=index)
    said, asked = make(checkout, "lesson", "GPU=false")
    assert installs(asked) == THE_EXTRA
    assert "taking pip's own, with NVIDIA's libraries (about 3 GB)" in said


@pytest.mark.parametrize(("gpu", "torch"), [("true", "exit 1"), ("false", "exit 0")])
def test_with_a_gpu_or_a_pytorch_no_other_build_is_looked_for(checkout: Path, gpu: str, torch: str) -> None:
    program(checkout, torch=torch)
    _, asked = make(checkout, "lesson", f"GPU={gpu}")
    assert installs(asked) == THE_EXTRA
    assert not [line for line in asked if "index versions" in line]
