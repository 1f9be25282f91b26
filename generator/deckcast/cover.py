"""The picture that stands for a lesson: in lists of videos, in players, on a disk."""

from __future__ import annotations

import difflib
import io
import warnings
from pathlib import Path

from deckcast.deckfile import find_file, told_at
from deckcast.digest import Question, sha256
from deckcast.errors import AssetError, storage_errors
from deckcast.keep import Keeper
from deckcast.model import Blob, Deck, Timeline
from deckcast.settings import Settings
from deckcast.unreadable import picture_errors

WIDTH, HEIGHT = 1280, 720
"""What YouTube asks for (support.google.com/youtube/answer/72431)."""
QUALITY = 90
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "ICO")
"""Pillow's names. Others may be programs, such as PostScript."""


def check(deck: Deck, settings: Settings) -> None:
    """Raises `AssetError` where there is neither a slide nor a file of the name that the settings give."""
    name = settings.lesson.cover
    if name and name not in _names(deck):
        _file(deck, name)


def cover(deck: Deck, timeline: Timeline, settings: Settings, keeper: Keeper) -> Blob:
    """A JPEG of 1280×720: of the slide or file that `cover` names, else of the title in larger type, else of what the
    lesson shows first.

    A slide that is not in the timeline, in an excerpt, is not there to be shown. Raises `AssetError`, `StorageError`.
    """
    import PIL

    name = settings.lesson.cover
    first = timeline.scenes[0].frame
    source: Blob | bytes = first.thumbnail or first.image
    if name in _names(deck):
        named = _names(deck)[name]
        source = next((scene.frame.image for scene in timeline.scenes if scene.frame.step == named), source)
    elif name:
        path = _file(deck, name)
        with storage_errors("read", path):
            source = path.read_bytes()
    said = source.sha256 if isinstance(source, Blob) else sha256(source)
    question = Question.of("cover-1", picture=said, size=(WIDTH, HEIGHT), quality=QUALITY, pillow=PIL.__version__)
    answer = keeper.find_part(question)
    if answer is None:
        data = keeper.read(source) if isinstance(source, Blob) else source
        answer = keeper.keep_part(question, {}, {"jpg": _jpeg(data, deck, name)})
    return answer.blobs["jpg"]


def _names(deck: Deck) -> dict[str, int]:
    """`Step.index` of each named step."""
    return {step.name: step.index for step in deck.steps if step.name}


def _file(deck: Deck, name: str) -> Path:
    near = difflib.get_close_matches(name, _names(deck), n=1)
    hint = f"did you mean the slide `{near[0]}`?" if near else "name a picture beside the deck, or a slide (`name: …`)"
    return find_file(deck, name, told_at(deck, "cover", name), hint)


def _jpeg(data: bytes, deck: Deck, name: str) -> bytes:
    made = fitted(data)
    if made is None:
        place = told_at(deck, "cover", name)
        raise AssetError(f"`{name}` is no picture that can be read", hint="use a PNG or JPEG", **place)
    return made


def fitted(data: bytes) -> bytes | None:
    """The picture as large as it fits, on black, as a JPEG; None where it is none that can be read."""
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = image.convert("RGB")
    except picture_errors():
        return None
    scale = min(WIDTH / picture.width, HEIGHT / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    whole = Image.new("RGB", (WIDTH, HEIGHT))
    whole.paste(picture.resize(size, Image.Resampling.LANCZOS), ((WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2))
    file = io.BytesIO()
    whole.save(file, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return file.getvalue()
