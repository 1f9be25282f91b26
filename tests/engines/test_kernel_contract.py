"""What every kernel must do, held by the fake, by a real one here, and by a real one on a Jupyter server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.seats import on_a_worker
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.engines.kernel_local import LocalKernels
from deckcast.errors import KernelError
from deckcast.model import Output
from deckcast.ports import Kernel, Kernels, Ran
from deckcast.stages import Silence
from deckcast.theme import PlotStyle
from engines.jupyter import TOKEN, jupyter_server

KINDS = [
    "fake",
    "fake on a worker",
    pytest.param("local", marks=pytest.mark.slow),
    pytest.param("local on a worker", marks=pytest.mark.slow),
    pytest.param("server", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deck")
    (folder / "data.txt").write_text("from the file")
    return folder


@pytest.fixture(scope="module", params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernels]:
    os.environ.pop(
        "PYTEST_CURRENT_TEST", None
    )  # where it is set, ipykernel does not look at what child processes write
    kernels: Kernels
    if request.param == "fake":
        kernels = FakeKernels()
    elif request.param.endswith("on a worker"):
        with pytest.MonkeyPatch.context() as patch:
            if request.param.startswith("fake"):
                patch.setattr("deckcast.cluster.seat.LocalKernels", lambda *_: FakeKernels())
            with on_a_worker(tmp_path_factory.mktemp("store")) as kernels:
                yield kernels
        return
    elif request.param == "local":
        kernels = LocalKernels("python3", 0, PlotStyle)
    else:
        from deckcast.engines.kernel_server import ServerKernels

        with pytest.MonkeyPatch.context() as patch, jupyter_server(tmp_path_factory.mktemp("server")) as url:
            patch.setenv("DECKCAST_KERNEL_TOKEN", TOKEN)
            kernels = ServerKernels(url, "python3", PlotStyle, Silence())
            yield kernels
            kernels.close()
        return
    yield kernels
    kernels.close()


@pytest.fixture(scope="module")
def kernel(place: Kernels, deck: Path) -> Iterator[Kernel]:
    started = place.start("python", deck, ("data.txt",))
    yield started
    started.close()


def run(kernel: Kernel, source: str, *, timeout: float = 30, limit: int = 10_000) -> Ran:
    return kernel.run(source, timeout=timeout, limit=limit)


def real(place: Kernels) -> bool:
    """Whether it does what a cell says; the fake does what a comment says."""
    return "for tests" not in place.availability("python").reason


def text(ran: Ran) -> str:
    return "".join(str(output.get("text/plain")) for output in ran.outputs)


def test_the_place_has_a_name_and_runs_python(place: Kernels) -> None:
    assert place.name
    assert place.availability("python").works


def test_a_language_that_it_cannot_run_is_told_and_not_started(place: Kernels, deck: Path) -> None:
    answer = place.availability("brainfuck")
    assert not answer.works
    assert "brainfuck" in answer.reason
    assert answer.mend
    with pytest.raises(KernelError, match="brainfuck") as caught:
        place.start("brainfuck", deck, ())
    assert caught.value.finding.hint


def test_it_keeps_the_state_of_earlier_runs(kernel: Kernel) -> None:
    assert run(kernel, "a = 20").outputs == ()
    ran = run(kernel, "a + 1")
    assert ran.outputs == (Output("result", (("text/plain", "21"),)),)
    assert (ran.failure, ran.dropped, ran.alive) == (None, 0, True)
    assert ran.seconds >= 0


def test_runs_are_counted(kernel: Kernel) -> None:
    first = run(kernel, "pass").count
    assert [run(kernel, "pass").count, run(kernel, "pass").count] == [first + 1, first + 2]


def test_outputs_keep_their_kinds_and_order(kernel: Kernel) -> None:
    source = "import sys\nprint('one')\nprint('two')\nprint('oh', file=sys.stderr)\ndisplay(3)\nprint('four')\n5"
    assert [(output.kind, output.get("text/plain")) for output in run(kernel, source).outputs] == [
        ("stdout", "one\ntwo\n"),
        ("stderr", "oh\n"),
        ("display", "3"),
        ("stdout", "four\n"),
        ("result", "5"),
    ]


def test_values_are_shown_in_all_their_forms(kernel: Kernel) -> None:
    source = (
        "class Shown:\n    def _repr_html_(self): return '<b>x</b>'\n"
        "    def _repr_png_(self): return b'png'\n    def __repr__(self): return 'plain'\nShown()"
    )
    assert run(kernel, source).outputs == (
        Output("result", (("image/png", b"png"), ("text/html", "<b>x</b>"), ("text/plain", "plain"))),
    )


def test_a_failure_says_what_and_where_and_the_state_stays(kernel: Kernel) -> None:
    ran = run(kernel, "b = 7\nprint('before')\n1 / 0\nprint('never')")
    assert ran.failure is not None
    assert (ran.failure.name, ran.failure.message, ran.failure.line) == ("ZeroDivisionError", "division by zero", 3)
    assert f"Cell In[{ran.count}], line 3" in ran.failure.traceback
    assert (text(ran), ran.alive) == ("before\n", True)
    assert text(run(kernel, "print(b)")) == "7\n"


def test_more_output_than_allowed_is_cut_and_counted(kernel: Kernel) -> None:
    ran = run(kernel, "print('x' * 500)", limit=100)
    assert (text(ran), ran.dropped, ran.failure) == ("x" * 100, 401, None)


def test_it_has_the_files_it_was_given(kernel: Kernel) -> None:
    assert text(run(kernel, "from pathlib import Path\nprint(Path('data.txt').read_text())")) == "from the file\n"


def test_a_value_is_text_as_str_writes_it(kernel: Kernel) -> None:
    run(kernel, "word = 'wörd'")
    assert kernel.evaluate("word", timeout=30).outputs == (Output("result", (("text/plain", "wörd"),)),)
    assert kernel.evaluate("round(2 / 3, 2)", timeout=30).outputs[0].get("text/plain") == "0.67"


def test_a_value_that_fails_is_told(kernel: Kernel) -> None:
    ran = kernel.evaluate("1 / 0", timeout=30)
    assert ran.failure is not None
    assert (ran.failure.name, ran.failure.message, ran.outputs, ran.alive) == (
        "ZeroDivisionError",
        "division by zero",
        (),
        True,
    )


def test_it_says_where_it_runs(kernel: Kernel) -> None:
    told = kernel.provenance()
    assert told.kernel == "python3"
    assert told.language.startswith("Python 3.")
    assert told.date.endswith("Z")
    assert told.cores >= 1


def test_what_takes_too_long_is_stopped_and_the_kernel_lives(place: Kernels, kernel: Kernel) -> None:
    ran = run(kernel, f"# fake: timeout\nimport time\nif {real(place)}: time.sleep(60)", timeout=1)
    assert ran.failure is not None
    assert (ran.failure.name, ran.failure.message, ran.alive) == ("Timeout", "it took longer than 1 s", True)
    assert text(run(kernel, "print('lives')")) == "lives\n"


def test_what_is_printed_when_a_run_has_ended_is_late(place: Kernels, kernel: Kernel) -> None:
    thread = "threading.Thread(target=lambda: (over.wait(), print('some words')))"
    make = f"over = threading.Event(); late = {thread}; late.start()"
    first = run(kernel, f"# fake: late some words\nimport threading, time\nif {real(place)}: {make}")
    second = run(kernel, f"if {real(place)}: over.set(); late.join(); time.sleep(0.3)\nprint('own')")
    assert (text(first), text(second)) == ("", "own\n")
    assert kernel.late() == ((first.count, "some words\n"),)
    assert kernel.late() == ()


def test_a_kernel_that_has_died_says_so_once_and_runs_nothing_more(place: Kernels, deck: Path) -> None:
    kernel = place.start("python", deck, ())
    try:
        ran = run(kernel, f"# fake: die\nimport os\nif {real(place)}: os._exit(3)")
        assert ran.failure is not None
        assert (ran.failure.name, ran.alive) == ("KernelDied", False)
        for ask in (lambda: run(kernel, "1"), lambda: kernel.evaluate("1", timeout=5)):
            with pytest.raises(KernelError):
                ask()
        assert kernel.late() == ()
    finally:
        kernel.close()


def test_kernels_know_nothing_of_each_other(place: Kernels, kernel: Kernel, deck: Path) -> None:
    run(kernel, "mine = 1")
    other = place.start("python", deck, ())
    try:
        failure = run(other, "mine").failure
        assert failure is not None
        assert failure.name == "NameError"
    finally:
        other.close()


def test_closing_twice_is_harmless_and_nothing_runs_behind_it(place: Kernels, deck: Path) -> None:
    kernel = place.start("python", deck, ())
    kernel.close()
    kernel.close()
    with pytest.raises(KernelError):
        run(kernel, "1")


@pytest.mark.parametrize("need", ["gpu"])
def test_a_need_is_answered_the_same_way_each_time(place: Kernels, need: str) -> None:
    answer = place.meets(need)
    assert answer.reason
    assert place.meets(need) == answer
