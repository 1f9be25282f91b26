"""What a real Python kernel on this machine does with all that cells can do to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deckcast.engines.kernel_local import LocalKernels
from deckcast.engines.kernel_session import Session
from deckcast.errors import KernelError
from deckcast.ports import Ran
from deckcast.theme import PlotStyle

pytestmark = pytest.mark.slow

GIB = 1 << 30


def start(folder: Path, *, memory: float = 0) -> Session:
    os.environ.pop(
        "PYTEST_CURRENT_TEST", None
    )  # where it is set, ipykernel does not look at what child processes write
    return LocalKernels("python3", memory, PlotStyle).start("python", folder, ())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """For what leaves a kernel in order."""
    kernel = start(tmp_path_factory.mktemp("deck"))
    yield kernel
    kernel.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Session]:
    """For what does not."""
    kernel = start(tmp_path)
    yield kernel
    kernel.close()


def test_modules_of_all_chapters_can_be_imported_behind_the_decks_own(tmp_path: Path) -> None:
    chapter = tmp_path / "chapters" / "one"
    chapter.mkdir(parents=True)
    (chapter / "own.py").write_text("WHO = 'the deck'\n")
    (chapter.parent / "own.py").write_text("WHO = 'all'\n")
    (chapter.parent / "tools.py").write_text("import jinja2\nWHO = 'all'\n")
    kernel = start(chapter)
    try:
        assert printed(run(kernel, "import own, tools; print(own.WHO, tools.WHO)")) == "the deck all\n"
        assert "jinja2" in {name.lower() for name, _ in kernel.provenance().versions}
    finally:
        kernel.close()


def run(kernel: Session, source: str, *, timeout: float = 30, limit: int = 100_000) -> Ran:
    return kernel.run(textwrap.dedent(source), timeout=timeout, limit=limit)


def printed(ran: Ran, kind: str = "stdout") -> str:
    return "".join(str(output.get("text/plain")) for output in ran.outputs if output.kind == kind)


def failure_of(ran: Ran) -> str:
    return ran.failure.name if ran.failure else ""


def gone(pid: int, *, within: float = 60) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


# ── where it works ──


def test_it_works_in_the_decks_folder_with_its_modules(own: Session, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("answer = 42")
    assert printed(run(own, "import helper, os; print(helper.answer, os.getcwd())")) == f"42 {tmp_path}\n"


def test_it_sees_no_secrets_and_no_start_up_files_of_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("mine = 1")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("DECKCAST_KERNEL_TOKEN", "secret")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    kernel = start(tmp_path)
    try:
        ran = run(
            kernel, "import os; print('mine' in dir(), 'secret' in os.environ.values(), os.environ['MPLBACKEND'])"
        )
        assert printed(ran) == "False False module://matplotlib_inline.backend_inline\n"
    finally:
        kernel.close()
    assert not list(home.rglob("history.sqlite"))


def test_sets_print_in_the_same_order_in_each_session(own: Session, shared: Session) -> None:
    source = "print({'a', 'b', 'c', 'd', 'e'})"
    assert printed(run(own, source)) == printed(run(shared, source))


def test_it_knows_where_it_runs(shared: Session) -> None:
    told = shared.provenance()
    assert told.kernel == "python3"
    assert told.language == f"Python {sys.version.split()[0]}"
    assert told.cores >= 1
    assert told.memory > GIB


# ── what is printed ──


def test_words_of_child_processes_are_outputs_of_their_cell(shared: Session) -> None:
    assert printed(run(shared, "import os; _ = os.system('echo one; echo two >&2')")) == "one\n"
    ran = run(shared, "import subprocess; _ = subprocess.run('echo three; echo four >&2', shell=True)")
    assert (printed(ran), printed(ran, "stderr")) == ("three\n", "four\n")
    assert printed(run(shared, "!echo five")).strip() == "five"
    assert printed(run(shared, "%%bash\necho six")) == "six\n"
    assert printed(run(shared, "for _ in range(20): os.system('echo x')")).count("x") == 20


def test_bytes_that_are_no_text_are_marked(shared: Session) -> None:
    assert printed(run(shared, "import os; _ = os.write(1, b'a\\xff\\xfeb\\n')")) == "a��b\n"
    assert printed(run(shared, "import os; _ = os.system(\"printf 'c\\\\377d'\")")) == "c�d"


def test_half_a_character_costs_nothing_else(shared: Session) -> None:
    ran = run(shared, "print('a\\ud800b'); print('c\\udcffd'); 1 / 0")
    assert printed(ran) == "a�b\nc�d\n"
    assert failure_of(ran) == "ZeroDivisionError"


def test_progress_bars_are_their_last_state(shared: Session) -> None:
    ran = run(
        shared,
        """
        from tqdm.auto import tqdm
        for _ in tqdm(range(50), desc="outer"):
            for _ in tqdm(range(2), leave=False):
                pass
        """,
    )
    lines = printed(ran, "stderr").strip().split("\n")
    assert len(lines) == 1
    assert lines[0].startswith("outer: 100%")


def test_pictures_are_bytes_and_updated_displays_are_once_there(shared: Session) -> None:
    ran = run(
        shared,
        """
        from IPython.display import Image, display
        png = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
        display(Image(png, width=40))
        handle = display("first", display_id=True)
        handle.update("last")
        """,
    )
    picture, text = ran.outputs
    assert isinstance(picture.get("image/png"), bytes)
    assert picture.width == 40
    assert text.get("text/plain") == "'last'"


def test_a_finite_flood_is_cut_and_counted(shared: Session) -> None:
    ran = run(shared, "print('x' * 50_000_000)", limit=1000)
    assert (printed(ran), ran.dropped, ran.failure) == ("x" * 1000, 50_000_001 - 1000, None)


@pytest.mark.parametrize("source", ["while True: print('y' * 1000)", "import os; os.system('yes')"])
def test_an_endless_flood_is_stopped_and_the_kernel_lives(shared: Session, source: str) -> None:
    ran = run(shared, source, limit=1000, timeout=60)
    assert failure_of(ran) == "OutputLimit"
    assert ran.seconds < 40
    assert (len(printed(ran)), ran.alive) == (1000, True)
    assert printed(run(shared, "print('next')")) == "next\n"


def test_many_small_displays_lose_nothing(shared: Session) -> None:
    ran = run(shared, "for number in range(5000): display(number)")
    assert [output.get("text/plain") for output in ran.outputs] == [str(number) for number in range(5000)]


# ── threads ──


def test_what_a_thread_prints_late_is_in_no_other_cell(shared: Session) -> None:
    first = run(
        shared,
        """
        import threading, time
        begun, next = threading.Event(), threading.Event()
        def speak():
            print("at once"); begun.set(); next.wait(); print("late"); display("later")
        thread = threading.Thread(target=speak); thread.start(); _ = begun.wait()
        """,
    )
    second = run(shared, "next.set(); thread.join(); time.sleep(0.3); print('own')")
    assert (printed(first), printed(second)) == ("at once\n", "own\n")
    assert len(second.outputs) == 1
    assert shared.late() == ((first.count, "late\n"),)


def test_a_thread_pool_speaks_for_the_cell_whose_work_it_does(shared: Session) -> None:
    run(
        shared,
        "from concurrent.futures import ThreadPoolExecutor; pool = ThreadPoolExecutor(2); pool.submit(int).result()",
    )
    assert set(printed(run(shared, "_ = list(pool.map(print, 'ab'))"))) == {"a", "b", "\n"}
    run(shared, "pool.shutdown()")
    assert shared.late() == ()


# ── what fails ──


def test_failures_have_their_line(shared: Session) -> None:
    ran = run(shared, "def f():\n    return 1 / 0\n\nf()")
    assert ran.failure is not None
    assert (ran.failure.name, ran.failure.message, ran.failure.line) == ("ZeroDivisionError", "division by zero", 2)
    assert f"Cell In[{ran.count}], line 4" in ran.failure.traceback
    assert "\x1b" not in ran.failure.traceback
    syntax = run(shared, "x = 1\nx = (").failure
    assert syntax is not None
    assert (syntax.name, syntax.line) == ("SyntaxError", 2)


@pytest.mark.parametrize("source", ["input('name? ')", "import getpass; getpass.getpass()"])
def test_a_cell_that_asks_is_told_that_nobody_answers(shared: Session, source: str) -> None:
    failure = run(shared, source).failure
    assert failure is not None
    assert "without anybody to answer" in failure.message


@pytest.mark.parametrize("source", ["exit()", "quit()", "exit", "%exit", "import sys; sys.exit(3)"])
def test_leaving_ends_no_kernel(shared: Session, source: str) -> None:
    assert run(shared, "kept = 1").alive
    assert run(shared, source).alive
    time.sleep(0.3)
    assert printed(run(shared, "print(kept)")) == "1\n"


def test_deep_recursion_is_told_quickly(shared: Session) -> None:
    begun = time.monotonic()
    ran = run(shared, "def f(n):\n    return f(n + 1)\nf(0)")
    assert failure_of(ran) == "RecursionError"
    assert time.monotonic() - begun < 60, "a hang guard: it takes a second or so"


def test_an_expression_leaves_no_trace(shared: Session) -> None:
    run(shared, "a = 20")
    assert shared.evaluate("a + 1", timeout=30).outputs[0].get("text/plain") == "21"
    assert failure_of(shared.evaluate("a / 0", timeout=30)) == "ZeroDivisionError"
    assert failure_of(shared.evaluate("while", timeout=30)) == "SyntaxError"
    assert failure_of(shared.evaluate("__import__('time').sleep(20)", timeout=0.3)) == "Timeout"
    assert printed(run(shared, "print([name for name in dir() if 'deckcast' in name], In[-1][:5], a)")).endswith("20\n")


# ── limits ──


def test_an_endless_loop_is_interrupted_and_the_kernel_lives(shared: Session) -> None:
    run(shared, "kept = 'state'")
    ran = run(shared, "while True: pass", timeout=0.5)
    assert ran.failure is not None
    assert (ran.failure.name, ran.failure.line, ran.alive) == ("Timeout", 1, True)
    assert printed(run(shared, "print(kept)")) == "state\n"


@pytest.mark.parametrize(
    "source",
    [
        "import itertools; sum(itertools.repeat(1.0))",
        "import time\nwhile True:\n    try: time.sleep(60)\n    except KeyboardInterrupt: pass",
    ],
    ids=["a loop in C", "an interrupt that is swallowed"],
)
def test_what_does_not_stop_is_killed(own: Session, source: str) -> None:
    ran = run(own, source, timeout=0.5)
    assert ran.failure is not None
    assert ran.failure.name == "Timeout"
    assert "its kernel was ended" in ran.failure.message
    assert not ran.alive
    with pytest.raises(KernelError, match="has ended"):
        run(own, "1")


def test_too_large_an_allocation_is_an_error_that_a_cell_can_catch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deckcast.engines.kernel_memory._DRIVERS", ())
    kernel = start(tmp_path, memory=0.5)
    try:
        ran = run(kernel, "try:\n    b = bytearray(1 << 30)\nexcept MemoryError:\n    print('caught')")
        assert (printed(ran), ran.failure) == ("caught\n", None)
        assert failure_of(run(kernel, "b = bytearray(1 << 30)")) == "MemoryError"
        assert printed(run(kernel, "print('lives')")) == "lives\n"
    finally:
        kernel.close()


CHILDREN = """
import subprocess, sys, time
code = "x = bytearray(300 << 20); import time; time.sleep(30)"
children = [subprocess.Popen([sys.executable, "-c", code], start_new_session=True) for _ in range(3)]
print(*[child.pid for child in children], flush=True)
time.sleep(30)
"""


def test_children_that_take_too_much_end_the_kernel_and_themselves(tmp_path: Path) -> None:
    kernel = start(tmp_path, memory=0.6)
    try:
        ran = run(kernel, CHILDREN)
        assert ran.failure is not None
        assert ran.failure.name == "MemoryLimit"
        assert "may use 0.6" in ran.failure.message
        assert not ran.alive
        assert ran.peak > 0.6 * GIB
        assert all(gone(int(pid)) for pid in printed(ran).split())
    finally:
        kernel.close()


FORKS = """
import os, time
x = bytearray(os.urandom(1 << 20) * 200)
pids = []
for _ in range(4):
    pid = os.fork()
    if not pid:
        time.sleep(1.5)
        os._exit(0)
    pids.append(pid)
