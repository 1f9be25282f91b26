"""The lesson's page as text: what is in it, that nothing the author writes can break out, and that times are right."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deckcast.captions import cues
from deckcast.engines.store_memory import MemoryStore
from deckcast.htmltree import Node, parse
from deckcast.keep import Keeper
from deckcast.model import (
    NO_RESULTS,
    Cell,
    Deck,
    Output,
    Prose,
    Provenance,
    Result,
    Results,
    Take,
    Timeline,
    Where,
)
from deckcast.publish import page, page_pictures, page_spoken
from deckcast.publish.lesson import picture_names
from deckcast.publish.page_lesson import DOWNLOADS, language_name, lesson_page
from deckcast.settings import LessonSettings, Settings
from deckcast.stages import Silence
from publish.said import lesson, picture, take

Told = tuple[Deck, Timeline]
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;<!--"


def made(told: Told, *, results: Results = NO_RESULTS, files: dict[str, int] | None = None, **chosen: str) -> str:
    deck, timeline = told
    settings = Settings(lesson=LessonSettings(**{"title": "A lesson", **chosen}))
    return lesson_page(
        deck,
        timeline,
        settings,
        results,
        cues=cues(timeline, settings.lesson.language),
        pictures=picture_names(deck, timeline),
        files={"lesson.mp4": 12_345_678, "captions.vtt": 900} if files is None else files,
    )


def data(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="lesson">(.*?)</script>', text, re.S)
    assert found
    return dict(json.loads(found[1]))


def nodes(text: str, tag: str, name: str = "") -> list[Node]:
    return [one for one in parse(text).walk() if one.tag == tag and (not name or name in one.classes)]


@pytest.fixture
def short() -> Told:
    return lesson(
        [
            ("Roots", [take(1, "A root holds the tree.", "It drinks."), take(2, "And it stores sugar.")]),
            ("Silence", 3.0),
        ],
        text="On the picture\nmore",
    )


# ── what is in it ──


def test_each_slide_has_its_section_picture_and_sentences(short: Told) -> None:
    text = made(short)
    sections = nodes(text, "section", "slide")
    assert [one.attrs["id"] for one in sections] == ["slide-1", "slide-2"]
    assert [one.attrs["src"] for one in nodes(text, "img") if one.attrs.get("alt")] == [
        "slides/001-2.png",
        "slides/002.png",
    ]
    said = [one.text().strip() for one in nodes(text, "span", "s")]
    assert said == ["A root holds the tree.", "It drinks.", "And it stores sugar."]
    assert "Nothing is said here" in sections[1].text()
    assert "On the picture" in sections[1].text()
    assert [one.attrs["href"] for one in nodes(text, "a", "t")][:1] == ["#t=0.363"]


def test_the_video_has_poster_captions_and_a_way_out(short: Told) -> None:
    text = made(short, files={"lesson.mp4": 1, "lesson.webm": 1, "thumbnail.jpg": 1})
    (video,) = nodes(text, "video")
    assert video.attrs["poster"] == "thumbnail.jpg"
    assert "controls" in video.attrs
    assert "autoplay" not in video.attrs
    assert [(one.attrs["src"], one.attrs["type"]) for one in nodes(text, "source")] == [
        ("lesson.mp4", "video/mp4"),
        ("lesson.webm", "video/webm"),
    ]
    (track,) = nodes(text, "track")
    kind, _, content = track.attrs["src"].partition(",")
    assert kind == "data:text/vtt;base64"
    assert base64.b64decode(content).decode().startswith("WEBVTT\n")
    assert (track.attrs["srclang"], track.attrs["label"]) == ("en", "English")


def test_downloads_are_what_is_there(short: Told) -> None:
    text = made(short, files={"lesson.mp4": 12_345_678, "handout.pdf": 52_000, "slides.html": 0})
    (own,) = nodes(text, "ul", "downloads")
    assert [one.attrs["href"] for one in own.walk() if one.tag == "a"] == ["lesson.mp4", "handout.pdf", "slides.html"]
    assert [one.text() for one in nodes(text, "span", "size")] == ["12 MB", "52 kB"]
    assert {said for _, said in DOWNLOADS} <= set(page.words("en"))


def test_nothing_is_fetched_and_only_our_own_runs(short: Told) -> None:
    text = made(short)
    (policy,) = [
        one.attrs["content"] for one in nodes(text, "meta") if one.attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; ")
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    styles = re.findall(r"<style>(.*?)</style>", text, re.S)
    assert (len(scripts), len(styles)) == (2, 1)
    for inside in (*scripts, *styles):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'" in policy
    addresses = [
        value
        for one in parse(text).walk()
        for name, value in one.attrs.items()
        if name in ("src", "href", "poster", "srcset") and not value.startswith(("#", "data:"))
    ]
    assert addresses
    assert not [address for address in addresses if re.match(r"[a-z]+:|/", address)]
    assert not re.search(r"\bon[a-z]+=|style=", re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S))
    assert not re.search(r"url\((?!\"data:)|@import", styles[0])


def test_the_same_lesson_gives_the_same_bytes(short: Told) -> None:
    assert made(short) == made(short)


# ── what the author writes stays text ──


def test_hostile_words_stay_words() -> None:
    deck, timeline = lesson([(HOSTILE, take(1, f"Say {HOSTILE} now."))], text=f"See {HOSTILE}")
    step = replace(
        deck.slides[0].steps[0],
        name=HOSTILE,
        content=(Prose(f"![{HOSTILE}](a.png)", (Where("deck.md", 1),)),),
    )
    deck = replace(deck, slides=(replace(deck.slides[0], steps=(step,)),))
    cell = replace(CELL, source=f'print("{HOSTILE}")', name=HOSTILE)
    text = made((deck, timeline), title=HOSTILE, author=HOSTILE, description=HOSTILE, results=Results(((cell, RAN),)))
    scripts = [one for one in parse(text).walk() if one.tag == "script"]
    assert len(scripts) == 3
    assert not [one for one in parse(text).walk() if "onerror" in one.attrs or one.attrs.get("src") == "x"]
    assert data(text)["title"] == HOSTILE
    assert list(data(text)["slides"][0]["names"]) == [HOSTILE]
    (said,) = nodes(text, "span", "s")
    assert said.text() == f"Say {HOSTILE} now."
    (code,) = nodes(text, "code")
    assert code.text() == f'print("{HOSTILE}")'


def test_a_sentence_keeps_its_length_whatever_it_holds() -> None:
    """Words are found by counting letters, so none may get lost on the way into the page."""
    told = lesson([("", take(1, "Tab\there, \x0bbell\x07, \U0001f600 smile, na\u0308ive, end."))])
    text = made(told)
    (said,) = nodes(text, "span", "s")
    assert said.text() == "Tab here,  bell , \U0001f600 smile, na\u0308ive, end."
    flat = data(text)["sentences"][0][3]
    units = said.text().encode("utf-16-le")
    words = [units[2 * flat[at + 1] : 2 * flat[at + 2]].decode("utf-16-le") for at in range(0, len(flat), 3)]
    assert words[-3:] == ["smile,", "na\u0308ive,", "end."]
    assert "\U0001f600" in words


# ── times ──


def test_words_have_their_times() -> None:
    told = lesson([("One", take(1, "Hello there.", "You too.")), ("Two", take(2, "Bye."))])
    sheets = page_spoken.sheets(*told, 0.75)
    timeline = told[1]
    onset = timeline.scenes[0].onset / 48_000
    first = timeline.scenes[0].take.utterances[0]
    said = sheets[0].paragraphs[0][0]
    assert said.start == round(1000 * (onset + first.start / 48_000))
    assert said.words == tuple((round(1000 * (onset + word.start)), word.begin, word.end) for word in first.words)
    assert [one.text for one in sheets[0].paragraphs[0]] == ["Hello there.", "You too."]
    turn = sheets[1].start
    assert [(one.start, one.stop) for one in sheets] == [(0, turn), (turn, round(1000 * timeline.seconds))]


def test_a_long_silence_begins_a_paragraph_and_a_voice_without_times_gives_sentences() -> None:
    told = lesson([("", take(1, "One.", "Two.", pause=0.75, timed=False))])
    (sheet,) = page_spoken.sheets(*told, 0.75)
    assert [[said.text for said in part] for part in sheet.paragraphs] == [["One."], ["Two."]]
    assert sheet.paragraphs[0][0].words == ()


def test_data_of_the_page(short: Told) -> None:
    deck, timeline = short
    step = replace(deck.slides[1].steps[0], name="quiet")
    deck = replace(deck, slides=(deck.slides[0], replace(deck.slides[1], steps=(step,))))
    told = data(made((deck, timeline)))
    assert told["version"] == 1
    assert [one["n"] for one in told["slides"]] == [1, 2]
    assert told["slides"][1]["names"] == {"quiet": told["slides"][1]["t"]}
    assert told["duration"] == round(1000 * timeline.seconds)
    assert [title for _, title in told["chapters"]] == ["Roots", "Silence"]
    starts = [start for _, start, _, _ in told["sentences"]]
    assert starts == sorted(starts)


# ── languages ──


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_language_says_everything(language: str) -> None:
    english, own = page.words("en"), page.words(language)
    assert own.keys() == english.keys()
    for name, text in english.items():
        assert re.findall(r"\{\w+\}", own[name]) == re.findall(r"\{\w+\}", text), name
        assert own[name].strip()


def test_every_word_is_used() -> None:
    names = set(tomllib.loads(page.read("words/en.toml")))
    sources = "".join(map(page.read, ("lesson.html.j2", "lesson.js", "course.html.j2", "course.js")))
    rooms = Path(page.__file__).parent
    code = "".join(path.read_text() for path in (*rooms.glob("*.py"), *(rooms.parent / "course").glob("*.py")))
    used = {name for name in names if re.search(rf"""\bw\.{name}\b|["'`]{name}["'`]""", sources + code)}
    assert names - used == set()


def test_the_surface_speaks_the_language_of_the_lesson(short: Told) -> None:
    text = made(short, language="de-AT")
    assert '<html lang="de-AT" dir="ltr">' in text
    assert "Untertitel" in text
    assert 'lang="en"' not in text
    assert language_name("de-AT").startswith("Deutsch")


def test_where_it_cannot_it_says_in_which_it_speaks() -> None:
    text = made(lesson([("שלום", take(1, "שלום לכולם."))]), language="he")
    assert '<html lang="he" dir="rtl">' in text
    named = {one.attrs.get("id") or one.attrs.get("class"): one.attrs for one in parse(text).walk()}
    assert named["words-head"]["lang"] == "en"
    assert (named["foot"]["lang"], named["foot"]["dir"]) == ("en", "ltr")
    assert named["ui-title"]["lang"] == "he"
    assert "lang" not in named["line"]
    assert language_name("he") == "עברית"
    assert language_name("x-nobody") == "x-nobody"


def test_only_letters_that_are_needed_come_along() -> None:
    def faces(*titles: str, mono: bool = False) -> int:
        return page.fonts("".join(titles), mono=mono).count("@font-face")

    assert faces("Roots") == 1
    assert faces("Roots", mono=True) == 2
    assert faces("Kořeny") == 2
    assert faces("Корни, ρίζες") == 3


# ── pictures and code ──

CELL = Cell(1, "python", "x = 1\nprint(x)", (), Where("deck.md", 9), 1, "sums", alt="Bars that grow")
RAN = Result(
    (Output("display", (("image/png", b"png"),)),),
    seconds=0.25,
    peak=200_000_000,
    provenance=Provenance(
        "2026-11-24T20:15:00Z", "python3", "Python 3.11.2", "Linux 6.1 x86_64", "AMD EPYC", versions=(("numpy", "2.4"),)
    ),
)


def with_content(told: Told, text: str) -> Told:
    deck, timeline = told
    content = (Prose(text, tuple(Where("deck.md", at) for at in range(text.count("\n") + 1))),)
    first, *others = deck.slides
    steps = (*first.steps[:-1], replace(first.steps[-1], content=content))
    return replace(deck, slides=(replace(first, steps=steps), *others)), timeline


def test_alternative_texts_of_the_deck_are_carried_over(short: Told) -> None:
    told = with_content(short, '![A tree,\ncut open](tree.png)\n\n<img src="b.png" alt="A leaf">\n\n![](deco.png)')
    text = made(told, results=Results(((CELL, RAN),)))
    alternatives = [one.attrs["alt"] for one in nodes(text, "img") if one.attrs.get("src") == "slides/001-2.png"]
    assert alternatives == ["Slide 1: A tree, cut open; A leaf; Bars that grow"]
    assert [one.text() for one in nodes(text, "li", "of-picture")] == ["A tree, cut open", "A leaf", "Bars that grow"]


def listed(cells: Sequence[tuple[Cell, Result]], told: Told) -> str:
    return made(told, results=Results(tuple(cells)))


def test_code_comes_with_where_it_ran(short: Told) -> None:
    text = listed([(CELL, RAN)], short)
    (code,) = nodes(text, "code")
    assert code.text() == CELL.source
    assert [one.text() for one in nodes(text, "p", "ran")] == [
        "Ran on AMD EPYC, Linux 6.1 x86_64 · Python 3.11.2 · 0.25 s · 200 MB memory · 2026-11-24numpy 2.4"
    ]
    assert nodes(text, "h3")[0].text() == "Code 1, slide 1 · sums"


def test_what_the_author_keeps_from_slides_is_not_told(short: Told) -> None:
    hidden = replace(CELL, index=2, where=Where("deck.md", 20), echo=False, source="token = 'secret'")
    text = listed([(CELL, RAN), (hidden, RAN)], short)
    assert "secret" not in text
    assert "left out: 1." in text


def test_a_cell_that_did_not_run_says_what_it_needs(short: Told) -> None:
    text = listed([(CELL, Result(lacking=("gpu",)))], short)
    assert "Not run here: it needs gpu." in text


def test_small_pictures_are_kept(tmp_path: Path) -> None:
    from PIL import Image

    store = MemoryStore()
    blob = store.put("a", {}, {"png": picture(1920, 1080)}).blobs["png"]
    keeper = Keeper(store, Silence(), "lesson")
    first = page_pictures.small(blob, keeper)
    assert page_pictures.small(blob, keeper) == first
    path = tmp_path / "small.webp"
    path.write_bytes(store.read(first))
    with Image.open(path) as small:
        assert (small.format, small.size) == ("WEBP", (320, 180))


def test_silent_takes_have_no_sentences() -> None:
    told = lesson([("Empty", Take(1, 0))])
    assert data(made(told))["sentences"] == []
