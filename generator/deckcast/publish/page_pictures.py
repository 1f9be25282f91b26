"""The pictures of a lesson's page: small ones of its slides, and what pictures say to those who do not see them."""

from __future__ import annotations

import io
from collections.abc import Iterator

from deckcast.digest import Question
from deckcast.htmltree import parse
from deckcast.keep import Keeper
from deckcast.markup import Dialect, to_html
from deckcast.model import Blob, Deck, Results, Slide, proses
from deckcast.settings import Settings

WIDTH = 320
"""Pixels of a small picture: twice what the strip of slides shows, for dense screens."""
QUALITY = 72
_KINDS = ("image/png", "image/jpeg", "image/svg+xml")


def small(picture: Blob, keeper: Keeper) -> Blob:
    """A WebP of a slide's picture, kept under what it shows."""
    import PIL

    question = Question.of("small-1", picture=picture.sha256, width=WIDTH, quality=QUALITY, pillow=PIL.__version__)
    answer = keeper.find_part(question)
    if answer is None:
        answer = keeper.keep_part(question, {}, {"webp": _webp(keeper.read(picture))})
    return answer.blobs["webp"]


def _webp(data: bytes) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        height = max(1, round(picture.height * WIDTH / picture.width))
        made = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    written = io.BytesIO()
    made.save(written, "WEBP", quality=QUALITY, method=6)
    return written.getvalue()


def source(slide: Slide) -> str:
    """What the author wrote on a slide as it shows in the end: all that its alternative texts depend on, but cells."""
    return "\n".join(prose.text for prose in proses(slide.steps[-1].content))


def alternatives(deck: Deck, slide: Slide, settings: Settings, results: Results) -> tuple[str, ...]:
    """The alternative texts of the pictures on a slide, the author's and those of its cells, each once."""
    found = dict.fromkeys((*_written(deck, slide, settings), *_of_cells(slide, results)))
    return tuple(found)


def _written(deck: Deck, slide: Slide, settings: Settings) -> Iterator[str]:
    text = source(slide)
    if "![" not in text and "<img" not in text.lower():
        return
    html = to_html(slide.steps[-1].content, Dialect.of(deck, settings.slides), code=lambda _: "").html
    for node in parse(html).walk():
        if node.tag == "img" and (words := " ".join(node.attrs.get("alt", "").split())):
            yield words


def _of_cells(slide: Slide, results: Results) -> Iterator[str]:
    steps = {step.index for step in slide.steps}
    for cell, result in results.cells:
        shows = cell.output != "none" and any(output.get(kind) for output in result.outputs for kind in _KINDS)
        if cell.step in steps and cell.alt and shows:
            yield " ".join(cell.alt.split())
