"""The fonts of the themes have the scripts that they promise, and no font of the machine comes between them."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import Image

from deckcast.engines import browser_find
from deckcast.engines.browser_chromium import Chromium
from deckcast.errors import AssetError
from deckcast.theme import shipped
from deckcast.writing import WRITINGS, font_hint, named, of_character, of_language
from render.drawing import Studio, folder

FONTS = shipped() / "fonts"
COPTIC = set(map(chr, range(0x3E2, 0x3F0)))
"""Letters of another script between the Greek ones."""
COVERED = {
    "Latin": (0x20, 0x24F),
    "phonetics": (0x250, 0x2AF),
    "Greek": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x52F),
    "Latin of Vietnam and elsewhere": (0x1E00, 0x1EFF),
    "ancient Greek": (0x1F00, 0x1FFF),
    "quotes and dashes": (0x2010, 0x2055),
    "raised and lowered": (0x2070, 0x209F),
    "money": (0x20A0, 0x20C0),
    "letters of mathematics": (0x2110, 0x213F),
    "numbers": (0x2150, 0x218B),
    "arrows": (0x2190, 0x21FF),
    "mathematics": (0x2200, 0x22FF),
    "technical": (0x2300, 0x23B9),
    "encircled": (0x2460, 0x24FF),
    "boxes and blocks": (0x2500, 0x259F),
    "shapes": (0x25A0, 0x25FF),
    "symbols": (0x2600, 0x27BF),
    "more mathematics": (0x27C0, 0x2AFF),
    "more arrows": (0x2B00, 0x2B73),
    "letters of formulas": (0x1D400, 0x1D7FF),
    "faces": (0x1F600, 0x1F64F),
}
ENCIRCLED_SPACE = 0x2422
SAMPLE = """# Größe, Łódź, Ελλάδα, Ѿ Ԁ Россия

Straße, naïve, Ǆ, ẽ, ḗ, ᾧ, ϟ, Ғ ғ, Ḁ ⅔ x² x₁ → ⇒ ⟶ ≤ ≠ ∈ ∀ ∑ √ ∞ 𝔸 𝛼 ⌘ ⏎ ① ⑳ ★ ☐ ☒ ✔ ✘ ♔ ⠿ 😀 👩‍💻 🇵🇱 ❤️

- **fett** *kursiv* `let π = "→ ≥ ∞ é Ж";` ~~weg~~

```python
print("Größe → Ж π ─┼─ █ ✓ 😀")  # naïve
```

