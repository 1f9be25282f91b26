"""What only a real Chromium can show: nothing gets out, and nothing that happens in it ends a build badly."""

from __future__ import annotations

import dataclasses
import io
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deckcast.engines import browser_find
from deckcast.engines.browser_chromium import Chromium
from deckcast.errors import BrowserError
from deckcast.ports import Bench, Page, Resource

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent


class Nothing:
    """Resources that refuse everything and remember what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, path: str) -> Resource | None:
        self.asked.append(path)
        return None


def program() -> Path:
    found = browser_find.find()
    assert found is not None, "the slow tests need a Chromium: deckcast doctor"
    return found


@pytest.fixture
def browser() -> Iterator[Chromium]:
    opened = Chromium(program, seconds=30)
    yield opened
    opened.close()


def page(*sections: str, width: int = 640, height: int = 360) -> Page:
    body = "".join(f'<section id="s{number}">{inner}</section>' for number, inner in enumerate(sections))
    names = tuple(f"s{number}" for number in range(len(sections)))
    return Page(f"<!doctype html><body><main>{body}</main></body>", names, width, height)


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and every request that reached it."""
    seen: list[str] = []

    class Counter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - http.server looks for these names

        def log_message(self, *args: object) -> None: ...

    running = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{running.server_address[1]}", seen
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_hostile_slide_reaches_nobody_and_reads_nothing(browser: Chromium, server: tuple[str, list[str]]) -> None:
    address, seen = server
    hostile = (HERE / "hostile.html").read_text(encoding="utf-8").replace("SERVER", address)
    files = Nothing()
    shots = list(browser.shoot(page(hostile, "<p>still here</p>"), files))
    assert seen == []
    assert [shot.text for shot in shots] == ["harmless words", "still here"]
    assert not any("passwd" in shot.text or "root:" in shot.text for shot in shots)
    assert all(path.startswith("/") for path in files.asked), "only our own address is answered"


def test_the_counting_server_would_notice(server: tuple[str, list[str]]) -> None:
    from urllib.request import urlopen

    address, seen = server
    with urlopen(f"http://{address}/here") as answer:
        assert answer.status == 200
    assert seen == ["/here"]


def test_scripts_of_a_slide_do_not_run(browser: Chromium) -> None:
    inner = "<p id=x>quiet</p><script>document.getElementById('x').textContent = 'ran'</script>"
    [shot] = browser.shoot(page(inner + "<img src=x onerror=\"this.outerHTML='ran'\">"), Nothing())
    assert shot.text == "quiet"


def test_a_refresh_leaves_the_slide_where_it_is(browser: Chromium) -> None:
    refresh = '<p>first</p><meta http-equiv="refresh" content="0;url=http://elsewhere.example/">'
    shots = list(browser.shoot(page(refresh, "<p>second</p>"), Nothing()))
    assert [shot.text for shot in shots] == ["first", "second"]


def test_elements_named_like_members_of_the_document_hide_nothing(browser: Chromium) -> None:
    names = ("fonts", "querySelector", "getAnimations", "createRange", "createTreeWalker", "createElement")
    forms = "".join(f'<form name="{name}"></form>' for name in names)
    [shot] = browser.shoot(page(f"{forms}<p>words é</p>"), Nothing())
    assert shot.text == "words é"


def test_a_crashed_browser_is_started_again_and_the_rest_drawn(browser: Chromium) -> None:
    shots = browser.shoot(page("<p>one</p>", "<p>two</p>"), Nothing())
    assert next(shots).text == "one"
    assert browser._running is not None
    assert browser._running._pid is not None
    os.kill(browser._running._pid, 9)
    assert [shot.text for shot in shots] == ["two"]


def test_a_slide_that_never_ends_is_an_error_and_the_browser_serves_again() -> None:
    browser = Chromium(program, seconds=4)
    groups = ["<g id=g0><circle r=3 /></g>"]
    groups += [f"<g id=g{n}>{f'<use href=#g{n - 1} />' * 12}</g>" for n in range(1, 9)]
    try:
        # a slow machine finds it when it opens the page, where nothing is hidden yet
        with pytest.raises(BrowserError, match="no answer within 4 seconds"):
            list(browser.shoot(page("<p>one</p>", f"<svg>{''.join(groups)}</svg>"), Nothing()))
        assert [shot.text for shot in browser.shoot(page("<p>after</p>"), Nothing())] == ["after"]
    finally:
        browser.close()


