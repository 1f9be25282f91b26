"""Pictures that code put out: whether they can be shown, and how large they are by nature."""

from __future__ import annotations

import io
import re
import warnings
from xml.etree import ElementTree

from deckcast.model import Output
from deckcast.unreadable import picture_errors

MEDIA_TYPES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
"""Those that a slide shows, the best first, with the ends of their names."""
SMALLEST, LARGEST = 1e-3, 1e6
"""CSS pixels between which a length is taken for one."""
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*(px|pt|pc|in|cm|mm|)\s*", re.IGNORECASE)
_SVG = "{http://www.w3.org/2000/svg}svg"


def find(output: Output) -> tuple[bytes, str, tuple[float, float]] | None:
    """The output's best picture that can be read: its bytes, media type, and width and height in CSS pixels."""
    for media_type in MEDIA_TYPES:
        content = output.get(media_type)
        if content is None:
            continue
        data = content.encode("utf-8", "replace") if isinstance(content, str) else content
        size = svg_size(data) if media_type == "image/svg+xml" else _bitmap_size(data)
        if size is not None:
            return data, media_type, _scaled(size, output.width)
    return None


def svg_size(data: bytes) -> tuple[float, float] | None:
    """In CSS pixels; None for what is no SVG picture. One that names no size has that of its `viewBox`."""
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - expat refuses entity bombs since 2.4.1
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if root.tag != _SVG:
        return None
    wide, high = (_length(root.get(side, "")) for side in ("width", "height"))
    box = [_length(number) for number in re.split(r"[\s,]+", root.get("viewBox", "").strip())]
    natural = (box[2], box[3]) if len(box) == 4 and box[2] and box[3] else (300.0, 150.0)
    if wide and high:
        return wide, high
    if wide:
        return wide, wide * natural[1] / natural[0]
    return (high * natural[0] / natural[1], high) if high else natural


def _length(value: str) -> float:
    """In CSS pixels; 0 where it is none, or a part of something else."""
    found = _LENGTH.fullmatch(value)
    try:
        pixels = float(found[1]) * _PIXELS[found[2].lower()] if found else 0.0
    except ValueError:
        return 0.0
    return pixels if SMALLEST < pixels < LARGEST else 0.0


def _bitmap_size(data: bytes) -> tuple[float, float] | None:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                size = image.size
                image.load()
    except picture_errors():
        return None
    return float(size[0]), float(size[1])


def _scaled(size: tuple[float, float], width: int) -> tuple[float, float]:
    """The size at a width that the kernel asks for."""
    return (float(width), size[1] * width / size[0]) if width else size
