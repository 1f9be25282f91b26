"""`deckcast build` as a person or a script sees it: what stands on which stream, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from faults.harness import chapter, deckcast

pytestmark = pytest.mark.slow


def test_the_result_is_one_line_on_standard_output(tmp_path: Path) -> None:
    done = deckcast("build", chapter(tmp_path), "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith("out/talk/lesson.mp4  0:")
    for stage in ("reading the deck", "drawing pictures: 4 made", "speaking notes: 5 made", "encoding video"):
        assert stage in done.stderr
    assert "voice: silent" in done.stderr

    again = deckcast("build", "talk", "-o", "out", cwd=tmp_path)
    assert "nothing was made again" in again.stdout
    assert "made" not in again.stderr

    explained = deckcast("build", "talk", "-o", "out", "--explain", "--set", "tail=1s", cwd=tmp_path)
    assert "lesson.mp4: " in explained.stderr
    assert "drawing pictures: 4 kept" in explained.stderr


def test_quiet_says_nothing_of_a_good_build(tmp_path: Path) -> None:
    done = deckcast("build", chapter(tmp_path), "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_json_is_one_document(tmp_path: Path) -> None:
    done = deckcast("build", chapter(tmp_path), "--json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert answer["ok"] is True
    (lesson,) = answer["lessons"]
    assert lesson["slides"] == 3
    assert lesson["seconds"] == pytest.approx(sum(lesson["durations"]), abs=0.01)
    assert Path(tmp_path / lesson["video"]).is_file()
    assert {stage["name"] for stage in lesson["stages"]} == {"parse", "render", "narrate", "encode", "publish"}


def test_one_broken_chapter_does_not_stop_the_others(tmp_path: Path) -> None:
    for name in ("01-good", "02-broken", "03-good"):
        talk = chapter(tmp_path / "aside" / name)
        target = tmp_path / "chapters" / name
        target.parent.mkdir(exist_ok=True)
        talk.rename(target)
    (tmp_path / "chapters" / "02-broken" / "red.svg").unlink()
    done = deckcast("build", cwd=tmp_path)
    assert done.returncode == 1
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == [
        "output/01-good/lesson.mp4",
        "output/03-good/lesson.mp4",
    ]
    assert "02-broken/presentation.md:20" in done.stderr
    assert done.stderr.rstrip().endswith("1 error")


def test_what_leads_from_lesson_to_lesson_follows_the_configuration(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "chapters" / name).mkdir(parents=True)
        (tmp_path / "chapters" / name / "presentation.md").write_text(f"# Lesson {name}\n\n???\n\nSome words.\n")
    config = tmp_path / "deckcast.toml"
    config.write_text(own := '[narration]\nvoice = "silent"\n[video]\nsize = 240\n[publish]\nhandout = "none"\n')
    done = deckcast("build", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page, names = tmp_path / "output" / "index.html", ["a", "b"]
    assert re.findall(r'href="(\w)/index.html"', page.read_text()) == names
    assert (tmp_path / "output" / "deckcast-course.css").is_file()

    config.write_text(f'{own}order = ["b", "none"]\n')
    done = deckcast("build", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("nothing was made again") == 2
    assert "`publish.order` names a lesson `none`" in done.stderr
    assert re.findall(r'href="(\w)/index.html"', page.read_text()) == names[::-1]

    # As if that build had been killed when the lessons stood already.
    for path in (tmp_path / "output" / ".deckcast" / "standing").glob("*.led"):
        path.unlink()
    (tmp_path / "output" / "deckcast-course.css").unlink()
    assert deckcast("build", cwd=tmp_path).returncode == 0
    assert (tmp_path / "output" / "deckcast-course.css").is_file()

    config.write_text(f'{own}feed = "video"\n')
    done = deckcast("build", "a", cwd=tmp_path)
    assert done.returncode == 2
    assert "a feed needs the setting `base_url`" in done.stderr
    assert "deckcast.toml:7" in done.stderr


def test_a_deck_file_builds_into_its_folders_name(tmp_path: Path) -> None:
    talk = chapter(tmp_path)
    (talk / "presentation.md").rename(talk / "deck.md")
    done = deckcast("build", "talk/deck.md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output" / "talk" / "lesson.mp4").is_file()


def test_a_remark_page_builds(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text(
        "<html><body><textarea id='source'>\n# 1 &lt; 2\n\n???\n\nOne is less than two.\n</textarea></body></html>"
    )
    done = deckcast("build", "web/index.html", "--voice", "silent", "--set", "size=240", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert r"1 \< 2" in (tmp_path / "output" / "web" / "transcript.md").read_text()
