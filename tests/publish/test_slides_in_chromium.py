"""The finished files in a real browser: `slides.html` presented, printed and spoken from; the handout as PDF."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

import browsing
from browsing import expect, soon
from deckcast.export import Exported, export
from render.drawing import picture
from render.films import film

pytestmark = pytest.mark.slow

DECK = """---
title: Presenting
author: Ada
language: en-GB
---

# First

![a red square](images/red.png)

???
Words of the first. [click] With a step.

--

More.

---
name: formula

# Second

$$a^2 + b^2 = \\frac{c}{d}$$ and [the first](#1) and [the web](https://example.com/).

???
Words of the second.

---

# Third

```python
print("words & signs")
```

<script>document.title = "broken in"</script>
<img src="x" onerror="document.title = 'broken in'" style="display: none">

---

# Film

![a film](films/demo.mp4 "loop, muted")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    base = tmp_path_factory.mktemp("slides")
    folder = base / "talk"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "red.png").write_bytes(picture())
    film(folder / "films" / "demo.mp4", codec="libvpx-vp9")
    (folder / "presentation.md").write_text(DECK.replace('<img src="x" onerror', '<img src="images/red.png" onerror'))
    return export(folder, ["html", "pdf", "png"], every_step=True, output=base / "output", target=base / "there")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsing.chromium("--no-sandbox", "--font-render-hinting=none", "--force-color-profile=srgb") as browser:
        yield browser


class Desk:
    """`slides.html` from the disk, in a window."""

    def __init__(self, chromium: Any, made: Exported, **options: Any) -> None:
        self.address = (made.folder / "slides.html").as_uri()
        self.context = chromium.new_context(**{"viewport": {"width": 960, "height": 600}, **options})
        self.asked: list[str] = []
        self.troubles: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.set_default_timeout(1000 * browsing.SECONDS)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def open(self, part: str = "") -> Any:
        self.page.goto(self.address + part)
        return self.page

    def press(self, *keys: str) -> Any:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def sees(self, *sections: str) -> None:
        sees(self.page, *sections)


def sees(page: Any, *sections: str) -> None:
    """Waits until just these sections are seen."""
    page.wait_for_function(
        "(wanted) => [...document.querySelectorAll('main > section')].filter((one) => one.checkVisibility())"
        ".map((one) => one.id).join() === wanted",
        arg=",".join(sections),
    )


@pytest.fixture
def desk(chromium: Any, made: Exported) -> Iterator[Desk]:
    opened = Desk(chromium, made)
    opened.open()
    yield opened
    assert opened.troubles == []
    opened.context.close()


def test_keys_go_forward_and_back(desk: Desk) -> None:
    desk.sees("step-1")
    desk.press("ArrowRight").sees("step-2")
    desk.press("Space", "PageDown").sees("step-4")
    desk.press("ArrowLeft", "PageUp").sees("step-2")
    desk.press("End").sees("step-5")
    desk.press("ArrowRight").sees("step-5")
    desk.press("Home", "ArrowLeft").sees("step-1")
    desk.press("Shift+ArrowRight").sees("step-3")
    desk.press("Shift+ArrowLeft").sees("step-1")
    desk.press("4", "Enter").sees("step-4")
    desk.press("9", "9", "Enter").sees("step-5")


def test_addresses_lead_to_steps_and_follow(desk: Desk) -> None:
    for part, section in {"#2": "step-2", "#formula": "step-3", "#nothing": "step-1", "#99": "step-5"}.items():
        desk.page.goto("about:blank")
        desk.open(part)
        desk.sees(section)
    desk.page.goto("about:blank")
    desk.open("#2")
    desk.press("ArrowRight")
    desk.page.wait_for_function("() => location.hash === '#formula' && document.title === 'Second · Presenting'")
    desk.page.get_by_text("the first").click()
    desk.sees("step-1")
    desk.page.reload()
    desk.sees("step-1")


