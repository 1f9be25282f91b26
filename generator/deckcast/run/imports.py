"""The modules of the author's that Python cells import: a change in them makes the cells run again."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from deckcast import modules
from deckcast.model import Cell

MAX_SIZE = 2_000_000
"""Bytes of a module that is looked into for further imports."""

_MAGIC = re.compile(rb"^([ \t]*)(?:[%!?]|\w[\w.\[\]'\", ]*=[ \t]*[%!]).*$", re.M)
_HELP = re.compile(rb"^([ \t]*)[\w.]+\?{1,2}[ \t]*$", re.M)
_RUN = re.compile(rb"^[ \t]*%run[ \t]+(?:-\w+[ \t]+)*([\w./-]+)", re.M)
_IMPORT = re.compile(rb"^[ \t]*(?:import[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)*)|from[ \t]+([\w.]+)[ \t]+import\b)", re.M)


def local_files(cells: Iterable[Cell], folder: Path) -> tuple[str, ...]:
    """The files of `folder` that Python cells import, and those which these import, sorted, with `/` in their names.

    Those that chapters share begin with `../`. What cannot be read as Python is searched for lines that import. Modules
    that are found by other ways than their name are not known here; `files=` names them.
    """
    return Modules(folder).of(cells)


class Modules:
    """The Python files that a deck's cells can import. Each is looked for and read once, however many import it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._imports: dict[str, tuple[str, ...] | None] = {}
        """What each file may import; None where there is no such file."""

    def of(self, cells: Iterable[Cell]) -> tuple[str, ...]:
        """`local_files` of these cells."""
        found: set[str] = set()
        waiting = [
            name
            for cell in cells
            if cell.language == "python"
            for name in _named(cell.source.encode(errors="replace"), "")
        ]
        while waiting:
            meant = waiting.pop()
            for name in (meant, modules.UP + meant):
                imports = None if name in found else self._imported(name)
                if imports is not None:
                    waiting += imports
                if name in found or imports is not None:  # the deck's own comes before one that chapters share
                    found.add(name)
                    break
        return tuple(sorted(found))

    def _imported(self, name: str) -> tuple[str, ...] | None:
        if name not in self._imports:
            path = modules.find(self._folder, name)
            package = _package(name.removeprefix(modules.UP))
            self._imports[name] = None if path is None else tuple(_named(_source(path), package))
        return self._imports[name]


def _source(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_SIZE else b""
    except OSError:  # whoever takes the file's digest says so
        return b""


def _package(file: str) -> str:
    """The package to which relative imports in a file belong: `a.b` for `a/b/c.py` and `a/b/__init__.py`."""
    return ".".join(file.split("/")[:-1])


def _named(source: bytes, package: str) -> Iterator[str]:
    """The files that may be meant by the imports in a source."""
    for match in _RUN.finditer(source):
        yield match[1].decode(errors="replace").removeprefix("./")
    for module in dict.fromkeys(_modules(source, package)):
        yield from _files(module)


def _files(module: str) -> Iterator[str]:
    """Where a module may be, and the packages on the way to it."""
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts):
        return
    for end in range(1, len(parts) + 1):
        path = "/".join(parts[:end])
        yield f"{path}/__init__.py"
        yield f"{path}.py"


def _modules(source: bytes, package: str) -> Iterator[str]:
    """Full names of what a source imports. `from a import b` names `a` and `a.b`."""
    tree = _tree(source) or _tree(_HELP.sub(rb"\1pass", _MAGIC.sub(rb"\1pass", source)))
    if tree is None:
        yield from _modules_in_lines(source, package)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute("." * node.level + (node.module or ""), package)
            if base:
                yield base
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and _imports(node.func):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _imports(function: ast.expr) -> bool:
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    return name in ("import_module", "__import__")


def _modules_in_lines(source: bytes, package: str) -> Iterator[str]:
    for match in _IMPORT.finditer(source):
        names = (match[1] or match[2]).decode(errors="replace")
        yield from (_absolute(name.strip(), package) for name in names.split(","))


def _absolute(name: str, package: str) -> str:
    """The full name of a module that dots name from a package on: `..x` in `a.b` is `a.x`."""
    bare = name.lstrip(".")
    level = len(name) - len(bare)
    if not level:
        return bare
    parts = package.split(".") if package else []
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, bare]) if bare else ".".join(base)


def _tree(source: bytes) -> ast.AST | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the author's escapes, which Python tells when it runs them
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
