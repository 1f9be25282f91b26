"""`make lock`: resolves what pyproject.toml asks for; versions and hashes go into generator/locks/."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "generator" / "locks"
FILES = {"deckcast": (), "transformers": ("--extra=transformers",), "dev": ("--group=dev",)}
"""Each lock, and what it holds beside what the program needs."""
HEAD = "# Made by `make lock`; see README.md beside this file.\n"
BY_MACHINE = re.compile(r"(?:torch|triton|nvidia-.+|cuda-.+)==")
"""PyTorch and its libraries: which build serves depends on the machine."""


def main() -> None:
    from supply import licences

    with tempfile.TemporaryDirectory() as folder:
        everything = Path(folder, "all.txt")
        _resolve(everything, "--all-extras", "--group=dev")
        for name, more in FILES.items():
            path = Path(folder, f"{name}.txt")
            _resolve(path, *more, "--constraint", str(everything))
            text = HEAD + "".join(block for block in blocks(path.read_text()) if not BY_MACHINE.match(block))
            (LOCKS / f"{name}.txt").write_text(text)
            print(f"{LOCKS.relative_to(ROOT) / name}.txt: {len(list(blocks(text)))} packages")
    licences.write()


def blocks(text: str) -> Iterator[str]:
    """Each package's lines: `name==version`, then its hashes."""
    block = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("#"):
            continue
        block += line
        if not line.rstrip().endswith("\\"):
            yield block
            block = ""


def _resolve(path: Path, *more: str) -> None:
    options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    command = ["uv", "pip", "compile", "--no-config", "pyproject.toml", *options, *more, f"--output-file={path}"]
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
