"""Pictures behind words: what is dimmed, how much, and which words stand on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from deckcast.errors import ConfigError
from deckcast.model import Properties, Property, Where
from deckcast.render.assets import Assets
from deckcast.render.backgrounds import Ground, ground
from deckcast.theme import find_theme


def under(tmp_path: Path, colour: object, look: str = "default", *, styled: bool = False, **asked: str) -> Ground:
    image = Image.new("RGB", (1600, 900), colour if isinstance(colour, str) else "white")
    if not isinstance(colour, str):
        image.paste("black", (0, 0, 800, 900))
    image.save(tmp_path / "a.png")
    values = {"background-image": "url(a.png)", **{name.replace("_", "-"): value for name, value in asked.items()}}
    properties = Properties(tuple(Property(key, value, Where("deck.md", 3, 5)) for key, value in values.items()))
    return ground(properties, look, Assets(tmp_path, find_theme("light", [])), styled=styled)


@pytest.mark.parametrize(
    ("colour", "scheme", "dim"),
    [("white", "light", 0.0), ("black", "dark", 0.0), ("#777777", "light", 0.4), (None, "light", 0.7)],
)
def test_a_picture_is_dimmed_until_words_can_be_read(tmp_path: Path, colour: str, scheme: str, dim: float) -> None:
    found = under(tmp_path, colour)
    assert (found.scheme, found.dim) == (scheme, dim)
    assert found.style == "background-image: url(a.png); background-size: cover"


def test_dark_slides_stay_dark(tmp_path: Path) -> None:
    assert under(tmp_path, "white", "title").scheme == "dark"
    assert under(tmp_path, "white", "title").dim >= 0.5
    assert under(tmp_path, "white", **{"class": "inverse"}).scheme == "dark"


def test_what_the_author_wants_is_done(tmp_path: Path) -> None:
    assert under(tmp_path, "white", background_dim="25%") == under(tmp_path, "white", background_dim="0.25")
    assert under(tmp_path, "white", background_dim="25%").dim == 0.25
    assert under(tmp_path, "#777777", background_dim="none").dim == 0
    assert under(tmp_path, "black", background_dim="none").scheme == "dark"
    assert under(tmp_path, "#777777", styled=True, background_dim="30%").dim == 0.3


@pytest.mark.parametrize(
    "left_alone",
    [{"styled": True}, {"look": "image-full"}, {"background_size": "300px"}],
)
def test_other_pictures_are_left_alone(tmp_path: Path, left_alone: dict[str, object]) -> None:
    found = under(tmp_path, "#777777", **left_alone)  # type: ignore[arg-type]
    assert (found.scheme, found.dim) == ("", 0.0)


@pytest.mark.parametrize("value", ["dark", "120%", "-1", ""])
def test_a_share_that_cannot_be(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="background-dim") as caught:
        under(tmp_path, "white", background_dim=value)
    assert caught.value.finding.where == Where("deck.md", 3, 5)
