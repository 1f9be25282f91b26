"""A lesson in one file: what is in it, that it is the same everywhere, and that it stays true to the folder."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deckcast.digest import sha256
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import StorageError
from deckcast.keep import Keeper
from deckcast.model import Encoded
from deckcast.publish import publish
from deckcast.publish.package import SCORM, ZIP, belonging
from deckcast.settings import LessonSettings, PublishSettings, Settings
from deckcast.stages import Silence
from publish.said import lesson, picture, take

BOTH = Settings(
    lesson=LessonSettings(title='A "lesson" & more \x0b', description="About <roots>"),
    publish=PublishSettings(zip=True, scorm=True),
)
INSIDE = [
    "captions.srt", "captions.vtt", "lesson.mp4", "slides/001-2.png", "slides/001-2.webp", "slides/001.png",
    "slides/002-2.png", "slides/002-2.webp", "transcript.md",
]  # fmt: skip
"""Each slide as it is when all shows, and the first picture, which stands for the video."""
SPACES = {
    "cp": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "md": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
}


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "roots"
        self.store = MemoryStore()

    def publish(self, settings: Settings = BOTH, video: bytes = b"a video", said: str = "A root holds.") -> list[str]:
        """Gives the names of the lesson's files."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / "lesson.mp4"
        if video:
            path.write_bytes(video)
        image = self.store.put(sha256(picture()), {}, {"png": picture()}).blobs["png"]
        told = lesson([("One", [take(1, said), 1.0]), ("Two", [take(2, "It drinks."), 1.0])], image=image)
        keeper = Keeper(self.store, Silence(), "lesson")
        encoded = Encoded(path, sha256(video), len(video), made=True)
        files, _ = publish(*told, settings, keeper, self.folder, [encoded])
        return [file.relative_to(self.folder).as_posix() for file in files]

    def inside(self, name: str) -> dict[str, bytes]:
        with zipfile.ZipFile(self.folder / name) as archive:
            assert archive.testzip() is None
            return {one.filename: archive.read(one) for one in archive.infolist()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_without_being_asked_for_there_is_none(desk: Desk) -> None:
    assert not {ZIP, SCORM} & set(desk.publish(Settings()))
    assert not list(desk.folder.glob("*.zip"))


def test_all_that_the_page_shows_and_offers_is_in_it_and_nothing_else(desk: Desk) -> None:
    assert {ZIP, SCORM} < set(desk.publish())
    found = desk.inside(ZIP)
    assert list(found) == ["index.html", *INSIDE]
    for name in INSIDE:
        assert found[name] == (desk.folder / name).read_bytes()
    page = found["index.html"].decode()
    assert set(re.findall(r'(?:src|href|poster)="([^"#:]+)"', page)) == set(INSIDE)
    assert list(desk.inside(SCORM)) == ["imsmanifest.xml", "index.html", *INSIDE]


def test_the_pages_differ_where_they_must(desk: Desk) -> None:
    desk.publish()
    page = (desk.folder / "index.html").read_text()
    handed = desk.inside(ZIP)["index.html"].decode()
    reporting = desk.inside(SCORM)["index.html"].decode()
    assert 'href="lesson.zip"' in page
    assert 'href="lesson.zip"' not in handed + reporting
    assert "LMSInitialize" not in page + handed
    assert "LMSInitialize" in reporting
    assert "this page uses no network" in handed
    assert "this page uses no network" not in reporting
    assert "deckcast-course.css" in page
    assert "deckcast-course.css" not in handed + reporting
    assert len(re.findall(r"sha256-", reporting)) == len(re.findall(r"sha256-", handed)) + 1


def test_it_is_the_same_file_wherever_it_is_made(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "elsewhere")
    other.folder.parent.mkdir()
    desk.publish()
    other.publish()
    for name in (ZIP, SCORM):
        assert (desk.folder / name).read_bytes() == (other.folder / name).read_bytes()
        with zipfile.ZipFile(desk.folder / name) as archive:
            for one in archive.infolist():
                assert one.date_time == (1980, 1, 1, 0, 0, 0)
                assert (one.compress_type, one.external_attr >> 16, one.create_system) == (
                    zipfile.ZIP_STORED,
                    0o100644,
                    3,
                )
                assert one.filename.isascii()
                assert not one.filename.startswith("/")
                assert ".." not in one.filename


def test_the_manifest_of_the_folder_knows_it_and_damage_is_mended(desk: Desk) -> None:
    desk.publish()
    told = json.loads((desk.folder / "manifest.json").read_text())["files"]
    for name in (ZIP, SCORM):
        data = (desk.folder / name).read_bytes()
        assert told[name] == {"sha256": sha256(data), "size": len(data)}
        (desk.folder / name).write_bytes(b"damaged")
        desk.publish()
        assert (desk.folder / name).read_bytes() == data
    assert not list(desk.folder.glob(".*.part"))


def test_what_is_no_longer_wanted_goes(desk: Desk) -> None:
    desk.publish()
    desk.publish(replace(BOTH, publish=PublishSettings(scorm=True)))
    assert [path.name for path in desk.folder.glob("*.zip")] == [SCORM]
    assert 'href="lesson.zip"' not in (desk.folder / "index.html").read_text()
    desk.publish(Settings())
    assert not list(desk.folder.glob("*.zip"))


def test_a_new_video_makes_it_anew(desk: Desk) -> None:
    desk.publish()
    desk.publish(video=b"another video")
    assert desk.inside(ZIP)["lesson.mp4"] == b"another video"


def test_a_disk_that_fails_leaves_no_half_of_it(desk: Desk) -> None:
    desk.publish()
    before = (desk.folder / ZIP).read_bytes()
    (desk.folder / "lesson.mp4").unlink()
    with pytest.raises(StorageError):
        desk.publish(video=b"", said="Another root.")
    assert (desk.folder / ZIP).read_bytes() == before
    assert not list(desk.folder.glob(".*.part"))


def test_films_of_the_slides_go_along() -> None:
    there = {"slides/film-0123456789ab.mp4": 1, "slides/001.png": 1, "slides/001-2.png": 1, "manifest.json": 1, ZIP: 1}
    assert belonging(there, ["slides/001-2.png"], first="slides/001.png") == (
        "slides/001-2.png", "slides/001.png", "slides/film-0123456789ab.mp4",
    )  # fmt: skip


def test_the_manifest_of_scorm_names_one_unit_and_every_file(desk: Desk) -> None:
    desk.publish()
    found = desk.inside(SCORM)
    root = ElementTree.fromstring(found["imsmanifest.xml"])
    assert root.tag == f"{{{SPACES['cp']}}}manifest"
    assert [one.text for one in root.findall("cp:metadata/*", SPACES)][:2] == ["ADL SCORM", "1.2"]
    (organization,) = root.findall("cp:organizations/cp:organization", SPACES)
    assert root.find("cp:organizations", SPACES).attrib == {"default": organization.attrib["identifier"]}  # type: ignore[union-attr]
    (item,) = organization.findall("cp:item", SPACES)
    assert item.findtext("cp:title", "", SPACES) == 'A "lesson" & more'
    (resource,) = root.findall("cp:resources/cp:resource", SPACES)
    assert item.attrib["identifierref"] == resource.attrib["identifier"]
    assert resource.attrib[f"{{{SPACES['adlcp']}}}scormtype"] == "sco"
    assert resource.attrib["href"] == "index.html"
    assert {one.attrib["href"] for one in resource.findall("cp:file", SPACES)} == set(found) - {"imsmanifest.xml"}
    assert [one.text for one in root.iter(f"{{{SPACES['md']}}}langstring")] == ['A "lesson" & more', "About <roots>"]


def test_the_same_lesson_keeps_its_name_for_platforms_and_two_have_two(desk: Desk, tmp_path: Path) -> None:
    def own() -> str:
        return ElementTree.fromstring(desk.inside(SCORM)["imsmanifest.xml"]).attrib["identifier"]

    desk.publish()
    first = own()
    desk.publish(replace(BOTH, lesson=LessonSettings(title="Another title")))
    assert own() == first
    desk.folder = tmp_path / "leaves"
    desk.publish()
    assert own() != first
    desk.publish(replace(BOTH, publish=PublishSettings(scorm=True, course="Trees")))
    assert re.fullmatch(r"deckcast-[0-9a-f]{16}", own())
