"""Which installed kernel runs a language, and what is said where there is none."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from deckcast.engines import kernel_specs
from deckcast.engines.kernel_specs import availability, find, installed


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where kernels are installed, but for the Python that runs the tests."""
    from jupyter_client.kernelspec import KernelSpecManager

    monkeypatch.setattr(KernelSpecManager, "_kernel_dirs_default", lambda self: [str(tmp_path)])
    monkeypatch.setattr(KernelSpecManager, "ensure_native_kernel", False)
    return tmp_path


def install(shelf: Path, name: str, language: str, **more: Any) -> None:
    spec = {"argv": ["run", "{connection_file}"], "display_name": name, "language": language, **more}
    (shelf / name).mkdir()
    (shelf / name / "kernel.json").write_text(json.dumps(spec))


def test_python_runs_in_the_kernel_that_the_settings_name(shelf: Path) -> None:
    install(shelf, "course", "python")
    found = find("python", "course")
    assert found is not None
    assert (found.name, found.argv) == ("course", ("run", "{connection_file}"))


def test_python3_is_the_python_that_runs_deckcast_where_no_other_is_installed(shelf: Path) -> None:
    native = find("python", "python3")
    assert native is not None
    assert native.argv[0] == sys.executable
    assert native.native
    install(shelf, "python3", "python")
    own = find("python", "python3")
    assert own is not None
    assert own.argv[0] == "run"


def test_a_kernel_that_is_not_there_is_told_with_those_that_are(shelf: Path) -> None:
    install(shelf, "bash", "bash")
    answer = availability("python", "course")
    assert not answer.works
    assert answer.reason == "there is no Jupyter kernel `course` here (there are: `bash`)"
    assert "ipykernel install" in answer.mend


def test_a_kernel_for_python_must_speak_python(shelf: Path) -> None:
    install(shelf, "ir", "R")
    answer = availability("python", "ir")
    assert (answer.works, answer.reason) == (False, "the Jupyter kernel `ir` runs r, not Python")


@pytest.mark.parametrize(
    ("language", "name"),
    [("bash", "bash"), ("sh", "bash"), ("r", "ir"), ("julia", "julia-1.11"), ("typescript", "deno"), ("js", "deno")],
)
def test_other_languages_run_in_the_kernel_of_that_name_or_language(shelf: Path, language: str, name: str) -> None:
    install(shelf, "bash", "bash")
    install(shelf, "ir", "R")
    install(shelf, "julia-1.11", "Julia")
    install(shelf, "deno", "typescript")
    found = find(language, "python3")
    assert found is not None
    assert found.name == name
    assert availability(language, "python3").works


def test_a_language_without_a_kernel_is_told_with_the_command_that_mends_it(shelf: Path) -> None:
    install(shelf, "ir", "R")
    answer = availability("bash", "python3")
    assert answer.reason == "there is no Jupyter kernel for bash here (there are: `ir`)"
    assert answer.mend.startswith(f"{sys.executable} -m pip install bash_kernel")
    assert "lists kernels of all languages" in availability("brainfuck", "python3").mend


def test_a_missing_library_is_told_with_the_command_that_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ipykernel" else object())
    answer = availability("python", "python3")
    assert (answer.works, answer.reason) == (False, "cells cannot run without ipykernel")
    assert answer.mend == f"{sys.executable} -m pip install ipykernel"


def test_specs_are_read_whole(shelf: Path) -> None:
    install(
        shelf,
        "full",
        "Full",
        argv=["python3", "{resource_dir}/run", "{prefix}", "{connection_file}"],
        env={"A": "${HOME}/a"},
        interrupt_mode="message",
        metadata={"debugger": True},
        codemirror_mode="an old field",
    )
    spec = installed()["full"]
    assert spec.argv == (sys.executable, f"{shelf}/full/run", sys.prefix, "{connection_file}")
    assert (spec.language, dict(spec.env), spec.interrupt) == ("full", {"A": "${HOME}/a"}, "message")


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"argv": 3}', '{"argv": []}', "\udcff"])
def test_a_spec_that_is_broken_is_none(shelf: Path, content: str) -> None:
    (shelf / "broken").mkdir()
    (shelf / "broken" / "kernel.json").write_bytes(content.encode(errors="surrogateescape"))
    install(shelf, "whole", "whole")
    assert set(installed()) == {"whole"}


def test_only_what_uses_ipykernel_is_talked_to_over_a_folder() -> None:
    argv = ("/usr/bin/python3", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}")
    assert kernel_specs.Spec("a", argv, "python").native
    assert not kernel_specs.Spec("b", ("python3", "-m", "bash_kernel", "-f", "{connection_file}"), "bash").native
