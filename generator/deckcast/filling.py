"""Fills a theme's templates, in Jinja2's sandbox. As a program it does so within limits, for themes of strangers.

The sandbox keeps a template from files and from Python, but not from working for ever or taking all memory: loops in
loops, strings times a billion, macros that call themselves. No list of what to forbid would be whole. So the program is
given limits by the system, in CPU seconds, bytes and length of what it answers, and where it is stopped, Python's own
`faulthandler` tells the line, even in the midst of C code.

It reads one line of JSON, see `_main`, and answers lines of JSON: `{"file": …}` before a template is read,
`{"lines": …}` after that (which line of the template each line of the program made of it stands for), and in the end
`{"page": …}` or `{"failed": …}`.
"""

from __future__ import annotations

import dataclasses
import faulthandler
import json
import sys
from collections.abc import Callable, Generator, MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from deckcast.folders import inside

if TYPE_CHECKING:
    import jinja2

SECONDS = 10
"""Of CPU time, for one page. The pages of long lessons take a tenth of one."""
PATIENCE = 60
"""Seconds by the clock, where the system counts no CPU time."""
MEMORY = 1 << 30
"""Bytes of address space, beside eight times what is filled in."""
LENGTH = 64 << 20
"""Characters of a page, beside twice what is filled in."""
HEAVIEST = 4 << 20
"""Bytes of a template."""
_MESSAGE = 300
"""Characters of an error that are told."""


class Failed(Exception):
    """A template that does not work."""

    def __init__(self, kind: str, message: str, file: str = "", line: int = 1) -> None:
        """`kind` is `syntax`, `missing`, `text`, `heavy`, `value`, `endless` or `large`."""
        super().__init__(message)
        self.kind, self.message, self.file, self.line = kind, message, file, line


class Foreign(Exception):
    """A template is not one of those that may be filled here."""


def fill(
    name: str,
    folders: Sequence[Path],
    values: dict[str, Any],
    *,
    most: int | None = None,
    admit: Callable[[Path], bool] = lambda _: True,
    tell: Callable[[dict[str, Any]], None] = lambda _: None,
) -> str:
    """The template of that name in the first of `folders` that has it, filled. Raises `Failed`, `Foreign`.

    `most` characters may come out; `admit` says whether a file may be filled.
    """
    import jinja2

    loader = _loader(folders, admit, tell)
    environment = _environment(loader)
    parts: list[str] = []
    size = 0
    try:
        template = environment.get_template(name)
        writing = cast(Generator[str, None, None], template.root_render_func(template.new_context(values)))
        for part in writing:
            parts.append(part)
            size += len(part)
            if most is not None and size > most:
                writing.throw(_TooLong())  # so that it is told where
        return "".join(parts)
    except (Failed, Foreign):
        raise
    except jinja2.TemplateSyntaxError as error:
        raise Failed("syntax", _short(error.message or "a mistake"), error.filename or "", error.lineno) from error
    except UnicodeDecodeError as error:
        raise Failed("text", str(error)) from error
    except jinja2.TemplateNotFound as error:
        raise Failed("missing", _short(str(error.name)), *_place(error)) from error
    except MemoryError as error:
        parts.clear()
        raise Failed("large", f"it takes more than {MEMORY >> 20} MB of memory", *_place(error)) from error
    except _TooLong as error:
        raise Failed("large", f"it writes more than {size >> 20} million characters", *_place(error)) from error
    except RecursionError as error:
        raise Failed("endless", "it calls or includes itself without end", *_place(error)) from error
    except Exception as error:  # whatever a template's own expression can raise
        raise Failed("value", _short(str(error)) or type(error).__name__, *_place(error)) from error


class _TooLong(Exception):
    """More comes out than a page may have."""


def _environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    from jinja2 import StrictUndefined, nodes
    from jinja2.compiler import CodeGenerator
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Late(CodeGenerator):
        def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
            """Only text: an expression is computed where it can be told, not while the template is read."""
            if isinstance(node, nodes.TemplateData):
                return super()._output_child_to_const(node, frame, finalize)
            raise nodes.Impossible

    class Environment(ImmutableSandboxedEnvironment):
        code_generator_class = Late

    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
    )


