"""What every browser must do, held by the fake and by the real one."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.ports import Browser, Page, Resource

DOCUMENT = """<!doctype html><html><body><main>
<section id="a"><h1>One</h1><p aria-hidden="true">1 / 2</p></section>
<section id="b"><h1>Two</h1><img src="images/there.png" alt=""><img src="images/gone.png" alt=""></section>
</main></body></html>"""


class Files:
    """Resources that hold one picture and remember what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, path: str) -> Resource | None:
        self.asked.append(path)
        if path == "/deck/images/there.png":
            file = io.BytesIO()
            Image.new("RGB", (4, 4), "red").save(file, "PNG")
            return Resource(file.getvalue(), "image/png")
        return None


@pytest.fixture(params=["fake", pytest.param("chromium", marks=pytest.mark.slow)])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    if request.param == "fake":
        opened: Browser = FakeBrowser()
    else:
        from deckcast.engines import browser_find
        from deckcast.engines.browser_chromium import Chromium

        found = browser_find.find()
        assert found is not None, "the slow tests need a Chromium: deckcast doctor"
        opened = Chromium(lambda: found)
    yield opened
    opened.close()


def test_it_photographs_the_sections_asked_for_in_order(browser: Browser) -> None:
    shots = list(browser.shoot(Page(DOCUMENT, ("b", "a"), 640, 360), Files()))
    assert [shot.section for shot in shots] == ["b", "a"]
    assert shots[0].png != shots[1].png


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1920, 1080)), (2 / 3, (1280, 720)), (2.0, (3840, 2160))])
def test_pictures_have_the_size_of_the_stage_times_the_scale(
    browser: Browser, scale: float, size: tuple[int, int]
) -> None:
    [shot] = browser.shoot(Page(DOCUMENT, ("a",), 1920, 1080, scale), Files())
    picture = Image.open(io.BytesIO(shot.png))
    assert (picture.size, picture.mode, picture.format) == (size, "RGB", "PNG")


def test_equal_pages_give_equal_bytes(browser: Browser) -> None:
    page = Page(DOCUMENT, ("a", "b"), 640, 360)
    assert list(browser.shoot(page, Files())) == list(browser.shoot(page, Files()))


def test_text_is_what_a_reader_sees_without_asides(browser: Browser) -> None:
    [shot] = browser.shoot(Page(DOCUMENT, ("a",), 640, 360), Files())
    assert shot.text == "One"


def test_a_picture_that_is_refused_is_told_with_its_section(browser: Browser) -> None:
    shots = {shot.section: shot for shot in browser.shoot(Page(DOCUMENT, ("a", "b"), 640, 360), Files())}
    assert shots["a"].failed == ()
    assert shots["b"].failed == ("/deck/images/gone.png",)


def test_it_has_an_identity_before_it_has_drawn_anything(browser: Browser) -> None:
    assert browser.identity == browser.identity != ""


def test_closing_twice_does_no_harm(browser: Browser) -> None:
    browser.close()
    browser.close()
