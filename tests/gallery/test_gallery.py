"""Every look in every theme and language is measured as it is painted, and compared with what has been looked at."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest

from deckcast.engines.browser_chromium import Chromium
from deckcast.engines.browser_find import find
from deckcast.engines.system_fonts import font_for
from deckcast.model import Finding
from deckcast.settings import LOOKS
from deckcast.writing import of_language
from gallery import gallery

LEAST, LEAST_LARGE = 4.5, 3.0
"""Contrast by WCAG 2.2, level AA (1.4.3)."""
SMALLEST = 24.0
SMALLEST_BODY = 36.0
"""Pixels of words in paragraphs and lists; foot-notes, code and second levels may be smaller."""
SMALLEST_CODE = 28.0


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    def program():  # type: ignore[no-untyped-def]
        found = find()
        assert found is not None, "the slow tests need a Chromium: deckcast doctor"
        return found

    opened = Chromium(program)
    yield opened
    opened.close()


Draw = Callable[..., tuple[list[gallery.Drawn], tuple[Finding, ...]]]


@pytest.fixture(scope="module")
def drawn(browser: Chromium) -> Draw:
    """Draws each gallery once."""
    return functools.cache(functools.partial(gallery.draw, browser))


def test_the_gallery_has_every_look_and_every_language_all_words() -> None:
    assert {name.split(" ")[0] for name in gallery.looks()} == set(LOOKS)
    assert set(gallery.COVERED) < set(gallery.LANGUAGES)
    for language in gallery.LANGUAGES:
        assert "$" not in gallery.deck("light", language).replace("$$", "")


def test_the_html_of_every_look_is_as_it_was() -> None:
    """`python tests/gallery/gallery.py --references` writes it anew."""
    assert gallery.markup() == gallery.MARKUP.read_text(encoding="utf-8")


def test_fingerprints_tell_pictures_apart() -> None:
    grey = "8" * (gallery.WIDE * gallery.HIGH)
    assert gallery.apart(grey, grey) == (0, 0)
    assert gallery.apart(grey, "9" * 100 + grey[100:]) == (pytest.approx(0.0772, abs=1e-3), 0)
    assert gallery.apart(grey, "b" + grey[1:])[1] == 1


@pytest.mark.slow
@pytest.mark.parametrize("theme", gallery.THEMES)
@pytest.mark.parametrize("language", gallery.LANGUAGES)
def test_words_stand_out_are_large_enough_and_have_room(drawn: Draw, theme: str, language: str) -> None:
    writing = of_language(language)
    if writing is not None and not font_for(writing).works:
        pytest.skip(f"no font for {writing.name} on this machine: apt-get install {writing.package}")
    slides, findings = drawn(theme, language)
    told = {finding.code for finding in findings}
    assert told <= (set() if language in gallery.COVERED else {"slide-font"})
    words = gallery.LANGUAGES[language]
    untold: list[str] = []
    for one in slides:
        assert one.shot.overflow == 0, one.look
        seen = one.shot.inspection.letterings
        assert seen, one.look
        for lettering in seen:
            place = f"{one.look}: {lettering.text}"
            if not lettering.contrast:
                untold.append(place)
                continue
            assert lettering.contrast >= (LEAST_LARGE if lettering.large else LEAST), place
            if lettering.size:
                assert lettering.size >= SMALLEST, place
            if lettering.text and lettering.text in words["point3"]:
                assert lettering.size >= (SMALLEST_CODE if "O(" in lettering.text else SMALLEST_BODY), place
    # over a photograph, and on the ground of title and end, there may be no one colour
    assert {place.partition(":")[0] for place in untold} <= {"image-full", "title", "thumbnail", "end"}


@pytest.mark.slow
def test_narrow_stages_have_room_for_all(drawn: Draw) -> None:
    slides, findings = drawn("light", "en", "4:3")
    assert findings == ()
    assert [one.look for one in slides if one.shot.overflow] == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", gallery.THEMES)
def test_pictures_look_as_they_did_when_somebody_looked(drawn: Draw, theme: str) -> None:
    """`python tests/gallery/gallery.py --references` writes what they are compared with; look at the gallery before."""
    version, *lines = gallery.REFERENCES.read_text(encoding="utf-8").strip().split("\n")
    if version != gallery.browser_version():
        pytest.skip(f"the references are of {version}, and here is {gallery.browser_version()}")
    before = {tuple(line.split(" | ")[:2]): line.split(" | ")[2] for line in lines}
    slides, _ = drawn(theme, "en")
    changed: list[str] = []
    for one in slides:
        mean, far = gallery.apart(before[theme, one.look], gallery.fingerprint(one.shot.png))
        if mean > 0.05 or far > 12:
            changed.append(f"{one.look}: {mean:.3f} on average, {far} places")
    assert changed == []
