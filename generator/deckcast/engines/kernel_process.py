"""The process of a kernel on this machine: started in a process group of its own, ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from deckcast.engines.kernel_guard import Guard
from deckcast.engines.kernel_memory import Watchdog, limit_data, limits_data
from deckcast.engines.kernel_sandbox import Sandbox
from deckcast.engines.kernel_specs import Spec
from deckcast.errors import KernelError
from deckcast.model import Failure

_LONGEST_PATH = 60
"""Of the folder for sockets, whose whole paths may have about 100 characters."""
_LONGEST_LOG = 1_000_000
_REAPED = 5.0
"""Seconds within which a killed process is gone."""
_SECRETS = re.compile(r"DECKCAST_KERNEL_TOKEN|JUPYTER_TOKEN")
_OURS = frozenset({"PYTHONEXECUTABLE", "MPLBACKEND"})
"""What is not meant for kernels: figures must come out as the kernel shows them."""


class Process:
    """Has a short folder of its own, which goes with it."""

    def __init__(self, spec: Spec, sandbox: Sandbox | None = None, readable: Sequence[Path] = ()) -> None:
        """`readable` are folders that it may read in its sandbox, beside the one in which it works."""
        self.spec = spec
        self._sandbox = sandbox
        self._readable = readable
        self.folder = _short_folder()
        self._log = self.folder / "log"
        self._child: subprocess.Popen[bytes] | None = None
        self._watchdog: Watchdog | None = None
        self._guard: Guard | None = None

    def start(self, connection: Path, folder: Path, memory: int) -> None:
        """`connection` is the file that tells it where to listen. Raises `KernelError`."""
        argv = [argument.replace("{connection_file}", str(connection)) for argument in self.spec.argv]
        if self.spec.native:
            argv.append("--HistoryManager.hist_file=:memory:")  # nothing to read again, and no file to complain about
        environment = _environment(self.spec.env, self.folder)
        if self._sandbox is not None:
            most = memory if limits_data() else 0
            argv = self._sandbox.command(argv, folder, self.folder, readable=self._readable, memory=most)
            environment = self._sandbox.environment(environment)
        try:
            # It must be appended to, so that it can be cut while the kernel writes.
            with self._log.open("ab") as log:
                self._child = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=folder,
                    env=environment,
                    start_new_session=True,
                )
        except OSError as error:
            raise KernelError(
                f"the kernel {self.spec.name} cannot be started: {error.strerror or error}: {argv[0]}",
                hint="install it again, or name another one with `kernel`",
            ) from error
        self._guard = Guard(self._child.pid, self.folder)
        if self._sandbox is None:
            limit_data(self._child.pid, memory)
        self._watchdog = Watchdog(self._child.pid, memory, self.kill, also=self._cut_log)

    def interrupt(self) -> None:
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        if self._watchdog is not None:
            self._watchdog.end_all()
        self._signal(signal.SIGKILL)

    def ended(self) -> str:
        code = None if self._child is None else self._child.poll()
        return "" if code is None else _how(code)

    def ended_by_us(self) -> Failure | None:
        return self._watchdog.failure if self._watchdog else None

    def peak(self) -> int:
        return self._watchdog.peak if self._watchdog else 0

    def log(self) -> str:
        """The last of the kernel's own words."""
        try:
            return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-12:])
        except OSError:
            return ""

    def close(self, patience: float) -> None:
        """Gives it so many seconds to end by itself, then ends it."""
        if self._child is not None:
            until = time.monotonic() + patience
            while self._child.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            self.kill()  # what it started may live on
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(_REAPED)
        if self._watchdog is not None:
            self._watchdog.stop()
        if self._guard is not None:
            self._guard.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: int) -> None:
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._child.pid, number)

    def _cut_log(self) -> None:
        """A kernel writes there all that its cells' child processes print, too."""
        with contextlib.suppress(OSError):
            if self._log.stat().st_size > _LONGEST_LOG:
                os.truncate(self._log, 0)


def _short_folder() -> Path:
    """Only its owner can look into it."""
    usual = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="deckcast-", dir=usual if len(usual) <= _LONGEST_PATH else "/tmp"))  # noqa: S108


def _environment(own: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Ours, without secrets and what is meant for deckcast alone; the same for whoever builds the deck."""
    ours = {name: value for name, value in os.environ.items() if name not in _OURS and not _SECRETS.fullmatch(name)}
    env = {
        "PYTHONHASHSEED": "0",  # sets print in the same order each time
        **ours,
        "JPY_PARENT_PID": str(os.getpid()),  # it ends when we do
        "JUPYTER_RUNTIME_DIR": str(folder),
        "IPYTHONDIR": str(folder / "ipython"),  # a person's own start-up files and history are none of the deck's
    }
    return {**env, **{name: Template(value).safe_substitute(env) for name, value in own.items()}}


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"signal {-code}"