def test_all_slides_at_once(desk: Desk) -> None:
    desk.press("o")
    desk.sees("step-2", "step-3", "step-4", "step-5")
    desk.press("ArrowRight", "ArrowRight", "Enter")
    desk.sees("step-4")
    desk.press("Escape")
    desk.page.get_by_role("button", name="Slide 3: Second").click()
    desk.sees("step-3")


def test_the_curtain_and_the_help(desk: Desk) -> None:
    desk.press("b")
    soon(lambda: photo(desk.page).getextrema() == ((0, 0), (0, 0), (0, 0)))
    desk.press("ArrowRight").sees("step-1")
    desk.press("?")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.press("Escape")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_hidden()
    desk.sees("step-1")


def test_a_slide_fills_the_window_without_being_cut(desk: Desk) -> None:
    for width, height in ((960, 600), (400, 800), (2000, 500)):
        desk.page.set_viewport_size({"width": width, "height": height})
        desk.page.wait_for_function(
            "([w, h]) => { const box = document.querySelector('#step-1').getBoundingClientRect();"
            "return box.left > -0.6 && box.top > -0.6 && box.right < w + 0.6 && box.bottom < h + 0.6"
            "&& (Math.abs(box.width - w) < 1 || Math.abs(box.height - h) < 1) }",
            arg=[width, height],
        )


def test_fingers_swipe_and_tap(chromium: Any, made: Exported) -> None:
    desk = Desk(chromium, made, has_touch=True)
    page = desk.open()
    touch = """([type, x]) => {
      const point = new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 300 });
      document.body.dispatchEvent(new TouchEvent(type, { bubbles: true, cancelable: true, composed: true,
        touches: type === 'touchend' ? [] : [point], changedTouches: [point] })) }"""

    def swipe(begin: int, end: int) -> None:
        page.evaluate(touch, ["touchstart", begin])
        page.evaluate(touch, ["touchend", end])

    swipe(700, 300)
    desk.sees("step-2")
    swipe(300, 700)
    desk.sees("step-1")
    page.touchscreen.tap(900, 300)
    desk.sees("step-2")
    page.touchscreen.tap(60, 300)
    desk.sees("step-1")
    expect(page.get_by_role("navigation")).to_be_hidden()
    page.touchscreen.tap(480, 300)
    desk.sees("step-1")
    page.get_by_role("button", name="Next").tap()
    desk.sees("step-2")
    desk.context.close()


def test_a_speakers_window_goes_in_step(desk: Desk) -> None:
    with desk.context.expect_page() as opening:
        desk.press("s")
    speaker = opening.value
    speaker.wait_for_function("() => document.documentElement.dataset.view === 'speaker'")
    sees(speaker, "step-1", "step-2")
    expect(speaker.get_by_text("Words of the first. ▸ With a step.")).to_be_visible()
    desk.press("Shift+ArrowRight")
    speaker.wait_for_function("() => location.hash === '#formula'")
    sees(speaker, "step-3", "step-4")
    expect(speaker.get_by_text("Words of the second.")).to_be_visible()
    speaker.keyboard.press("ArrowRight")
    desk.page.wait_for_function("() => location.hash === '#4'")
    desk.sees("step-4")
    speaker.keyboard.press("b")
    desk.page.wait_for_function(
        "() => document.querySelector('#deckcast-front').shadowRoot.querySelector('[data-colour=black]')"
    )
    expect(speaker.get_by_text("The audience sees a black screen")).to_be_visible()
    speaker.reload()
    speaker.wait_for_function("() => document.documentElement.dataset.view === 'speaker' && location.hash === '#4'")


