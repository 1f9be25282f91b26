"""What is drawn, what is kept, and what depends on what; with a browser that only pretends."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.errors import AssetError, BrowserError, TemplateError
from deckcast.ports import Page, Resources, Shot
from render.drawing import Studio, folder, picture

DECK = """\
---
title: T
---
# One
---
# Two

- a
--

- b
---
![red](images/red.png)
"""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(folder(tmp_path))


def drawn(studio: Studio) -> list[str]:
    """Of which slides a picture was made by the last call, shortened: `2.1` is the first step of slide 2."""
    return [what.removeprefix("picture of slide ").replace(" step ", ".") for what, _ in studio.told.made]


def test_a_frame_for_each_step(studio: Studio) -> None:
    frames, findings = studio.render(DECK)
    assert [(frame.step, frame.width, frame.height, frame.text) for frame in frames] == [
        (1, 1920, 1080, "One"),
        (2, 1920, 1080, "Two a"),
        (3, 1920, 1080, "Two a b"),
        (4, 1920, 1080, ""),
    ]
    assert [studio.png(frame).size for frame in frames] == [(1920, 1080)] * 4
    assert findings == ()
    assert drawn(studio) == ["1", "2.1", "2.2", "3"]


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ("ratio: '4:3'", (1440, 1080)),
        ("size: 720", (1280, 720)),
        ("size: 480", (854, 480)),
        ("size: 241", (426, 240)),
        ("size: 1440", (2560, 1440)),
        ("size: 2160", (3840, 2160)),
        ("ratio: 1:1", (1080, 1080)),
        ("ratio: 9:16", (1080, 1920)),
        ("ratio: 9:16\nsize: 720", (720, 1280)),
        ("ratio: 16:10", (1728, 1080)),
        ("ratio: 21:9", (2520, 1080)),
        ("ratio: 2.39:1\nsize: 721", (1720, 720)),
        ("ratio: 3:4\nsize: 999", (998, 1330)),
    ],
)
def test_sizes_are_even_and_in_the_ratio(studio: Studio, options: str, size: tuple[int, int]) -> None:
    [frame], _ = studio.render(f"---\n{options}\n---\n# A")
    assert (frame.width, frame.height) == studio.png(frame).size == size


def test_nothing_is_drawn_twice(studio: Studio) -> None:
    first, _ = studio.render(DECK)
    again, _ = studio.render(DECK)
    assert again == first
    assert drawn(studio) == []
    assert len(studio.told.kept) == 4
    assert isinstance(studio.browser, FakeBrowser)
    assert len(studio.browser.pages) == 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("# One", "# Uno", ["1"]),
        ("- b", "- c", ["2.1", "2.2"]),  # the fullest step decides the size of its slide's type
        ("images/red.png", "images/red.svg", ["3"]),
        ("# One", "<style>h1 { color: red }</style>\n\n# One", ["1", "2.1", "2.2", "3"]),
        ("# One", "background-color: red\n# One", ["1"]),
        ("# One", "name: uno\n# One", ["1"]),
        ("# One", "# One\n\n???\n\nNotes", []),
        ("# One", "# One\n\n<!-- no words -->", []),
        ("# One", "# One\n---\n# New", ["1", "2", "3.1", "3.2", "4"]),  # every number is another one
    ],
)
def test_a_change_draws_what_it_shows_on(studio: Studio, before: str, after: str, expected: list[str]) -> None:
    studio.render(DECK)
    studio.render(DECK.replace(before, after, 1))
    assert drawn(studio) == expected


def test_without_numbers_a_new_slide_is_the_only_one_drawn(studio: Studio) -> None:
    deck = "---\nslide_number: no\ntitle: T\n---\n# A\n---\n# B"
    studio.render(deck)
    studio.render(deck.replace("# B", "# New\n\nwords\n---\n# B"))
    assert drawn(studio) == ["2"]


def test_another_picture_under_the_same_name_is_drawn_and_the_reason_told(studio: Studio) -> None:
    studio.render(DECK)
    (studio.folder / "images" / "red.png").write_bytes(picture(colour="blue"))
    studio.render(DECK)
    assert studio.told.made == [("picture of slide 3", "files changed")]


def test_the_decks_style_sheets_and_what_they_name_count(studio: Studio) -> None:
    deck = DECK.replace("title: T", "title: T\ncss: good.css")
    studio.render(deck)
    (studio.folder / "more.css").write_text("p { color: red }")
    studio.render(deck)
    assert studio.told.made[0] == ("picture of slide 1", "style sheets changed")
    assert len(studio.told.made) == 4


def test_another_browser_or_theme_draws_everything(studio: Studio) -> None:
    studio.render(DECK)
    studio.browser = FakeBrowser(identity="fake 2")
    studio.render(DECK)
    assert {why for _, why in studio.told.made} == {"browser changed"}
    theme = studio.folder / "templates" / "themes" / "light"
    theme.mkdir(parents=True)
    (theme / "theme.css").write_text("p { color: red }")
    studio.render(DECK, themes=(studio.folder / "templates",))
    assert {why for _, why in studio.told.made} == {"theme changed"}
    assert len(studio.told.made) == 4


def test_an_excerpt_draws_only_its_slides_and_keeps_their_numbers(studio: Studio) -> None:
    studio.render(DECK, only=(2,))
    assert drawn(studio) == ["2.1", "2.2"]
    assert isinstance(studio.browser, FakeBrowser)
    assert "2 / 4" in studio.browser.pages[0].html
    studio.render(DECK)
    assert drawn(studio) == ["1", "3"]


def test_mistakes_on_slides_outside_the_excerpt_do_not_matter(studio: Studio) -> None:
    deck = DECK + "\n---\n![x](images/none.png)"
    assert len(studio.render(deck, only=(1,))[0]) == 1
    with pytest.raises(AssetError):
        studio.render(deck, only=(4,))


def test_the_page_holds_only_what_is_drawn_and_in_whose_size_it_is_set(studio: Studio) -> None:
    studio.render(DECK)
    studio.render(DECK.replace("- a", "- x").replace("# One", "# Uno"), only=(1,))
    assert isinstance(studio.browser, FakeBrowser)
    assert studio.browser.pages[-1].sections == ("step-1",)
    assert "step-2" not in studio.browser.pages[-1].html
    assert 'data-fit-of="step-3"' in studio.browser.pages[0].html


def test_remarks_classes_ids_and_background(studio: Studio) -> None:
    studio.render(
        'name: intro\nclass: dark, middle\nbackground-image: url("images/red.png")\nbackground-color: #123\n\nHi `x`\n'
    )
    assert isinstance(studio.browser, FakeBrowser)
    html = studio.browser.pages[0].html
    assert '<div class="remark-slide-content dark middle"' in html
    assert 'id="slide-intro"' in html
    assert (
        'style="background-image: url(&#34;images/red.png&#34;); background-color: #123; '
        'background-size: calc(40px * var(--remark))"'
    ) in html
    assert '<code class="remark-inline-code">x</code>' in html
    assert '<div class="slide-edge remark-slide-number" aria-hidden="true">1 / 1</div>' in html


def test_a_hostile_value_stays_in_its_attribute(studio: Studio) -> None:
    studio.render('name: "><b>\nclass: "><i>\nbackground-color: red"><u>\n\ntext')
    assert isinstance(studio.browser, FakeBrowser)
    for tag in ("<b>", "<i>", "<u>"):
        assert tag not in studio.browser.pages[0].html


def test_style_elements_of_slides_that_are_kept_still_work(studio: Studio) -> None:
    deck = DECK + "\n---\n<style>h1 { color: red }</style>\nlast"
    studio.render(deck)
    studio.render(deck.replace("# One", "# Uno"))
    assert drawn(studio) == ["1"]
    assert isinstance(studio.browser, FakeBrowser)
    assert "<style>h1 { color: red }</style>" in studio.browser.pages[-1].html


def test_what_was_drawn_before_a_failure_is_kept(studio: Studio) -> None:
    studio.browser = FakeBrowser(broken="step-3")
    with pytest.raises(BrowserError):
        studio.render(DECK)
    studio.browser = FakeBrowser()
    studio.render(DECK)
    assert drawn(studio) == ["2.2", "3"]


class Odd(FakeBrowser):
    """A browser that has something to say about every picture."""

    def __init__(self, **says: object) -> None:
        super().__init__()
        self.says = says

    def shoot(self, page: Page, resources: Resources):  # type: ignore[no-untyped-def]
        for shot in super().shoot(page, resources):
            yield Shot(shot.section, shot.png, shot.text, **self.says)  # type: ignore[arg-type]


def test_a_character_without_a_glyph_is_an_error_at_its_place(studio: Studio) -> None:
    studio.browser = Odd(unshown=("𓀀",))
    with pytest.raises(AssetError, match=r"character `𓀀` \(U\+13000 EGYPTIAN HIEROGLYPH A001") as caught:
        studio.render("# A\n\n.box[\nso 𓀀\n]")
    assert str(caught.value.finding.where) == "deck.md:4:4"
    studio.browser = FakeBrowser()
    studio.render("# A\n\n.box[\nso 𓀀\n]")
    assert drawn(studio) == ["1"], "a picture with a mistake in it is not kept"


def test_what_did_not_show_is_an_error(studio: Studio) -> None:
    studio.browser = Odd(failed=("/deck/images/red.png",))
    with pytest.raises(AssetError, match=r"images/red\.png could not be shown") as caught:
        studio.render("# A\n\n![x](images/red.png)")
    assert str(caught.value.finding.where) == "deck.md:3:13"


def test_warnings_are_told_again_when_the_picture_is_kept(studio: Studio) -> None:
    studio.browser = Odd(overflow=53, beyond="text", borrowed=(("DejaVu Sans", "语言"), ("Arial", "")))
    deck = "# A\n---\ntext 语言"
    _, first = studio.render(deck, only=(2,))
    _, again = studio.render(deck, only=(2,))
    assert drawn(studio) == []
    assert first == again
    assert [(finding.code, str(finding.where)) for finding in first] == [
        ("slide-overflow", "deck.md:3:1"),
        ("slide-font", "deck.md:3:6"),
        ("slide-font", "deck.md:3:1"),
    ]
    assert "`text` reaches 53 pixels" in first[0].message
    assert "`语言` is drawn with DejaVu Sans" in first[1].message


def test_findings_of_the_markup_reach_the_author(studio: Studio) -> None:
    _, findings = studio.render("# A\n\n```pyhton\nx\n```\n")
    assert [(finding.code, str(finding.where)) for finding in findings] == [("code-language", "deck.md:3:1")]


def test_a_frame_of_the_web_is_only_a_warning(studio: Studio) -> None:
    _, findings = studio.render('# A\n\n<iframe src="https://example.org/video"></iframe>\n')
    assert [finding.code for finding in findings] == ["asset-web"]


def test_a_theme_that_names_what_it_lacks_is_the_designers_mistake(studio: Studio) -> None:
    theme = studio.folder / "templates" / "themes" / "mine"
    theme.mkdir(parents=True)
    (theme / "theme.css").write_text("p {}\n@font-face { src: url('fonts/gone.woff2') }")
    with pytest.raises(TemplateError, match=r"names fonts/gone\.woff2, which it does not have") as caught:
        studio.render("---\ntheme: mine\n---\n# A", themes=(studio.folder / "templates",))
    assert str(caught.value.finding.where) == f"{theme}/theme.css:2:24"


def test_good_files_of_every_kind_are_accepted(studio: Studio) -> None:
    deck = """\
---
css: [good.css]
---
![a](images/red.png) ![b](images/red.svg?v=2#part) ![c](images/with%20blank.png) ![d](<images/with blank.png>)

<img src="./images/../images/red.png"> <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="> [x](https://example.org)

<svg><use href="#part" fill="url(#shade)"/></svg>
"""
    frames, findings = studio.render(deck)
    assert len(frames) == 1
    assert findings == ()
