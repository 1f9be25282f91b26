"""What every browser must do, held by the fake and by the real one."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from pypdf import PdfReader

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.ports import Bench, Browser, Done, Page, Paper, Resource
from deckcast.publish.pdf import pages_of

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


@pytest.fixture(scope="module", params=["fake", pytest.param("chromium", marks=pytest.mark.slow)])
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


MOVING = """<!doctype html><html><head><style>
body { margin: 0 } section { position: relative; width: 640px; height: 360px; background: #00f }
img { position: absolute; left: 100px; top: 50px; width: 200px; height: 100px; object-fit: cover; padding: 10px }
p { position: absolute; left: 120px; top: 70px; width: 40px; height: 40px; margin: 0; background: #0f0 }
</style></head><body><main>
<section id="a"><img data-region="it" data-opening src="images/there.png" alt=""><p data-region="word">x</p></section>
<section id="b"><img data-region="it" data-opening src="images/there.png" alt=""></section>
</main></body></html>"""


def test_only_sections_to_be_measured_are(browser: Browser) -> None:
    first, second = browser.shoot(Page(MOVING, ("a", "b"), 640, 360, measured=("a",)), Files())
    assert [region.name for region in first.regions] == ["it", "it/whole", "word"]
    assert len(first.painted) == 3
    assert (second.regions, second.painted) == ((), ())
    [plain] = browser.shoot(Page(MOVING, ("a",), 640, 360), Files())
    assert plain.png == first.png


def test_regions_lie_in_the_picture_at_every_scale(browser: Browser) -> None:
    for scale in (1.0, 2 / 3, 2.0):
        [shot] = browser.shoot(Page(MOVING, ("a",), 640, 360, scale, measured=("a",)), Files())
        for region in shot.regions:
            if not region.name.endswith("/whole"):
                assert 0 <= region.left < region.left + region.width <= 640 * scale
                assert 0 <= region.top < region.top + region.height <= 360 * scale


def test_openings_are_painted_black_and_white_and_leave_the_rest_as_it_is(browser: Browser) -> None:
    [shot] = browser.shoot(Page(MOVING, ("a",), 640, 360, measured=("a",)), Files())
    black, white, empty = (Image.open(io.BytesIO(png)).convert("RGB") for png in shot.painted)
    box = next(region for region in shot.regions if region.name == "it")
    middle = (round(box.left + box.width * 0.75), round(box.top + box.height / 2))
    assert (black.getpixel(middle), white.getpixel(middle)) == ((0, 0, 0), (255, 255, 255))
    assert black.getpixel((2, 2)) == white.getpixel((2, 2)) == empty.getpixel((2, 2))


FITTING = """<!doctype html><html><head><style>
body { margin: 0 } section { width: 640px; height: 360px; font-size: calc(20px * var(--fit)) }
</style></head><body><main>
<section id="a" data-fit="--fit 1.5 1 0.5; --air 2 1"><h1>One</h1>
<p data-shrink="0.5">x</p><p data-shrink="0.5">y</p></section>
<section id="b"><h1>Two</h1></section>
</main></body></html>"""


def test_it_tells_how_a_section_was_set(browser: Browser) -> None:
    first, second = browser.shoot(Page(FITTING, ("a", "b"), 640, 360), Files())
    [(name, style)] = first.attributes
    assert (name, style.split("; ")[:2]) == ("style", ["--fit: 1.5", "--air: 2"])
    assert first.shrunk == (1.0, 1.0)
    assert second.shrunk == ()
    assert "--fit" not in dict(second.attributes).get("style", "")


def test_a_picture_that_is_refused_is_told_with_its_section(browser: Browser) -> None:
    shots = {shot.section: shot for shot in browser.shoot(Page(DOCUMENT, ("a", "b"), 640, 360), Files())}
    assert shots["a"].failed == ()
    assert shots["b"].failed == ("/deck/images/gone.png",)


def test_what_an_element_says_counts_not_how_it_is_drawn(browser: Browser) -> None:
    drawn = '<i data-words="x_1"><b aria-hidden="true" data-ink>x₁</b></i>'
    document = DOCUMENT.replace("<h1>One</h1>", f"<h1>One {drawn} more</h1>")
    [shot] = browser.shoot(Page(document, ("a",), 640, 360), Files())
    assert shot.text == "One x_1 more"


class Scripts:
    def get(self, path: str) -> Resource | None:
        script = b"window.work = (job) => ({ html: job.tex.replace('<', '&lt;'), url: location.href })"
        return Resource(script, "text/javascript") if path == "/libraries/work.js" else None


BENCH = Bench('<!doctype html><meta charset="utf-8"><script src="/libraries/work.js"></script>')


def test_a_bench_does_its_jobs_in_order(browser: Browser) -> None:
    jobs = [{"tex": "x < 1", "macros": {}}, {"tex": "y", "macros": {}}]
    done = list(browser.work(BENCH, jobs, Scripts()))
    assert [one.trouble for one in done] == ["", ""]
    assert "x &lt; 1" in done[0].answer["html"]
    assert "y" in done[1].answer["html"]


def test_a_bench_tells_what_its_script_throws_and_goes_on(browser: Browser) -> None:
    jobs = [{"no": "tex"}, {"tex": "y", "macros": {}}]
    bad, good = browser.work(BENCH, jobs, Scripts())
    assert bad.answer is None
    assert "tex" in bad.trouble or "undefined" in bad.trouble
    assert good == Done(good.answer)


PRINTED = """<!doctype html><html lang="de"><head><title>Zwei & eins</title><style>
@page { size: 960px 540px; margin: 0 } body { margin: 0 }
section { height: 540px; break-after: page; overflow: hidden } section:last-child { break-after: auto }
</style></head><body><main>
<section><h1>Eins</h1><img src="images/there.png" alt="Bild"></section>
<section><h2>Zwei <b>x</b></h2><p><a href="https://example.com/">dort</a></p></section>
</main></body></html>"""


def test_it_prints_a_document_as_a_tagged_pdf(browser: Browser) -> None:
    files = Files()
    pdf = PdfReader(io.BytesIO(browser.print(Paper(PRINTED), files)))
    assert [(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pdf.pages] == [
        (720, 405),
        (720, 405),
    ]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Zwei & eins"
    assert "/CreationDate" in pdf.metadata
    assert pdf.root_object["/Lang"] == "de"
    assert pdf.root_object["/MarkInfo"]["/Marked"].value  # type: ignore[index]
    assert pages_of(browser.print(Paper(PRINTED), files), ["Eins", "Zwei x"]) == [0, 1]


def test_pictures_can_follow_a_bench(browser: Browser) -> None:
    assert len(list(browser.work(BENCH, [{"tex": "y", "macros": {}}], Scripts()))) == 1
    assert len(list(browser.shoot(Page(DOCUMENT, ("a",), 640, 360), Files()))) == 1


def test_it_has_an_identity_before_it_has_drawn_anything(browser: Browser) -> None:
    assert browser.identity == browser.identity != ""


def test_closing_twice_does_no_harm(browser: Browser) -> None:
    browser.close()
    browser.close()