def test_a_speaker_with_one_window_has_a_timer(desk: Desk) -> None:
    desk.press("p")
    desk.sees("step-1", "step-2")
    timer = desk.page.get_by_label("Time spoken")
    expect(timer).to_have_text("00:00")
    desk.press("ArrowRight")
    desk.page.wait_for_function(
        "() => document.querySelector('#deckcast-back').shadowRoot.querySelector('#timer').textContent > '00:00'"
    )
    timer.evaluate(
        "(timer) => { window.told = [];"
        " new MutationObserver(() => told.push(timer.textContent)).observe(timer, { childList: true }) }"
    )
    desk.press("t")
    desk.page.wait_for_function("() => told.includes('00:00')")
    desk.press("p")
    desk.sees("step-2")


def test_a_film_plays_where_its_picture_lies(desk: Desk) -> None:
    desk.press("End")
    desk.page.wait_for_function("() => document.querySelector('#step-5 video')?.currentTime > 0.05")
    boxes = desk.page.evaluate(
        "() => ['video', '[data-region=film-1]'].map((one) =>"
        " document.querySelector(`#step-5 ${one}`).getBoundingClientRect().toJSON())"
    )
    assert all(abs(boxes[0][side] - boxes[1][side]) < 1 for side in ("left", "top", "right", "bottom"))
    desk.press("ArrowLeft")
    expect(desk.page.locator("video")).to_have_count(0)


def test_nothing_is_asked_for_but_the_page_and_no_other_program_runs(desk: Desk) -> None:
    for _ in range(4):
        desk.press("ArrowRight")
    desk.press("o")
    desk.page.wait_for_timeout(300)
    assert {url for url in desk.asked if not url.startswith("data:")} == {desk.address}
    assert "broken in" not in desk.page.title()


def photo(page: Any) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def becomes(page: Any, path: Path) -> None:
    """Waits until a page looks like a picture."""
    with Image.open(path) as image:
        wanted = image.convert("RGB")
    # words that are half transparent are rounded otherwise where a page is scaled
    soon(lambda: all(most <= 3 for _, most in ImageChops.difference(photo(page), wanted).getextrema()))  # type: ignore[misc]


@pytest.mark.parametrize("theme", ["light", "dark", "remark"])
def test_slides_look_as_they_were_photographed(chromium: Any, made: Exported, theme: str, tmp_path: Path) -> None:
    base = made.folder.parent
    settings = {"slides.theme": theme}
    done = export(
        base / "talk", ["html", "png"], every_step=True, output=base / "output", target=tmp_path, settings=settings
    )
    desk = Desk(chromium, done, viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page = desk.open()
    for file in [one for one in done.files if one.kind == "png"][:4]:
        becomes(page, file.path)
        desk.press("ArrowRight")
    desk.context.close()


def test_who_listens_is_told_where_they_are(desk: Desk) -> None:
    desk.press("Shift+ArrowRight")
    expect(desk.page.locator("#deckcast-live")).to_have_text("Slide 3 of 5: Second")
    expect(desk.page.get_by_role("group", name="Slide 3 of 5: Second")).to_be_visible()
    expect(desk.page.get_by_role("group", name="Slide 1 of 5: First")).to_be_hidden()


def test_it_prints_a_slide_on_each_page(desk: Desk) -> None:
    pdf = PdfReader(io.BytesIO(desk.page.pdf(prefer_css_page_size=True, print_background=True)))
    texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) == 4
    assert ["More." in texts[0], "Second" in texts[1], "signs" in texts[2], "Film" in texts[3]] == [True] * 4
    assert (round(float(pdf.pages[0].mediabox.width)), round(float(pdf.pages[0].mediabox.height))) == (1440, 810)


def test_it_is_no_larger_than_its_parts(made: Exported) -> None:
    page = (made.folder / "slides.html").read_text()
    assert len(page) < 5_000_000
    told = json.loads(re.findall(r'id="deckcast-data">(.*?)</script>', page)[0])
    assert len(told["files"]) == 2  # the picture that three steps show, and the film


