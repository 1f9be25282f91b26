"""Which theme is taken, what it may serve, and what a designer is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deckcast.errors import ConfigError, TemplateError
from deckcast.folders import inside
from deckcast.theme import Theme, copy, find_theme, listed, shipped, starter

VALUES = {
    "language": "en",
    "title": "A & B",
    "width": 1920,
    "height": 1080,
    "sheets": [],
    "styles": [],
    "libraries": [],
    "slides": [],
}


def own_theme(tmp_path: Path, name: str = "mine", **files: str) -> Path:
    """An author's `templates/` with one theme; `deck_html_j2` names the file `deck.html.j2`."""
    folder = tmp_path / "templates" / "themes" / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file.replace("_", ".")).write_text(text)
    return tmp_path / "templates"


def test_the_shipped_default_is_found_without_any_folder_of_ones_own() -> None:
    theme = find_theme("light", [])
    assert theme.folders == (shipped() / "themes" / "light",)
    assert "A &amp; B" in theme.page(**VALUES)


def test_an_authors_own_theme_wins_over_the_shipped_one(tmp_path: Path) -> None:
    roots = [tmp_path / "nowhere", own_theme(tmp_path, "default", deck_html_j2="mine: {{ title }}")]
    assert find_theme("default", roots).page(**VALUES) == "mine: A &amp; B"


def test_default_is_another_name_of_light(tmp_path: Path) -> None:
    light = find_theme("light", [])
    assert find_theme("default", []) == light
    assert light.file("/themes/default/theme.css") == light.file("/themes/light/theme.css") != None  # noqa: E711


def test_what_a_theme_lacks_comes_from_the_default(tmp_path: Path) -> None:
    theme = find_theme("mine", [own_theme(tmp_path, theme_css="@import '/themes/dark/theme.css';")])
    assert theme.page(**VALUES) == find_theme("default", []).page(**VALUES)
    own, code = theme.file("/theme/theme.css"), theme.file("/theme/code.css")
    assert own is not None
    assert own.is_relative_to(tmp_path)
    assert code == theme.file("/themes/light/code.css") != None  # noqa: E711 - both are there


def test_a_template_may_extend_the_default(tmp_path: Path) -> None:
    roots = [own_theme(tmp_path, deck_html_j2="{% include 'light/deck.html.j2' %}<!-- mine -->")]
    assert find_theme("mine", roots).page(**VALUES).endswith("<!-- mine -->")


@pytest.mark.parametrize(
    ("name", "hint"), [("defualt", "did you mean `default`?"), ("zzz", "there are: dark, default, light")]
)
def test_a_theme_that_is_not_there_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=f"there is no theme `{name}`") as caught:
        find_theme(name, [])
    assert caught.value.finding.hint.startswith(hint)


@pytest.mark.parametrize("name", ["..", ".", "../themes/default", "/etc", "a/b", ""])
def test_a_theme_is_a_name_and_no_path(name: str) -> None:
    with pytest.raises(ConfigError):
        find_theme(name, [])


@pytest.mark.parametrize(
    ("template", "message", "line"),
    [
        ("fine\n{% if %}\n", "Expected an expression", 2),
        ("fine\n\n  {{ titel }}\n", "'titel' is undefined", 3),
        ("{{ title.no.such }}", "has no attribute 'no'", 1),
        ("\n{{ 1 / 0 }}", "division by zero", 2),
        ("\n{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe", 2),
    ],
)
def test_a_broken_template_is_told_with_file_and_line(tmp_path: Path, template: str, message: str, line: int) -> None:
    theme = find_theme("mine", [own_theme(tmp_path, deck_html_j2=template)])
    with pytest.raises(TemplateError, match=message) as caught:
        theme.page(**VALUES)
    where = caught.value.finding.where
    assert where is not None
    assert (Path(where.path).name, where.line) == ("deck.html.j2", line)
    assert caught.value.finding.line == template.split("\n")[line - 1]


def test_a_template_that_names_another_which_is_missing(tmp_path: Path) -> None:
    theme = find_theme("mine", [own_theme(tmp_path, deck_html_j2="{% extends 'gone.html' %}")])
    with pytest.raises(TemplateError, match=r"names a template `gone\.html`"):
        theme.page(**VALUES)