for pid in pids:
    os.waitpid(pid, 0)
"""


def test_what_forked_workers_share_counts_once(tmp_path: Path) -> None:
    kernel = start(tmp_path, memory=0.6)
    try:
        ran = run(kernel, FORKS)
        assert (ran.failure, ran.alive) == (None, True)
        assert 0.2 * GIB < ran.peak < 0.5 * GIB
    finally:
        kernel.close()


# ── endings ──


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal 11 (SIGSEGV)"),
    ],
)
def test_a_kernel_that_dies_says_how(own: Session, source: str, how: str) -> None:
    ran = run(own, source)
    assert ran.failure is not None
    assert (ran.failure.name, ran.failure.message) == ("KernelDied", f"the kernel died: {how}")
    assert not ran.alive
    assert ran.seconds < 10


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place for temporary folders, with a path as short as it usually is."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


def test_closing_leaves_no_process_and_no_folder(temporary: Path, tmp_path: Path) -> None:
    kernel = start(tmp_path)
    try:
        source = """
            import os, subprocess
            children = [subprocess.Popen(["sleep", "60"], start_new_session=alone) for alone in (False, True)]
            print(os.getpid(), *[child.pid for child in children])
        """
        pids = [int(pid) for pid in printed(run(kernel, source)).split()]
        assert len(list(temporary.iterdir())) == 1
    finally:
        kernel.close()
    kernel.close()
    assert len(pids) == 3
    assert all(gone(pid) for pid in pids)
    assert list(temporary.iterdir()) == []


def test_what_cells_want_done_at_exit_is_done(tmp_path: Path) -> None:
    kernel = start(tmp_path)
    try:
        run(kernel, "import atexit; _ = atexit.register(lambda: open('at-exit', 'w').close())")
    finally:
        kernel.close()
    assert (tmp_path / "at-exit").exists()


def test_a_long_path_for_temporary_folders_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    kernel = start(tmp_path)
    try:
        assert printed(run(kernel, "print(1)")) == "1\n"
    finally:
        kernel.close()


BUILDER = """
import time
from pathlib import Path
from deckcast.engines.kernel_local import LocalKernels
from deckcast.theme import PlotStyle

