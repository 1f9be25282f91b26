"""Pictures that stand for the course: one in the shape of a cover, and the square one that lists of podcasts want."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from deckcast import config, cover
from deckcast.errors import ConfigError, storage_errors
from deckcast.folders import inside
from deckcast.theme import shipped

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SIDE = 1400
"""Pixels: the least that Apple takes (podcasters.apple.com/support/896-artwork-requirements), 3000 being the most.
A cover is 1280 wide, so it fits without being blown up."""
_EDGE = (SIDE - cover.WIDTH) // 2
_GROUND, _WORDS = "#1d4fb4", "#ffffff"
_SIZES = range(140, 51, -8)
_LEADING = 1.15


def source(name: str, home: Path) -> bytes:
    """The picture that the setting `course_picture` names. Raises `ConfigError` where none can be read."""
    where, line = config.place_of(home, "publish.course_picture")
    folder = Path(where.path).parent if where else home
    found = inside(folder, name)
    if found is None:
        hint = "write a path from the folder of deckcast.toml on"
        raise ConfigError(f"there is no picture {name} in {folder}", where=where, line=line, hint=hint)
    with storage_errors("read", found):
        data = found.read_bytes()
    if cover.fitted(data) is None:
        raise ConfigError(f"{name} is no picture that can be read", where=where, line=line, hint="use a PNG or JPEG")
    return data


def square(data: bytes, title: str) -> bytes:
    """A JPEG of `SIDE`×`SIDE`. A square picture is taken as it is; any other stands below the title of the course."""
    from PIL import Image, ImageDraw, ImageOps

    with Image.open(io.BytesIO(data), formats=cover.FORMATS) as opened:
        picture = opened.convert("RGB")
    if picture.width == picture.height:
        made = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    else:
        made = Image.new("RGB", (SIDE, SIDE), _GROUND)
        shown = ImageOps.contain(picture, (cover.WIDTH, cover.HEIGHT), Image.Resampling.LANCZOS)
        mask = Image.new("L", shown.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, shown.width - 1, shown.height - 1), 36, fill=255)
        room = SIDE - shown.height - 2 * _EDGE
        high = _write(ImageDraw.Draw(made), title, room)
        top = SIDE - _EDGE - shown.height if high else (SIDE - shown.height) // 2
        made.paste(shown, ((SIDE - shown.width) // 2, top), mask)
    written = io.BytesIO()
    made.save(written, "JPEG", quality=cover.QUALITY, subsampling=0, optimize=True)
    return written.getvalue()


def _write(draw: ImageDraw.ImageDraw, title: str, room: float) -> float:
    """Writes the title in the largest type for which the top has room; gives its height, 0 where it cannot be read."""
    from PIL import ImageFont

    if not all(" " <= letter < "\u0500" or "\u2010" <= letter <= "\u2027" for letter in title):
        return 0  # in letters that the font does not have
    for size in _SIZES:
        font = ImageFont.truetype(shipped() / "fonts" / "inter" / "Inter-Bold.ttf", size)
        lines = [""]
        for word in title.split():
            longer = f"{lines[-1]} {word}".strip()
            lines = [*lines[:-1], longer] if _wide(draw, longer, font) else [*lines, word]
        high = _LEADING * size * len(lines)
        if high <= room - _EDGE and all(_wide(draw, line, font) for line in lines):
            top = _EDGE + (room - high) / 2
            for at, line in enumerate(lines):
                draw.text((_EDGE, top + at * _LEADING * size), line, _WORDS, font)
            return high
    return 0


def _wide(draw: ImageDraw.ImageDraw, line: str, font: ImageFont.FreeTypeFont) -> bool:
    """Whether there is room for a line."""
    return draw.textlength(line, font) <= SIDE - 2 * _EDGE
