"""Files that outlive a program: those of older formats are read, those of newer ones refused and left as they are.

`1/` holds each as the first format has it. A new format gets a folder of its own beside it, and `1/` stays.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from deckcast import course, standing, trust
from deckcast.cleaning import lessons
from deckcast.cli import run
from deckcast.course import around
from deckcast.digest import digest
from deckcast.engines import browser_find, store_base
from deckcast.engines.store_folder import FolderStore
from deckcast.engines.store_remote import RemoteStore
from deckcast.errors import NewerError, TrustError
from deckcast.keep import asked, ledger_key
from deckcast.model import Provenance
from deckcast.publish import manifest
from deckcast.run import record
from deckcast.settings import Settings
from run.chapter import Chapter

OLD = Path(__file__).parent / "1"
DOCS = Path(__file__).parents[2] / "docs" / "formats.md"
CODE = trust.LiveCode("aaa", 1, ("python",))


# ── older ──


def test_a_record_is_read_and_written_alike() -> None:
    text = (OLD / "record.json").read_text()
    read = record.read(text, lambda name: None)
    assert [entry.name for entry in read.entries] == ["first"]
    assert dict(read.entries[0].result.outputs[0].data)["text/plain"] == "one\ntwo\n"
    assert isinstance(read.entries[0].result.provenance, Provenance)
    assert read.values[0].text == "2"
    if record.FORMAT == 1:
        assert record.write(read).text == text


def test_a_manifest_leads_to_its_lesson(tmp_path: Path) -> None:
    folder = built(tmp_path)
    (entry,) = course.gather(tmp_path)
    assert (entry.name, entry.title, entry.slides) == ("deck", "Formats", 1)
    (lesson,) = lessons(tmp_path)
    assert lesson.folder == folder
    assert {"lesson.mp4", "manifest.json"} <= set(lesson.files)


def test_trust_is_remembered(memory: Path) -> None:
    shutil.copy(OLD / "trusted.json", memory)
    assert trust.is_trusted(Path("/decks/elsewhere/presentation.md"), "bbb")
    assert not trust.is_trusted(Path("/decks/elsewhere/presentation.md"), "ccc")


@pytest.mark.parametrize("told", [True, False])
def test_a_store_serves_whether_or_not_it_tells_its_format(tmp_path: Path, told: bool) -> None:
    shutil.copytree(OLD / "store", tmp_path / "store")
    if not told:  # as stores were before they had one
        (tmp_path / "store" / "format.json").unlink()
    store = FolderStore(tmp_path / "store")
    answer = store.get("ab" * 32)
    assert answer is not None
    assert answer.facts == {"words": ["one", "two"]}
    assert store.read(answer.blobs["text"]) == b"some bytes\n"
    assert (tmp_path / "store" / "format.json").read_bytes() == (OLD / "store" / "format.json").read_bytes()
    (question,) = asked(store, "deck").values()
    assert (question.kind, question.parts) == ("frame-1", (("html", "abc"), ("width", "1920")))
    store.close()


def test_a_damaged_format_is_none_and_told_again(tmp_path: Path) -> None:
    shutil.copytree(OLD / "store", tmp_path / "store")
    path = tmp_path / "store" / "format.json"
    whole = path.read_bytes()
    for damage in (b"", b"[]", b"\xff", whole.replace(b" 1,", b" 3,"), whole[:-9]):
        path.write_bytes(damage)
        FolderStore(tmp_path / "store").close()
        assert path.read_bytes() == whole


# ── newer ──


def raised(path: Path, number: int = 2) -> bytes:
    """Makes a file one of a newer format, and gives what it holds now."""
    text = re.sub(r'"(format|version)": \d+', rf'"\1": {number}', path.read_text(), count=1)
    path.write_text(text)
    return path.read_bytes()


def test_a_newer_record_is_told_and_stays(tmp_path: Path) -> None:
    chapter = Chapter(tmp_path)
    chapter.run()
    newer = raised(chapter.record)
    for _ in range(2):
        assert chapter.run().cells
        assert chapter.codes() == ["cell-record", "cell-unrecorded"]
        for finding in chapter.findings:
            assert "newer deckcast" in finding.message
            assert "pip install -U deckcast" in finding.hint
        assert chapter.record.read_bytes() == newer


def test_nothing_is_cleaned_where_a_newer_lesson_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = built(tmp_path / "output")
    newer = raised(folder / "manifest.json")
    shutil.copytree(OLD / "store", tmp_path / "output" / ".deckcast")
    before = sorted(tmp_path.rglob("*"))
    for command in (["clean"], ["clean", "--unused", "0d"], ["clean", "--all"], ["clean", "deck"]):
        assert run(command) == 3
        assert "was written by a newer deckcast" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
    assert (folder / "manifest.json").read_bytes() == newer


def test_a_newer_lesson_is_left_out_of_the_course_and_told(tmp_path: Path) -> None:
    built(tmp_path, "one")
    newer = raised(built(tmp_path, "two") / "manifest.json")
    site = course.write(tmp_path, Settings())
    assert [one.code for one in site.findings] == ["course-newer"]
    assert "lesson two" in site.findings[0].message
    assert [entry.name for entry in course.gather(tmp_path)] == ["one"]
    assert (tmp_path / "two" / "manifest.json").read_bytes() == newer


def test_newer_trust_trusts_nobody_and_stays(memory: Path) -> None:
    shutil.copy(OLD / "trusted.json", memory)
    newer = raised(memory)
    deck = Path("/decks/elsewhere/presentation.md")
    with pytest.raises(TrustError):
        trust.check(deck, CODE)
    with pytest.raises(NewerError) as caught:
        trust.check(deck, CODE, allow=True)
    assert "--exec=never" in caught.value.finding.hint
    assert memory.read_bytes() == newer


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    FolderStore(tmp_path).close()
    (tmp_path / "format.json").write_bytes(newer_store())
    with pytest.raises(NewerError, match=r"store .* newer deckcast") as caught:
        FolderStore(tmp_path)
    assert "build.store" in caught.value.finding.hint
    assert (tmp_path / "format.json").read_bytes() == newer_store()


def test_a_newer_store_of_a_team_is_refused(tmp_path: Path) -> None:
    url = f"memory://{tmp_path.name}-{digest(str(tmp_path))[:8]}"
    store = RemoteStore(url)
    store._save("format.json", newer_store())
    with pytest.raises(NewerError, match="newer deckcast"):
        RemoteStore(url)


def test_what_another_program_knew_of_browsers_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "browsers.json"
    path.write_text(json.dumps({"a": "chromium 1.2.3", "b": {"version": 2}, "c": "firefox 3", "format": 7}))
    assert browser_find._load(path) == {"a": "chromium 1.2.3"}


# ── the table ──


def test_the_documentation_tells_every_format_as_it_is() -> None:
    told = dict(re.findall(r"^\| (.+?) \| `?(.+?)`? \|", DOCS.read_text(), re.M))
    sheet = (OLD / "course.css").read_text()
    assert "%22version%22%3A1" in sheet
    for name, format_now in {
        "record of a chapter's cells": record.FORMAT,
        "manifest": manifest.FORMAT,
        "list of the course's lessons": around.VERSION,
        "store": store_base.FORMAT,
        "that a lesson stands": standing.KIND,
        "whose code may run": trust.FORMAT,
        "ledger of a lesson": "ledger-1",
    }.items():
        assert told[name] == str(format_now), name
    assert ledger_key("deck") == digest(("ledger-1", "deck"))


# ── what it takes ──


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that remembers which decks are trusted, and a folder that is no project."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    path = trust.memory()
    path.parent.mkdir(parents=True)
    return path


def built(output: Path, name: str = "deck") -> Path:
    folder = output / name
    folder.mkdir(parents=True)
    shutil.copy(OLD / "manifest.json", folder)
    (folder / "index.html").write_text("<p>a lesson</p>")
    return folder


def newer_store() -> bytes:
    text: Any = store_base._format_text(store_base.FORMAT + 1)
    return bytes(text)
