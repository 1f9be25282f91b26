"""Kernels of other languages: bash, and JavaScript by Deno, which shares no code with Python's kernels."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deckcast.engines.kernel_local import LocalKernels
from deckcast.engines.kernel_session import Session
from deckcast.model import Output
from deckcast.ports import Ran
from deckcast.theme import PlotStyle

pytestmark = pytest.mark.slow


def install(place: Path, name: str, language: str, *argv: str) -> None:
    folder = place / "kernels" / name
    folder.mkdir(parents=True)
    spec = {"argv": [*argv, "{connection_file}"], "display_name": name, "language": language}
    (folder / "kernel.json").write_text(json.dumps(spec))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Both, as their own installers would do it, but in a place of the tests'."""
    place = tmp_path_factory.mktemp("jupyter")
    deno = shutil.which("deno", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert deno is not None, "the slow tests need Deno: it is in the group `dev`"
    install(place, "bash", "bash", sys.executable, "-m", "bash_kernel", "-f")
    install(place, "deno", "typescript", deno, "jupyter", "--kernel", "--conn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(place))
        patch.setenv("DENO_DIR", str(place / "deno"))
        yield


def start(language: str, folder: Path) -> Session:
    kernels = LocalKernels("python3", 0, PlotStyle)
    assert kernels.availability(language).works
    return kernels.start(language, folder, ())


@pytest.fixture(scope="module")
def bash(installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    kernel = start("bash", tmp_path_factory.mktemp("bash"))
    yield kernel
    kernel.close()


@pytest.fixture(scope="module")
def javascript(installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    kernel = start("javascript", tmp_path_factory.mktemp("javascript"))
    yield kernel
    kernel.close()


def run(kernel: Session, source: str, *, timeout: float = 30) -> Ran:
    return kernel.run(source, timeout=timeout, limit=10_000)


def value(text: str) -> tuple[Output, ...]:
    return (Output("result", (("text/plain", text),)),)


def text(ran: Ran) -> str:
    return "".join(str(output.get("text/plain")) for output in ran.outputs)


def test_bash_keeps_its_state_and_works_in_the_decks_folder(installed: None, tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("a\nb\n")
    kernel = start("bash", tmp_path)
    try:
        assert run(kernel, "name=world").outputs == ()
        assert text(run(kernel, 'echo "hello $name"; wc -l < data.txt')) == "hello world\n2\n"
    finally:
        kernel.close()


def test_a_command_of_bash_that_fails_has_failed(bash: Session) -> None:
    ran = run(bash, "echo before; ls /no/such/folder")
    assert text(ran).startswith("before\n")
    assert "No such file" in text(ran)
    assert ran.failure is not None
    assert (ran.failure.name, ran.failure.message) == ("Error", "2")
    assert ran.alive


def test_bash_that_takes_too_long_is_interrupted_and_lives(bash: Session) -> None:
    run(bash, "kept=state")
    ran = run(bash, "sleep 60", timeout=1)
    assert ran.failure is not None
    assert (ran.failure.name, ran.alive) == ("Timeout", True)
    assert text(run(bash, 'echo "$kept"')) == "state\n"


def test_a_value_of_bash_is_what_a_command_prints(bash: Session) -> None:
    assert bash.evaluate("echo $((6 * 7))", timeout=30).outputs == value("42")


def test_bash_tells_its_version_and_the_machine(bash: Session) -> None:
    told = bash.provenance()
    assert told.kernel == "bash"
    assert re.fullmatch(r"Bash [\d.]+", told.language)
    assert told.cores >= 1
    assert told.memory > 1 << 30
    assert told.date.endswith("Z")


def test_javascript_keeps_its_state_and_shows_results(javascript: Session) -> None:
    assert run(javascript, "const answer: number = 6 * 7;").failure is None
    assert "42" in text(run(javascript, "answer"))
    assert text(run(javascript, "console.log('printed', answer)")) == "printed 42\n"


def test_a_value_of_javascript_is_its_result_without_colours(javascript: Session) -> None:
    assert javascript.evaluate("6 * 7", timeout=30).outputs == value("42")


def test_javascript_that_fails_says_what_went_wrong(javascript: Session) -> None:
    ran = run(javascript, "null.length")
    assert ran.failure is not None
    assert ran.failure.name == "TypeError"
    assert "null" in ran.failure.message
    assert ran.alive


def test_javascript_tells_its_version(javascript: Session) -> None:
    told = javascript.provenance()
    assert (told.kernel, told.language.split()[0]) == ("deno", "Typescript")
