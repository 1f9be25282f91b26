"""What happens when this machine lacks something or its disk fails."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.harness import GENERATOR, SECONDS, chapter, contents, deckcast

pytestmark = pytest.mark.slow

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def test_no_browser_is_told_with_the_way_out(tmp_path: Path) -> None:
    done = deckcast("build", chapter(tmp_path), cwd=tmp_path, DECKCAST_BROWSER="/nowhere/chromium")
    assert done.returncode == 3
    assert "error[browser]" in done.stderr
    assert "/nowhere/chromium" in done.stderr
    assert "help:" in done.stderr


def test_a_browser_that_dies_is_told(tmp_path: Path) -> None:
    dying = tmp_path / "chromium"
    dying.write_text('#!/bin/sh\ncase "$*" in *--version*) echo "Chromium 150.0.0.0";; *) exit 1;; esac\n')
    dying.chmod(0o755)
    done = deckcast("build", chapter(tmp_path), cwd=tmp_path, DECKCAST_BROWSER=str(dying))
    assert done.returncode == 3
    assert "error[browser]" in done.stderr


def without(module: str, folder: Path) -> str:
    """A PYTHONPATH on which `module` cannot be imported."""
    (folder / f"{module}.py").write_text(f"raise ImportError('lib{module}.so.61: cannot open shared object file')\n")
    return f"{folder}{os.pathsep}{GENERATOR}"


def test_no_video_libraries_are_told_with_the_command(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    done = deckcast("build", chapter(tmp_path), cwd=tmp_path, PYTHONPATH=without("av", broken))
    assert done.returncode == 3
    assert "error[encoder]" in done.stderr
    assert "pip install" in done.stderr


def test_no_voice_for_the_language_is_told(tmp_path: Path) -> None:
    talk = chapter(tmp_path, voice="auto")
    done = deckcast("build", talk, "--set", "language=xx", cwd=tmp_path)
    assert done.returncode == 3
    assert "error[voice]" in done.stderr
    assert "`xx`" in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB: room for the first few answers. Mounting one takes root; CI has it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not ROOT or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", disk], check=False).returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_told_and_costs_no_finished_work(tmp_path: Path, small_disk: Path) -> None:
    talk = chapter(tmp_path)
    first = deckcast(
        "build", talk, "--output", small_disk / "out", "--set", "size=1080", "--voice", "espeak", cwd=tmp_path
    )
    assert first.returncode == 3, first.stderr
    assert "error[storage]" in first.stderr
    assert "no space left" in first.stderr
    assert "help: free some space" in first.stderr
    assert not list((small_disk / "out").rglob("*.part")), "nothing half-written is left"
    kept = len(list((small_disk / "out" / ".deckcast" / "answers").rglob("*.json")))
    subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
    second = deckcast(
        "build", talk, "--output", small_disk / "out", "--set", "size=1080", "--voice", "espeak", cwd=tmp_path
    )
    assert second.returncode == 0, second.stderr
    calm = deckcast(
        "build", talk, "--output", tmp_path / "calm", "--set", "size=1080", "--voice", "espeak", cwd=tmp_path
    )
    assert calm.returncode == 0, calm.stderr
    assert contents(small_disk / "out" / "talk") == contents(tmp_path / "calm" / "talk")
    assert kept > 0


def test_an_output_folder_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    talk = chapter(tmp_path)
    (tmp_path / "file").write_text("not a folder")
    done = deckcast("build", talk, "--output", tmp_path / "file", cwd=tmp_path)
    assert done.returncode == 3
    assert "error[storage]" in done.stderr
    assert str(tmp_path / "file") in done.stderr


def test_a_read_only_disk_is_told(tmp_path: Path, small_disk: Path) -> None:
    talk = chapter(tmp_path)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    done = deckcast("build", talk, "--output", small_disk / "out", cwd=tmp_path)
    assert done.returncode == 3
    assert "read-only" in done.stderr


def test_the_command_starts_quickly_enough_to_be_asked_for_help(tmp_path: Path) -> None:
    """A hang guard, not a measurement: tests/benchmarks/help.py measures."""
    done = subprocess.run(
        [sys.executable, "-m", "deckcast", "--help"],
        env={**os.environ, "PYTHONPATH": str(GENERATOR)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    assert "build" in done.stdout
