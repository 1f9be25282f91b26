"""The chapter list, held against YouTube's rules."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from deckcast.model import Blob, Frame, Scene, Take, Timeline
from deckcast.outline import Section
from deckcast.publish.chapters import chapters, moment, text


def listed(*sections: tuple[str, float], fps: int = 30) -> tuple[tuple[int, str], ...]:
    """The chapters of sections of (title, seconds)."""
    made, first = [], 0
    for title, seconds in sections:
        made.append(Section(title, first))
        first += round(seconds * fps)
    scene = Scene(Frame(1, Blob("", 0), 2, 2, ""), Take(1, 0), 0, first, 0)
    return chapters(made, Timeline(fps, (scene,)))


def test_long_sections_are_chapters() -> None:
    assert listed(("A", 12.5), ("B", 60), ("C", 3600)) == ((0, "A"), (12, "B"), (72, "C"))
    assert text(listed(("A", 12.5), ("B", 60), ("C", 3600))) == "0:00 A\n0:12 B\n1:12 C\n"


def test_a_short_section_is_joined_to_what_follows_and_the_longest_gives_the_title() -> None:
    assert listed(("Hello", 4), ("Plan", 30), ("B", 20), ("C", 20)) == ((0, "Plan"), (34, "B"), (54, "C"))


def test_a_short_last_section_is_joined_to_what_is_before() -> None:
    assert listed(("A", 20), ("B", 20), ("C", 20), ("Bye", 3)) == ((0, "A"), (20, "B"), (40, "C"))


def test_ten_seconds_are_counted_as_the_list_shows_them() -> None:
    assert listed(("A", 10.9), ("B", 9.5), ("C", 20), ("D", 20)) == ((0, "A"), (10, "B"), (20, "C"), (40, "D"))
    assert listed(("A", 10), ("B", 9.9), ("C", 20), ("D", 20)) == ((0, "A"), (10, "C"), (39, "D"))


def test_fewer_than_three_are_none() -> None:
    assert listed(("A", 100), ("B", 100)) == ()
    assert listed(("A", 1)) == ()


def test_moments() -> None:
    assert [moment(at) for at in (0, 65, 3600, 36_061)] == ["0:00", "1:05", "1:00:00", "10:01:01"]


@given(st.lists(st.floats(0.1, 40), min_size=1, max_size=20), st.integers(10, 60))
def test_every_rule_is_always_kept(lengths: list[float], fps: int) -> None:
    made = listed(*[(f"S{at}", seconds) for at, seconds in enumerate(lengths)], fps=fps)
    if made:
        end = sum(round(seconds * fps) for seconds in lengths) // fps
        moments = [second for second, _ in made] + [end]
        assert moments[0] == 0
        assert len(made) >= 3
        assert all(later - earlier >= 10 for earlier, later in pairwise(moments))
