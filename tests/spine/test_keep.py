from __future__ import annotations

from deckcast.digest import Question
from deckcast.engines.store_memory import MemoryStore
from deckcast.keep import Keeper


class Notes:
    """A progress that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, bool, str]] = []

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        self.told.append((stage, what, kept, why))

    def end(self, stage: str, note: str = "") -> None: ...

    def say(self, message: str) -> None: ...


def make(keeper: Keeper, slot: str, **parts: object) -> None:
    """What a stage does: ask, and make what is not there."""
    question = Question.of("picture-1", **parts)
    if keeper.find("render", slot, question) is None:
        keeper.keep("render", slot, question, {}, {"png": repr(parts).encode()})


def build(store: MemoryStore, notes: Notes, slides: dict[str, dict[str, object]], *, force: bool = False) -> Keeper:
    keeper = Keeper(store, notes, "lesson", force=force)
    for slot, parts in slides.items():
        make(keeper, slot, **parts)
    keeper.remember()
    return keeper


def test_the_second_build_keeps_everything_and_a_change_says_why() -> None:
    store = MemoryStore()
    first, second, third = Notes(), Notes(), Notes()
    slides: dict[str, dict[str, object]] = {"slide 1": {"html": "a", "theme": 1}, "slide 2": {"html": "b", "theme": 1}}
    assert build(store, first, slides).counts("render") == (2, 0)
    assert build(store, second, slides).counts("render") == (0, 2)
    slides["slide 2"] = {"html": "c", "theme": 2}
    assert build(store, third, slides).counts("render") == (1, 1)
    assert [why for *_, why in first.told] == ["new", "new"]
    assert all(kept for _, _, kept, _ in second.told)
    assert third.told[1] == ("render", "slide 2", False, "html, theme changed")


def test_force_makes_everything_again_but_equal_pieces_once() -> None:
    store = MemoryStore()
    same: dict[str, dict[str, object]] = {"slide 1": {"html": "a"}, "slide 2": {"html": "a"}}
    assert build(store, Notes(), same).counts("render") == (1, 1)
    assert build(store, Notes(), same, force=True).counts("render") == (1, 1)


def test_a_lost_answer_is_made_again_and_says_so() -> None:
    store = MemoryStore()
    build(store, Notes(), {"slide 1": {"html": "a"}})
    for name in [name for name in store.contents if name.startswith("blobs/")]:
        del store.contents[name]
    notes = Notes()
    build(store, notes, {"slide 1": {"html": "a"}})
    assert notes.told == [("render", "slide 1", False, "its kept answer is gone")]


def test_a_new_version_of_a_stage_asks_everything_again() -> None:
    old, new = Question.of("picture-1", html="a"), Question.of("picture-2", html="a")
    assert old.key != new.key
    assert new.changed(old) == "picture-1 is now picture-2"
