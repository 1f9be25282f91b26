"""Pictures that move slowly: what the properties ask for, and what the frame wishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.errors import ConfigError
from deckcast.model import Properties, Property, View, Where
from deckcast.render.zooming import Movement, movement
from render.drawing import Studio, folder

MIDDLE = (0.5, 0.5)


def asked(**properties: str) -> Movement | None:
    return movement(Properties(tuple(Property(key, value, Where("d", 1)) for key, value in properties.items())))


@pytest.mark.parametrize(
    ("zoom", "begin", "end", "seconds"),
    [
        ("1.3", (1, *MIDDLE), (1.3, *MIDDLE), 0),
        ("130%", (1, *MIDDLE), (1.3, *MIDDLE), 0),
        ("1.3-1", (1.3, *MIDDLE), (1, *MIDDLE), 0),
        ("1 to 2", (1, *MIDDLE), (2, *MIDDLE), 0),
        ("1.3 at left top", (1, 0, 0), (1.3, 0, 0), 0),
        ("1.3 at bottom", (1, 0.5, 1), (1.3, 0.5, 1), 0),
        ("1.0-1.2 at center for 6s", (1, *MIDDLE), (1.2, *MIDDLE), 6),
        ("1–1.4  at 70% 30% for 2.5", (1, 0.7, 0.3), (1.4, 0.7, 0.3), 2.5),
    ],
)
def test_what_a_zoom_asks_for(zoom: str, begin: tuple[float, ...], end: tuple[float, ...], seconds: float) -> None:
    found = asked(zoom=zoom)
    assert found is not None
    assert (found.begin, found.end, found.seconds) == (View(*begin), View(*end), seconds)


def test_what_a_pan_asks_for_alone_and_with_a_zoom() -> None:
    found = asked(pan="left to right for 4s")
    assert found is not None
    assert (found.begin, found.end, found.seconds) == (View(1.2, 0, 0.5), View(1.2, 1, 0.5), 4)
    found = asked(zoom="1.5-2", pan="20% 30% to right bottom")
    assert found is not None
    assert (found.begin, found.end) == (View(1.5, 0.2, 0.3), View(2, 1, 1))


@pytest.mark.parametrize(
    ("key", "value", "message", "hint"),
    [
        ("zoom", "big", "`zoom: big` is no movement", "1-1.3 at 70% 30%"),
        ("zoom", "1.3 at the left", "is no movement", ""),
        ("zoom", "1.3 at 70% 130%", "is no movement", ""),
        ("zoom", "1..3", "is no movement", ""),
        ("zoom", "0.5", "a picture cannot be zoomed to 0.5", "from 1"),
        ("zoom", "1-900%", "a picture cannot be zoomed to 900%", "to 8"),
        ("pan", "left", "`pan: left` is no movement", "left to right for 8s"),
    ],
)
def test_what_is_no_movement_is_told(tmp_path: Path, key: str, value: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Studio(folder(tmp_path)).render(f"{key}: {value}\n\n![x](images/red.png)\n")
    finding = caught.value.finding
    assert message in finding.message
    assert hint in finding.hint
    assert finding.where == Where("deck.md", 1, len(key) + 3)


def test_nothing_moves_without_a_word_for_it() -> None:
    assert asked() is None
    assert asked(zoom="none") is None


def test_the_frame_of_a_slide_that_zooms_wishes_for_it(tmp_path: Path) -> None:
    studio = Studio(folder(tmp_path))
    (still, zoomed), findings = studio.render("![x](images/red.png)\n---\nzoom: 1.3\n\n![x](images/red.png)\n")
    assert findings == ()
    assert (still.wishes, still.regions, still.opening) == ((), (), None)
    (wish,) = zoomed.wishes
    assert wish.recipe.picture.size == len((tmp_path / "talk" / "images" / "red.png").read_bytes())
    assert wish.recipe.opening == zoomed.opening
    assert wish.recipe.end == View(1.3, 0.5, 0.5)
    (again_still, again), _ = studio.render("![x](images/red.png)\n---\nzoom: 1.3\n\n![x](images/red.png)\n")
    assert studio.told.made == []
    assert (again_still, again) == (still, zoomed)


def test_another_movement_of_the_same_picture_draws_nothing_again(tmp_path: Path) -> None:
    studio = Studio(folder(tmp_path))
    studio.render("zoom: 1.3\n\n![x](images/red.png)\n")
    (frame,), _ = studio.render("zoom: 1.5 at left\n\n![x](images/red.png)\n")
    assert studio.told.made == []
    assert frame.wishes[0].recipe.end == View(1.5, 0, 0.5)


def test_a_step_without_the_picture_wishes_for_nothing(tmp_path: Path) -> None:
    (first, second), _ = Studio(folder(tmp_path)).render("zoom: 1.3\n\n# A\n--\n\n![x](images/red.png)\n")
    assert (len(first.wishes), len(second.wishes)) == (0, 1)
