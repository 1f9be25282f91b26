"""Line numbers that an author writes: `1|3-5|all` to emphasise, `3-9` to leave out."""

from __future__ import annotations

import re

MAX_GROUPS = 100
_RANGE = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", re.ASCII)


def read_groups(text: str, count: int) -> tuple[frozenset[int], ...]:
    """Groups of lines, split by `|`: numbers and ranges with commas between, `all`, or nothing for none.

    Raises `ValueError` that says what is wrong, for code of `count` lines.
    """
    groups = text.split("|")
    if len(groups) > MAX_GROUPS:
        raise ValueError(f"has more than {MAX_GROUPS} groups")
    return tuple(_group(group.strip(), count) for group in groups)


def _group(text: str, count: int) -> frozenset[int]:
    if text in ("", "none"):
        return frozenset()
    if text == "all":
        return frozenset(range(1, count + 1))
    found: set[int] = set()
    for part in text.split(","):
        first, last = read_range(part.strip(), count)
        found.update(range(first, last + 1))
    return frozenset(found)


def read_range(text: str, count: int) -> tuple[int, int]:
    """First and last line of `3-9` or `3`. Raises `ValueError` that says what is wrong, for code of `count` lines."""
    found = _RANGE.fullmatch(text)
    if found is None:
        raise ValueError(f"names lines, not `{text}`")
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise ValueError(f"has a range that runs backwards: `{text}`")
    if first < 1:
        raise ValueError("counts lines from 1")
    if last > count:
        raise ValueError(f"names line {last}, but the code has {count} line{'s' if count != 1 else ''}")
    return first, last
