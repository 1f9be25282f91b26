"""The SCORM 1.2 package in learning platforms: our own, which is as strict as the standard, and scorm-again, which is
not ours. And its manifest by the schemas of IMS and ADL, which others hand out and we do not."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deckcast.engines.browser_find import find
from publish import packed, watched

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SECONDS = 20
"""The lesson is longer than this."""

Story = dict[str, Any]


@pytest.fixture(scope="module")
def place(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the platform and both packages, unpacked."""
    built, folder = folder, tmp_path_factory.mktemp("platform")
    for name in ("platform.html", "platform.js"):
        shutil.copyfile(HERE / name, folder / name)
    for name in ("lesson", "lesson-scorm"):
        with zipfile.ZipFile(built / f"{name}.zip") as archive:
            archive.extractall(folder / name)
    return folder


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    with watched.served(place) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = find()
    if found is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found), args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        page = browser.new_page()
        if not page.evaluate("""document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028"')"""):
            pytest.skip("this Chromium has no H.264")
        page.close()
        yield browser
        browser.close()


class Platform:
    """A page that holds the lesson; what goes wrong in either is in `complaints`."""

    def __init__(self, browser: Any, address: str) -> None:
        self.context = browser.new_context(viewport={"width": 1400, "height": 1000})
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.context.on("weberror", lambda one: self.complaints.append(str(one.error)))
        self.context.on("console", lambda one: self.complaints.append(one.text) if one.type == "error" else None)
        self.page.goto(f"{address}platform.html")

    def launch(self, address: str = "lesson-scorm/index.html", **how: Any) -> Any:
        """Gives the frame, or the window, of the lesson."""
        if how.get("popup"):
            with self.page.expect_popup() as opened:
                self.page.evaluate("([address, how]) => platform.launch(address, how)", [address, how])
            unit = opened.value
        else:
            self.page.evaluate("([address, how]) => platform.launch(address, how)", [address, how])
            unit = self.frame(address.rpartition("/")[2])
        wait(unit, "document.querySelector('video')?.readyState >= 2")
        return unit

    def frame(self, name: str) -> Any:
        for _ in range(300):
            for one in self.page.frames:
                if name in one.url:
                    return one
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no frame of {name}")

    def close(self, unit: Any) -> None:
        """Closes the lesson, and waits until it is gone."""
        self.page.evaluate("() => platform.close()")
        for _ in range(300):
            if unit.is_closed() if hasattr(unit, "is_closed") else unit.is_detached():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it does not close")

    @property
    def calls(self) -> list[tuple[str, list[str], str, str]]:
        return [tuple(call) for call in self.page.evaluate("() => platform.calls")]

    @property
    def kept(self) -> dict[str, str]:
        return dict(self.page.evaluate("() => platform.kept"))

    def names(self) -> list[str]:
        """What was called, values left out."""
        return [" ".join([name, *values[:1]]).strip() for name, values, _, _ in self.calls]


@pytest.fixture
def platform(browser: Any, address: str) -> Iterator[Platform]:
    made = Platform(browser, address)
    yield made
    made.context.close()
    assert made.complaints == []


def wait(unit: Any, condition: str) -> None:
    """Waits; Playwright's own way of waiting evaluates text in the page, which its policy forbids."""
    for _ in range(1200):
        try:
            if unit.evaluate(f"() => Boolean({condition})"):
                return
        except Exception as error:
            if "navigat" not in str(error) and "context" not in str(error):
                raise
        (unit.page if hasattr(unit, "page") else unit).wait_for_timeout(50)
    raise AssertionError(condition)


PLAY = """async ([from, to, rate]) => {
    const video = document.querySelector("video");
    video.muted = true;
    video.currentTime = from;
    while (video.seeking) await new Promise((done) => setTimeout(done, 20));
    video.playbackRate = rate;
    const ended = new Promise((done) => video.addEventListener("ended", done, { once: true }));
    await video.play();
    if (to >= video.duration) await ended;
    while (video.currentTime < to && !video.ended) await new Promise((done) => setTimeout(done, 20));
    video.pause();
    return video.currentTime;
}"""


def play(unit: Any, first: float, last: float) -> float:
    """Plays at least this far; gives where it stopped, which is later on a busy machine."""
    return float(unit.evaluate(PLAY, [first, last, 4 if last < SECONDS else 16]))


def length(unit: Any) -> float:
    return float(unit.evaluate("() => document.querySelector('video').duration"))


