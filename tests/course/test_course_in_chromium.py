"""The page of all lessons in a real browser, from a disk and from `deckcast serve`."""

from __future__ import annotations

import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import browsing
from browsing import expect, until
from course.built import lesson
from course.test_course import SETTINGS
from deckcast import course
from faults.harness import command, environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "output"
    lesson(folder, "01-first", "First", "Words become numbers.", "Numbers become wörds again, and more.")
    lesson(folder, "02 ünd", "Second", "Attention is all you need.", language="ar")
    (folder / ".deckcast").mkdir()
    (folder / ".deckcast" / "secret").write_text("kept work")
    (folder.parent / "outside").write_text("not yours")
    (folder / "01-first" / "lesson.mp4").write_bytes(bytes(range(256)) * 40)
    (folder / "01-first" / "link").symlink_to(folder.parent / "outside")
    (folder / "deckcast.toml").write_text('[publish]\ncourse_picture = "01-first/thumbnail.jpg"\n')
    own = {"base_url": "https://example.org/", "course_picture": "01-first/thumbnail.jpg", "feed": "video"}
    course.write(folder, replace(SETTINGS, publish=replace(SETTINGS.publish, organisation="A school", **own)), folder)
    return folder


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with subprocess.Popen(
        command("serve", output, "--port", "0", "--no-open"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        found = re.search(r"http://\S+", serving.stdout.readline())
        assert found is not None
        yield found[0]
        serving.send_signal(signal.SIGINT)
        _, told = serving.communicate(timeout=browsing.SECONDS)
        assert serving.returncode == 0
        assert "Traceback" not in told


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.chromium() as opened:
        yield opened


@pytest.fixture(params=["file", "http"])
def page(request: pytest.FixtureRequest, browser: Any, output: Path, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened: Page = context.new_page()
    opened.goto(address if request.param == "http" else (output / "index.html").as_uri())
    yield opened
    context.close()


def test_search_leads_to_the_moment(page: Page) -> None:
    page.get_by_role("searchbox").fill("WORDS AGAIN")
    expect(page.locator("#found")).to_have_text("Found 1×, in 1 of 2 lessons")
    expect(page.locator("#results mark")).to_have_text("wörds again")
    expect(page.locator("#results a")).to_have_attribute("href", "01-first/index.html#t=21")
    page.locator("#results a").click()
    page.wait_for_url("**/01-first/index.html#t=21")
    page.go_back()
    page.get_by_role("searchbox").fill("nowhere at all")
    expect(page.locator("#found")).to_have_text("Nothing found")
    expect(page.locator("#results")).to_be_hidden()


def test_what_was_watched_is_remembered(page: Page) -> None:
    page.evaluate(
        """() => {
            const here = location.pathname.replace(/[^/]*$/, "");
            localStorage.setItem(`deckcast:${here}01-first/`, JSON.stringify({ t: 31.3, d: 125 }));
            const other = `${here}${encodeURIComponent("02 ünd")}/`;
            localStorage.setItem(`deckcast:${other}`, JSON.stringify({ t: 125, d: 125, done: true }));
        }"""
    )
    page.reload()
    expect(page.locator(".state")).to_have_text(["25 % watched", "Watched"])


def test_lessons_are_opened_by_their_cards(page: Page) -> None:
    page.get_by_role("link", name="Second").click()
    expect(page.locator("p")).to_have_text("a lesson")


@pytest.mark.parametrize("wide", [320, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser: Any, output: Path, wide: int, scheme: str) -> None:
    import axe_playwright_python

    context = browser.new_context(viewport={"width": wide, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto((output / "index.html").as_uri())
    page.get_by_role("searchbox").fill("numbers")
    expect(page.locator("#results mark").first).to_be_visible()
    until(page, "document.documentElement.scrollWidth <= innerWidth")
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    told = page.evaluate("(levels) => axe.run(document, {runOnly: levels})", levels)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in told["violations"]] == []
    context.close()


def test_keys_alone_reach_everything(page: Page) -> None:
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert {"theme", "search", "First", "Second", "Feed for podcast and news readers"} <= set(reached)


def test_what_programs_are_told_troubles_no_policy(browser: Any, output: Path) -> None:
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda one: told.append(one.text))
    page.on("request", lambda one: told.append(one.url) if "example.org" in one.url else None)
    page.goto((output / "index.html").as_uri())
    page.get_by_role("link", name="Feed for podcast and news readers").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator("script[type='application/ld+json']").count() == 1
    assert told == []
    page.close()


def get(address: str, path: str, **headers: str) -> tuple[int, bytes]:
    asked = urllib.request.Request(address.rstrip("/") + path, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=browsing.SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_players_may_ask_for_parts(address: str) -> None:
    assert get(address, "/01-first/lesson.mp4", Range="bytes=10-13") == (206, bytes([10, 11, 12, 13]))
    assert get(address, "/01-first/lesson.mp4", Range="bytes=999999-")[0] == 416
    status, whole = get(address, "/01-first/lesson.mp4")
    assert (status, len(whole)) == (200, 256 * 40)


@pytest.mark.parametrize(
    "path",
    [
        "/.deckcast/secret",
        "/%2edeckcast/secret",
        "/../outside",
        "/%2e%2e/outside",
        "/01-first/..%2f..%2foutside",
        "/01-first/link",
        "/01-first/.manifest.json.part",
        "/nothing",
    ],
)
def test_nothing_else_is_served(address: str, path: str) -> None:
    status, body = get(address, path)
    assert status == 404
    assert b"not yours" not in body
    assert b"kept work" not in body
