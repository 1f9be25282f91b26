"""Nothing that others can write makes deckcast fall over: texts grown from fragments, and every input that once did."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.fragments import FRAGMENTS
from fuzz.targets import FOUND, TARGETS

EXAMPLES = int(os.environ.get("DECKCAST_EXAMPLES", "20"))
"""How many texts are tried on each target."""
COSTLY = frozenset({"lesson", "manifest", "kept", "language", "picture", "film", "sound", "voices"})


def grown(target: str) -> st.SearchStrategy[bytes]:
    pieces = st.sampled_from(FRAGMENTS[target]) | st.text(max_size=4)
    text = st.lists(pieces, max_size=30).map("".join).map(lambda text: text.encode("utf-8", "replace"))
    good = st.sampled_from(list(itertools.islice(TARGETS[target].seeds(), 30)))
    return text | st.tuples(good, st.integers(0, 400), st.integers(0, 20), text).map(_mutated)


def _mutated(told: tuple[bytes, int, int, bytes]) -> bytes:
    """A good input with another text in the place of some of it."""
    good, begin, length, text = told
    begin = min(begin, len(good))
    return good[:begin] + text + good[begin + length :]


@pytest.mark.parametrize("name", TARGETS)
def test_any_input_is_read_or_refused(name: str) -> None:
    @settings(max_examples=EXAMPLES // 2 if name in COSTLY else EXAMPLES, derandomize=True, database=None)
    @given(grown(name))
    def holds(data: bytes) -> None:
        TARGETS[name].work(data)

    holds()


def found() -> Iterator[tuple[str, Path]]:
    for folder in sorted(one for one in FOUND.iterdir() if one.is_dir()):
        yield from ((folder.name, path) for path in sorted(folder.iterdir()))


@pytest.mark.parametrize(("name", "path"), [pytest.param(*one, id=f"{one[0]}-{one[1].name}") for one in found()])
def test_inputs_that_once_went_wrong_do_no_more(name: str, path: Path) -> None:
    data = path.read_bytes()
    assert TARGETS[name].work(data) == TARGETS[name].work(data)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_good_and_the_same_input_gives_the_same(name: str) -> None:
    seeds = list(itertools.islice(TARGETS[name].seeds(), 2 if name in COSTLY else 4))
    assert seeds
    for data in seeds:
        assert TARGETS[name].work(data) == TARGETS[name].work(data)