class Script:
    """A bench's only resource; everything that is asked for is remembered."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.asked: list[str] = []

    def get(self, path: str) -> Resource | None:
        self.asked.append(path)
        return Resource(self._source.encode(), "text/javascript") if path == "/work.js" else None


BENCH = Bench('<!doctype html><script src="/work.js"></script>', 3)


def test_a_job_that_never_ends_is_stopped_and_the_next_is_done(browser: Chromium) -> None:
    script = Script("window.work = (job) => { while (job === 'loop') {} return job.length }")
    done = list(browser.work(BENCH, ["one", "loop", "three"], script))
    assert [one.answer for one in done] == [3, None, 5]
    assert [one.trouble for one in done] == ["", "it is not done within 3 seconds", ""]
    assert [shot.text for shot in browser.shoot(page("<p>after</p>"), Nothing())] == ["after"]


def test_a_browser_that_is_killed_while_a_bench_works_is_started_again(browser: Chromium) -> None:
    done = browser.work(BENCH, ["one", "three"], Script("window.work = (job) => job.length"))
    assert next(done).answer == 3
    assert browser._running is not None
    assert browser._running._pid is not None
    os.kill(browser._running._pid, 9)
    assert [one.answer for one in done] == [5]


def test_a_bench_reaches_nobody(browser: Chromium, server: tuple[str, list[str]]) -> None:
    address, seen = server
    script = Script(
        """window.work = async (job) => {
          const tried = [`http://${job}/fetch`, "file:///etc/passwd", "/deck/secret.txt"].map((url) =>
            fetch(url).then((answer) => answer.text(), () => "refused"));
          new Image().src = `http://${job}/image`;
          document.body.append(Object.assign(document.createElement("script"), { src: `http://${job}/script.js` }));
          document.body.append(Object.assign(document.createElement("iframe"), { src: `http://${job}/frame` }));
          try { new WebSocket(`ws://${job}/ws`); } catch {}
          try { new Worker(`http://${job}/worker.js`); } catch {}
          navigator.sendBeacon(`http://${job}/beacon`);
          import(`http://${job}/module.js`).catch(() => null);
          return Promise.all(tried);
        }"""
    )
    [done] = browser.work(BENCH, [address], script)
    assert done.answer == ["refused", "refused", "refused"]
    assert seen == []


def test_it_may_be_used_from_several_threads_one_after_the_other(browser: Chromium) -> None:
    def words() -> list[str]:
        return [shot.text for shot in browser.shoot(page("<p>here</p>"), Nothing())]

    for _ in range(2):
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(words).result() == ["here"]


def test_trouble_of_the_resources_is_their_own(browser: Chromium) -> None:
    class Broken:
        def get(self, path: str) -> Resource | None:
            raise LookupError(path)

    with pytest.raises(LookupError, match=r"/deck/a\.png"):
        list(browser.shoot(page("<img src=a.png>"), Broken()))


def test_a_running_animation_is_shown_as_it_ends(browser: Chromium) -> None:
    style = "<style>@keyframes go { to { margin-left: 300px } } b { animation: go 9s both; background: red }</style>"
    pictures = {shot.png for _ in range(3) for shot in browser.shoot(page(f"{style}<b>x</b>"), Nothing())}
    assert len(pictures) == 1
    assert Image.open(io.BytesIO(pictures.pop())).getpixel((310, 18)) != (255, 255, 255)


def test_characters_without_a_glyph_and_fonts_of_the_machine_are_told(browser: Chromium) -> None:
    [shot] = browser.shoot(page("<p style='font-family: sans-serif'>plain \U00013000</p>"), Nothing())
    assert shot.unshown == ("\U00013000",)
    assert [family for family, _ in shot.borrowed] != []


def test_words_outside_the_safe_area_are_measured(browser: Chromium) -> None:
    inner = '<p style="margin: 0; padding-top: {}px; font: 20px/20px monospace">ape <b>Ab</b></p>'
    document = page(inner.format(292))
    safe = document.html.replace('id="s0"', 'id="s0" data-safe="0 0 640 310"')
    [inside] = browser.shoot(document, Nothing())
    [outside] = browser.shoot(Page(safe, document.sections, 640, 360), Nothing())
    assert inside.overflow == 0
    assert 5 <= outside.overflow <= 12
    assert outside.beyond == "ape"


def test_what_is_placed_by_itself_may_stand_outside_the_safe_area_but_not_outside_the_stage(browser: Chromium) -> None:
    box = '<div style="position: absolute; {}: 0; font: 20px/20px monospace"><b>foot</b></div>'
    document = page(box.format("bottom"), box.format("left: -30px; bottom"))
    safe = document.html.replace("<section ", '<section data-safe="30 0 640 300" ')
    inside, outside = browser.shoot(Page(safe, document.sections, 640, 360), Nothing())
    assert (inside.overflow, inside.beyond) == (0, "")
    assert (outside.overflow, outside.beyond) == (30, "foot")


def test_words_that_are_drawn_for_others_are_measured(browser: Chromium) -> None:
    style = "position: absolute; left: 600px; margin: 0; font: 20px/20px monospace"
    formula = f'<p data-words="x" style="{style}"><span aria-hidden="true"{{}}>a long formula</span></p>'
    aside, ink = browser.shoot(page(formula.format(""), formula.format(" data-ink")), Nothing())
    assert aside.overflow == 0
    assert ink.overflow > 0


@pytest.mark.parametrize(("least", "overflow"), [(0.5, False), (0.9, True)])
def test_what_may_shrink_is_set_smaller_until_it_has_room(browser: Chromium, least: float, overflow: bool) -> None:
    style = "margin: 0; white-space: nowrap; font: calc(20px * var(--shrink, 1)) monospace"
    # 50 letters of 12.04 px beside 400 px: two thirds of their size
    [shot] = browser.shoot(page(f'<div data-shrink="{least}" style="{style}">{"m" * 50}</div>', width=416), Nothing())
    assert (shot.overflow > 0) == overflow


def test_a_program_that_is_no_browser_is_a_clear_error(tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho no display >&2\nexit 1\n")
    fake.chmod(0o755)
    browser = Chromium(lambda: fake)
    with pytest.raises(BrowserError, match="does not start"):
        list(browser.shoot(page("<p>x</p>"), Nothing()))
    browser.close()


def test_a_system_that_allows_no_sandbox_is_told_and_drawn_on(tmp_path: Path) -> None:
    """As in most containers, for ordinary users: Chromium refuses to start unless told to do without."""
    strict = tmp_path / "chromium"
    strict.write_text(
        '#!/bin/sh\ncase "$*" in *--version*|*--no-sandbox*) ;;\n'
        '*) echo "FATAL: No usable sandbox! If you are running on" >&2; exit 133;; esac\n'
        f'exec {program()} --no-sandbox "$@"\n'
    )
    strict.chmod(0o755)
    told: list[str] = []
    browser = Chromium(lambda: strict, say=told.append)
    browser._sandbox = True  # as for a user who is not root
    try:
        (shot,) = browser.shoot(page("fine"), Nothing())
    finally:
        browser.close()
    assert shot.text == "fine"
    assert told == ["this system allows browsers no sandbox; drawing without one"]


class Red:
    """Resources that answer everything with one red picture, twice as wide as high."""

    def get(self, path: str) -> Resource | None:
        file = io.BytesIO()
        Image.new("RGB", (40, 20), (255, 0, 0)).save(file, "PNG")
        return Resource(file.getvalue(), "image/png")


FIT = """<style>body { margin: 0 } section { position: relative; width: 640px; height: 360px; background: #00f }
img { position: absolute; left: 100px; top: 50px; width: 100px; height: 100px; padding: 10px; border: 5px solid }
p { position: absolute; left: 120px; top: 70px; width: 40px; height: 40px; margin: 0; background: #0f08 }</style>"""


@pytest.mark.parametrize(
    ("fit", "whole"),
    [
        ("fill", (115, 65, 100, 100)),
        ("cover", (65, 65, 200, 100)),
        ("contain", (115, 90, 100, 50)),
        ("none", (145, 105, 40, 20)),
        ("scale-down", (145, 105, 40, 20)),
        ("cover; object-position: 0 0", (115, 65, 200, 100)),
        ("contain; object-position: right 10px bottom 20px", (105, 95, 100, 50)),
    ],
)
def test_it_tells_where_all_of_a_picture_lies(
    browser: Chromium, fit: str, whole: tuple[float, float, float, float]
) -> None:
    slide = f'{FIT}<img src="a.png" style="object-fit: {fit}" data-region="it">'
    [shot] = browser.shoot(dataclasses.replace(page(slide), measured=("s0",), scale=2.0), Red())
    assert [(one.name, one.left, one.top, one.width, one.height) for one in shot.regions] == [
        ("it", 230, 130, 200, 200),
        ("it/whole", *(2 * side for side in whole)),
    ]
    assert shot.painted == ()


def test_what_lies_over_an_opening_is_told_from_what_is_seen_through_it(browser: Chromium) -> None:
    slide = f'{FIT}<img src="a.png" style="border-radius: 40px" data-opening data-region="it"><p>over it</p>'
    [shot] = browser.shoot(dataclasses.replace(page(slide), measured=("s0",)), Red())
    drawn, black, white, empty = (
        np.asarray(Image.open(io.BytesIO(png)), np.int32) for png in (shot.png, *shot.painted)
    )
    red = np.array([255, 0, 0])
    apart = np.abs(black + (white - black) * red // 255 - drawn).max(axis=2)
    assert (apart > 1).mean() < 0.001
    assert apart.max() <= 8  # where the rounded corner of a picture and that of a colour are smoothed
    assert (black != white).any()
    assert tuple(empty[115, 200]) == (0, 0, 255)  # the slide's own ground, where the picture was
    assert (drawn[:40] == empty[:40]).all()