$$\\sum_{i=1}^n \\sqrt{x_i}$$
"""


@pytest.fixture(scope="module")
def characters() -> set[int]:
    return {code for path in FONTS.rglob("*.woff2") for code in TTFont(path).getBestCmap()}


@pytest.mark.parametrize("name", COVERED)
def test_scripts_are_covered(name: str, characters: set[int]) -> None:
    first, last = COVERED[name]
    lacking = {
        chr(code)
        for code in range(first, last + 1)
        if unicodedata.category(chr(code))[0] in "LNPS" and code not in characters
    }
    assert lacking - COPTIC <= set("℔℣℥℺")


def test_writing_systems_are_told_apart() -> None:
    assert {of_character(one) for writing in WRITINGS for one in writing.sample} <= {*WRITINGS, None}
    known = {"日": "Chinese", "の": "Japanese", "한": "Korean", "ع": "Arabic", "ש": "Hebrew", "हि": "Devanagari"}
    for character, name in known.items():
        writing = of_character(character)
        assert writing is not None
        assert writing.name == name
    assert of_character("é") is of_character("\U00013000") is None
    assert [of_language(tag) and of_language(tag).name for tag in ("zh-Hant", "ja", "ar-EG", "he", "en")] == [  # type: ignore[union-attr]
        "Chinese",
        "Japanese",
        "Arabic",
        "Hebrew",
        None,
    ]


def test_characters_are_named_and_a_font_recommended() -> None:
    assert named("→") == "U+2192 RIGHTWARDS ARROW"
    assert named("हि") == "U+0939 DEVANAGARI LETTER HA, U+093F DEVANAGARI VOWEL SIGN I"
    assert named("\U0010fffe") == "U+10FFFE without a name"
    assert font_hint("ह").startswith("install Noto Sans Devanagari (Debian: apt-get install fonts-noto-core), or add")
    assert font_hint("ﬁ").startswith("write `fi`, or add a font")
    assert font_hint("\U00013000").startswith("add a font that has it: @font-face")


def program() -> Path:
    found = browser_find.find()
    assert found is not None, "the slow tests need a Chromium: deckcast doctor"
    return found


def poor(place: Path) -> Path:
    """A folder with one font, that has one letter."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "z"])
    builder.setupCharacterMap({ord("z"): "z"})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 900))
    pen.lineTo((900, 0))
    pen.closePath()
    triangle = pen.glyph()
    builder.setupGlyf({".notdef": triangle, "z": triangle})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "z": (1000, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": "Poor", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    place.mkdir()
    builder.save(place / "poor.ttf")
    return place


def only(place: Path, fonts: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> None:
    """Lets fontconfig see no fonts but those of one folder."""
    place.mkdir()
    (place / "fonts.conf").write_text(
        f"<?xml version='1.0'?><fontconfig><dir>{fonts}</dir><cachedir>{place / 'cache'}</cachedir>{more}</fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(place / "fonts.conf"))


OTHER_TASTE = """<match target="font"><edit name="antialias" mode="assign"><bool>true</bool></edit>
<edit name="hinting" mode="assign"><bool>true</bool></edit><edit name="autohint" mode="assign"><bool>true</bool></edit>
<edit name="hintstyle" mode="assign"><const>hintfull</const></edit>
<edit name="rgba" mode="assign"><const>rgb</const></edit>
</match><match target="pattern"><test name="family"><string>Inter</string></test>
<edit name="family" mode="assign" binding="strong"><string>DejaVu Serif</string></edit></match>"""


@pytest.fixture
def browser() -> Iterator[Chromium]:
    opened = Chromium(program)
    yield opened
    opened.close()


@pytest.mark.slow
def test_pictures_are_the_same_with_hardly_a_font_and_with_all_fonts_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder(tmp_path)
    drawn: list[Image.Image] = []
    for name in ("as it is", "poor", "another taste"):
        with monkeypatch.context() as change:
            if name == "poor":
                only(tmp_path / name, poor(tmp_path / "fonts"), change)
            elif name == "another taste":
                only(tmp_path / name, Path("/usr/share/fonts"), change, OTHER_TASTE)
            browser = Chromium(program)
            try:
                studio = Studio(place, browser=browser)
                [frame], findings = studio.render(SAMPLE)
                assert studio.keeper is not None
                drawn.append(Image.open(io.BytesIO(studio.keeper.read(frame.image))).convert("RGB"))
            finally:
                browser.close()
            assert [finding for finding in findings if finding.code == "slide-font"] == [], name
    first, *others = (image.tobytes() for image in drawn)
    assert [other == first for other in others] == [True, True]


@pytest.mark.slow
def test_a_missing_glyph_is_told_with_its_name_and_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Chromium
) -> None:
    only(tmp_path / "few", poor(tmp_path / "fonts"), monkeypatch)
    with pytest.raises(AssetError) as caught:
        Studio(folder(tmp_path), browser=browser).render("# Good\n---\n# Hindi\n\nsome हिन्दी words")
    [finding] = caught.value.findings
    assert finding.code == "slide-glyph"
    assert finding.where is not None
    assert (finding.where.line, finding.where.column) == (5, 6)
    assert "`हि` (U+0939 DEVANAGARI LETTER HA, U+093F DEVANAGARI VOWEL SIGN I), and 1 more of" in finding.message
    assert "apt-get install fonts-noto-core" in finding.hint
