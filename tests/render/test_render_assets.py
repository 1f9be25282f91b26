"""Only files inside the deck's folder and the theme are ever handed to the browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.render.assets import Assets
from deckcast.theme import find_theme
from render.drawing import SVG, folder


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    return Assets(folder(tmp_path), find_theme("default", []))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/deck/images/red.svg", "image/svg+xml"),
        ("/deck/images/with blank.png", "image/png"),
        ("/deck/good.css", "text/css; charset=utf-8"),
        ("/theme/theme.css", "text/css; charset=utf-8"),
        ("/fonts/twemoji/Twemoji.woff2", "font/woff2"),
    ],
)
def test_what_is_served(assets: Assets, path: str, kind: str) -> None:
    found = assets.get(path)
    assert found is not None
    assert found.media_type == kind


@pytest.mark.parametrize(
    "path",
    [
        "/deck/",
        "/deck/images",
        "/deck/images/link.png",
        "/deck/../secret.png",
        "/deck/images/../../secret.png",
        "/deck//etc/passwd",
        "/deck/none.png",
        "/deck/a\0b",
        "/deck/" + "x/" * 5000,
        "/etc/passwd",
        "//etc/passwd",
        "",
        "deck/good.css",
        "/theme/../../../pyproject.toml",
        "/fonts/../../README.md",
        "http://example.org/",
        "file:///etc/passwd",
    ],
)
def test_what_is_refused(assets: Assets, path: str) -> None:
    assert assets.get(path) is None


def test_the_served_bytes_are_the_files(assets: Assets) -> None:
    found = assets.get("/deck/images/red.svg")
    assert found is not None
    assert found.body == SVG.encode()


def test_a_picture_of_too_many_pixels_is_told(assets: Assets, tmp_path: Path) -> None:
    from PIL import Image

    from deckcast.errors import AssetError

    huge = tmp_path / "huge.png"
    Image.new("1", (11000, 9000)).save(huge)
    with pytest.raises(AssetError, match="more than 89 million pixels"):
        assets.check(huge, None)
