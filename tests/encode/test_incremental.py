"""The cost of a build follows what changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from deckcast.encode import pieces
from deckcast.engines.store_memory import MemoryStore
from encode.lessons import Studio, quick

pytestmark = pytest.mark.slow

FOUR = [("One", 0.5), ("Two", 0.6), ("Three", 0), ("Four", 0.7)]


LOUDNESS = -14.15
"""LUFS at which other words in a lesson of FOUR do not lead to another step of gain."""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    studio = Studio(settings=quick())
    deck, timeline = studio.lesson(FOUR)
    made, progress = studio.encode(deck, timeline, tmp_path / "lesson.mp4")
    assert made.made
    assert len(progress.made) == pieces(timeline, studio.settings)
    names = [f"video of slide {at}" for at in (1, 2, 3, 4)] + [f"sound of slide {at}" for at in (1, 2, 4)]
    names[4:4] = ["repeated pictures", "loudness"]
    assert progress.made == [*names, "silence", "lesson.mp4"]
    return studio


def test_nothing_changed_nothing_is_made(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    before = path.stat()
    made, progress = studio.encode(*studio.lesson(FOUR), path)
    assert (made.made, progress.made, progress.kept) == (False, [], ["lesson.mp4"])
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert made.size == before.st_size


def test_a_changed_slide_is_made_alone(studio: Studio, tmp_path: Path) -> None:
    changed = [*FOUR[:2], ("Three!", 0), FOUR[3]]
    made, progress = studio.encode(*studio.lesson(changed), tmp_path / "lesson.mp4")
    assert progress.made == ["video of slide 3", "lesson.mp4"]
    assert progress.why == {"video of slide 3": "image changed", "lesson.mp4": "pictures, tags changed"}
    fresh = Studio(settings=quick())
    whole, _ = fresh.encode(*fresh.lesson(changed), tmp_path / "whole.mp4")
    assert made.sha256 == whole.sha256


def test_why_something_is_made_is_known_after_builds_that_made_nothing(studio: Studio, tmp_path: Path) -> None:
    for _ in range(2):
        studio.encode(*studio.lesson(FOUR), tmp_path / "lesson.mp4")
    _, progress = studio.encode(*studio.lesson([*FOUR[:2], ("Three!", 0), FOUR[3]]), tmp_path / "lesson.mp4")
    assert progress.why["video of slide 3"] == "image changed"


def test_what_a_killed_build_left_is_removed_even_if_the_old_lesson_still_serves(
    studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / ".lesson.mp4.part").write_bytes(b"half")
    made, _ = studio.encode(*studio.lesson(FOUR), tmp_path / "lesson.mp4")
    assert not made.made
    assert [path.name for path in tmp_path.iterdir()] == ["lesson.mp4"]


def test_other_words_are_encoded_alone(tmp_path: Path) -> None:
    studio = Studio(settings=quick(loudness=LOUDNESS))
    studio.encode(*studio.lesson(FOUR), tmp_path / "lesson.mp4")
    changed = [FOUR[0], ("Two", 0.64), *FOUR[2:]]
    _, progress = studio.encode(*studio.lesson(changed), tmp_path / "lesson.mp4")
    assert progress.made == ["loudness", "sound of slide 2", "lesson.mp4"]


def test_a_slide_left_out_costs_only_the_file(studio: Studio, tmp_path: Path) -> None:
    deck, timeline = studio.lesson([*FOUR, *((f"More {at}", 0.6) for at in range(8))])
    studio.encode(deck, timeline, tmp_path / "lesson.mp4")
    shorter = replace(timeline, scenes=timeline.scenes[:-1])
    made, progress = studio.encode(deck, shorter, tmp_path / "lesson.mp4")
    assert progress.made == ["loudness", "lesson.mp4"]
    assert made.made


def test_another_distance_of_key_pictures_costs_only_the_file(studio: Studio, tmp_path: Path) -> None:
    studio.settings = quick(keyframe=0.5)
    _, progress = studio.encode(*studio.lesson(FOUR), tmp_path / "lesson.mp4")
    assert progress.made == ["lesson.mp4"]
    assert progress.why == {"lesson.mp4": "keyframe changed"}


def test_slides_that_look_alike_are_encoded_once(tmp_path: Path) -> None:
    studio = Studio(settings=quick())
    deck, timeline = studio.lesson(FOUR)
    first = timeline.scenes[0].frame
    alike = replace(
        timeline,
        scenes=tuple(replace(scene, frame=replace(first, step=scene.frame.step)) for scene in timeline.scenes),
    )
    _, progress = studio.encode(deck, alike, tmp_path / "lesson.mp4")
    assert [piece for piece in progress.made if piece.startswith("video")] == ["video of slide 1"]


def test_a_file_that_was_removed_or_changed_is_written_again_from_kept_pieces(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    whole = path.read_bytes()
    for damage in (path.unlink, lambda: path.write_bytes(whole[:-1] + b"\0"), lambda: path.write_bytes(whole[:100])):
        damage()
        made, progress = studio.encode(*studio.lesson(FOUR), path)
        assert progress.made == ["lesson.mp4"]
        assert made.made
        assert path.read_bytes() == whole


def test_a_damaged_piece_is_made_again(studio: Studio, tmp_path: Path) -> None:
    store = studio.store
    assert isinstance(store, MemoryStore)
    for name, body in list(store.contents.items()):
        if body.startswith(b"\0\0\0\1\x65"):
            store.contents[name] = body[:-1] + b"?"
    (tmp_path / "lesson.mp4").unlink()
    _, progress = studio.encode(*studio.lesson(FOUR), tmp_path / "lesson.mp4")
    assert progress.made == [*[f"video of slide {at}" for at in (1, 2, 3, 4)], "lesson.mp4"]


def test_force_makes_everything_again(studio: Studio, tmp_path: Path) -> None:
    before = (tmp_path / "lesson.mp4").read_bytes()
    made, progress = studio.encode(*studio.lesson(FOUR), tmp_path / "lesson.mp4", force=True)
    assert (len(progress.made), progress.kept) == (11, [])
    assert made.path.read_bytes() == before
