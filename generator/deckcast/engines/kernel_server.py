"""Kernels on a Jupyter server elsewhere, so that cells run on the hardware that a lesson is about."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from deckcast.engines import kernel_python, kernel_specs, needs
from deckcast.engines.kernel_server_folder import Folder
from deckcast.engines.kernel_server_rest import Refused, Server
from deckcast.engines.kernel_server_wire import ServerWire
from deckcast.engines.kernel_session import Session
from deckcast.errors import KernelError
from deckcast.ports import Availability, Progress
from deckcast.theme import PlotStyle

LARGEST_PRELUDE = 8_000_000
"""Characters; servers take messages of 10 MiB as they are usually set up."""


class ServerKernels:
    """`ports.Kernels` on a Jupyter server."""

    def __init__(self, url: str, kernel: str, style: Callable[[], PlotStyle], progress: Progress) -> None:
        """`kernel` runs Python. Connects to nothing. Raises `ConfigError` for an address that cannot be one."""
        self._server = Server(url)
        self._kernel = kernel
        self._style = style
        self._progress = progress
        self._specs: Mapping[str, str] | None = None
        """Kernel → language, both in lower case."""
        self._needs: dict[str, Availability] = {}
        self._asker: Session | None = None
        """A Python kernel without any chapter, for questions about the machine."""

    @property
    def name(self) -> str:
        return self._server.url

    def availability(self, language: str) -> Availability:
        try:
            specs = self._known()
            kernel = self._find(language)
        except KernelError as error:
            return Availability(False, str(error), error.finding.hint)
        if kernel:
            return Availability(True, f"the Jupyter kernel `{kernel}` of {self.name}")
        names = ", ".join(f"`{name}`" for name in sorted(specs)) or "none"
        wanted = f"`{self._kernel}` for Python" if language == "python" else f"for {language}"
        mend = "install it there" + (", or name another one with `kernel`" if language == "python" else "")
        return Availability(False, f"{self.name} has no Jupyter kernel {wanted} (it has: {names})", mend)

    def meets(self, need: str) -> Availability:
        if need not in self._needs:
            try:
                self._needs[need] = needs.told(need, *self._ask().meets(need))
            except KernelError as error:
                return Availability(False, f"{self.name} cannot be asked: {error}", error.finding.hint)
        return self._needs[need]

    def start(self, language: str, folder: Path, files: tuple[str, ...]) -> Session:
        """The files are copied into a folder of its own on the server, which goes when the kernel is closed."""
        there = self.availability(language)
        if not there.works:
            raise KernelError(there.reason, hint=there.mend)
        return self._start(self._find(language), language == "python", self._copies(folder, files))

    def close(self) -> None:
        if self._asker is not None:
            self._asker.close()
            self._asker = None

    def _known(self) -> Mapping[str, str]:
        if self._specs is None:
            answer = self._server.get("api/kernelspecs")
            try:
                specs = answer["kernelspecs"].items()
                self._specs = {name.lower(): str(one["spec"]["language"]).lower() for name, one in specs}
            except (KeyError, TypeError, AttributeError):
                raise KernelError(
                    f"what answers at {self.name} is no Jupyter server",
                    hint="is the address complete? Behind a hub it ends in /user/NAME",
                ) from None
        return self._specs

    def _find(self, language: str) -> str:
        """The name of the kernel for a language, or nothing."""
        return kernel_specs.choose(language, self._kernel, self._known())

    def _copies(self, folder: Path, files: tuple[str, ...]) -> Folder | None:
        """None on a server that keeps no files, where none are needed."""
        try:
            return Folder(self._server, folder, files)
        except KernelError as error:
            cause = error.__cause__
            if files or not isinstance(cause, Refused) or cause.status not in (404, 405, 501):
                raise
            self._progress.say(f"{self.name} keeps no files: cells run in a folder of its own choice")
            return None

    def _start(self, kernel: str, python: bool, folder: Folder | None) -> Session:
        try:
            clear_up = kernel_python.removal(folder.name) if python and folder else {}
            wire = ServerWire(self._server, kernel, folder, clear_up, self._left)
        except BaseException:
            with contextlib.suppress(KernelError):
                if folder is not None:
                    folder.remove()
            raise
        try:
            return Session(wire, python=python, prelude=self._prelude() if python else "", machine=self._machine)
        except BaseException:
            wire.close()
            raise

    def _prelude(self) -> str:
        style = self._style()
        code = kernel_python.prelude(style, elsewhere=True)
        if len(code) <= LARGEST_PRELUDE:
            return code
        self._progress.say(f"the theme's fonts are too large to travel: figures drawn at {self.name} use its own fonts")
        return kernel_python.prelude(replace(style, fonts=()), elsewhere=True)

    def _left(self, folder: str) -> None:
        self._progress.say(f"the folder `{folder}` could not be removed from {self.name}")

    def _ask(self) -> Session:
        """Raises `KernelError`."""
        if self._asker is None:
            there = self.availability("python")
            if not there.works:
                raise KernelError(there.reason, hint=there.mend)
            self._asker = self._start(self._find("python"), True, None)
        return self._asker

    def _machine(self) -> Mapping[str, Any]:
        """Of the server, as far as a Python kernel there can tell."""
        try:
            told = self._ask().provenance()
        except KernelError:
            return {}
        return {name: getattr(told, name) for name in ("system", "cpu", "cores", "memory", "accelerators")}
