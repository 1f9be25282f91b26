"""Kernels on this machine, through the Jupyter protocol over sockets in a folder of their own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deckcast.engines import needs
from deckcast.engines.kernel_memory import Watchdog, allowed, limited
from deckcast.engines.kernel_python import prelude
from deckcast.engines.kernel_session import Channel, Message, Session
from deckcast.errors import KernelError
from deckcast.model import Failure
from deckcast.ports import Availability
from deckcast.theme import PlotStyle

START = 60.0
"""Seconds that a kernel may take to answer for the first time; 0.7 are usual."""
LAST = 2.0
"""Seconds that a kernel has to end when it is told to."""


class LocalKernels:
    """`ports.Kernels` on this machine."""

    def __init__(self, kernel: str, memory: float, style: Callable[[], PlotStyle]) -> None:
        """`kernel` runs Python; `memory` is how many GiB one may use, 0 for three quarters of what there is."""
        self._kernel = kernel
        self._memory = allowed(memory)
        self._style = style
        self._needs: dict[str, Availability] = {}

    @property
    def name(self) -> str:
        return "this machine"

    def availability(self, language: str) -> Availability:
        try:
            import ipykernel  # noqa: F401
            import jupyter_client  # noqa: F401
        except ImportError as error:
            return Availability(
                False, f"cells cannot run: {error}", f"{sys.executable} -m pip install jupyter-client ipykernel"
            )
        found = self._find(language)
        if found is not None:
            return Availability(True, f"the Jupyter kernel {found[0]}")
        names = ", ".join(sorted(_specs())) or "none"
        if language == "python":
            return Availability(
                False,
                f"there is no Jupyter kernel `{self._kernel}` here (there are: {names})",
                "name one of them with `kernel`, or install it: python -m ipykernel install --user --name NAME",
            )
        return Availability(
            False,
            f"there is no Jupyter kernel for {language} here (there are: {names})",
            _MENDS.get(
                language, "https://github.com/jupyter/jupyter/wiki/Jupyter-kernels lists kernels of all languages"
            ),
        )

    def meets(self, need: str) -> Availability:
        if need not in self._needs:
            self._needs[need] = needs.meets(need)
        return self._needs[need]

    def start(self, language: str, folder: Path, files: tuple[str, ...]) -> Session:
        answer = self.availability(language)
        found = self._find(language) if answer.works else None
        if found is None:
            raise KernelError(answer.reason, hint=answer.mend)
        name, spec = found
        wire = LocalWire(name, spec, folder, self._memory)
        python = language == "python"
        try:
            return Session(wire, python=python, prelude=prelude(self._style()) if python else "")
        except BaseException:
            wire.close()
            raise

    def close(self) -> None:
        """Each kernel is closed by whoever started it."""

    def _find(self, language: str) -> tuple[str, Any] | None:
        """The name and the kernelspec that run a language."""
        from jupyter_client.kernelspec import KernelSpec

        specs = _specs()
        if language == "python":
            if self._kernel in specs:
                return self._kernel, specs[self._kernel]
            if self._kernel != "python3":
                return None
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return "python3", KernelSpec(argv=argv, language="python", display_name="Python 3")
        if language in specs:
            return language, specs[language]
        same = sorted(name for name, spec in specs.items() if spec.language.lower() == language)
        return (same[0], specs[same[0]]) if same else None


_MENDS = {
    "bash": "pip install bash_kernel && python -m bash_kernel.install",
    "javascript": "https://docs.deno.com/runtime/reference/cli/jupyter/",
    "r": "https://irkernel.github.io; on Debian: apt-get install r-cran-irkernel",
    "julia": "https://julialang.github.io/IJulia.jl/",
}


def _specs() -> dict[str, Any]:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    found = {}
    with warnings.catch_warnings():
        # Some kernels' specs have fields that belong to an older place, at which traitlets takes offence.
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in manager.find_kernel_specs():
            with contextlib.suppress(NoSuchKernel, OSError, ValueError, TypeError):  # a spec that is broken is none
                found[name] = manager.get_kernel_spec(name)
    return found


class LocalWire:
    """`kernel_session.Wire` to a child process in a session of its own."""

    def __init__(self, name: str, spec: Any, folder: Path, memory: int) -> None:
        """Starts the kernel with `folder` as its working folder. Raises `KernelError`."""
        from jupyter_client.manager import KernelManager

        self.name = name
        # The paths of sockets may have about 107 characters, so they lie in a short folder.
        self._folder = Path(tempfile.mkdtemp(prefix="dk-", dir="/tmp" if Path("/tmp").is_dir() else None))  # noqa: S108
        self._log = self._folder / "log"
        self._ended = ""
        self._watchdog: Watchdog | None = None
        self._closed = False
        self._manager = KernelManager(
            kernel_name=name, transport="ipc", ip=str(self._folder / "s"), connection_file=str(self._folder / "k.json")
        )
        self._manager._kernel_spec = spec  # noqa: SLF001 - the only way to a kernel that has no folder of its own
        self._client: Any = None
        try:
            self._start(folder, memory)
        except BaseException:
            self.close()
            raise

    # ── start ──

    def _start(self, folder: Path, memory: int) -> None:
        from zmq import ZMQError

        try:
            with self._log.open("wb") as log:
                self._manager.start_kernel(
                    cwd=str(folder), stdout=log, stderr=log, env=_environment(), preexec_fn=limited(memory)
                )
            self._client = self._manager.client()
            self._client.start_channels()
        except (OSError, ZMQError, RuntimeError, ValueError) as error:
            raise KernelError(
                f"the kernel {self.name} cannot be started: {error}", hint="`deckcast doctor` looks at the kernels here"
            ) from error
        self._watchdog = Watchdog(self._pid, memory, self.kill)
        self._first_answer()

    @property
    def _pid(self) -> int:
        return int(getattr(self._manager.provisioner, "pid", 0))

    def _first_answer(self) -> None:
        """Waits until the kernel answers and its output channel is there: a first word might be lost before."""
        until = time.monotonic() + START
        asked = ""
        replied = subscribed = False
        while time.monotonic() < until:
            if not asked:
                asked = self.send("shell", "kernel_info_request", {})
            got = self.receive(0.25)
            if got is None:
                if ended := self.ended():
                    raise KernelError(
                        f"the kernel {self.name} ended when it was started: {ended}{self._told()}",
                        hint="`deckcast doctor` looks at the kernels here",
                    )
                if replied and not subscribed:
                    asked = ""
                continue
            channel, message = got
            replied = replied or (channel == "shell" and message["msg_type"] == "kernel_info_reply")
            subscribed = subscribed or channel == "iopub"
            if replied and subscribed:
                return
        raise KernelError(
            f"the kernel {self.name} did not answer within {START:g} s{self._told()}", hint="run it again"
        )

    def _told(self) -> str:
        """The last lines of the kernel's own words."""
        with contextlib.suppress(OSError):
            lines = self._log.read_text(errors="replace").strip().splitlines()
            if lines:
                return "\n" + "\n".join(lines[-8:])
        return ""

    # ── the wire ──

    def send(self, channel: Channel, kind: str, content: Mapping[str, Any]) -> str:
        session = self._client.session
        message = session.msg(kind, dict(content))
        (self._client.control_channel if channel == "control" else self._client.shell_channel).send(message)
        return str(message["header"]["msg_id"])

    def receive(self, timeout: float) -> tuple[Channel, Message] | None:
        import zmq

        sockets: dict[Any, Channel] = {
            self._client.iopub_channel.socket: "iopub",
            self._client.shell_channel.socket: "shell",
            self._client.control_channel.socket: "control",
        }
        poller = zmq.Poller()
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        ready = dict(poller.poll(max(int(timeout * 1000), 1)))
        for socket, channel in sockets.items():
            if socket in ready:
                with contextlib.suppress(ValueError, json.JSONDecodeError):  # a message that is none
                    _, parts = self._client.session.feed_identities(socket.recv_multipart())
                    return channel, self._client.session.deserialize(parts)
        return None

    def interrupt(self) -> None:
        if getattr(self._manager.kernel_spec, "interrupt_mode", "") == "message":
            self.send("control", "interrupt_request", {})
        else:
            self._signal(signal.SIGINT)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
            os.killpg(self._pid, number)

    def ended(self) -> str:
        if not self._ended:
            process = getattr(self._manager.provisioner, "process", None)
            code = process.poll() if process is not None else 1
            if code is not None:
                self._ended = _how(code)
        return self._ended

    def ended_by_us(self) -> Failure | None:
        return self._watchdog.failure if self._watchdog else None

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._watchdog is not None:
            self._watchdog.stop()
        if self._client is not None:
            with contextlib.suppress(Exception):  # the socket of a dead kernel
                self.send("control", "shutdown_request", {"restart": False})
            until = time.monotonic() + LAST
            while not self.ended() and time.monotonic() < until:
                time.sleep(0.01)
            self._client.stop_channels()
        if getattr(self._manager, "provisioner", None) is not None:
            self._signal(signal.SIGKILL)  # what it started may live on in its process group
            process = getattr(self._manager.provisioner, "process", None)
            if process is not None:
                process.wait()
        with contextlib.suppress(Exception):
            self._manager.cleanup_resources()
        self._manager.context.destroy(linger=0)
        shutil.rmtree(self._folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    """Of a kernel: ours, without what would let it find our own modules or colour what it says."""
    left_out = {"PYTHONPATH", "DECKCAST_KERNEL_TOKEN", "JUPYTER_TOKEN"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "JPY_PARENT_PID": str(os.getpid())}


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"signal {-code}"
