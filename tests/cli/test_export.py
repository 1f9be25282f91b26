"""`deckcast export`, with fakes behind the ports."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from deckcast import cli, workshop
from deckcast.errors import UsageError
from deckcast.export import Exported, export, export_lesson
from publish.fakes import Fakes

DECK = "# One\n\n--\n\nMore.\n\n???\nWords.\n\n---\n\n# Two\n"


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "chapters" / "talk"
    folder.mkdir(parents=True)
    (folder / "presentation.md").write_text(DECK)
    return folder


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Fakes:
    made = Fakes()
    monkeypatch.setattr("deckcast.build.Workshop", made.workshop)
    return made


def names(done: Exported) -> list[str]:
    return [file.path.relative_to(done.folder).as_posix() for file in done.files]


def test_everything_at_once(talk: Path, fakes: Fakes, tmp_path: Path) -> None:
    done = export(talk, ["webp", "png", "pdf", "html"], target=tmp_path / "there")
    assert names(done) == ["slides.html", "handout.pdf", "png/001.png", "png/002.png", "webp/001.webp", "webp/002.webp"]
    assert done.folder == tmp_path / "there"
    assert all(file.path.stat().st_size == file.size for file in done.files)
    with Image.open(done.folder / "png" / "002.png") as png, Image.open(done.folder / "webp" / "002.webp") as webp:
        assert (webp.format, webp.size, webp.convert("RGB").tobytes()) == ("WEBP", (1920, 1080), png.tobytes())


def test_pictures_show_all_of_a_slide_or_each_step(talk: Path, fakes: Fakes) -> None:
    assert [(one.slide, one.step) for one in export(talk, ["png"]).files] == [(1, 2), (2, 1)]
    done = export(talk, ["png"], every_step=True)
    assert names(done) == ["png/001-1.png", "png/001-2.png", "png/002-1.png"]
    assert names(done) == sorted(names(done))


def test_some_slides_in_a_size(talk: Path, fakes: Fakes) -> None:
    done = export(talk, ["png"], slides="2", size="1280x720")
    assert [(one.slide, one.width, one.height) for one in done.files] == [(2, 1280, 720)]
    assert done.folder == Path("output/talk@2")
    assert [(one.width, one.height) for one in export(talk, ["png"], slides="2", scale=2).files] == [(3840, 2160)]


def test_what_is_kept_is_not_drawn_again(talk: Path, fakes: Fakes) -> None:
    export(talk, ["png", "pdf"])
    shown = len(fakes.shown)
    export(talk, ["html", "webp", "pdf"])
    assert len(fakes.shown) == shown
    assert sum(len(browser.papers) for browser in fakes.browsers) == 1


@pytest.mark.parametrize(
    ("wrong", "message", "hint"),
    [
        ({"kinds": []}, "nothing is to be exported", "--html, --pdf"),
        ({"slides": "3"}, "--slides 3: there are no slides `3`", "the deck's 2 slides"),
        ({"size": "800"}, "--size 800: this is no size", "1920x1080"),
        ({"size": "800x600"}, "--size 800x600: the deck's slides are 16:9", "--size 1066x600"),
        ({"size": "80x45"}, "the shorter side has 45 pixels", "240 to 2160"),
        ({"scale": 9.0}, "--scale 9: pictures would be 9720 pixels", "--scale 0.25 to 2"),
        ({"scale": 1.0, "size": "1280x720"}, "say the same twice", "one of them"),
    ],
)
def test_what_cannot_be_is_told(talk: Path, fakes: Fakes, wrong: dict[str, object], message: str, hint: str) -> None:
    asked = {"kinds": ["png"], **wrong}
    kinds = asked.pop("kinds")
    with pytest.raises(UsageError) as told:
        export(talk, kinds, **asked)  # type: ignore[arg-type]
    assert message in told.value.finding.message
    assert hint in told.value.finding.hint


def test_a_whole_lesson_is_built_into_one_file(
    talk: Path, fakes: Fakes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = export_lesson(talk, ["scorm", "zip"], workshop=fakes.workshop())
    assert [str(file.path) for file in done.files] == ["output/talk/lesson.zip", "output/talk/lesson-scorm.zip"]
    with zipfile.ZipFile(done.files[1].path) as archive:
        assert {"imsmanifest.xml", "index.html", "lesson.mp4"} < set(archive.namelist())
    assert cli.run(["export", "chapters/talk", "--scorm", "--png", "-o", str(tmp_path / "there")]) == 0
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == [
        f"{tmp_path}/there/talk-scorm.zip",
        f"{tmp_path}/there/png/001.png … 002.png",
    ]
    assert (tmp_path / "there" / "talk-scorm.zip").read_bytes() == done.files[1].path.read_bytes()
    assert not Path("output/talk/lesson.zip").exists(), "it was asked for once"
    assert Path("output/index.html").is_file()
    assert cli.run(["export", "chapters/talk", "--zip", "--slides", "2", "--json"]) == 0
    (file,) = json.loads(capsys.readouterr().out)["exported"]["files"]
    assert (file["file"], file["kind"]) == ("output/talk@2/lesson.zip", "zip")


def test_the_command_lists_what_it_wrote(talk: Path, fakes: Fakes, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["export", "chapters/talk", "--png", "--html", "-q"]) == 2
    capsys.readouterr()
    assert cli.run(["export", "chapters/talk", "--png", "--html"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("output/talk/slides.html  ")
    assert second.startswith("output/talk/png/001.png … 002.png  2 files · 1920x1080 · ")


def test_the_command_as_json(talk: Path, fakes: Fakes, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["export", "chapters/talk", "--pdf", "--png", "--notes", "--paper", "letter", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"]
    assert [file["kind"] for file in told["exported"]["files"]] == ["pdf", "png", "png"]
    assert told["exported"]["files"][1]["slide"] == 1
    assert "size: letter" in fakes.browsers[-1].papers[0].html
    assert cli.run(["export", "chapters/talk", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["diagnostics"][0]["code"] == "usage"
    assert workshop.Workshop is not fakes.workshop
