from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deckcast import config, settings
from deckcast.config import Value, lay_slide, overlay
from deckcast.errors import ConfigError, DeckcastError, Several
from deckcast.model import Option, Property, Where
from deckcast.settings import Settings

HERE = Where("deck.md", 3, 1)


def set_one(name: str, value: Any) -> Settings:
    return overlay(Settings(), [Value(name, value, "the command line")])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("narration.voice", "espeak", ("narration", "voice", "espeak")),
        ("voice", "flite slt", ("narration", "voice", "flite slt")),
        ("lead-in", "0.5", ("narration", "lead_in", 0.5)),
        ("lead_in", "500ms", ("narration", "lead_in", 0.5)),
        ("silent", "1min", ("narration", "silent", 60.0)),
        ("silent", 4, ("narration", "silent", 4.0)),
        ("fps", "25", ("video", "fps", 25)),
        ("online", "yes", ("narration", "online", True)),
        ("online", False, ("narration", "online", False)),
        ("css", "a.css, b.css", ("slides", "css", ("a.css", "b.css"))),
        ("css", ["a.css"], ("slides", "css", ("a.css",))),
        ("title", 2026, ("lesson", "title", "2026")),
        ("ratio", "4:3", ("slides", "ratio", "4:3")),
    ],
)
def test_values_become_what_the_field_is(name: str, value: Any, expected: tuple[str, str, Any]) -> None:
    section, field, wanted = expected
    assert getattr(getattr(set_one(name, value), section), field) == wanted


@pytest.mark.parametrize(
    ("name", "value", "message", "hint"),
    [
        ("voce", "x", "unknown setting `voce`", "did you mean `voice`?"),
        ("narration.raet", 1, "unknown setting `narration.raet`", "did you mean `narration.rate`?"),
        ("zzzzzzz", 1, "unknown setting `zzzzzzz`", "`docs/writing.md` lists every setting"),
        ("fps", "many", "`fps` is a whole number, not `many`", "pictures a second, a whole number (29.97 is none)"),
        ("fps", 29.97, "`fps` is a whole number, not `29.97`", "pictures a second, a whole number (29.97 is none)"),
        ("fps", 500, "`fps` is 500", "it must lie from 10 to 60"),
        ("rate", float("nan"), "`rate` is nan", "it must lie from 0.5 to 2"),
        ("silent", "soon", "`silent` is a time, not `soon`", "write seconds, such as `2.5` or `2.5s`"),
        ("online", "maybe", "`online` is yes or no, not `maybe`", "write `true` or `false`"),
        ("ratio", "wide", "`ratio` cannot be `wide`", "write width and height as `16:9`, `4:3`, `1:1` or `9:16`"),
        ("ratio", "16:0", "`ratio` cannot be `16:0`", "write width and height as `16:9`, `4:3`, `1:1` or `9:16`"),
        ("ratio", "1:4", "`ratio` cannot be `1:4`", "one side may be 3 times as long as the other, at most"),
        ("ratio", 16.9, "`ratio` cannot be `16.9`", "write width and height as `16:9`, `4:3`, `1:1` or `9:16`"),
        ("css", 3, "`css` is a list of words, not `3`", "the deck's own style sheets, beside the deck"),
        ("title", None, "`title` is text, not `None`", "title of the lesson; without it, the first slide's heading"),
    ],
)
def test_what_cannot_be_is_told(name: str, value: Any, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        overlay(Settings(), [Value(name, value, where=HERE, line=f"{name}: {value}")])
    assert str(caught.value) == message
    assert caught.value.finding.hint == hint
    assert caught.value.exit_code == 2


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(Several) as caught:
        overlay(Settings(), [Value("voce", "x"), Value("fps", 5), Value("title", "fine")])
    assert len(caught.value.errors) == 2
    assert caught.value.exit_code == 2


def test_the_word_that_is_wrong_is_underlined() -> None:
    with pytest.raises(ConfigError) as caught:
        overlay(Settings(), [Value("fps", 500, where=HERE, line="fps: 500")])
    assert caught.value.finding.where == Where("deck.md", 3, 6)
    assert caught.value.finding.width == 3


def test_later_layers_win() -> None:
    settings = overlay(Settings(), [Value("rate", 1.2), Value("rate", 0.9), Value("fps", 25)])
    assert settings.narration.rate == 0.9
    assert settings.video.fps == 25


def test_slide_properties_are_settings_of_their_slide() -> None:
    settings = lay_slide(Settings(), [Property("silent", "5s", HERE), Property("class", "center", HERE)])
    assert settings.narration.silent == 5.0
    with pytest.raises(ConfigError, match="`silent` is a time"):
        lay_slide(Settings(), [Property("silent", "long", HERE)])


def test_front_matter_options_keep_their_place() -> None:
    (value,) = config.from_options([Option("fps", 1000, HERE, "fps: 1000")])
    with pytest.raises(ConfigError) as caught:
        overlay(Settings(), [value])
    assert caught.value.finding.where is not None
    assert caught.value.finding.where.line == 3


def test_a_configuration_file_tells_where_its_values_stand(tmp_path: Path) -> None:
    path = tmp_path / "deckcast.toml"
    path.write_text('title = "A course"\n\n[video]\nsize = 720\n\n[narration]\nraet = 1\nsize = 3\n')
    with pytest.raises(Several) as caught:
        overlay(Settings(), config.from_file(path))
    wheres = [finding.where for finding in caught.value.findings]
    assert [where.line for where in wheres if where] == [7, 8]


@pytest.mark.parametrize("text", ["x = " + "[" * 5000 + "]" * 5000, ".".join(["a"] * 5000) + " = 1"])
def test_a_configuration_file_that_nests_without_end_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deckcast.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match="too deep"):
        config.from_file(path)


