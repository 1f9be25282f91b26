"""What a theme says about settings, and who wins over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.config import Value, overlay
from deckcast.errors import ConfigError
from deckcast.settings import Settings
from deckcast.theme_settings import with_theme
from encode.built import Talk

FADE = 'transition = "fade"\ntransition_seconds = "300ms"\n'


def theme(folder: Path, text: str, name: str = "mine") -> Path:
    made = folder / "templates" / "themes" / name
    made.mkdir(parents=True)
    (made / "theme.toml").write_text(text)
    return folder / "templates"


def chosen(roots: list[Path], **values: str) -> Settings:
    given = [Value("theme", "mine"), *(Value(name, value) for name, value in values.items())]
    return overlay(Settings(), with_theme(given, roots))


def test_a_themes_values_lie_above_the_built_in_ones_and_below_all_others(tmp_path: Path) -> None:
    roots = [theme(tmp_path, FADE)]
    assert (chosen(roots).slides.transition, chosen(roots).slides.transition_seconds) == ("fade", 0.3)
    own = chosen(roots, transition="none")
    assert (own.slides.transition, own.slides.transition_seconds) == ("none", 0.3)
    assert overlay(Settings(), with_theme([], roots)) == Settings(), "another theme's"


def test_the_theme_of_the_decks_own_that_has_the_name_of_a_shipped_one_counts(tmp_path: Path) -> None:
    roots = [theme(tmp_path, FADE, "remark")]
    assert overlay(Settings(), with_theme([Value("theme", "remark")], roots)).slides.transition == "fade"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ('transitoin = "fade"\n', (1, 1), "`transitoin` is nothing that a theme says", "did you mean `transition`?"),
        ("\n[video]\n  size = 720\n", (3, 3), "`video.size` is nothing that a theme says", "`transition` and"),
        ('transition = "fad"\n', (1, 15), "`transition` cannot be `fad`", "did you mean `fade`?"),
        ("transition = \n", (1, 14), "this is not TOML", ""),
    ],
)
def test_what_a_theme_cannot_say_is_told_with_its_place(
    tmp_path: Path, text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    roots = [theme(tmp_path, text)]
    with pytest.raises(ConfigError) as caught:
        chosen(roots)
    (finding,) = caught.value.findings
    assert message in finding.message
    assert hint in finding.hint
    assert finding.where is not None
    assert (Path(finding.where.path).name, finding.where.line, finding.where.column) == ("theme.toml", *place)


DECK = "---\ntitle: It\ntheme: mine\n{}---\n# A\n---\n# B\n---\n{}# C\n"


def test_in_a_build_slide_deck_project_and_command_line_win_over_the_theme_in_this_order(tmp_path: Path) -> None:
    (tmp_path / "deckcast.toml").write_text("")
    file = theme(tmp_path, FADE) / "themes" / "mine" / "theme.toml"

    def made(deck: str = "", slide: str = "", project: str = "") -> list[str]:
        (tmp_path / "deckcast.toml").write_text(project)
        _, names = Talk(tmp_path).build(DECK.format(deck, slide))
        return [one for one in names if one.startswith("transition")]

    both = ["transition to slide 2", "transition to slide 3"]
    assert made() == both
    assert made(slide="transition: none\n") == both[:1]
    assert made(deck="transition: none\n") == []
    assert made(deck="transition: none\n", slide="transition: push\n") == both[1:]
    assert made(project='transition = "none"\n') == []
    assert made(project='transition = "none"\n', deck="transition: fade\n") == both
    file.write_text("")
    assert made() == []


def test_a_change_of_it_draws_no_slide_anew(tmp_path: Path) -> None:
    (tmp_path / "deckcast.toml").write_text("")
    file = theme(tmp_path, "") / "themes" / "mine" / "theme.toml"
    talk = Talk(tmp_path)
    talk.build(DECK.format("", ""))
    file.write_text(FADE)
    lesson, made = talk.build(DECK.format("", ""))
    assert [one for one in made if one.startswith("picture")] == []
    assert [one for one in made if one.startswith("transition")] != []
    assert lesson.slides == 3
