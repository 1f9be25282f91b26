"""The page of all lessons: made of what stands in the output folder, and of nothing else."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from deckcast import course
from deckcast.settings import Settings

SETTINGS = dataclasses.replace(
    Settings(), publish=dataclasses.replace(Settings().publish, course="A course", course_description="All about it.")
)


def lesson(output: Path, name: str, title: str, *said: str, language: str = "en", seconds: float = 125.0) -> Path:
    """A folder as a build leaves it, as far as the page looks at it."""
    folder = output / name
    folder.mkdir(parents=True)
    steps = [
        {"slide": number, "title": f"Part {number}", "start": 10.6 * number, "narration": {"text": text}}
        for number, text in enumerate(said, 1)
    ]
    told: dict[str, Any] = {
        "title": title,
        "settings": {"lesson": {"description": f"What {title} is.", "language": language}},
        "video": {"seconds": seconds},
        "steps": [*steps, {"slide": len(said) + 1, "title": "", "start": 99.0}],
    }
    (folder / "manifest.json").write_text(json.dumps(told))
    (folder / "index.html").write_text("<p>a lesson</p>")
    Image.new("RGB", (64, 36), "navy").save(folder / "thumbnail.jpg")
    return folder


@pytest.fixture
def output(tmp_path: Path) -> Path:
    lesson(tmp_path, "02-second", "Second", "Attention is all you need.")
    lesson(tmp_path, "01-first", "First", "Words become numbers.", "Numbers become words.")
    lesson(tmp_path, "01-first@draft", "A draft", "Never mind.")
    (tmp_path / ".deckcast").mkdir()
    return tmp_path


def data(path: Path) -> Any:
    found = re.search(r'<script type="application/json" id="course">(.*?)</script>', path.read_text(), re.S)
    assert found is not None
    return json.loads(found[1])


def test_lessons_stand_in_the_order_of_their_names_and_drafts_do_not(output: Path) -> None:
    path = course.write(output, SETTINGS)
    assert path == output / "index.html"
    assert re.findall(r'<a href="([^"]+)/index.html">', path.read_text()) == ["01-first", "02-second"]
    assert "A course" in path.read_text()
    assert "All about it." in path.read_text()
    told = data(path)
    assert told["lessons"][0]["said"] == [[10, "Words become numbers."], [21, "Numbers become words."]]


def test_an_entry_tells_what_is_in_the_lesson(output: Path) -> None:
    first, _ = course.gather(output)
    assert (first.title, first.slides, first.seconds) == ("First", 3, 125.0)
    assert first.titles == ("Part 1", "Part 2")
    assert first.picture == "01-first/thumbnail.jpg"


def test_it_is_written_again_only_when_something_changed(output: Path) -> None:
    path = course.write(output, SETTINGS)
    assert path is not None
    before = path.stat()
    assert course.write(output, SETTINGS) == path
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino
    lesson(output, "03-third", "Third", "More.")
    course.write(output, SETTINGS)
    assert "Third" in path.read_text()


def test_equal_lessons_make_equal_bytes(output: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    lesson(other, "01-first", "First", "Words become numbers.", "Numbers become words.")
    lesson(other, "02-second", "Second", "Attention is all you need.")
    one, two = course.write(output, SETTINGS), course.write(other, SETTINGS)
    assert one is not None
    assert two is not None
    assert one.read_bytes() == two.read_bytes()


def test_a_page_of_ones_own_is_left_alone(output: Path) -> None:
    (output / "index.html").write_text("<h1>my own page</h1>")
    assert course.write(output, SETTINGS) is None
    assert (output / "index.html").read_text() == "<h1>my own page</h1>"


def test_without_lessons_there_is_no_page(tmp_path: Path) -> None:
    assert course.write(tmp_path, SETTINGS) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"title": 3, "settings": null}'])
def test_what_is_no_lesson_is_passed_over(output: Path, manifest: str) -> None:
    (output / "other").mkdir()
    (output / "other" / "manifest.json").write_text(manifest)
    assert len(course.gather(output)) == 2


def test_nothing_that_a_lesson_says_becomes_markup(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    lesson(tmp_path, "01-evil", evil, evil)
    path = course.write(tmp_path, SETTINGS)
    assert path is not None
    text = path.read_text()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert data(path)["lessons"][0]["title"] == evil


def test_it_speaks_the_language_of_the_first_lesson(tmp_path: Path) -> None:
    lesson(tmp_path, "01", "Erste", "Worte.", language="de-AT")
    path = course.write(tmp_path, Settings())
    assert path is not None
    assert '<html lang="de"' in path.read_text()
    assert "<h1>Lektionen</h1>" in path.read_text()


def test_it_follows_the_lessons_that_are_left(output: Path) -> None:
    import shutil

    path = course.write(output, SETTINGS)
    assert path is not None
    shutil.rmtree(output / "01-first")
    course.refresh(output)
    assert "First" not in path.read_text()
    shutil.rmtree(output / "02-second")
    course.refresh(output)
    assert not path.exists()
    path.write_text("<h1>my own page</h1>")
    course.refresh(output)
    assert path.exists()
