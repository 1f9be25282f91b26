"""Kernels for tests: Python runs in this process, other languages only print their source.

A line of a cell may tell the kernel to misbehave:

    # fake: die                 the kernel is dead; `# fake: die MemoryLimit` says of what
    # fake: timeout             the cell took too long, was interrupted, and the kernel lives
    # fake: drop 5000           so many bytes of output were beyond the limit
    # fake: late some words     a thread prints them when the cell has ended
"""

from __future__ import annotations

import ast
import base64
import builtins
import contextlib
import io
import linecache
import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from deckcast.errors import KernelError
from deckcast.model import Failure, Output, Provenance
from deckcast.ports import Availability, Ran

PROVENANCE = Provenance(
    date="2026-11-24T20:15:00Z",
    kernel="python3",
    language="Python 3.11.2",
    system="Linux 6.1 x86_64",
    cpu="Fake Processor 1",
    cores=2,
    memory=8 << 30,
    versions=(("numpy", "2.0.0"),),
)
_ORDER = re.compile(r"^\s*# fake: (die|timeout|drop|late)\b *(.*)$", re.MULTILINE)


class StdinNotImplementedError(RuntimeError):
    """What a real kernel raises when a cell asks a question."""


class FakeKernels:
    """A place for kernels without any process. Everything that was asked of it can be looked up."""

    def __init__(
        self,
        *,
        languages: Iterable[str] = ("python",),
        needs: Iterable[str] = (),
        provenance: Provenance = PROVENANCE,
        name: str = "this machine",
        broken: str = "",
    ) -> None:
        """`needs` are those that it meets; `broken` is what `start` fails with."""
        self.languages = tuple(languages)
        self.needs = tuple(needs)
        self.provenance = provenance
        self.name = name
        self.broken = broken
        self.kernels: list[FakeKernel] = []
        """Every kernel that it started."""
        self.probed: list[str] = []
        """Every need that it was asked about."""
        self.closed = False

    @property
    def ran(self) -> list[str]:
        """The source of every cell that ran, in order."""
        return [source for kernel in self.kernels for source in kernel.ran]

    def availability(self, language: str) -> Availability:
        if language in self.languages:
            return Availability(True, "in this process, for tests")
        return Availability(False, f"there is no kernel for {language}", f"pip install {language}-kernel")

    def meets(self, need: str) -> Availability:
        self.probed.append(need)
        if need in self.needs:
            return Availability(True, f"there is a {need}, for tests")
        return Availability(False, f"there is no {need} here", f"build where there is a {need}")

    def start(self, language: str, folder: Path, files: tuple[str, ...]) -> FakeKernel:
        if self.broken:
            raise KernelError(self.broken, hint="tell the fake otherwise")
        if language not in self.languages:
            raise KernelError(f"there is no kernel for {language}", hint=f"pip install {language}-kernel")
        kernel = FakeKernel(language, folder, files, lambda: self.provenance)
        self.kernels.append(kernel)
        return kernel

    def close(self) -> None:
        self.closed = True


