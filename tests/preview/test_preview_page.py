"""`deckcast preview` as an author has it: the command in a process of its own, the page in a real browser."""

from __future__ import annotations

import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import browsing
from browsing import expect, until
from faults.harness import RED, command, environment

pytestmark = pytest.mark.slow

DECK = """# A short lesson

???

Welcome to a short lesson. It has three slides.

---
name: pictures

# Pictures

![a red square](red.svg)

--

- and then a list

???

A picture is worth a thousand words. A list is worth a few.

---

# A sum

```python exec name=sum
print(1 + 1)
```

???

It is easy.
"""


class Author:
    """Somebody who writes, with the preview open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "deckcast.toml").write_text("")
        self.contexts: list[Any] = []
        self.deck = folder / "chapters" / "talk" / "presentation.md"
        self.deck.parent.mkdir(parents=True)
        self.deck.write_text(DECK)
        (self.deck.parent / "red.svg").write_text(RED)
        self.process: subprocess.Popen[str] = self.start()

    def start(self, *more: str) -> subprocess.Popen[str]:
        self.errors = self.folder / "errors.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                command("preview", "talk", "--no-open", "--voice", "flite", *more),
                cwd=self.folder,
                env=environment(XDG_CONFIG_HOME=str(self.folder / "config")),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        told = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=\S+", told)
        assert found is not None, told + self.errors.read_text()
        self.address, self.port = found[0], found[1]
        return self.process

    def leave(self) -> None:
        """The deck is as it was, and no page is open."""
        while self.contexts:
            self.contexts.pop().close()
        self.deck.write_text(DECK)

    def stop(self) -> int:
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(browsing.SECONDS)
        finally:
            self.process.stdout.close()

    def edit(self, old: str, new: str) -> None:
        text = self.deck.read_text()
        assert old in text
        self.deck.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    made = Author(tmp_path_factory.mktemp("writing"))
    yield made
    made.stop()


@pytest.fixture
def author(writing: Author) -> Iterator[Author]:
    """One whose preview is open since the first of these tests."""
    yield writing
    writing.leave()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Author]:
    """One whose preview may be ended, and whose cells have never run."""
    made = Author(tmp_path)
    yield made
    made.leave()
    if made.process.poll() is None:
        made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.chromium("--autoplay-policy=no-user-gesture-required") as opened:
        yield opened


TITLES = "[...document.querySelectorAll('#strip button')].map((one) => one.title).join('|')"


def opened(browser: Any, author: Author) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    author.contexts.append(context)
    page: Page = context.new_page()
    page.set_default_timeout(1000 * browsing.SECONDS)
    page.goto(author.address)
    until(page, f"{TITLES} === 'A short lesson|Pictures|A sum' && document.getElementById('errors').hidden")
    return page


def test_a_save_shows_the_slide_and_keeps_the_place(browser: Any, author: Author) -> None:
    page = opened(browser, author)
    assert "token" not in page.url
    page.keyboard.press("End")
    until(page, "document.getElementById('place').value.startsWith('3 / 3')")
    page.get_by_label("Follow the edit").uncheck()
    author.edit("# Pictures", "# Images")
    until(page, f"{TITLES} === 'A short lesson|Images|A sum'")
    until(page, "location.hash === '#3'")
    page.get_by_label("Follow the edit").check()
    author.edit("# Images", "# Pictures")
    until(page, "location.hash.startsWith('#2')")
    page.goto(f"http://127.0.0.1:{author.port}/#3")
    until(page, "document.getElementById('place').value.startsWith('3')")


def test_a_mistake_lies_over_the_last_good_deck_until_it_is_mended(browser: Any, author: Author) -> None:
    page = opened(browser, author)
    author.edit("red.svg", "blue.svg")
    until(page, "!document.getElementById('errors').hidden")
    errors = page.locator("#errors")
    expect(errors).to_contain_text("presentation.md:12:")
    expect(errors).to_contain_text("![a red square](blue.svg)")
    expect(errors.locator("a")).to_have_attribute("href", re.compile("."))
    expect(page.locator("#strip li")).to_have_count(3)
    author.edit("blue.svg", "red.svg")
    until(page, "document.getElementById('errors').hidden")


WATCH = """() => {
    const sound = document.getElementById("sound");
    window.seen = {plays: 0, lit: false, words: new Set(), places: new Set()};
    sound.addEventListener("play", () => seen.plays++);
    setInterval(() => {
        seen.lit ||= Boolean(document.querySelector("#notes li.lit"));
        for (const range of CSS.highlights.get("spoken") ?? []) seen.words.add(String(range));
        seen.places.add(document.getElementById("place").value);
    }, 20);
}"""
"""Writes down what is there for a moment only."""


def words(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...seen.words]")
    return found


def test_a_slide_is_heard_with_its_words_lit_and_its_steps_shown(browser: Any, author: Author) -> None:
    page = opened(browser, author)
    page.keyboard.press("ArrowRight")
    page.evaluate(WATCH)
    page.locator("#play").click()
    until(page, "seen.plays === 1 && seen.lit && seen.words.size > 3")
    assert all(word in "A picture is worth a thousand words. A list is worth a few." for word in words(page))
    expect(page.locator("#measure")).to_have_text(re.compile(r"\d:\d\d · \d+ words · \d+ a minute"))
    until(page, "[...seen.places].some((place) => place.includes('2/2'))")
    page.keyboard.press("Escape")
    until(page, "document.getElementById('sound').paused")
    page.locator("#notes button").nth(1).click()
    until(page, "seen.plays === 2 && document.getElementById('sound').paused")
    expect(page.locator("#stop")).to_be_hidden()


def test_cells_run_and_show_when_asked(browser: Any, other: Author) -> None:
    page = opened(browser, other)
    page.keyboard.press("End")
    until(page, "document.querySelector('#cells .why')")
    before = page.locator("#picture").get_attribute("src")
    page.locator("#run").click()
    until(page, "document.querySelector('#cells .ran')")
    expect(page.locator("#picture")).not_to_have_attribute("src", before or "")
    assert (other.deck.parent / "outputs").is_dir()


def test_findings_of_all_rules_come_by_themselves(browser: Any, author: Author) -> None:
    page = opened(browser, author)
    author.edit("![a red square](red.svg)", "![](red.svg)")
    until(page, "document.querySelector('#problems .code')?.textContent === 'picture-alt'")


def test_two_pages_go_their_own_ways_and_come_back(browser: Any, other: Author) -> None:
    one, two = opened(browser, other), opened(browser, other)
    two.keyboard.press("End")
    until(two, "document.getElementById('place').value.startsWith('3')")
    assert one.evaluate("location.hash") != "#3"
    other.edit("# A sum", "# The sum")
    for page in (one, two):
        until(page, f"{TITLES}.endsWith('The sum')")
    port = other.port
    other.stop()
    until(one, "document.getElementById('status').className === 'lost'")
    other.edit("# The sum", "# Another sum")
    other.start("--port", port)
    # another run has another token: pages of before are told nothing until they are opened with it
    one.goto(other.address)
    until(one, f"{TITLES}.endsWith('Another sum')")
    until(two, f"!{TITLES}.endsWith('Another sum')")


def test_no_other_page_comes_in(browser: Any, author: Author) -> None:
    page = opened(browser, author)
    cookies = page.context.cookies()
    assert [(one["httpOnly"], one["sameSite"]) for one in cookies] == [(True, "Strict")]
    author.contexts.append(browser.new_context())
    evil = author.contexts[-1].new_page()
    evil.goto("data:text/html,<p>elsewhere</p>")
    reached = evil.evaluate(
        """(port) => new Promise((done) => {
            const socket = new WebSocket(`ws://127.0.0.1:${port}/live`);
            socket.onopen = () => done("open"); socket.onclose = () => done("closed");
        })""",
        author.port,
    )
    assert reached == "closed"
    asked = urllib.request.Request(f"http://127.0.0.1:{author.port}/", headers={"Host": f"evil.example:{author.port}"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=browsing.SECONDS)
    assert refused.value.code == 403
    refused.value.close()


def test_ctrl_c_ends_it_at_once_with_a_page_open(browser: Any, other: Author) -> None:
    opened(browser, other)
    assert other.stop() == 0
    told = other.errors.read_text()
    assert "Traceback" not in told
    assert "interrupted" not in told


def test_each_of_many_saves_is_shown(browser: Any, author: Author) -> None:
    page = opened(browser, author)
    for number in range(5):
        before = page.locator("#picture").get_attribute("src")
        author.edit(f"# A short lesson{' again' * number}\n", f"# A short lesson{' again' * (number + 1)}\n")
        image = "document.getElementById('picture')"
        until(page, f"!{image}.src.endsWith(given.before) && {image}.complete", before=before)


def test_the_stage_shows_the_real_slide_and_nothing_of_it_runs(browser: Any, author: Author) -> None:
    page = opened(browser, author)
    author.edit(
        "# A short lesson\n",
        "# A short lesson\n\n<script>parent.hacked = 1</script><b onclick='parent.hacked = 2'>bold words</b>\n",
    )
    until(page, "document.querySelector('#stage iframe')?.style.visibility === 'visible'")
    until(page, "document.querySelector('#stage iframe').contentDocument?.body?.innerText.includes('bold words')")
    wide = "document.querySelector(given.{}).getBoundingClientRect().width"
    until(page, f"Math.abs({wide.format('box')} - {wide.format('frame')}) < 3", box="#stage", frame="#stage iframe")
    page.frame_locator("#stage iframe").locator("b").click()
    assert page.evaluate("window.hacked") is None
    page.keyboard.press("ArrowRight")
    until(page, "document.getElementById('place').value.startsWith('2')")
