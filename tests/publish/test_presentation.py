"""`slides.html`, as far as it can be judged without a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from deckcast import parse
from deckcast.config import from_options, overlay
from deckcast.model import Results
from deckcast.publish import slides_page as made
from deckcast.publish.slides_page import presentation
from deckcast.settings import Settings
from render.drawing import Studio, folder
from render.films import film

DECK = """---
title: A <lesson> & more
author: Ada "L" Lovelace
---

name: start

# One & `</script>`

![red](images/red.png)

???
Say this. [click] And `that`.

After [pause 1s] a rest.

--

Two.

---

# Three

![red](images/red.png)
"""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(folder(tmp_path))


def write(studio: Studio, text: str) -> tuple[str, dict[str, Any]]:
    """The page, and the names and sizes of what lies beside it."""
    script = parse.script_of([("deck.md", text)], studio.folder)
    settings = overlay(Settings(), from_options(script.options))
    deck = parse.compose(script, settings.slides)
    studio.render(text)
    assert studio.keeper is not None
    page, beside = presentation(deck, studio.document, settings, Results(), studio.keeper.read)
    return page, {name: blob.size for name, blob in beside.items()}


def data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="deckcast-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_it_says_of_each_step_what_a_speaker_needs(studio: Studio) -> None:
    page, _ = write(studio, DECK)
    told = data(page)
    assert (told["title"], told["total"], told["size"]) == ("A <lesson> & more", 3, [1920, 1080])
    first, second, third = told["steps"]
    assert first["notes"] == ["Say this. ▸ And that.", "After", "a rest."]
    assert (first["id"], first["index"], first["number"], first["name"]) == ("step-1", 1, 1, "start")
    assert (second["slide"], second["notes"], third["slide"], third["title"]) == (1, [], 2, "Three")


def test_nothing_in_it_needs_a_network_or_another_file(studio: Studio) -> None:
    page, beside = write(studio, DECK)
    assert "deckcast-file:" not in page
    assert beside == {}
    bare = re.sub(r"data:[^\"')]*", "data:", page)
    assert not re.search(
        r"""(src|href)=["'](?!data:|#)|url\((?!["']?(data:|#)|&quot;data:)|@import\s+["'u]|https?://(?!www.w3.org)""",
        bare,
    )


def test_its_policy_lets_our_program_run_and_no_other(studio: Studio) -> None:
    page, _ = write(studio, DECK + "\n<script>alert(1)</script> <b onclick='alert(2)'>x</b>")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    programs = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(programs) == 1
    digest = base64.b64encode(hashlib.sha256(programs[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_a_picture_that_several_steps_show_stands_in_it_once(studio: Studio) -> None:
    page, _ = write(studio, DECK)
    red = base64.b64encode((studio.folder / "images" / "red.png").read_bytes()).decode()
    assert page.count(red) == 1
    (number,) = data(page)["files"]
    assert page.count(f'data-file="{number}"') == 3


def test_each_section_says_which_slide_it_is(studio: Studio) -> None:
    page, _ = write(studio, DECK)
    labels = re.findall(
        r'<section role="group" aria-roledescription="slide" aria-label="([^"]*)"( data-passing)?', page
    )
    assert labels == [
        ("Slide 1 of 3: One &amp; &lt;/script&gt;", " data-passing"),
        ("Slide 2 of 3: One &amp; &lt;/script&gt;", ""),
        ("Slide 3 of 3: Three", ""),
    ]
    assert '<meta name="author" content="Ada &quot;L&quot; Lovelace">' in page


def test_films_lie_in_it_or_beside_it(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(studio.folder / "films" / "demo.mp4")
    text = "# One\n\n![a film](films/demo.mp4)"
    page, beside = write(studio, text)
    (shown,) = data(page)["films"]
    assert data(page)["files"][str(shown["file"])].startswith("data:video/mp4;base64,")
    assert beside == {}
    monkeypatch.setattr(made, "LARGEST", 100)
    page, beside = write(studio, text)
    name = data(page)["files"][str(shown["file"])]
    assert re.fullmatch(r"slides/film-[0-9a-f]{12}\.mp4", name)
    assert beside == {name: path.stat().st_size}


def test_the_same_deck_is_the_same_page(studio: Studio, tmp_path: Path) -> None:
    other = Studio(folder(tmp_path / "other"))
    assert write(studio, DECK) == write(other, DECK)
