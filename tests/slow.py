"""Runs the slow tests, and those that fail once more by themselves: what a busy machine spoiled costs no run.

What is given goes to the first run. A test that fails twice fails the command; one that passed only by itself is named.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MOST = 5
"""When so many have failed twice, the rest is not tried."""


def tests(cache: Path, *arguments: str) -> tuple[int, set[str]]:
    """pytest's exit code, and which tests failed."""
    command = [sys.executable, "-m", "pytest", "-m", "slow", "-o", f"cache_dir={cache}", *arguments]
    code = subprocess.run(command, check=False).returncode
    failed = cache / "v" / "cache" / "lastfailed"
    return code, set(json.loads(failed.read_text())) if failed.exists() else set()


def main(arguments: list[str]) -> int:
    cache = Path(".pytest_cache").absolute()
    code, failed = tests(cache, "--cache-clear", *arguments)
    if code != pytest.ExitCode.TESTS_FAILED or not failed:
        return code
    print(f"\nonce more, alone: {', '.join(sorted(failed))}", flush=True)
    code, still = tests(cache, "-n0", f"--maxfail={MOST}", *sorted(failed))
    if alone := sorted(failed - still):
        print(f"passed only when run alone: {', '.join(alone)}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
