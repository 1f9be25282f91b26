"""Has a browser draw pictures, so that a slide at which it fails is told by its place and takes no other with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from deckcast.errors import BrowserError
from deckcast.ports import Browser, Page, Resources, Shot
from deckcast.render.compose import Picture


def drawn(
    pictures: Sequence[Picture], page: Callable[[Sequence[Picture]], Page], browser: Browser, resources: Resources
) -> Generator[tuple[Picture, Shot], None, None]:
    """Each picture as it was drawn, in order. Where a document of all cannot be opened, each gets one of its own.

    Raises `BrowserError` at the place of the step that the browser fails to draw.
    """
    left = {picture.section.id: picture for picture in pictures}
    try:
        with closing(browser.shoot(page(pictures), resources)) as shots:
            for shot in shots:
                yield left.pop(shot.section), shot
        return
    except BrowserError as error:
        code = error.finding.code
        if left and (code == "browser-slide" or (code == "browser-page" and len(pictures) == 1)):
            error.finding = dataclasses.replace(error.finding, where=next(iter(left.values())).step.where)
        if code != "browser-page" or len(pictures) == 1:
            raise
    for picture in left.values():
        yield from drawn([picture], page, browser, resources)