kernel = LocalKernels("python3", 0, PlotStyle).start("python", Path.cwd(), ())
source = "import os, subprocess; print(os.getpid(), subprocess.Popen(['sleep', '60']).pid)"
print(kernel.run(source, timeout=60, limit=1000).outputs[0].get("text/plain"), flush=True)
kernel.run("import time; time.sleep(60)", timeout=60, limit=1000)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_kernel_goes_with_all_it_started_when_the_builder_is_killed(
    temporary: Path, tmp_path: Path, end: signal.Signals
) -> None:
    generator = Path(__file__).parents[2] / "generator"
    builder = subprocess.Popen(
        [sys.executable, "-c", BUILDER],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(generator), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert builder.stdout is not None
    with builder.stdout:
        pids = [int(pid) for pid in builder.stdout.readline().split()]
    assert all(map(psutil.pid_exists, pids))
    builder.send_signal(end)
    builder.wait()
    assert len(pids) == 2
    assert all(map(gone, pids))
    until = time.monotonic() + 60
    while list(temporary.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    assert list(temporary.iterdir()) == []


# ── starts that fail ──


def broken_kernel(folder: Path, monkeypatch: pytest.MonkeyPatch, *argv: str) -> None:
    place = folder / "kernels" / "broken"
    place.mkdir(parents=True)
    quoted = ", ".join(f'"{argument}"' for argument in argv)
    (place / "kernel.json").write_text(f'{{"argv": [{quoted}], "language": "python", "display_name": "Broken"}}')
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def test_a_kernel_that_ends_when_it_starts_is_told_with_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys; sys.exit('no module named fish')"
    broken_kernel(tmp_path, monkeypatch, sys.executable, "-c", code, "{connection_file}")
    with pytest.raises(KernelError, match="ended when it was started: exit code 1") as caught:
        LocalKernels("broken", 0, PlotStyle).start("python", tmp_path, ())
    assert caught.value.finding.details == (("the kernel's own words", "no module named fish"),)


def test_a_kernel_whose_program_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_kernel(tmp_path, monkeypatch, "/no/such/program", "{connection_file}")
    with pytest.raises(KernelError, match="cannot be started: No such file or directory: /no/such/program"):
        LocalKernels("broken", 0, PlotStyle).start("python", tmp_path, ())


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KernelError, match="cannot be started"):
        LocalKernels("python3", 0, PlotStyle).start("python", tmp_path / "none", ())
