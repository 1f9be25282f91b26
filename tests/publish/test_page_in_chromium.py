"""The lesson's page as a viewer has it: in a real browser, from a disk and from a server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote

import pytest

import browsing
from browsing import expect, until
from publish import synthetic, watched

pytestmark = pytest.mark.slow

Open = Callable[..., Any]

SPY = """
window.seen = [];
const add = Highlight.prototype.add;
Highlight.prototype.add = function (range) {
    if (CSS.highlights.get("spoken") === this) {
        const line = range.startContainer.parentElement.closest(".line");
        seen.push([document.querySelector("video").currentTime,
            Array.from(document.querySelectorAll(".line")).indexOf(line), range.startOffset, String(range)]);
    }
    return add.call(this, range);
};
"""
"""Writes down when each word lights up."""
MARKED = """(name) => Array.from(CSS.highlights.get(name), String)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.chromium("--no-sandbox") as browser:
        page = browser.new_page()
        if not page.evaluate("""document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028"')"""):
            pytest.skip("this Chromium has no H.264")
        page.close()
        yield browser


@pytest.fixture(scope="module", params=["file", "http"])
def address(folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "file":
        yield f"{folder.as_uri()}/index.html"
    else:
        with watched.served(folder.parent) as place:
            yield f"{place}{folder.name}/index.html"


@pytest.fixture
def open_page(browser: Any, folder: Path) -> Iterator[Open]:
    """Opens the page in a browser without memory; `complaints` of what comes back must be empty in the end."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(
        hash_: str = "", at: str = "", *, before: str = "", width: int = 1440, height: int = 900, **how: Any
    ) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **how)
        context.set_default_timeout(1000 * browsing.SECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if before:
            page.add_init_script(before)
        page.goto((at or f"{folder.as_uri()}/index.html") + hash_)
        if how.get("java_script_enabled", True):
            until(page, "document.querySelector('video').readyState >= 2")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def data(page: Any) -> dict[str, Any]:
    return dict(json.loads(page.inner_text("#lesson") or page.text_content("#lesson")))


def time(page: Any) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def stands(page: Any, seconds: float, within: float = 0.05) -> None:
    """Waits until the video stands there."""
    place = "Math.abs(document.querySelector('video').currentTime - given.seconds)"
    until(page, f"{place} <= given.within", seconds=seconds, within=within)


def plays(page: Any, wanted: bool = True) -> None:
    until(page, "document.querySelector('video').paused !== given.wanted", wanted=wanted)


def rests(page: Any, seconds: float) -> None:
    """It does not move, also not a moment later."""
    page.wait_for_timeout(200)
    assert time(page) == pytest.approx(seconds, abs=0.01)


def titled(page: Any, title: str) -> None:
    expect(page.locator("#ui-title")).to_have_text(title)


# ── playing ──


def test_it_plays_and_each_word_lights_up_as_it_is_spoken(open_page: Open, address: str) -> None:
    page = open_page(at=address, before=SPY)
    told = data(page)
    begin = 0 if address.startswith("http") else watched.HALF
    due = {
        (line, sentence[3][at + 1]): sentence[3][at] / 1000
        for line, sentence in enumerate(told["sentences"])
        for at in range(0, len(sentence[3]), 3)
    }
    heard = {word for word, moment in due.items() if moment > begin}
    for _ in range(3):  # a busy machine may be late once; a page that is late is so each time
        page.evaluate("(begin) => { document.querySelector('video').currentTime = begin }", begin)
        until(page, "!document.querySelector('video').seeking")
        page.evaluate("seen = []")
        page.keyboard.press("k")
        until(page, "document.querySelector('video').ended")
        seen = page.evaluate("seen")
        late = sorted(moment - due[line, at] for moment, line, at, _ in seen if (line, at) in heard)
        assert late[0] > -0.001, "a word lights up before it is spoken"
        assert begin or seen[0][3] == "Welcome"
        many = len({(line, at) for _, line, at, _ in seen} & heard) >= 0.9 * len(heard)
        if in_time := many and median(late) < 0.05 and late[int(0.9 * len(late))] < 0.1:
            break
    assert in_time, "nine words of ten within a tenth of a second"
    titled(page, "The end")
    expect(page.locator(".line[aria-current]")).to_have_count(1)
    expect(page.locator("#ui-strip a[aria-current]")).to_have_count(1)


def test_a_word_that_is_clicked_is_heard(open_page: Open, address: str) -> None:
    page = open_page(at=address)
    told = data(page)
    line = next(at for at, one in enumerate(page.locator(".s").all()) if "leaves" in one.inner_text())
    text = page.locator(".s").nth(line).inner_text()
    begin = text.index("leaves")
    place = page.evaluate(
        """([line, begin]) => {
            const node = document.querySelectorAll(".s")[line].firstChild;
            node.parentElement.scrollIntoView({block: "center", behavior: "instant"});
            const range = document.createRange();
            range.setStart(node, begin + 2);
            range.setEnd(node, begin + 3);
            const box = range.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        }""",
        [line, begin],
    )
    page.mouse.click(*place)
    flat = told["sentences"][line][3]
    word = next(flat[at] for at in range(0, len(flat), 3) if flat[at + 1] == begin)
    stands(page, word / 1000, 0.01)
    until(page, "Array.from(CSS.highlights.get('spoken'), String)[0]?.startsWith('leaves')")


def test_a_sentence_is_a_link(open_page: Open) -> None:
    page = open_page()
    link = page.locator(".line .t").nth(3)
    link.focus()
    page.keyboard.press("Enter")
    stands(page, data(page)["sentences"][3][1] / 1000, 0.01)
    until(page, "location.hash === given.wanted", wanted=link.get_attribute("href"))
    expect(page.locator(".line").nth(3)).to_have_attribute("aria-current", "true")


def test_captions_come_and_go(open_page: Open, address: str) -> None:
    page = open_page(at=address)
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") != "showing"
    page.keyboard.press("c")
    expect(page.locator("#ui-captions")).to_have_attribute("aria-pressed", "true")
    page.evaluate("document.querySelector('video').currentTime = 1.5")
    until(page, "document.querySelector('video').textTracks[0].activeCues?.length")
    assert "garden" in page.evaluate("document.querySelector('video').textTracks[0].activeCues[0].text")
    page.reload()
    expect(page.locator("#ui-captions"), "remembered").to_have_attribute("aria-pressed", "true")
    page.click("#ui-captions")
    until(page, "document.querySelector('video').textTracks[0].mode === 'hidden'")


# ── addresses ──


@pytest.mark.parametrize(
    ("hash_", "seconds"),
    [("#t=7", 7), ("#t=7.5", 7.5), ("#t=0m8s", 8), ("#t=0:09", 9), ("#t=4,9", 4), ("#t=99999", -1), ("#nonsense", 0)],
)
def test_a_link_goes_to_its_moment(open_page: Open, hash_: str, seconds: float) -> None:
    page = open_page(hash_)
    end = data(page)["duration"] / 1000
    stands(page, seconds if seconds >= 0 else end - 0.05, 0.1)
    plays(page, False)


@pytest.mark.parametrize(
    ("hash_", "title"), [("#slide-3", "Counted"), ("#drink", "How a tree drinks"), ("#end", "The end")]
)
def test_a_link_goes_to_its_slide(open_page: Open, hash_: str, title: str) -> None:
    page = open_page(hash_)
    titled(page, title)
    assert page.evaluate("scrollY") == 0
    page.evaluate("location.hash = '#slide-1'")
    titled(page, "Roots")


def test_the_link_to_a_moment_is_copied(browser: Any, open_page: Open, address: str) -> None:
    page = open_page("#t=6.7", at=address, permissions=["clipboard-read", "clipboard-write"])
    page.click("#ui-link")
    expect(page.locator("#ui-copied")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}#t=6"


def test_code_is_copied_as_it_was_written(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.click("#ui-code summary")
    page.click("[data-copy]")
    expect(page.locator("#ui-code .copied").first).to_have_text("Copied")
    expect(page.locator("[data-copy]").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == 'hairs = 14 * 1_000_000\nprint(f"{hairs:,}")\n'
    assert re.search(r"Ran on .*Python 3.* · \d{4}-\d\d-\d\d", page.inner_text("#ui-code .ran"))


# ── search ──


def test_search_goes_from_place_to_place(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("ROOT")
    until(page, "Array.from(CSS.highlights.get('found') ?? [], String).every((one) => one.toLowerCase() === 'root')")
    found = page.locator("#ui-found")
    expect(found).to_have_text(re.compile(r"^1 of \d+$"))
    everything = page.evaluate(MARKED, "found")
    expect(found).to_have_text(f"1 of {len(everything)}")
    assert {one.lower() for one in everything} == {"root"}
    assert len(everything) > 3
    page.keyboard.press("Enter")
    expect(found).to_have_text(f"2 of {len(everything)}")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    expect(found).to_have_text(f"{len(everything)} of {len(everything)}")
    page.fill("#ui-find", "cafe owners")
    expect(found).to_have_text("1 of 1")
    until(page, "Array.from(CSS.highlights.get('found-now'), String).join() === 'Caf\u00e9 owners'")
    page.keyboard.press("Control+Enter")
    titled(page, "Counted")
    plays(page)
    page.keyboard.press("Escape")
    expect(page.locator("#ui-find")).to_have_value("")
    page.fill("#ui-find", "nowhere at all")
    expect(found).to_have_text("Nothing found")


# ── keys ──


def test_keys(open_page: Open) -> None:
    page = open_page("#t=12")

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    starts = [one["t"] / 1000 for one in data(page)["slides"]]
    sentences = [one[1] / 1000 for one in data(page)["sentences"]]
    for key, seconds in (("l", 22), ("j", 12), ("ArrowRight", 17), ("ArrowLeft", 12)):
        press(key)
        stands(page, seconds)
    here = max(at for at, start in enumerate(starts) if start <= 12)
    press("n")
    stands(page, starts[here + 1])
    press("p")
    stands(page, starts[here])
    said = max((at for at, start in enumerate(sentences) if start <= starts[here]), default=-1)
    press("]")
    stands(page, sentences[said + 1])
    press("]")
    stands(page, sentences[said + 2])
    press("[")
    stands(page, sentences[said + 1])
    press(">", ">")
    until(page, "document.querySelector('video').playbackRate === 1.5")
    expect(page.locator("#ui-speed")).to_have_value("1.5")
    press("<", "m")
    until(page, "document.querySelector('video').playbackRate === 1.25 && document.querySelector('video').muted")
    press("t")
    until(page, "document.activeElement.closest('.line')?.getAttribute('aria-current') === 'true'")
    press("r")
    expect(page.locator("#slide-2 .picture")).to_be_visible()
    press("r", "k")
    plays(page)
    press(" ")
    plays(page, False)
    press("f")
    until(page, "document.fullscreenElement === document.querySelector('video')")
    page.evaluate("document.exitFullscreen()")


def test_keys_can_be_switched_off(open_page: Open) -> None:
    page = open_page("#t=12")
    page.keyboard.press("?")
    expect(page.locator("#ui-dialog")).to_be_visible()
    page.keyboard.press("l")
    rests(page, 12)  # while the help is open
    page.click("#ui-keys")
    page.keyboard.press("Escape")
    for key in ("l", "?", "r", "k"):
        page.keyboard.press(key)
    rests(page, 12)
    expect(page.locator("#ui-dialog")).to_be_hidden()
    page.reload()
    page.keyboard.press("?")
    rests(page, 12)
    expect(page.locator("#ui-dialog"), "remembered").to_be_hidden()
    page.click("#ui-help")
    expect(page.locator("#ui-keys")).not_to_be_checked()


def test_keys_are_letters_in_a_field(open_page: Open) -> None:
    page = open_page("#t=12")
    page.click("#ui-find")
    page.keyboard.type("jlk")
    expect(page.locator("#ui-find")).to_have_value("jlk")
    rests(page, 12)


# ── what is remembered ──


def test_it_offers_to_go_on(open_page: Open) -> None:
    page = open_page("#t=13")
    expect(page.locator("#ui-resume")).to_be_hidden()
    page.keyboard.press("k")
    until(page, "document.querySelector('video').currentTime > 13.3")
    page.keyboard.press("k")
    plays(page, False)
    where = time(page)
    page.select_option("#ui-speed", "1.5")
    page.evaluate("history.replaceState(null, '', location.pathname)")
    page.reload()
    until(page, "document.querySelector('video').readyState >= 2")
    expect(page.locator("#ui-resume-at")).to_have_text(f"You were at 0:{int(where)}.")
    assert time(page) == 0
    until(page, "document.querySelector('video').playbackRate === 1.5")
    page.click("#ui-resume-yes")
    expect(page.locator("#ui-resume")).to_be_hidden()
    plays(page)
    assert time(page) >= where - 0.2


def test_colours_are_chosen_and_remembered(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#ui-theme")
    expect(page.locator("#ui-theme")).to_have_attribute("aria-label", "Colours: light")
    light = page.evaluate(ground)
    assert light != dark
    page.reload()
    until(page, f"{ground} === given.light", light=light)
    page.click("#ui-theme")
    until(page, f"{ground} === given.dark", dark=dark)


def test_what_a_newer_page_keeps_is_neither_read_nor_changed(open_page: Open) -> None:
    page = open_page()
    newer = """() => {
        for (const name of ["deckcast", "deckcast:" + location.pathname.replace(/[^/]*$/, "")])
            localStorage.setItem(name, '{"v":2,"theme":"dark","t":12,"d":30}');
    }"""
    page.evaluate(newer)
    page.reload()
    until(page, "document.querySelector('video').readyState >= 2")
    expect(page.locator("#ui-resume")).to_be_hidden()
    assert page.evaluate("document.documentElement.dataset.theme") is None
    page.click("#ui-theme")
    expect(page.locator("#ui-theme")).to_have_attribute("aria-label", "Colours: light")
    page.keyboard.press("k")
    until(page, "document.querySelector('video').currentTime > 0.2")
    page.keyboard.press("k")
    plays(page, False)
    assert page.evaluate("Object.values(localStorage)") == ['{"v":2,"theme":"dark","t":12,"d":30}'] * 2


# ── where something is missing ──


def test_without_storage(open_page: Open) -> None:
    gone = 'Object.defineProperty(window, "localStorage", {get() { throw new Error("not allowed"); }});'
    page = open_page(before=gone)
    page.keyboard.press("l")
    page.click("#ui-theme")
    stands(page, 10)


def test_without_highlights_the_sentence_is_marked(open_page: Open) -> None:
    page = open_page("#t=1.5", before='Object.defineProperty(CSS, "highlights", {value: undefined});')
    expect(page.locator(".line[aria-current]")).to_have_text(re.compile(r"Welcome to the garden\.$"))
    page.fill("#ui-find", "fine hairs")
    page.wait_for_selector(".line.hit")


def test_without_a_script(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    expect(page.locator("video")).to_be_visible()
    expect(page.locator(".line").first).to_be_visible()
    expect(page.locator("#ui-find")).to_be_hidden()
    expect(page.locator("#ui-chapters summary")).to_be_visible()


def test_nothing_is_asked_of_anybody_else(browser: Any, folder: Path) -> None:
    with watched.served(folder.parent) as place:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{place}{folder.name}/index.html#reading")
        page.wait_for_load_state("networkidle")
        names = {unquote(url).removeprefix(place).partition("#")[0] for url in asked if not url.startswith("data:")}
        assert names <= {path.relative_to(folder.parent).as_posix() for path in folder.parent.rglob("*")}
        assert f"{folder.name}/slides/001.png" in names
        refused = page.evaluate("fetch(location.href).then(() => false, () => true)")
        assert refused, "the page's policy lets its script ask for nothing"
        page.close()


# ── the other lessons ──


def test_links_lead_to_the_lessons_before_and_after(open_page: Open, address: str) -> None:
    page = open_page(at=address)
    around = ["All lessons", "Previous lesson\nSeeds", NEXT]
    expect(page.locator("#ui-around a")).to_have_text(around, use_inner_text=True)
    page.locator("#ui-around").get_by_role("link", name="Next lesson").click()
    page.wait_for_url("**/trees/index.html")
    page.go_back()
    page.locator("#ui-beside").get_by_role("link", name="Previous lesson").click()
    page.wait_for_url("**/1%20seeds/index.html")
    page.go_back()
    page.locator("#ui-around").get_by_role("link", name="All lessons").click()
    page.wait_for_url(re.compile(".*/(?!roots/)[^/]+/index.html|.*:[0-9]+/index.html"))


NEXT = "Next lesson\nTrees, and how they grow"


def test_at_its_end_the_next_lesson_is_offered_and_does_not_begin(open_page: Open, address: str) -> None:
    page = open_page(at=address)
    expect(page.locator("#ui-upnext")).to_be_hidden()
    page.evaluate("document.querySelector('video').currentTime = document.querySelector('video').duration - 0.4")
    page.keyboard.press("k")
    until(page, "document.querySelector('video').ended")
    page.locator("#ui-upnext").wait_for(state="visible")
    expect(page.locator("#ui-upnext")).to_have_text(NEXT, use_inner_text=True)
    until(page, "document.querySelector('#ui-upnext img').naturalWidth > 0")
    assert page.url == address
    page.keyboard.press("p")
    page.locator("#ui-upnext").wait_for(state="hidden")
    page.keyboard.press("Shift+N")
    page.wait_for_url("**/trees/index.html")


def test_a_folder_that_was_copied_alone_has_no_links(browser: Any, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "alone" / "roots")
    page = browser.new_page()
    page.goto((tmp_path / "alone" / "roots" / "index.html").as_uri())
    until(page, "document.querySelector('video').readyState >= 1")
    expect(page.locator("[data-to]:visible, #ui-around:visible")).to_have_count(0)
    page.keyboard.press("Shift+N")
    page.keyboard.press("n")
    titled(page, "How a tree drinks")
    page.close()


def test_a_lesson_that_was_taken_away_is_not_linked(browser: Any, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder.parent, tmp_path / "output", ignore=lambda *_: ["trees", ".deckcast"])
    page = browser.new_page()
    page.goto((tmp_path / "output" / "roots" / "index.html").as_uri())
    page.locator("#ui-around [data-to=next]").wait_for(state="hidden")
    expect(page.locator("#ui-around [data-to=previous]")).to_be_visible()
    expect(page.locator("[data-to=next]:visible")).to_have_count(0)
    page.close()


# ── reading and paper ──


def test_reading_mode_shows_pictures_and_words(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("k")
    page.click("#ui-reading")
    plays(page, False)
    expect(page.locator("video")).to_be_hidden()
    expect(page.locator(".picture:visible")).to_have_count(watched.SLIDES)
    page.locator("#slide-2").scroll_into_view_if_needed()
    until(page, "document.querySelector('#slide-2 .picture img').naturalWidth === 640")
    assert "A root with fine hairs" in (page.get_attribute("#slide-2 img", "alt") or "")
    page.click("#slide-2 summary")
    expect(page.locator("#slide-2 .shown")).to_contain_text("sugar goes down")
    page.click("#slide-2 h3 a")
    expect(page.locator("video")).to_be_visible()
    titled(page, "How a tree drinks")


def test_paper_has_every_picture_and_word(open_page: Open) -> None:
    page = open_page()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.click("#ui-print")
    until(page, "window.printed")  # when all pictures are there
    pdf = page.pdf(format="A4", tagged=True, outline=True)
    assert pdf.count(b"/Subtype /Image") + pdf.count(b"/Subtype/Image") >= watched.SLIDES
    page.emulate_media(media="print")
    expect(page.locator("video")).to_be_hidden()
    expect(page.locator("#ui-find")).to_be_hidden()
    expect(page.locator(".line:visible")).to_have_count(page.locator(".line").count())


# ── small screens, and no mouse ──


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (768, 1024), (844, 390), (1440, 900)])
def test_nothing_is_wider_than_the_screen(open_page: Open, width: int, height: int) -> None:
    page = open_page("#t=7", width=width, height=height)
    for selector in ("#ui-chapters", "#ui-code", "#ui-downloads"):
        page.evaluate("(selector) => { document.querySelector(selector).open = true; }", selector)
    for mode in ("", "reading"):
        if mode:
            page.click("#ui-reading")
        until(page, "document.documentElement.scrollWidth <= given.width", width=width)
        small = page.evaluate(
            """() => Array.from(document.querySelectorAll(
                "button, select, input, summary, .box a, h3 a, .strip a, .around a, .card"))
                .filter((one) => one.checkVisibility())
                .map((one) => [one.id || one.outerHTML, (one.closest("label") || one).getBoundingClientRect()])
                .filter(([, box]) => Math.min(box.width, box.height) < 24)
                .map(([name]) => name)"""
        )
        assert small == [], "WCAG 2.5.8: targets of 24 pixels"


WALK = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height, 24) / 2, 0), innerHeight - 1);
    const there = document.elementFromPoint(x, y);
    const label = one.closest("label");
    return {
        name: one.id || one.getAttribute("href") || one.closest("details")?.id || one.tagName,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        covered: !(there && (one.contains(there) || there.contains(one) || (label && label.contains(there)))),
        ring: getComputedStyle(one).outlineStyle,
    };
}"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_every_control_is_reached_by_keyboard_and_seen(open_page: Open, width: int, height: int) -> None:
    page = open_page("#t=14", width=width, height=height)
    wanted = page.evaluate(
        """() => Array.from(document.querySelectorAll(
            "a[href], button:enabled, select, input, summary, video, pre[tabindex]"))
            .filter((one) => one.checkVisibility())
            .map((one) => one.id || one.getAttribute("href") || one.closest("details")?.id || one.tagName)"""
    )
    page.evaluate("document.activeElement.blur()")
    walked: list[dict[str, Any]] = []
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        here = page.evaluate(WALK)
        if here is None:
            break
        if not walked or walked[-1] != here:
            walked.append(here)
    assert set(wanted) - {one["name"] for one in walked} == set()
    assert [one["name"] for one in walked if not one["inside"]] == []
    assert [one["name"] for one in walked if one["covered"] and one["name"] != "ui-video"] == []
    assert [one["name"] for one in walked if one["ring"] == "none" and one["name"] != "ui-video"] == []


def test_the_way_to_the_words(open_page: Open) -> None:
    page = open_page(width=390, height=844)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.id === 'transcript'")
    page.keyboard.press("Tab")
    until(page, "document.activeElement.id === 'ui-follow'")


def test_less_motion_is_honoured(open_page: Open) -> None:
    spy = """
        window.ways = [];
        const by = Element.prototype.scrollBy;
        Element.prototype.scrollBy = function (how) { ways.push(how.behavior); return by.call(this, how); };
    """
    for motion, way in (("reduce", "auto"), ("no-preference", "smooth")):
        page = open_page(before=spy, reduced_motion=motion)
        page.keyboard.press("n")
        until(page, "ways.length")
        assert set(page.evaluate("ways")) == {way}


# ── long lessons ──


def test_two_hours_and_500_slides_cost_what_five_minutes_cost(browser: Any, tmp_path: Path) -> None:
    lengths = {slides: synthetic.write(tmp_path / str(slides), slides) for slides in (20, 500)}
    assert lengths[500] > 7000
    for _ in range(3):  # what else the machine does counts as well
        told = {}
        for slides, seconds in lengths.items():
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            told[slides] = synthetic.played(page, f"{(tmp_path / str(slides)).as_uri()}/index.html", seconds, 4)
            expect(page.locator(".line[aria-current]")).to_have_count(1)
            page.close()
        script = {slides: spent["ScriptDuration"] for slides, spent in told.items()}
        if cheap := script[500] < 5 * script[20] and script[500] < 0.3:
            break
    assert cheap, f"{script} of each second"


# ── WCAG, as far as a program can tell ──

DARK = {"color_scheme": "dark"}
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
READ = "document.getElementById('ui-reading').click(); document.querySelector('.shown').open = true"
HELP = "document.getElementById('ui-help').click()"
MODES: dict[str, tuple[str, dict[str, Any]]] = {
    "wide": ("", {}),
    "dark": ("", DARK),
    "phone": ("", {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}),
    "narrow, dark": ("", {"width": 320, "height": 568, **DARK}),
    "all unfolded": (UNFOLD, {}),
    "all unfolded, dark": (UNFOLD, DARK),
    "reading": (READ, {}),
    "reading, dark": (READ, DARK),
    "help": (HELP, {}),
    "help, dark": (HELP, DARK),
}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(open_page: Open, mode: str) -> None:
    import axe_playwright_python

    script, how = MODES[mode]
    page = open_page("#t=7", **how)
    if script:
        page.evaluate(script)
    page.fill("#ui-find", "root") if mode == "wide" else None
    page.wait_for_timeout(300)
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    accent = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')")
    assert accent not in ("", "#1d5fd1", "#8ab4ff"), "the deck's own, made readable"
    told = page.evaluate("(levels) => axe.run(document, {runOnly: levels, preload: false})", LEVELS)
    found = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in told["violations"]]
    assert found == []
    assert len(told["passes"]) > 20
