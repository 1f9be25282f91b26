"""The picture that stands for a lesson."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from deckcast.cover import check, cover
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import AssetError
from deckcast.keep import Keeper
from deckcast.model import Blob, Deck, Option, Timeline, Where
from deckcast.settings import LessonSettings, Settings
from deckcast.stages import Silence
from publish.said import lesson

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 40), (20, 40, 200)


def png(colour: tuple[int, int, int], size: tuple[int, int] = (640, 360)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


class Desk:
    """Two slides, red and green, the second one named `results`, in a folder with a blue square."""

    def __init__(self, folder: Path) -> None:
        self.store = MemoryStore()
        deck, timeline = lesson([("One", 1.0), ("Two", 1.0)])
        second = replace(deck.slides[1].steps[0], name="results")
        option = Option("cover", "results", Where("deck.md", 3), "cover: results")
        self.deck: Deck = replace(
            deck, folder=folder, slides=(deck.slides[0], replace(deck.slides[1], steps=(second,))), options=(option,)
        )
        self.timeline: Timeline = replace(
            timeline,
            scenes=tuple(
                replace(scene, frame=replace(scene.frame, image=self.put(png(colour))))
                for scene, colour in zip(timeline.scenes, (RED, GREEN), strict=True)
            ),
        )
        (folder / "images").mkdir()
        (folder / "images" / "square.png").write_bytes(png(BLUE, (500, 500)))

    def put(self, data: bytes) -> Blob:
        return self.store.put(repr(hash(data)), {}, {"png": data}).blobs["png"]

    def cover(self, name: str, timeline: Timeline | None = None) -> Image.Image:
        settings = Settings(lesson=LessonSettings(cover=name))
        check(self.deck, settings)
        made = cover(self.deck, timeline or self.timeline, settings, Keeper(self.store, Silence(), "lesson"))
        return Image.open(io.BytesIO(self.store.read(made)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def assert_colour(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    assert image.convert("RGB").getpixel(at) == pytest.approx(colour, abs=4)


def test_without_a_word_it_is_what_shows_first(desk: Desk) -> None:
    image = desk.cover("")
    assert (image.format, image.size) == ("JPEG", (1280, 720))
    assert_colour(image, (640, 360), RED)


def test_the_title_in_larger_type_stands_for_the_lesson(desk: Desk) -> None:
    first, *others = desk.timeline.scenes
    first = replace(first, frame=replace(first.frame, thumbnail=desk.put(png(BLUE))))
    timeline = replace(desk.timeline, scenes=(first, *others))
    assert_colour(desk.cover("", timeline), (640, 360), BLUE)
    assert_colour(desk.cover("results", timeline), (640, 360), GREEN)


def test_a_slide_may_be_named(desk: Desk) -> None:
    assert_colour(desk.cover("results"), (640, 360), GREEN)


def test_a_file_may_be_named_and_is_shown_whole_on_black(desk: Desk) -> None:
    image = desk.cover("images/square.png")
    assert image.size == (1280, 720)
    assert_colour(image, (640, 360), BLUE)
    assert_colour(image, (640, 5), BLUE)
    assert_colour(image, (270, 360), (0, 0, 0))


def test_an_excerpt_without_the_slide_shows_its_own_first(desk: Desk) -> None:
    excerpt = replace(desk.timeline, scenes=desk.timeline.scenes[:1])
    assert_colour(desk.cover("results", excerpt), (640, 360), RED)


def test_it_is_made_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.cover("results")
    monkeypatch.setattr(Image.Image, "resize", lambda *_: pytest.fail("made again"))
    desk.cover("results")


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("result", "there is no file result in", "did you mean the slide `results`?"),
        ("images/sqare.png", "there is no file images/sqare.png in", "did you mean `images/square.png`?"),
        ("images", "images is a folder", "name a file in it"),
        ("../elsewhere.png", "there is no file ../elsewhere.png in", "name a picture beside the deck"),
        ("https://example.org/a.png", "https://example.org/a.png is on the web", "put it beside the deck"),
        ("notes.txt", "`notes.txt` is no picture that can be read", "use a PNG or JPEG"),
    ],
)
def test_what_is_no_cover_is_told(desk: Desk, name: str, message: str, hint: str) -> None:
    (desk.deck.folder / "notes.txt").write_text("no picture")
    with pytest.raises(AssetError) as caught:
        desk.cover(name)
    assert message in str(caught.value)
    assert hint in caught.value.finding.hint


def test_the_author_s_line_is_shown(desk: Desk) -> None:
    desk.deck = replace(desk.deck, options=(Option("cover", "reslts", Where("deck.md", 3), "cover: reslts"),))
    with pytest.raises(AssetError) as caught:
        desk.cover("reslts")
    finding = caught.value.finding
    assert (str(finding.where), finding.line, finding.width) == ("deck.md:3:8", "cover: reslts", 6)
