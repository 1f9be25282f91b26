"""The lesson's page as a viewer has it: in a real browser, from a disk and from a server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from deckcast.engines.browser_find import find
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return watched.build(tmp_path_factory.mktemp("watched"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = find()
    if found is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found), args=["--no-sandbox"])
        page = browser.new_page()
        if not page.evaluate("""document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028"')"""):
            pytest.skip("this Chromium has no H.264")
        page.close()
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["file", "http"])
def address(folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "file":
        yield f"{folder.as_uri()}/index.html"
    else:
        with watched.served(folder) as place:
            yield f"{place}index.html"


@pytest.fixture
def open_page(browser: Any, folder: Path) -> Iterator[Open]:
    """Opens the page in a browser without memory; `complaints` of what comes back must be empty in the end."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(
        hash_: str = "", at: str = "", *, before: str = "", width: int = 1440, height: int = 900, **how: Any
    ) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **how)
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


def until(page: Any, condition: str) -> None:
    """Waits; Playwright's own way of waiting evaluates text in the page, which its policy forbids."""
    for _ in range(900):
        if page.evaluate(f"() => Boolean({condition})"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def data(page: Any) -> dict[str, Any]:
    return dict(json.loads(page.inner_text("#lesson") or page.text_content("#lesson")))


def time(page: Any) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def slide(page: Any) -> str:
    return str(page.inner_text("#ui-title"))


# ── playing ──


def test_it_plays_and_each_word_lights_up_as_it_is_spoken(open_page: Open, address: str) -> None:
    page = open_page(at=address, before=SPY)
    page.keyboard.press("k")
    until(page, "document.querySelector('video').ended")
    told = data(page)
    due = {
        (line, sentence[3][at + 1]): sentence[3][at] / 1000
        for line, sentence in enumerate(told["sentences"])
        for at in range(0, len(sentence[3]), 3)
    }
    seen = page.evaluate("seen")
    late = [moment - due[line, begin] for moment, line, begin, _ in seen]
    assert len({(line, begin) for _, line, begin, _ in seen}) >= 0.9 * len(due)
    assert min(late) > -0.001, "a word lights up before it is spoken"
    assert median(late) < 0.05
    assert sorted(late)[int(0.9 * len(late))] < 0.1, "nine words of ten within a tenth of a second"
    assert seen[0][3] == "Welcome"
    assert slide(page) == "The end"
    assert page.locator(".line[aria-current]").count() == 1
    assert page.locator("#ui-strip a[aria-current]").count() == 1


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
    assert time(page) == pytest.approx(word / 1000, abs=0.01)
    assert page.evaluate(MARKED, "spoken")[0].startswith("leaves")


def test_a_sentence_is_a_link(open_page: Open) -> None:
    page = open_page()
    link = page.locator(".line .t").nth(3)
    link.focus()
    page.keyboard.press("Enter")
    assert time(page) == pytest.approx(data(page)["sentences"][3][1] / 1000, abs=0.01)
    assert page.evaluate("location.hash") == link.get_attribute("href")
    assert page.locator(".line").nth(3).get_attribute("aria-current") == "true"


def test_captions_come_and_go(open_page: Open, address: str) -> None:
    page = open_page(at=address)
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") != "showing"
    page.keyboard.press("c")
    assert page.get_attribute("#ui-captions", "aria-pressed") == "true"
    page.evaluate("document.querySelector('video').currentTime = 1.5")
    until(page, "document.querySelector('video').textTracks[0].activeCues?.length")
    assert "garden" in page.evaluate("document.querySelector('video').textTracks[0].activeCues[0].text")
    page.reload()
    assert page.get_attribute("#ui-captions", "aria-pressed") == "true", "remembered"
    page.click("#ui-captions")
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "hidden"


# ── addresses ──


@pytest.mark.parametrize(
    ("hash_", "seconds"),
    [("#t=7", 7), ("#t=7.5", 7.5), ("#t=0m8s", 8), ("#t=0:09", 9), ("#t=4,9", 4), ("#t=99999", -1), ("#nonsense", 0)],
)
def test_a_link_goes_to_its_moment(open_page: Open, hash_: str, seconds: float) -> None:
    page = open_page(hash_)
    end = data(page)["duration"] / 1000
    assert time(page) == pytest.approx(seconds if seconds >= 0 else end - 0.05, abs=0.1)
    assert page.evaluate("document.querySelector('video').paused")


@pytest.mark.parametrize(
    ("hash_", "title"), [("#slide-3", "Counted"), ("#drink", "How a tree drinks"), ("#end", "The end")]
)
def test_a_link_goes_to_its_slide(open_page: Open, hash_: str, title: str) -> None:
    page = open_page(hash_)
    assert slide(page) == title
    assert page.evaluate("scrollY") == 0
    page.evaluate("location.hash = '#slide-1'")
    until(page, "document.getElementById('ui-title').textContent === 'Roots'")


def test_the_link_to_a_moment_is_copied(browser: Any, open_page: Open, address: str) -> None:
    page = open_page("#t=6.7", at=address, permissions=["clipboard-read", "clipboard-write"])
    page.click("#ui-link")
    until(page, "document.getElementById('ui-copied').textContent")
    assert page.inner_text("#ui-copied") == "Copied"
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}#t=6"


def test_code_is_copied_as_it_was_written(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.click("#ui-code summary")
    page.click("[data-copy]")
    until(page, "document.querySelector('#ui-code .copied').textContent === 'Copied'")
    assert page.inner_text("[data-copy]") == "Copied"
    assert page.evaluate("navigator.clipboard.readText()") == 'hairs = 14 * 1_000_000\nprint(f"{hairs:,}")\n'
    assert re.search(r"Ran on .*Python 3.* · \d{4}-\d\d-\d\d", page.inner_text("#ui-code .ran"))


# ── search ──


def test_search_goes_from_place_to_place(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("ROOT")
    until(page, "document.getElementById('ui-found').textContent")
    everything = page.evaluate(MARKED, "found")
    assert page.inner_text("#ui-found") == f"1 of {len(everything)}"
    assert {one.lower() for one in everything} == {"root"}
    assert len(everything) > 3
    page.keyboard.press("Enter")
    assert page.inner_text("#ui-found").startswith("2 of")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    assert page.inner_text("#ui-found") == f"{len(everything)} of {len(everything)}"
    page.fill("#ui-find", "cafe owners")
    until(page, "document.getElementById('ui-found').textContent === '1 of 1'")
    assert page.evaluate(MARKED, "found-now") == ["Caf\u00e9 owners"]
    page.keyboard.press("Control+Enter")
    assert slide(page) == "Counted"
    until(page, "!document.querySelector('video').paused")
    page.keyboard.press("Escape")
    assert page.input_value("#ui-find") == ""
    page.fill("#ui-find", "nowhere at all")
    until(page, "document.getElementById('ui-found').textContent === 'Nothing found'")


# ── keys ──


def test_keys(open_page: Open) -> None:
    page = open_page("#t=12")

    def after(*keys: str) -> float:
        for key in keys:
            page.keyboard.press(key)
        return time(page)

    starts = [one["t"] / 1000 for one in data(page)["slides"]]
    sentences = [one[1] / 1000 for one in data(page)["sentences"]]
    assert after("l") == pytest.approx(22, abs=0.05)
    assert after("j") == pytest.approx(12, abs=0.05)
    assert after("ArrowRight") == pytest.approx(17, abs=0.05)
    assert after("ArrowLeft") == pytest.approx(12, abs=0.05)
    here = max(at for at, start in enumerate(starts) if start <= 12)
    assert after("n") == pytest.approx(starts[here + 1], abs=0.05)
    assert after("p") == pytest.approx(starts[here], abs=0.05)
    said = max((at for at, start in enumerate(sentences) if start <= starts[here]), default=-1)
    assert after("]") == pytest.approx(sentences[said + 1], abs=0.05)
    assert after("]", "[") == pytest.approx(sentences[said + 1], abs=0.05)
    after(">", ">")
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5
    page.wait_for_function("document.getElementById('ui-speed').value === '1.5'")
    after("<", "m")
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.25
    assert page.evaluate("document.querySelector('video').muted")
    after("t")
    assert page.evaluate("document.activeElement.closest('.line').getAttribute('aria-current')") == "true"
    after("r")
    assert page.locator("#slide-2 .picture").is_visible()
    after("r", "k")
    assert not page.evaluate("document.querySelector('video').paused")
    after(" ")
    assert page.evaluate("document.querySelector('video').paused")
    after("f")
    until(page, "document.fullscreenElement === document.querySelector('video')")
    page.evaluate("document.exitFullscreen()")


def test_keys_can_be_switched_off(open_page: Open) -> None:
    page = open_page("#t=12")
    page.keyboard.press("?")
    assert page.locator("#ui-dialog").is_visible()
    page.keyboard.press("l")
    assert time(page) == pytest.approx(12, abs=0.01), "keys rest while the help is open"
    page.click("#ui-keys")
    page.keyboard.press("Escape")
    for key in ("l", "?", "r", "k"):
        page.keyboard.press(key)
    assert time(page) == pytest.approx(12, abs=0.01)
    assert not page.locator("#ui-dialog").is_visible()
    page.reload()
    page.keyboard.press("?")
    assert not page.locator("#ui-dialog").is_visible(), "remembered"
    page.click("#ui-help")
    assert not page.is_checked("#ui-keys")


def test_keys_are_letters_in_a_field(open_page: Open) -> None:
    page = open_page("#t=12")
    page.click("#ui-find")
    page.keyboard.type("jlk")
    assert (time(page), page.input_value("#ui-find")) == (pytest.approx(12, abs=0.01), "jlk")


# ── what is remembered ──


def test_it_offers_to_go_on(open_page: Open) -> None:
    page = open_page("#t=13")
    assert not page.locator("#ui-resume").is_visible()
    page.keyboard.press("k")
    until(page, "document.querySelector('video').currentTime > 13.3")
    page.keyboard.press("k")
    where = time(page)
    page.select_option("#ui-speed", "1.5")
    page.evaluate("history.replaceState(null, '', location.pathname)")
    page.reload()
    until(page, "document.querySelector('video').readyState >= 2")
    assert page.inner_text("#ui-resume-at") == "You were at 0:13."
    assert time(page) == 0
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5
    page.click("#ui-resume-yes")
    assert not page.locator("#ui-resume").is_visible()
    until(page, "!document.querySelector('video').paused")
    assert time(page) >= where - 0.2


def test_colours_are_chosen_and_remembered(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#ui-theme")
    light = page.evaluate(ground)
    assert light != dark
    assert page.get_attribute("#ui-theme", "aria-label") == "Colours: light"
    page.reload()
    assert page.evaluate(ground) == light
    page.click("#ui-theme")
    assert page.evaluate(ground) == dark


# ── where something is missing ──


def test_without_storage(open_page: Open) -> None:
    gone = 'Object.defineProperty(window, "localStorage", {get() { throw new Error("not allowed"); }});'
    page = open_page(before=gone)
    page.keyboard.press("l")
    page.click("#ui-theme")
    assert time(page) == pytest.approx(10, abs=0.05)


def test_without_highlights_the_sentence_is_marked(open_page: Open) -> None:
    page = open_page("#t=1.5", before='Object.defineProperty(CSS, "highlights", {value: undefined});')
    assert page.locator(".line[aria-current]").inner_text().endswith("Welcome to the garden.")
    page.fill("#ui-find", "fine hairs")
    page.wait_for_selector(".line.hit")


def test_without_a_script(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    assert page.locator("video").is_visible()
    assert page.locator(".line").first.is_visible()
    assert not page.locator("#ui-find").is_visible()
    assert page.locator("#ui-chapters summary").is_visible()


def test_nothing_is_asked_of_anybody_else(browser: Any, folder: Path) -> None:
    with watched.served(folder) as place:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{place}index.html#reading")
        page.wait_for_load_state("networkidle")
        names = {url.removeprefix(place).partition("#")[0] for url in asked if not url.startswith("data:")}
        assert names <= {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
        assert "slides/001.png" in names
        refused = page.evaluate("fetch(location.href).then(() => false, () => true)")
        assert refused, "the page's policy lets its script ask for nothing"
        page.close()


# ── reading and paper ──


def test_reading_mode_shows_pictures_and_words(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("k")
    page.click("#ui-reading")
    assert page.evaluate("document.querySelector('video').paused")
    assert not page.locator("video").is_visible()
    assert page.locator(".picture:visible").count() == watched.SLIDES
    page.locator("#slide-2").scroll_into_view_if_needed()
    until(page, "document.querySelector('#slide-2 .picture img').naturalWidth === 640")
    assert "A root with fine hairs" in (page.get_attribute("#slide-2 img", "alt") or "")
    page.click("#slide-2 summary")
    assert "sugar goes down" in page.inner_text("#slide-2 .shown")
    page.click("#slide-2 h3 a")
    assert page.locator("video").is_visible()
    assert slide(page) == "How a tree drinks"


def test_paper_has_every_picture_and_word(open_page: Open) -> None:
    page = open_page()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.click("#ui-print")
    page.wait_for_function("window.printed")  # when all pictures are there
    pdf = page.pdf(format="A4", tagged=True, outline=True)
    assert pdf.count(b"/Subtype /Image") + pdf.count(b"/Subtype/Image") >= watched.SLIDES
    page.emulate_media(media="print")
    assert not page.locator("video").is_visible()
    assert not page.locator("#ui-find").is_visible()
    assert page.locator(".line:visible").count() == page.locator(".line").count()


# ── small screens, and no mouse ──


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (768, 1024), (844, 390), (1440, 900)])
def test_nothing_is_wider_than_the_screen(open_page: Open, width: int, height: int) -> None:
    page = open_page("#t=7", width=width, height=height)
    for selector in ("#ui-chapters", "#ui-code", "#ui-downloads"):
        page.evaluate("(selector) => { document.querySelector(selector).open = true; }", selector)
    for mode in ("", "reading"):
        if mode:
            page.click("#ui-reading")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            """() => Array.from(document.querySelectorAll("button, select, input, summary, .box a, h3 a, .strip a"))
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
    assert page.evaluate("document.activeElement.id") == "transcript"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "ui-follow"


def test_less_motion_is_honoured(open_page: Open) -> None:
    spy = """
        window.ways = [];
        const by = Element.prototype.scrollBy;
        Element.prototype.scrollBy = function (how) { ways.push(how.behavior); return by.call(this, how); };
    """
    for motion, way in (("reduce", "auto"), ("no-preference", "smooth")):
        page = open_page(before=spy, reduced_motion=motion)
        page.keyboard.press("n")
        assert set(page.evaluate("ways")) == {way}


# ── long lessons ──


def test_two_hours_and_500_slides_cost_what_five_minutes_cost(browser: Any, tmp_path: Path) -> None:
    told = {}
    for slides in (20, 500):
        seconds = synthetic.write(tmp_path / str(slides), slides)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        told[slides] = synthetic.played(page, f"{(tmp_path / str(slides)).as_uri()}/index.html", seconds, 6)
        assert page.locator(".line[aria-current]").count() == 1
        page.close()
    assert seconds > 7000
    assert told[500]["ScriptDuration"] < 5 * told[20]["ScriptDuration"]
    assert told[500]["ScriptDuration"] < 0.3, "of each second"


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
    told = page.evaluate("(levels) => axe.run(document, {runOnly: levels})", LEVELS)
    found = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in told["violations"]]
    assert found == []
    assert len(told["passes"]) > 20
