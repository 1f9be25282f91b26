"""The locks hold what pyproject.toml asks for, in versions that it allows, with hashes."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from supply.locks import FILES, LOCKS, ROOT, blocks

_PINNED = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.+!-]+)(?: ; (?P<marker>[^\\\n]+?))? \\\n")
_HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n")


def locked(name: str) -> dict[str, list[Version]]:
    """The versions of each package: more than one where markers choose between them."""
    found: dict[str, list[Version]] = {}
    for block in blocks((LOCKS / f"{name}.txt").read_text()):
        head = _PINNED.match(block)
        assert head, block
        assert _HASH.fullmatch(block[head.end() :].splitlines(keepends=True)[0]), block
        assert _HASH.sub("", block[head.end() :]) == "", block
        found.setdefault(canonicalize_name(head["name"]), []).append(Version(head["version"]))
    return found


def wanted() -> dict[str, list[str]]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needs = project["project"]["dependencies"]
    more = project["project"]["optional-dependencies"]["transformers"]
    return {"deckcast": needs, "transformers": needs + more, "dev": needs + project["dependency-groups"]["dev"]}


@pytest.mark.parametrize("name", FILES)
def test_a_lock_holds_what_is_asked_for(name: str) -> None:
    versions = locked(name)
    for text in wanted()[name]:
        asked = Requirement(text)
        if asked.name == "torch":
            continue
        found = versions.get(canonicalize_name(asked.name), [])
        assert found, f"{name}.txt lacks {asked.name}: make lock"
        assert all(version in asked.specifier for version in found), f"{text}, but {name}.txt has {found}: make lock"


def test_locks_agree_and_leave_pytorch_to_the_machine() -> None:
    program, transformers, dev = (locked(name) for name in FILES)
    for other in (transformers, dev):
        assert {name: other.get(name) for name in program} == program
        assert not {"torch", "triton"} & set(other)
        assert not [name for name in other if name.startswith(("nvidia-", "cuda-"))]
    assert not re.search(r"https?://|file:|^-", "".join((LOCKS / f"{name}.txt").read_text() for name in FILES), re.M)
