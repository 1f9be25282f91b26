"""What deckcast says to a Python kernel, and how it reads the answers.

Answers come by a request's `user_expressions`: they leave no name in the author's namespace and nothing in its
history.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deckcast.digest import sha256
from deckcast.errors import KernelError
from deckcast.model import Failure, Provenance
from deckcast.theme import PlotStyle

_HERE = Path(__file__).parent
_PROBE, _PRELUDE, _STREAMS = "deckcast_probe", "deckcast_prelude", "deckcast_streams"
_FILES = {
    _PROBE: "kernel_probe_program.py",
    _PRELUDE: "kernel_prelude_program.py",
    _STREAMS: "kernel_streams_program.py",
}
_BEGIN = """
import sys
from types import ModuleType
for name, source in SOURCES.items():
    module = sys.modules[name] = ModuleType(name)
    exec(compile(source, f"<{name}>", "exec"), module.__dict__)
sys.modules[PRELUDE].prelude = sys.modules[PRELUDE].Prelude(SHELL, sys.modules[PROBE], STYLE, SHARED)
sys.modules[PRELUDE].prelude.install()
sys.modules[STREAMS].install(SHELL)
"""
_ANSWER = "answer"
_OURS = f"__import__('{_PRELUDE}').prelude"

Answers = Mapping[str, Mapping[str, Any]]
"""`user_expressions` of an `execute_reply`."""


def prelude(style: PlotStyle, *, elsewhere: bool = False, shared: Path | None = None) -> str:
    """Code to run silently when a Python kernel has started; it leaves no names.

    `elsewhere`: the kernel's machine may not have this one's files, so that fonts travel in the code. Modules in the
    folder `shared` can be imported, those of the kernel's working folder before them.
    """
    sources = {name: (_HERE / file).read_text(encoding="utf-8") for name, file in _FILES.items()}
    fonts = [_font(path) if elsewhere else {"path": str(path)} for path in style.fonts]
    values = {
        "SOURCES": sources,
        "PRELUDE": _PRELUDE,
        "PROBE": _PROBE,
        "STREAMS": _STREAMS,
        "SHARED": str(shared or ""),
        "STYLE": {"name": style.name, "text": style.text, "fonts": fonts},
    }
    shown = ", ".join(f"{name!r}: {value!r}" for name, value in values.items())
    return f"exec({_BEGIN!r}, {{{shown}, 'SHELL': get_ipython()}})"


def evaluation(expression: str) -> dict[str, str]:
    """`user_expressions` that ask for the value of an expression of the author's; `value` reads the answer."""
    return {_ANSWER: f"{_OURS}.value({expression!r})"}


def value(answers: Answers) -> str | Failure:
    """`str(…)` of the expression's value, or what it raised. Raises `KernelError` where there is no answer."""
    answer = answers.get(_ANSWER)
    if not answer:
        raise KernelError("the kernel did not answer", hint="run again; if it stays so, look at the kernel's own log")
    if answer.get("status") == "error":
        lines = answer.get("traceback") or ()
        return Failure(str(answer.get("ename")), str(answer.get("evalue")), "\n".join(map(str, lines)))
    return str(answer["data"]["text/plain"])


PROVENANCE = {_ANSWER: f"{_OURS}.provenance()"}
"""`user_expressions` that `provenance` reads the answer of."""
PEAK = {_ANSWER: f"{_OURS}.peak()"}
"""`user_expressions` that `peak` reads the answer of. They may go with the request that runs a cell."""


def provenance(answers: Answers, kernel: str) -> Provenance:
    """Raises `KernelError` where the kernel could not tell."""
    facts = _facts(answers)
    facts["accelerators"] = tuple(facts["accelerators"])
    facts["versions"] = tuple((name, version) for name, version in facts["versions"])
    return Provenance(kernel=kernel, **facts)


def peak(answers: Answers) -> int:
    """Bytes, or 0 where the kernel did not answer, as after a cell that failed."""
    return int(_facts(answers)) if answers.get(_ANSWER) else 0


def need(name: str) -> dict[str, str]:
    """`user_expressions` that ask whether the kernel's machine has what a cell needs (`engines.needs`)."""
    return {_ANSWER: f"{_OURS}.meets({name!r})"}


def removal(folder: str) -> dict[str, str]:
    """`user_expressions` that make the kernel remove the folder in which it was started, if this is its name."""
    return {_ANSWER: f"{_OURS}.remove({folder!r})"}


def met(answers: Answers) -> tuple[bool, str]:
    """Whether it has, and the reason."""
    works, reason = _facts(answers)
    return bool(works), str(reason)


def _facts(answers: Answers) -> Any:
    told = value(answers)
    if isinstance(told, Failure):
        raise KernelError(
            f"the kernel cannot say where it runs: {told.name}: {told.message}",
            hint="cells must leave IPython and the standard library as they are",
        )
    return json.loads(told)


def _font(path: Path) -> dict[str, str]:
    content = path.read_bytes()
    return {"name": path.name, "digest": sha256(content)[:16], "content": base64.b64encode(content).decode("ascii")}