def seen(kept: dict[str, str]) -> list[int]:
    """The seconds that were watched, as the package writes them down."""
    import base64

    bits = kept["cmi.suspend_data"].split(",")[2]
    data = base64.urlsafe_b64decode(bits + "=" * (-len(bits) % 4))
    return [at for at in range(8 * len(data)) if data[at // 8] >> (7 - at % 8) & 1]


# ── in a strict platform ──


@pytest.mark.parametrize("how", [{"depth": 2}, {"popup": True}], ids=["frame-in-frames", "window"])
def test_a_lesson_is_watched_in_two_sittings(platform: Platform, how: Story) -> None:
    unit = platform.launch(**how)
    assert platform.kept["cmi.core.lesson_status"] == "incomplete"
    stopped = play(unit, 0, 11)
    platform.close(unit)
    first = platform.calls
    kept = platform.kept
    assert first[0][0] == "LMSInitialize"
    assert [name for name, *_ in first].count("LMSInitialize") == 1
    assert platform.names()[-2:] == ["LMSCommit", "LMSFinish"]
    assert kept["cmi.core.entry"] == "resume"
    assert kept["cmi.core.lesson_status"] == "incomplete"
    assert abs(float(kept["cmi.core.lesson_location"]) - stopped) < 0.11
    assert set(range(1, 11)) <= set(seen(kept)) <= set(range(int(stopped) + 1))
    spans = [values[1] for name, values, _, _ in first if values[:1] == ["cmi.core.session_time"]]
    assert all(re.fullmatch(r"0000:0\d:\d\d\.\d\d", span) for span in spans)

    unit = platform.launch(**how)
    wait(unit, "!document.getElementById('ui-resume').hidden")
    told = unit.evaluate("() => document.getElementById('ui-resume-at').textContent")
    at = int(float(kept["cmi.core.lesson_location"]))
    assert f"0:{at:02}" in told
    unit.evaluate("() => document.getElementById('ui-resume-yes').click()")
    wait(unit, f"document.querySelector('video').currentTime >= {at}")
    play(unit, 10, length(unit))
    wait(platform.page, "platform.kept['cmi.core.lesson_status'] === 'completed'")
    platform.close(unit)
    assert platform.names()[-1] == "LMSFinish"
    assert [(call, code) for *call, code in platform.calls if code != "0"] == [], (
        "no call that a strict platform refuses"
    )


def test_who_skips_to_the_end_has_not_watched_it(platform: Platform) -> None:
    unit = platform.launch()
    end = length(unit)
    assert end > SECONDS
    play(unit, 0, 2)
    play(unit, end - 2, end)
    platform.close(unit)
    assert platform.kept["cmi.core.lesson_status"] == "incomplete"
    assert {1, int(end) - 1} <= set(seen(platform.kept))
    assert len(seen(platform.kept)) < 0.8 * end


def test_a_lesson_may_be_complete_when_it_is_opened(platform: Platform, place: Path) -> None:
    page = place / "lesson-scorm" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert '{"completed":0.9,' in text
    page.with_name("open.html").write_text(text.replace('{"completed":0.9,', '{"completed":0.0,'), encoding="utf-8")
    unit = platform.launch("lesson-scorm/open.html")
    assert platform.kept["cmi.core.lesson_status"] == "completed"
    platform.close(unit)


def test_what_was_watched_of_a_day_long_lesson_fits(platform: Platform, place: Path) -> None:
    page = place / "lesson-scorm" / "index.html"
    text, times = re.subn(r'"duration":\d+', '"duration":86400000', page.read_text(encoding="utf-8"))
    assert times == 1
    page.with_name("long.html").write_text(text, encoding="utf-8")
    unit = platform.launch("lesson-scorm/long.html")
    play(unit, 0, 14)
    platform.close(unit)
    assert 2500 < len(platform.kept["cmi.suspend_data"]) <= 4096
    assert {0, 1} <= set(seen(platform.kept)) <= {0, 1, 2, 3, 4, 5, 6}, "parts of five seconds"
    assert [code for *_, code in platform.calls if code != "0"] == []


def test_looking_in_changes_no_place(platform: Platform) -> None:
    platform.page.evaluate(
        "() => Object.assign(platform.kept, {'cmi.core.lesson_location': '17.5', 'cmi.core.entry': 'resume'})"
    )
    unit = platform.launch()
    assert "0:17" in unit.evaluate("() => document.getElementById('ui-resume-at').textContent")
    platform.close(unit)
    assert platform.kept["cmi.core.lesson_location"] == "17.5"


@pytest.mark.parametrize(
    ("status", "mode", "after"),
    [
        ("completed", "normal", "completed"),
        ("passed", "normal", "passed"),
        ("not attempted", "browse", "not attempted"),
    ],
)
def test_what_a_platform_has_decided_stays(platform: Platform, status: str, mode: str, after: str) -> None:
    platform.page.evaluate(
        "(values) => Object.assign(platform.kept, values)",
        {"cmi.core.lesson_status": status, "cmi.core.lesson_mode": mode},
    )
    unit = platform.launch()
    play(unit, 0, 40)
    assert not [call for call in platform.names() if call == "LMSSetValue cmi.core.lesson_status"]
    assert platform.kept["cmi.core.lesson_status"] == after
    platform.close(unit)


def test_another_learner_at_the_same_computer_begins_at_the_beginning(platform: Platform) -> None:
    unit = platform.launch()
    play(unit, 0, 13)
    platform.close(unit)
    platform.page.evaluate("() => { platform.kept = { ...FIRST }; }")
    unit = platform.launch()
    wait(unit, "document.getElementById('ui-at')")
    assert unit.evaluate("() => document.getElementById('ui-resume').hidden")
    assert platform.kept["cmi.suspend_data"] == ""
    platform.close(unit)


def test_state_of_another_lesson_or_none_at_all_does_no_harm(platform: Platform) -> None:
    for text in ("1,999,____", "2,1", "rubbish \u00e9", "1,32000,%%%"):
        platform.page.evaluate(
            "(text) => Object.assign(platform.kept, {'cmi.suspend_data': text, 'cmi.core.lesson_location': 'far'})",
            text,
        )
        unit = platform.launch()
        assert unit.evaluate("() => document.getElementById('ui-resume').hidden")
        platform.close(unit)
        assert platform.kept["cmi.core.lesson_status"] == "incomplete"


def test_what_a_newer_page_told_the_platform_stays(platform: Platform) -> None:
    newer = "2,32000,a-b,what nobody knows yet"
    platform.page.evaluate("(text) => Object.assign(platform.kept, {'cmi.suspend_data': text})", newer)
    unit = platform.launch()
    play(unit, 0, 3)
    platform.close(unit)
    assert platform.kept["cmi.suspend_data"] == newer
    assert platform.kept["cmi.core.lesson_location"] not in ("", None)


def test_it_does_not_ask_too_often(platform: Platform) -> None:
    unit = platform.launch()
    unit.evaluate(
        """async () => {
            const video = document.querySelector("video");
            video.muted = true;
            for (let at = 0; at < 8; at++) {
                await video.play();
                await new Promise((done) => setTimeout(done, 100));
                video.pause();
            }
        }"""
    )
    assert platform.names().count("LMSCommit") <= 2, "one at the beginning, perhaps one for a pause five seconds later"
    platform.close(unit)


# ── in a bad one, and in none ──


@pytest.mark.parametrize("broken", ["refuses", "throws", "vanishes"])
def test_a_broken_platform_leaves_the_page_usable(platform: Platform, broken: str) -> None:
    unit = platform.launch(broken=broken)
    if broken == "vanishes":
        assert unit.evaluate("() => document.getElementById('ui-lms').textContent") == ""
        platform.page.evaluate("() => platform.vanish()")
    play(unit, length(unit) - 4, 2 * length(unit))
    wait(unit, "document.getElementById('ui-lms').textContent.includes('does not answer')")
    unit.evaluate("() => document.getElementById('ui-previous').click()")
    wait(unit, "document.getElementById('ui-title').textContent !== ''")
    assert unit.evaluate("() => document.querySelector('video').played.length") > 0
    platform.close(unit)


@pytest.mark.parametrize("where", ["another origin", "a sandbox"])
def test_where_the_platform_cannot_be_reached_it_is_an_ordinary_page(
    platform: Platform, address: str, where: str
) -> None:
    if where == "another origin":
        unit = platform.launch(f"{address.replace('127.0.0.1', 'localhost')}lesson-scorm/index.html")
    else:
        unit = platform.launch(sandbox="allow-scripts")
    play(unit, 0, 12)
    assert unit.evaluate("() => document.getElementById('ui-lms').textContent") == ""
    assert unit.evaluate("() => document.querySelector('video').currentTime") > 10
    assert unit.evaluate("() => document.querySelector('#ui-strip img').naturalWidth") == 320
    assert platform.calls == []
    platform.close(unit)


@pytest.mark.parametrize("name", ["lesson", "lesson-scorm"])
def test_unpacked_on_a_disk_the_page_works(browser: Any, place: Path, name: str) -> None:
    complaints: list[str] = []
    page = browser.new_page()
    page.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{(place / name).as_uri()}/index.html#slide-3")
    wait(page, "document.querySelector('video').readyState >= 2")
    wait(page, "document.getElementById('ui-title').textContent === 'Counted'")
    play(page, 0, 3)
    page.evaluate("() => document.getElementById('ui-reading').click()")
    page.wait_for_load_state("networkidle")
    for address in page.evaluate(
        "() => Array.from(document.querySelectorAll('.downloads a'), (one) => one.getAttribute('href'))"
    ):
        assert (place / name / address).is_file()
    page.evaluate(
        """() => Promise.all(Array.from(document.querySelectorAll("img[src]"), (one) => {
            one.loading = "eager";
            return one.decode();
        }))"""
    )
    assert complaints == []
    page.close()


# ── by other people's measure ──


SCORM_AGAIN = """() => {
    window.API = new Scorm12API({autocommit: false, logLevel: 5});
    if (window.before) API.loadFromJSON(window.before, "");
    window.events = [];
    for (const name of ["LMSInitialize", "LMSCommit", "LMSFinish"]) API.on(name, () => events.push(name));
    const frame = document.createElement("iframe");
    frame.src = "lesson-scorm/index.html";
    document.body.replaceChildren(frame);
}"""


def test_in_scorm_again(browser: Any, place: Path, address: str) -> None:
    if why := packed.missing():
        pytest.skip(why)
    shutil.copyfile(packed.fetched(packed.SCORM_AGAIN) / "dist" / "scorm12.min.js", place / "scorm-again.js")
    (place / "again.html").write_text('<!doctype html><meta charset="utf-8"><script src="scorm-again.js"></script>')
    page = browser.new_context().new_page()
    warnings: list[str] = []
    page.context.on("console", lambda one: warnings.append(one.text) if one.type in ("warning", "error") else None)
    page.goto(f"{address}again.html")

    def launch() -> Any:
        page.evaluate(SCORM_AGAIN)
        wait(page, "frames[0]?.document.querySelector('video')?.readyState >= 2")
        return page.frames[1]

    unit = launch()
    stopped = play(unit, 0, 11)
    page.evaluate("() => document.querySelector('iframe').remove()")
    wait(page, "events.includes('LMSFinish')")
    told = page.evaluate("() => ({...JSON.parse(JSON.stringify(API.cmi)), total: API.cmi.getCurrentTotalTime()})")
    assert told["core"]["lesson_status"] == "incomplete"
    assert abs(float(told["core"]["lesson_location"]) - stopped) < 0.11
    assert told["core"]["exit"] == "suspend"
    assert re.fullmatch(r"\d+:00:\d\d(\.\d+)?", told["total"])

    page.evaluate("(told) => { window.before = told; }", {name: told[name] for name in ("suspend_data", "core")})
    unit = launch()
    wait(unit, "!document.getElementById('ui-resume').hidden")
    play(unit, 10, length(unit))
    wait(page, "API.cmi.core.lesson_status === 'completed'")
    page.evaluate("() => document.querySelector('iframe').remove()")
    wait(page, "events.includes('LMSFinish')")
    assert [one for one in warnings if "SCORM" in one] == []
    page.context.close()


def test_the_manifest_fits_the_schemas(place: Path, tmp_path: Path) -> None:
    from lxml import etree

    if why := packed.missing():
        pytest.skip(why)
    package = packed.fetched(packed.PACKAGER)
    for path in (package / "lib" / "schemas" / "definitionFiles" / "scorm12edition").glob("*.xsd"):
        text = path.read_text(encoding="utf-8-sig")
        # Two slips of the schemas that libxml2 does not let pass: the name space of xml:lang as the default one
        # (Namespaces in XML 1.0, section 3), and anything at all after what is optional (XML Schema 1.0, 3.8.6).
        text = text.replace('<xsd:schema xmlns="http://www.w3.org/XML/1998/namespace"', "<xsd:schema")
        if path.name == "imsmd_rootv1p2p1.xsd":
            text = text.replace('namespace="##any"', 'namespace="##other"')
        (tmp_path / path.name).write_text(text)
    imports = "".join(
        f'<xsd:import namespace="{space}" schemaLocation="{name}"/>'
        for space, name in (
            ("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "imscp_rootv1p1p2.xsd"),
            ("http://www.imsglobal.org/xsd/imsmd_rootv1p2p1", "imsmd_rootv1p2p1.xsd"),
            ("http://www.adlnet.org/xsd/adlcp_rootv1p2", "adlcp_rootv1p2.xsd"),
        )
    )
    (tmp_path / "all.xsd").write_text(
        f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">{imports}</xsd:schema>'
    )
    schema = etree.XMLSchema(etree.parse(str(tmp_path / "all.xsd")))
    manifest = place / "lesson-scorm" / "imsmanifest.xml"
    schema.assertValid(etree.parse(str(manifest)))
    for right, wrong in (
        ('scormtype="sco"', 'scormtype="unit"'),
        ('identifier="page"', ""),
        ("<imsmd:language>en</imsmd:language>", "<imsmd:tongue>en</imsmd:tongue>"),
        ('type="webcontent"', ""),
        ('identifier="watch"', 'identifier="page"'),
    ):
        text = manifest.read_text(encoding="utf-8")
        assert right in text
        assert not schema.validate(etree.fromstring(text.replace(right, wrong, 1).encode())), f"it does not see {wrong}"
