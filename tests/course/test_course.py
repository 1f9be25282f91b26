"""The page of all lessons: made of what stands in the output folder, and of nothing else."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from course.built import lesson
from deckcast import course
from deckcast.settings import Settings

SETTINGS = dataclasses.replace(
    Settings(), publish=dataclasses.replace(Settings().publish, course="A course", course_description="All about it.")
)


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
    path = course.write(output, SETTINGS).page
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
    path = course.write(output, SETTINGS).page
    assert path is not None
    before = path.stat()
    assert course.write(output, SETTINGS).page == path
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino
    lesson(output, "03-third", "Third", "More.")
    course.write(output, SETTINGS)
    assert "Third" in path.read_text()


def test_equal_lessons_make_equal_bytes(output: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    lesson(other, "01-first", "First", "Words become numbers.", "Numbers become words.")
    lesson(other, "02-second", "Second", "Attention is all you need.")
    one, two = course.write(output, SETTINGS).page, course.write(other, SETTINGS).page
    assert one is not None
    assert two is not None
    assert one.read_bytes() == two.read_bytes()


def test_a_page_of_ones_own_is_left_alone(output: Path) -> None:
    (output / "index.html").write_text("<h1>my own page</h1>")
    assert course.write(output, SETTINGS).page is None
    assert (output / "index.html").read_text() == "<h1>my own page</h1>"


def test_without_lessons_there_is_no_page(tmp_path: Path) -> None:
    assert course.write(tmp_path, SETTINGS).page is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"title": 3, "settings": null}'])
def test_what_is_no_lesson_is_passed_over(output: Path, manifest: str) -> None:
    (output / "other").mkdir()
    (output / "other" / "manifest.json").write_text(manifest)
    assert len(course.gather(output)) == 2


def test_nothing_that_a_lesson_says_becomes_markup(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    lesson(tmp_path, "01-evil", evil, evil)
    path = course.write(tmp_path, SETTINGS).page
    assert path is not None
    text = path.read_text()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert data(path)["lessons"][0]["title"] == evil


def test_it_speaks_the_language_of_the_first_lesson(tmp_path: Path) -> None:
    lesson(tmp_path, "01", "Erste", "Worte.", language="de-AT")
    path = course.write(tmp_path, Settings()).page
    assert path is not None
    assert '<html lang="de"' in path.read_text()
    assert "<h1>Lektionen</h1>" in path.read_text()


def test_it_follows_the_lessons_that_are_left(output: Path) -> None:
    import shutil

    path = course.write(output, SETTINGS).page
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


# ── the list of lessons, for their pages ──


def listed(output: Path) -> Any:
    text = (output / "deckcast-course.css").read_text(encoding="ascii")
    found = re.search(r'--deckcast-course: "([^"\\]*)"', text)
    assert found is not None
    return json.loads(unquote(found[1]))


def ordered(*names: str) -> Settings:
    return dataclasses.replace(SETTINGS, publish=dataclasses.replace(SETTINGS.publish, order=names))


def test_a_list_of_lessons_lies_beside_their_folders(output: Path) -> None:
    course.write(output, SETTINGS)
    told = listed(output)
    assert (told["version"], told["course"]) == (1, "A course")
    assert [one["name"] for one in told["lessons"]] == ["01-first", "02-second"]
    assert told["lessons"][1] == {
        "name": "02-second",
        "title": "Second",
        "language": "en",
        "direction": "ltr",
        "picture": "thumbnail.jpg",
    }


def test_whatever_a_title_holds_stays_in_its_string(tmp_path: Path) -> None:
    evil = '"; } body { display: none } /* \\ </style> \u2028\n'
    lesson(tmp_path, "01", evil)
    course.write(tmp_path, SETTINGS)
    assert listed(tmp_path)["lessons"][0]["title"] == evil
    assert (tmp_path / "deckcast-course.css").read_text().count("}") == 1


def test_lessons_do_not_change_when_others_come(output: Path) -> None:
    course.write(output, SETTINGS)
    before = {path: path.read_bytes() for path in output.glob("*/*")}
    lesson(output, "03-third", "Third")
    course.write(output, SETTINGS)
    assert {path: path.read_bytes() for path in before} == before
    assert len(listed(output)["lessons"]) == 3


def test_an_order_may_be_given(output: Path) -> None:
    lesson(output, "03-third", "Third")
    path = course.write(output, ordered("03-third", "02-second")).page
    assert path is not None
    assert re.findall(r'<a href="([^"]+)/index.html">', path.read_text()) == ["03-third", "02-second", "01-first"]
    assert [one["name"] for one in listed(output)["lessons"]] == ["03-third", "02-second", "01-first"]


def test_an_unknown_lesson_in_the_order_is_told_with_the_nearest(output: Path, tmp_path: Path) -> None:
    home = tmp_path / "project"
    (home / "chapters" / "04-not-built-yet").mkdir(parents=True)
    (home / "deckcast.toml").write_text('[publish]\norder = ["04-not-built-yet", "01-frist"]\n')
    (told,) = course.write(output, ordered("04-not-built-yet", "01-frist"), home).findings
    assert (told.code, told.severity) == ("order-unknown", "warning")
    assert "`01-frist`" in told.message
    assert told.hint == "did you mean `01-first`?"
    assert told.where is not None
    assert (Path(told.where.path).name, told.where.line, told.where.column) == ("deckcast.toml", 2, 31)


def test_the_list_goes_with_the_last_lesson(output: Path) -> None:
    import shutil

    course.write(output, SETTINGS)
    for name in ("01-first", "02-second"):
        shutil.rmtree(output / name)
    course.refresh(output)
    assert not (output / "deckcast-course.css").exists()


# ── where the course has an address ──


def at(base_url: str) -> Settings:
    own = dataclasses.replace(SETTINGS.publish, base_url=base_url, organisation="A school")
    return dataclasses.replace(
        SETTINGS, publish=own, lesson=dataclasses.replace(SETTINGS.lesson, author="Ada", licence="CC BY 4.0")
    )


def test_with_an_address_programs_are_told_what_the_course_is(output: Path) -> None:
    path = course.write(output, at("https://example.org/a")).page
    assert path is not None
    text = path.read_text()
    assert '<link rel="canonical" href="https://example.org/a/">' in text
    assert '<meta property="og:type" content="website">' in text
    assert '<meta property="og:image" content="https://example.org/a/01-first/thumbnail.jpg">' in text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert found is not None
    told, listed = json.loads(found[1])["@graph"]
    assert (told["@type"], told["name"], told["description"]) == ("Course", "A course", "All about it.")
    assert told["provider"] == {"@type": "Organization", "name": "A school"}
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (listed["@type"], listed["numberOfItems"]) == ("ItemList", 2)
    assert [(one["position"], one["url"]) for one in listed["itemListElement"]] == [
        (1, "https://example.org/a/01-first/"),
        (2, "https://example.org/a/02-second/"),
    ]


def test_without_one_nothing_of_it_is_written(output: Path) -> None:
    path = course.write(output, at("")).page
    assert path is not None
    head = path.read_text().partition("<style>")[0]
    assert not re.search(r"canonical|og:|twitter:|ld\+json|rss", head)


def test_the_page_shows_who_offers_it_and_its_licence(output: Path) -> None:
    path = course.write(output, at("")).page
    assert path is not None
    text = path.read_text()
    assert "<span>Ada</span><span>A school</span>" in text
    assert '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>' in text


def test_it_has_the_accent_that_all_lessons_have(output: Path) -> None:
    for name in ("01-first", "02-second"):
        manifest = output / name / "manifest.json"
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "accent": ["#b3246f", "#ff9ccb"]}))
    path = course.write(output, SETTINGS).page
    assert path is not None
    assert "--accent: #b3246f;" in path.read_text()
    for evil in (["red; } * { display: none", "#ff9ccb"], ["#b3246f"], "#b3246f", None):
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "accent": evil}))
        course.write(output, SETTINGS)
        assert "#b3246f" not in path.read_text()


def test_a_page_that_was_damaged_is_written_again(output: Path) -> None:
    path = course.write(output, SETTINGS).page
    assert path is not None
    whole = path.read_bytes()
    for damaged in (whole[:-9], whole.replace(b"<h2>", b"<h3>", 1)):
        assert damaged != whole
        path.write_bytes(damaged)
        assert course.write(output, SETTINGS).page == path
        assert path.read_bytes() == whole