def test_a_project_file_of_another_shape_says_nothing_or_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("tool = 1")
    assert config.from_file(path) == ()
    path.write_text("[tool]\ndeckcast = 1")
    with pytest.raises(ConfigError, match="is a table"):
        config.from_file(path)


def test_a_configuration_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deckcast.toml"
    path.write_text("title = \n")
    with pytest.raises(ConfigError, match="not TOML") as caught:
        config.from_file(path)
    assert caught.value.finding.where is not None
    assert caught.value.finding.where.line == 1


def test_the_nearest_configuration_file_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.deckcast]\nrate = 1.1\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    found = config.find_file(inner)
    assert found == tmp_path / "pyproject.toml"
    assert [(value.name, value.value) for value in config.from_file(found)] == [("rate", 1.1)]
    (inner / "deckcast.toml").write_text("fps = 24\n")
    assert config.find_file(inner) == inner / "deckcast.toml"


def test_no_two_sections_share_a_name() -> None:
    names = [name.partition(".")[2] for name in settings.fields()]
    assert len(names) == len(set(names))


def test_every_setting_says_what_it_is() -> None:
    for name, field in settings.fields().items():
        assert field.metadata["help"], name


def test_bad_values_never_give_anything_but_our_errors() -> None:
    odd: list[Any] = [None, True, -1, 1e400, float("nan"), "", " ", "\x00", [], [1], {"a": 1}, "٣", "1e5", "--", b"x"]
    for name in settings.fields():
        for value in odd:
            try:
                overlay(Settings(), [Value(name, value)])
            except DeckcastError:
                continue


def test_a_lexicon_grows_word_by_word_from_layer_to_layer() -> None:
    values = [
        Value("lexicon.BERT", "burt"),
        Value("lexicon.GIF", "gif"),
        Value("narration.lexicon.GIF", "jif"),
        Value("lexicon.C++", "see plus plus"),
        Value("narration.lexicon.scikit-learn", " sigh  kit learn "),
        Value("lexicon.torch.nn", "torch en en"),
        Value("lexicon.42", 42),
    ]
    deck = overlay(Settings(), values)
    assert dict(deck.narration.lexicon) == {
        "BERT": "burt", "GIF": "jif", "C++": "see plus plus", "scikit-learn": "sigh kit learn",
        "torch.nn": "torch en en", "42": "42",
    }  # fmt: skip
    slide = lay_slide(deck, [Property("lexicon", 'BERT=Bert, "Hugging Face" = "hug"', HERE)])
    assert dict(slide.narration.lexicon) == dict(deck.narration.lexicon) | {"BERT": "Bert", "Hugging Face": "hug"}
    assert overlay(Settings(), [Value("lexicon", {"BERT": "burt"})]).narration.lexicon == (("BERT", "burt"),)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lexicon", "BERT", "`BERT` is no entry of `lexicon`"),
        ("lexicon", "A=b, GIF jif", "`GIF jif` is no entry of `lexicon`"),
        ("lexicon", 3, "`lexicon` is words, each with how it is said, not `3`"),
        ("lexicon", None, "`lexicon` is words, each with how it is said, not `None`"),
        ("lexicon", "=burt", "an entry of `lexicon` has no word"),
        ("lexicon.BERT", "…", "`lexicon` does not tell how `BERT` is said"),
        ("narration.lexicon.BERT", ("a", "b"), "`narration.lexicon` does not tell how `BERT` is said"),
        ("math_macros.RR", "", "`math_macros` does not tell what `RR` stands for"),
        ("lexicn.BERT", "burt", "unknown setting `lexicn.BERT`"),
    ],
)
def test_a_lexicon_that_cannot_be_is_told(name: str, value: Any, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        overlay(Settings(), [Value(name, value, where=HERE, line=f"{name}: {value}")])
    assert str(caught.value) == message
    assert caught.value.finding.hint


def test_a_lexicon_in_a_configuration_file_tells_its_places(tmp_path: Path) -> None:
    path = tmp_path / "deckcast.toml"
    path.write_text(
        '[lexicon]\nBERT = "burt"\n"C++" = "see plus plus"\ntorch.nn = "torch en en"\n[narration]\nrate = 1\n'
    )
    assert [(value.name, value.where and value.where.line) for value in config.from_file(path)][:2] == [
        ("lexicon.BERT", 2),
        ("lexicon.C++", 3),
    ]
    assert len(overlay(Settings(), config.from_file(path)).narration.lexicon) == 3
    path.write_text('[tool.deckcast.lexicon]\nBERT = ""\n'.replace("tool.deckcast.", ""))
    with pytest.raises(ConfigError) as caught:
        overlay(Settings(), config.from_file(path))
    assert caught.value.finding.where == Where(str(path), 2, 1)
