from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.digest import Question, canonical, digest


@dataclass(frozen=True)
class Point:
    x: int
    tags: frozenset[str]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_anything_plain_has_a_digest_and_equal_values_equal_ones(value: object) -> None:
    assert digest(value) == digest(value)
    assert len(digest(value)) == 64


def test_the_order_of_mappings_and_sets_does_not_matter() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest(Point(1, frozenset("abc"))) == digest(Point(1, frozenset("cab")))


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, "1"), (1, 1.0), (True, 1), ("ab", b"ab"), ([1, [2]], [1, 2]), ({"a": None}, {}), ("e\u0301", "\u00e9")],
)
def test_different_values_have_different_digests(one: object, other: object) -> None:
    assert digest(one) != digest(other)


def test_digests_are_the_same_in_another_process() -> None:
    code = "from deckcast.digest import digest; print(digest({'a': {1.5, 2}, 'b': ('x', b'y')}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2] / "generator",
    )
    assert done.stdout.strip() == digest({"a": {1.5, 2}, "b": ("x", b"y")})


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no canonical form"):
        canonical(object())


def test_a_question_names_what_changed() -> None:
    one = Question.of("take-1", text="a", voice_identity="x")
    assert Question.of("take-1", text="b", voice_identity="y").changed(one) == "text, voice identity changed"
    assert one.changed(None) == "new"