def test_a_template_that_is_no_text(tmp_path: Path) -> None:
    roots = [own_theme(tmp_path)]
    (roots[0] / "themes" / "mine" / "deck.html.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="is no UTF-8 text"):
        find_theme("mine", roots).page(**VALUES)


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    roots = [own_theme(tmp_path, theme_css="a")]
    before = find_theme("mine", roots).digest
    assert find_theme("mine", roots).digest == before
    (roots[0] / "themes" / "mine" / "logo.svg").write_text("<svg/>")
    assert find_theme("mine", roots).digest != before
    (roots[0] / "themes" / "mine" / "logo.svg").unlink()
    (roots[0] / "themes" / "mine" / ".DS_Store").write_text("x")
    assert find_theme("mine", roots).digest == before


def test_only_files_of_the_theme_and_the_fonts_are_served(tmp_path: Path) -> None:
    roots = [own_theme(tmp_path, theme_css="a")]
    (tmp_path / "secret.txt").write_text("s")
    (roots[0] / "themes" / "mine" / "link.txt").symlink_to(tmp_path / "secret.txt")
    theme = find_theme("mine", roots)
    assert theme.file("/fonts/inter/InterVariable.woff2") is not None
    for address in (
        "/theme/../../secret.txt",
        "/theme/link.txt",
        "/fonts/../themes/light/theme.css",
        "/themes/../themes/light/theme.css",
        "/etc/passwd",
    ):
        assert theme.file(address) is None, address


def test_inside_bears_any_name(tmp_path: Path) -> None:
    for name in ("", ".", "..", "a\0b", "x" * 5000, "/etc/passwd", "//etc/passwd"):
        assert inside(tmp_path, name) is None


def test_every_font_face_has_its_file_and_every_font_its_licence() -> None:
    fonts = shipped() / "fonts"
    theme = Theme("light", (shipped() / "themes" / "light",))
    named = [part.split('"')[1] for part in (fonts / "fonts.css").read_text().split("url(")[1:]]
    assert len(named) == 13
    assert {theme.file(f"/fonts/{name}") for name in named} == set(fonts.rglob("*.woff2"))
    for folder in (path for path in fonts.iterdir() if path.is_dir()):
        assert (folder / "LICENSE.txt").is_file(), folder
        assert f"`{folder.name}/`" in (fonts / "README.md").read_text()


def test_themes_are_listed_with_what_they_are_about(tmp_path: Path) -> None:
    roots = [own_theme(tmp_path, theme_css="/* Ours. And more\n words. */\n:root { --accent: red }")]
    own_theme(tmp_path, "dark", theme_css="p {}")
    found = {theme.name: theme for theme in listed(roots)}
    assert list(found) == ["dark", "light", "mine", "remark"]
    assert (found["mine"].about, found["mine"].shipped) == ("Ours", False)
    assert (found["dark"].about, found["dark"].shipped) == ("", False), "the author's own comes first"
    assert found["light"].shipped
    assert all(theme.about for theme in listed([]))


@pytest.mark.parametrize("name", ["light", "default", "dark", "remark"])
def test_a_copied_theme_looks_as_the_one_that_it_comes_from(tmp_path: Path, name: str) -> None:
    target = tmp_path / "templates" / "themes" / "mine"
    written = copy(name, [], target)
    assert set(written) == {path for path in target.rglob("*") if path.is_file()}
    mine, theirs = find_theme("mine", [tmp_path / "templates"]), find_theme(name, [])
    assert mine.page(**VALUES) == theirs.page(**VALUES)
    assert mine.plots.text == theirs.plots.text
    for sheet in ("theme", "base", "looks", "code"):
        one, other = mine.file(f"/theme/{sheet}.css"), theirs.file(f"/theme/{sheet}.css")
        assert one is not None
        assert other is not None
        assert one.read_text() == other.read_text()
    with pytest.raises(ConfigError, match="is there already"):
        copy(name, [], target)


def test_a_theme_that_begins_from_light_has_only_what_themes_are_about() -> None:
    assert set(starter("light", [])) == {"theme.css", "plots.mplstyle"}
    assert set(starter("dark", [])) == {"theme.css", "plots.mplstyle"}


PROPERTY = re.compile(r"--([\w-]+): ([^;]+);")
THEMES = shipped() / "themes"


def test_every_property_is_in_the_documents_with_its_value() -> None:
    text = (Path(__file__).parents[2] / "docs" / "themes.md").read_text()
    said = re.findall(r"^\| `--([\w-]+)` \| `([^`]+)` \|", text, re.MULTILINE)
    assert said == PROPERTY.findall((THEMES / "light" / "theme.css").read_text())


def test_the_other_sheets_have_no_colour_or_font_of_their_own() -> None:
    allowed = {"#12161f", "rgb(16 24 40 / 0.16)"}  # behind a picture that covers the slide; a shadow
    for sheet in sorted((THEMES / "light").glob("*.css")):
        if sheet.name == "theme.css":
            continue
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        colours = set(re.findall(r"#[0-9a-f]{3,8}\b|rgb\([^)]*\)", rules))
        assert colours <= allowed, f"{sheet.name}: {colours - allowed}"


def test_no_sheet_uses_a_property_that_nobody_sets() -> None:
    set_elsewhere = re.compile(r"--([\w-]+)(?::|\s+\{)")
    for theme in ("light", "dark", "remark"):
        sheets = [
            (THEMES / name / file.name).read_text()
            for name in ("light", theme)
            for file in (THEMES / name).glob("*.css")
        ]
        everything = "\n".join(sheets) + (THEMES / "light" / "deck.html.j2").read_text()
        given = set(set_elsewhere.findall(everything)) | {"code", "digits", "width", "room", "ratio"}  # of elements
        for name, rest in re.findall(r"var\(--([\w-]+)(,?)", everything):
            assert name in given or rest, f"--{name} in {theme}"
