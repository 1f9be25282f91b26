"""Attacks by cells on what is around them, from the sandbox of bubblewrap."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deckcast.engines import kernel_sandbox
from deckcast.engines.kernel_local import LocalKernels
from deckcast.engines.kernel_session import Session
from deckcast.engines.kernels import open_kernels
from deckcast.errors import ConfigError, KernelError
from deckcast.ports import Availability, Ran
from deckcast.settings import CellsSettings, Settings
from deckcast.stages import Silence
from deckcast.theme import PlotStyle
from safety.listener import Listener

WALLS = kernel_sandbox.availability()
real = pytest.mark.skipif(not WALLS.works, reason=f"no sandbox: {WALLS.reason}")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    deck = root / "chapters" / "one"
    deck.mkdir(parents=True)
    (deck.parent / "tools.py").write_text("WHO = 'all'\n")
    (deck.parent / "two").mkdir()
    (deck.parent / "two" / "presentation.md").write_text("SESAME")
    (root / "secret.txt").write_text("SESAME")
    (root / "home").mkdir()
    (root / "home" / ".ssh").mkdir()
    (root / "home" / ".ssh" / "id").write_text("SESAME")
    return root


@pytest.fixture(scope="module")
def cell(project: Path) -> Iterator[Session]:
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(project / "home"))
        patch.setenv("HF_TOKEN", "hf_secret_of_mine")
        kernels = LocalKernels("python3", 0, PlotStyle, "bwrap")
        kernel = kernels.start("python", project / "chapters" / "one", ())
    yield kernel
    kernel.close()


def printed(ran: Ran) -> str:
    assert ran.failure is None, ran.failure
    return "".join(str(output.get("text/plain")) for output in ran.outputs if output.kind == "stdout").strip()


def run(kernel: Session, source: str, timeout: float = 60) -> Ran:
    return kernel.run(source, timeout=timeout, limit=100_000)


@real
@pytest.mark.slow
def test_cells_work_in_there(cell: Session, project: Path) -> None:
    assert printed(run(cell, "import tools; print(tools.WHO, 1 + 1)")) == "all 2"
    run(cell, "open('made.txt', 'w').write('by a cell'); import tempfile; tempfile.mkdtemp()")
    assert (project / "chapters" / "one" / "made.txt").read_text() == "by a cell"
    assert printed(run(cell, "!echo shell")) == "shell"
    stopped = run(cell, "while True: pass", timeout=0.5)
    assert stopped.failure is not None
    assert stopped.failure.name == "Timeout"
    assert stopped.alive
    assert printed(run(cell, "print(tools.WHO)")) == "all", "and its state is kept"
    assert cell.provenance().cores >= 1


@real
@pytest.mark.slow
@pytest.mark.parametrize("path", ["secret.txt", "home/.ssh/id", "chapters/two/presentation.md", "chapters/one/link"])
def test_no_file_around_is_read(cell: Session, project: Path, path: str) -> None:
    link = project / "chapters" / "one" / "link"
    if not link.is_symlink():
        link.symlink_to(project / "secret.txt")
    assert (project / path).read_text() == "SESAME"
    for root in ("", "/proc/1/root", "/proc/self/root", "/proc/self/cwd/../../.."):
        ran = run(cell, f"print(open({f'{root}{project / path}'!r}).read())")
        assert ran.failure is not None
        assert ran.failure.name in ("FileNotFoundError", "PermissionError", "NotADirectoryError")
    assert run(cell, "open('/etc/shadow')").failure is not None
    assert "secret_of_mine" not in printed(run(cell, "print(open('/proc/1/environ').read())"))


@real
@pytest.mark.slow
@pytest.mark.parametrize("path", ["new.txt", "secret.txt", "chapters/tools.py", "chapters/new.py", "home/new.txt"])
def test_nothing_around_is_written(cell: Session, project: Path, path: str) -> None:
    place = project / path
    before = place.read_text() if place.exists() else None
    run(cell, f"import os; os.makedirs({str(place.parent)!r}, exist_ok=True); open({str(place)!r}, 'w').write('mine')")
    assert (place.read_text() if place.exists() else None) == before
    for system in ("/usr/bin/mine", "/etc/mine", "/usr/lib/mine"):
        assert run(cell, f"open({system!r}, 'w')").failure is not None
        assert not Path(system).exists()
    ran = run(cell, "import subprocess; print(subprocess.run(['mount', '-o', 'remount,rw', '/usr']).returncode)")
    assert printed(ran) != "0"


@real
@pytest.mark.slow
def test_nobody_is_reached_and_no_token_is_there(cell: Session) -> None:
    server = Listener()
    try:
        ran = run(cell, f"import socket; socket.create_connection(('127.0.0.1', {server.port}), 5)")
        assert ran.failure is not None
        run(cell, f"socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {server.port}))")
        assert not server.wait(0.5)
    finally:
        server.close()
    assert printed(run(cell, "import os; print([v for v in os.environ.values() if 'secret_of' in v])")) == "[]"


@real
@pytest.mark.slow
def test_no_socket_of_this_machine_is_reached_by_another_way(cell: Session, project: Path, tmp_path: Path) -> None:
    """By a name that lies in no folder (abstract), by a file, by IPv6; nor is another process looked into."""
    abstract = f"\0deckcast-{os.getpid()}"
    with contextlib.ExitStack() as stack:
        places: list[tuple[str, object]] = []
        for address in (abstract, str(tmp_path / "s")):
            listening = stack.enter_context(socket.socket(socket.AF_UNIX))
            listening.bind(address)
            listening.listen()
            places.append(("AF_UNIX", address))
        if socket.has_dualstack_ipv6():
            six = stack.enter_context(socket.create_server(("::1", 0), family=socket.AF_INET6))
            places.append(("AF_INET6", ("::1", six.getsockname()[1])))
        for kind, address in places:
            with socket.socket(getattr(socket, kind)) as tried:
                tried.connect(address)  # else this would show nothing
            ran = run(cell, f"import socket; socket.socket(socket.{kind}).connect({address!r})")
            assert ran.failure is not None, address
            assert ran.failure.name in ("ConnectionRefusedError", "FileNotFoundError", "OSError"), ran.failure
    names = printed(
        run(cell, "import os; print(sorted(os.listdir('/sys/class/net')) if os.path.isdir('/sys/class/net') else [])")
    )
    assert "eth" not in names
    traced = f"import ctypes; print(ctypes.CDLL(None).ptrace(16, {os.getpid()}, 0, 0))"  # PTRACE_ATTACH
    assert printed(run(cell, traced)) == "-1"
    assert run(cell, f"open('/proc/{os.getpid()}/mem', 'rb')").failure is not None
    assert printed(run(cell, "print(os.listdir('/dev/shm'))")) == "[]"


@real
@pytest.mark.slow
def test_other_processes_are_neither_seen_nor_left_behind(project: Path) -> None:
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    kernel = LocalKernels("python3", 0, PlotStyle, "bwrap").start("python", project / "chapters" / "one", ())
    mark = f"86{os.getpid()}"
    try:
        seen = printed(run(kernel, "import os; print([n for n in os.listdir('/proc') if n.isdigit()])"))
        assert str(os.getpid()) not in seen
        assert len(seen.split(",")) < 10
        assert run(kernel, f"os.kill({os.getpid()}, 0)").failure is not None
        run(kernel, f"import subprocess; subprocess.Popen(['setsid', '-f', 'sleep', '{mark}'])")
        until = time.monotonic() + 60
        while not running(mark):
            assert time.monotonic() < until, "else this would show nothing"
            time.sleep(0.05)
    finally:
        kernel.close()
    until = time.monotonic() + 60
    while running(mark) and time.monotonic() < until:
        time.sleep(0.05)
    assert not running(mark)


def running(mark: str) -> bool:
    return any(one.info["cmdline"] == ["sleep", mark] for one in psutil.process_iter(["cmdline"]))


# ── without any ──


def test_where_it_cannot_be_had_that_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none = Availability(False, "there is no bubblewrap (`bwrap`) here", "apt-get install bubblewrap")
    monkeypatch.setattr(kernel_sandbox, "availability", lambda: none)
    kernels = LocalKernels("python3", 0, PlotStyle, "bwrap")
    with pytest.raises(KernelError, match="`sandbox` is `bwrap`, but there is no bubblewrap") as caught:
        kernels.start("python", tmp_path, ())
    assert caught.value.finding.hint == "apt-get install bubblewrap"


def test_it_is_not_for_servers_elsewhere(tmp_path: Path) -> None:
    cells = CellsSettings(kernel_url="http://127.0.0.1:9", sandbox="bwrap")
    with pytest.raises(ConfigError, match="cells run on the server"):
        open_kernels(Settings(cells=cells), [tmp_path], Silence())


def test_without_network_the_hub_is_a_need_that_is_not_met() -> None:
    told = LocalKernels("python3", 0, PlotStyle, "bwrap").meets("hub")
    assert not told.works
    assert "bwrap-network" in told.mend


def test_secrets_stay_outside() -> None:
    given = {
        "HF_TOKEN": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "SSH_AUTH_SOCK": "/x",
        "PATH": "/bin",
        "JPY_PARENT_PID": "1",
    }
    shut = kernel_sandbox.Sandbox(network=False).environment(given)
    assert shut == {"PATH": "/bin", "HF_HUB_OFFLINE": "1"}
    assert kernel_sandbox.Sandbox(network=True).environment(given) == {"PATH": "/bin", "HF_TOKEN": "a"}