class FakeKernel:
    """A kernel with a namespace of its own."""

    def __init__(
        self,
        language: str,
        folder: Path,
        files: tuple[str, ...] = (),
        provenance: Callable[[], Provenance] | None = None,
    ) -> None:
        self.language = language
        self.folder = folder
        self.files = files
        self.ran: list[str] = []
        self.evaluated: list[str] = []
        self.limits: list[tuple[float, int]] = []
        """(timeout, limit) of every run."""
        self.closed = False
        self._provenance = provenance or (lambda: PROVENANCE)
        self._late: list[tuple[int, str]] = []
        self._alive = True
        self._put: list[Output] = []
        self._names: dict[str, Any] = {"__name__": "__main__", "__builtins__": vars(builtins), "display": self._display}
        self._names["input"] = _refuse

    def run(self, source: str, *, timeout: float, limit: int) -> Ran:
        self._check()
        self.ran.append(source)
        self.limits.append((timeout, limit))
        count = len(self.ran)
        begun = time.perf_counter()
        self._put = []
        orders = dict(_ORDER.findall(source))
        failure: Failure | None = None
        if self.language == "python":
            failure = self._execute(source, count)
        else:
            self._put.append(Output("stdout", (("text/plain", source + "\n"),)))
        if "late" in orders:
            self._late.append((count, orders["late"] + "\n"))
        if "timeout" in orders:
            failure = Failure("Timeout", f"it took longer than {timeout:g} s")
        if "die" in orders:
            failure = Failure(orders["die"] or "KernelDied", "the kernel died (exit code 3)")
            self._alive = False
        outputs, cut = _cut(self._put, limit)
        seconds = time.perf_counter() - begun
        dropped = cut + int(orders.get("drop") or 0)
        return Ran(outputs, failure, count, seconds, 64 << 20, dropped, self._alive)

    def evaluate(self, expression: str, *, timeout: float) -> Ran:
        self._check()
        self.evaluated.append(expression)
        try:
            with contextlib.chdir(self.folder):
                text = str(eval(expression, self._names)) if self.language == "python" else expression  # noqa: S307
        except Exception as error:
            return Ran(failure=Failure(type(error).__name__, str(error), _last(error)))
        return Ran((Output("result", (("text/plain", text),)),))

    def provenance(self) -> Provenance:
        return self._provenance()

    def late(self) -> tuple[tuple[int, str], ...]:
        told, self._late = tuple(self._late), []
        return told

    def kill(self) -> None:
        """What a worker does to a kernel that nobody wants any more."""
        self._alive = False

    def close(self) -> None:
        self.closed = True

    def _check(self) -> None:
        if self.closed or not self._alive:
            raise KernelError("the fake kernel has ended", hint="start another")

    def _display(self, *values: Any) -> None:
        self._put += [Output("display", _forms(value)) for value in values]

    def _execute(self, source: str, count: int) -> Failure | None:
        name = f"<cell {count} of {id(self)}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            with self._captured():
                tree = ast.parse(source, name)
                last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
                exec(compile(tree, name, "exec"), self._names)  # noqa: S102
                if isinstance(last, ast.Expr):
                    value = eval(compile(ast.Expression(last.value), name, "eval"), self._names)  # noqa: S307
                    if value is not None:
                        self._put.append(Output("result", _forms(value)))
        except Exception as error:
            return self._failure(error, name, count)
        return None

    @contextlib.contextmanager
    def _captured(self) -> Iterator[None]:
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(_Stream("stdout", self._put)),
            contextlib.redirect_stderr(_Stream("stderr", self._put)),
        ):
            yield

    def _failure(self, error: Exception, name: str, count: int) -> Failure:
        """The traceback in the shape in which IPython writes it."""
        if isinstance(error, SyntaxError):
            line = error.lineno or 0
            text = f"  Cell In[{count}], line {line}\n    {(error.text or '').strip()}\n{_last(error)}"
            return Failure(type(error).__name__, str(error.msg), text, line)
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
        parts = ["-" * 75, f"{type(error).__name__:<42}Traceback (most recent call last)"]
        for frame in frames:
            cell = re.fullmatch(r"<cell (\d+) of \d+>", frame.filename)
            inside = "" if frame.name == "<module>" else f", in {frame.name}()"
            parts += [
                f"Cell In[{cell[1]}], line {frame.lineno}{inside}"
                if cell
                else f"File {frame.filename}:{frame.lineno}{inside}",
                f"----> {frame.lineno} {frame.line}",
                "",
            ]
        own = [frame.lineno or 0 for frame in frames if frame.filename == name]
        text = "\n".join([*parts, _last(error)])
        return Failure(type(error).__name__, str(error), text, own[-1] if own else 0)


class _Stream(io.TextIOBase):
    """Collects what is printed; what follows on the same stream is one output."""

    def __init__(self, kind: Literal["stdout", "stderr"], put: list[Output]) -> None:
        self._kind: Literal["stdout", "stderr"] = kind
        self._put = put

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            before = ""
            if self._put and self._put[-1].kind == self._kind:
                before = str(self._put.pop().get("text/plain"))
            self._put.append(Output(self._kind, (("text/plain", before + text),)))
        return len(text)


def _forms(value: Any) -> tuple[tuple[str, str | bytes], ...]:
    """A value in every form that it offers."""
    found: dict[str, str | bytes] = {"text/plain": repr(value)}
    for media_type, method in (
        ("text/html", "_repr_html_"),
        ("text/markdown", "_repr_markdown_"),
        ("text/latex", "_repr_latex_"),
        ("image/svg+xml", "_repr_svg_"),
        ("image/png", "_repr_png_"),
        ("image/jpeg", "_repr_jpeg_"),
    ):
        form = getattr(type(value), method, None)
        if form is not None:
            content = form(value)
            picture = media_type in ("image/png", "image/jpeg")
            found[media_type] = base64.b64decode(content) if picture and isinstance(content, str) else content
    return tuple(sorted(found.items()))


def _cut(outputs: list[Output], limit: int) -> tuple[tuple[Output, ...], int]:
    """The outputs up to `limit` bytes (a stream up to its last whole character), and how many bytes are left out."""
    kept: list[Output] = []
    room, dropped = limit, 0
    for output in outputs:
        size = sum(len(content.encode() if isinstance(content, str) else content) for _, content in output.data)
        if size <= room:
            kept.append(output)
            room -= size
            continue
        text = output.get("text/plain")
        if output.kind in ("stdout", "stderr") and isinstance(text, str) and room:
            part = text.encode()[:room].decode(errors="ignore")
            kept.append(Output(output.kind, (("text/plain", part),)))
            size -= len(part.encode())
        dropped += size
        room = 0
    return tuple(kept), dropped


def _last(error: Exception) -> str:
    return f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"


def _refuse(*_: object) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")
