"""How much memory a kernel may use."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from deckcast.engines import kernel_memory
from deckcast.engines.kernel_memory import GIB, _container_limits, allowed


def test_the_settings_say_how_much() -> None:
    assert allowed(2.5) == 5 * GIB // 2


def test_without_settings_it_is_three_quarters_of_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_memory, "_container_limits", list)
    assert allowed(0) == psutil.virtual_memory().total * 3 // 4
    monkeypatch.setattr(kernel_memory, "_container_limits", lambda: [1 << 62, 4 * GIB])
    assert allowed(0) == min(3 * GIB, psutil.virtual_memory().total * 3 // 4)


def groups(root: Path, own: str, limits: dict[str, str]) -> list[int]:
    (root / "own").write_text(own)
    for path, limit in limits.items():
        (root / "fs" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "fs" / path).write_text(limit)
    return sorted(_container_limits(root / "fs", root / "own"))


def test_a_container_of_the_second_kind_and_all_above_it_count(tmp_path: Path) -> None:
    limits = {"a/b/memory.max": "max\n", "a/memory.max": "4000\n", "memory.max": "9000\n", "other/memory.max": "1\n"}
    assert groups(tmp_path, "0::/a/b\n", limits) == [4000, 9000]


def test_a_container_of_the_first_kind_counts(tmp_path: Path) -> None:
    limits = {"memory/a/memory.limit_in_bytes": "4000", "memory/memory.limit_in_bytes": "9223372036854771712"}
    assert groups(tmp_path, "8:pids:/a\n4:memory:/a\n0::/\n", limits)[0] == 4000


def test_without_containers_there_is_no_limit(tmp_path: Path) -> None:
    assert groups(tmp_path, "", {}) == []
    assert _container_limits(tmp_path, tmp_path / "none") == []