# ── the handout ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def handouts(made: Exported, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    base = made.folder.parent
    found = {"steps": (made.folder / "handout.pdf").read_bytes()}
    for name, notes in (("slides", False), ("notes", True)):
        done = export(base / "talk", ["pdf"], notes=notes, output=base / "output", target=base / name)
        found[name] = done.files[0].path.read_bytes()
    return found


def test_a_handout_has_pages_marks_and_words(handouts: dict[str, bytes]) -> None:
    assert len(PdfReader(io.BytesIO(handouts["steps"])).pages) == 5
    for name, size in (("slides", (1440, 810)), ("notes", (595, 842))):
        pdf = PdfReader(io.BytesIO(handouts[name]))
        assert len(pdf.pages) == 4
        assert (round(float(pdf.pages[0].mediabox.width)), round(float(pdf.pages[0].mediabox.height))) == size
        marks = [(one.title, pdf.get_destination_page_number(one)) for one in pdf.outline]  # type: ignore[union-attr,arg-type]
        assert marks == [("First", 0), ("Second", 1), ("Third", 2), ("Film", 3)]
        assert pdf.metadata == {"/Title": "Presenting", "/Author": "Ada", "/Creator": "deckcast"}
        assert pdf.root_object["/Lang"] == "en-GB"
        assert pdf.root_object["/MarkInfo"]["/Marked"].value  # type: ignore[index]
        assert "/StructTreeRoot" in pdf.root_object
        assert 'print("words & signs")' in pdf.pages[2].extract_text()
    said = PdfReader(io.BytesIO(handouts["notes"]))
    assert "Words of the first. With a step." in " ".join(said.pages[0].extract_text().split())


def test_notes_that_are_long_go_on_upon_another_sheet(tmp_path: Path) -> None:
    said = "\n\n".join(f"Paragraph {number} is so long that it needs {'many ' * 50}words." for number in range(14))
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "presentation.md").write_text(f"# 2 · Two\n\n???\n{said}\n\n---\n\n# Two\n")
    done = export(tmp_path / "talk", ["pdf"], notes=True, output=tmp_path / "output", target=tmp_path)
    pdf = PdfReader(done.files[0].path)
    marks = [(one.title, pdf.get_destination_page_number(one)) for one in pdf.outline]  # type: ignore[union-attr,arg-type]
    assert marks == [("2 · Two", 0), ("Two", len(pdf.pages) - 1)]
    assert len(pdf.pages) > 2
    assert f"{len(pdf.pages)} / {len(pdf.pages)}" in pdf.pages[-1].extract_text()


def test_its_links_work(handouts: dict[str, bytes]) -> None:
    page = PdfReader(io.BytesIO(handouts["slides"])).pages[1]
    links = [one.get_object() for one in page["/Annots"]]  # type: ignore[attr-defined]
    assert len(links) == 2
    assert "https://example.com/" in {one.get("/A", {}).get("/URI") for one in links}
    assert [one for one in links if "/Dest" in one or one.get("/A", {}).get("/S") == "/GoTo"]


def test_its_fonts_are_in_it(handouts: dict[str, bytes]) -> None:
    fonts: set[tuple[str, bool]] = set()
    pdf = PdfReader(io.BytesIO(handouts["slides"]))
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            base = font.get_object()
            inner = base["/DescendantFonts"][0].get_object() if "/DescendantFonts" in base else base
            about = inner.get("/FontDescriptor", {})
            there = base["/Subtype"] == "/Type3" or any(
                name in about for name in ("/FontFile2", "/FontFile3", "/FontFile")
            )
            fonts.add((str(base.get("/BaseFont", base["/Subtype"])), there))
    assert fonts
    assert all(there for _, there in fonts), fonts


def test_it_is_the_same_whenever_it_is_printed(handouts: dict[str, bytes], made: Exported) -> None:
    base: Path = made.folder.parent
    again = export(base / "talk", ["pdf"], output=base / "anew", target=base / "again")
    assert again.files[0].path.read_bytes() == handouts["slides"]