def _loader(
    folders: Sequence[Path], admit: Callable[[Path], bool], tell: Callable[[dict[str, Any]], None]
) -> jinja2.BaseLoader:
    import jinja2

    class Loader(jinja2.BaseLoader):
        """Reads templates out of the folders; links out of them lead nowhere."""

        def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
            for folder in folders:
                found = inside(folder, template)
                if found is None:
                    continue
                if not admit(found):
                    raise Foreign
                path = folder / template
                tell({"file": str(path)})
                if found.stat().st_size > HEAVIEST:
                    raise Failed("heavy", f"it has {found.stat().st_size / 2**20:.0f} MB", str(path))
                return found.read_text(encoding="utf-8"), str(path), None
            raise jinja2.TemplateNotFound(template)

        def load(
            self,
            environment: jinja2.Environment,
            name: str,
            globals: MutableMapping[str, Any] | None = None,  # noqa: A002
        ) -> jinja2.Template:
            try:
                template = super().load(environment, name, globals)
            except (RecursionError, MemoryError) as error:
                file = next((str(folder / name) for folder in folders if inside(folder, name)), "")
                raise Failed("endless", "its expressions or blocks are nested too deeply", file) from error
            tell({"lines": template.debug_info})
            return template

    return Loader()


def _place(error: BaseException) -> tuple[str, int]:
    """The file and line of the innermost template that an error passed."""
    file, line = "", 1
    at = error.__traceback__
    while at is not None:
        template = at.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            file, line = template.filename or "", template.get_corresponding_lineno(at.tb_lineno)
        at = at.tb_next
    return file, line


def _short(message: str) -> str:
    return message if len(message) <= _MESSAGE else f"{message[:_MESSAGE]}…"


# ── values on their way to the program ──


def packed(value: Any) -> Any:
    """A value of a page as JSON has it: text that is HTML already, and dataclasses, are marked."""
    if hasattr(value, "__html__"):
        return {"html": str(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"fields": {one.name: packed(getattr(value, one.name)) for one in dataclasses.fields(value)}}
    if isinstance(value, (list, tuple)):
        return [packed(one) for one in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"a template cannot be given {value!r}")


def _unpacked(value: Any) -> Any:
    from markupsafe import Markup

    if isinstance(value, list):
        return tuple(map(_unpacked, value))
    if isinstance(value, dict):
        if "html" in value:
            return Markup(value["html"])  # noqa: S704 - as the build gave it
        return SimpleNamespace(**{name: _unpacked(one) for name, one in value["fields"].items()})
    return value


# ── the program ──


def _limit(seconds: int, memory: int) -> None:
    """Sets the limits of this process, as far as the system has such."""
    faulthandler.dump_traceback_later(PATIENCE, exit=True, file=sys.stderr)
    with suppress(ImportError):  # not on Windows
        import resource
        import signal

        wanted = {
            "RLIMIT_CORE": (0, 0),
            "RLIMIT_FSIZE": (0, 0),
            "RLIMIT_CPU": (seconds, seconds + 5),
            "RLIMIT_AS": (memory, memory),
        }
        faulthandler.register(signal.SIGXCPU, file=sys.stderr, all_threads=False, chain=True)
        for name, (soft, hard) in wanted.items():
            with suppress(ValueError, OSError):  # it is limited already, or has none of this kind
                resource.setrlimit(getattr(resource, name), (soft, hard))


def _main() -> None:
    """Reads `{"name": template, "folders": […], "values": {…}, "seconds": 10, "memory": bytes}` and answers."""
    line = sys.stdin.buffer.readline()
    asked = json.loads(line)
    _limit(asked["seconds"], asked["memory"] + 8 * len(line))
    values = {name: _unpacked(value) for name, value in asked["values"].items()}
    reserve = bytearray(16 << 20)  # to be able to tell, where memory is short
    try:
        folders = [Path(one) for one in asked["folders"]]
        page = fill(asked["name"], folders, values, most=LENGTH + 2 * len(line), tell=_tell)
    except Failed as failed:
        reserve.clear()
        _tell({"failed": [failed.kind, failed.message, failed.file, failed.line]})
    else:
        _tell({"page": page})


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
