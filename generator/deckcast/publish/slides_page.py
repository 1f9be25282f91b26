"""`slides.html`: the deck itself, to be presented from one file, without a network.

The slides are the document that was photographed. Around them stand `templates/pages/slides.*`: a program of ours, in
the page, and the only one that its policy lets run.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deckcast.markup.tags import find_tags
from deckcast.model import MARK, Attached, Blob, Deck, Document, Results
from deckcast.outline import deck_title, slides_by_step
from deckcast.publish.notes import notes
from deckcast.settings import Settings
from deckcast.theme import shipped

NAME = "slides.html"
FOLDER = "slides"
LARGEST = 8_000_000
"""Bytes of a film that still lies in the page; a larger one lies beside it."""
POLICY = (
    "default-src 'none'; img-src data:; media-src data: file: 'self'; font-src data:; style-src 'unsafe-inline'; "
    "script-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"
)
_MARKED = re.compile(rf"{MARK}(\d+)")
_SOURCE = re.compile(rf' src="{MARK}(\d+)"')


def presentation(
    deck: Deck, document: Document, settings: Settings, results: Results, read: Callable[[Blob], bytes]
) -> tuple[str, Mapping[str, Blob]]:
    """The page, and the films that lie beside it, by name."""
    source = read(document.html).decode()
    beside: dict[str, Blob] = {}
    addresses: dict[int, str] = {}

    def address(number: int) -> str:
        if number not in addresses:
            addresses[number] = _address(document.files[number], read, beside)
        return addresses[number]

    title = settings.lesson.title or deck_title(deck)
    source, shared = _shared(source)
    films = [_film(document, number) for number in range(len(document.films))]
    data = {
        "id": document.html.sha256[:16],
        "title": title,
        "size": [document.width, document.height],
        "total": deck.total,
        "steps": _steps(deck, document, settings, results),
        "films": films,
        "files": {str(number): address(number) for number in sorted({*shared, *(film["file"] for film in films)})},
    }
    program = page_file("slides.js")
    around = template("slides.html.j2").render(
        title=title,
        style=_safe(page_file("shadow.css")),
        data=_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),
        program=_safe(program),
    )
    fingerprint = base64.b64encode(hashlib.sha256(program.encode()).digest()).decode()
    size = f"{document.width}px {document.height}px"
    head = "".join(
        [
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(fingerprint=fingerprint)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n',
            *(
                f'<meta name="{name}" content="{html.escape(value)}">\n'
                for name, value in (("author", settings.lesson.author), ("description", settings.lesson.description))
                if value
            ),
            '<meta name="generator" content="deckcast">\n',
        ]
    )
    style = f"<style>\n{page_file('slides.css').replace('var(--deckcast-page, 1920px 1080px)', size)}</style>\n"
    source = with_labels(source, deck, document)
    parts = taken_apart(source)
    whole = [_MARKED.sub(lambda one: address(int(one[1])), part) for part in parts]
    return "".join([whole[0], "\n", head, whole[1], style, whole[2], "\n", around, whole[3]]), beside


def taken_apart(source: str) -> tuple[str, str, str, str]:
    """A document until its head begins, the head, the rest as far as the end of `main`, and what is behind that."""
    tags = [tag for tag in find_tags(source) if tag.name in ("head", "main")]
    begin = next(tag.end for tag in tags if tag.name == "head" and not tag.closing)
    close = next(tag.begin for tag in tags if tag.name == "head" and tag.closing)
    after = [tag.end for tag in tags if tag.name == "main" and tag.closing][-1]
    return source[:begin], source[begin:close], source[close:after], source[after:]


def with_labels(source: str, deck: Deck, document: Document) -> str:
    """The document, in which each section says which slide it is, and whether another step of the slide follows."""
    slides = slides_by_step(deck)
    steps = {name: index for index, name in document.sections}
    numbers = {step.index: step.number for step in deck.steps}
    parts: list[str] = []
    at = 0
    for tag in find_tags(source):
        if tag.name != "section" or tag.closing:
            continue
        name = next((one.value for one in tag.attributes if one.name == "id"), "")
        if name not in steps:
            continue
        slide = slides[steps[name]]
        label = f"Slide {numbers[steps[name]]} of {deck.total}" + (f": {slide.title}" if slide.title else "")
        passing = " data-passing" if steps[name] != slide.steps[-1].index else ""
        words = f' role="group" aria-roledescription="slide" aria-label="{html.escape(label)}"{passing}'
        end = tag.begin + len("<section")
        parts += [source[at:end], words]
        at = end
    return "".join([*parts, source[at:]])


def page_file(name: str) -> str:
    return (shipped() / "pages" / name).read_text(encoding="utf-8")


def template(name: str) -> Any:
    import jinja2

    loader = jinja2.FileSystemLoader(shipped() / "pages")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


def digests() -> list[str]:
    """Of all that stands around the slides."""
    names = ("slides.html.j2", "slides.css", "shadow.css", "slides.js")
    return [hashlib.sha256(page_file(name).encode()).hexdigest() for name in names]


def _safe(text: str) -> Any:
    """Text of ours that the template is to take as it is."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - our own files, and JSON without a `<`


def _steps(deck: Deck, document: Document, settings: Settings, results: Results) -> list[dict[str, Any]]:
    slides = slides_by_step(deck)
    steps = {step.index: step for step in deck.steps}
    return [
        {
            "id": name,
            "index": index,
            "number": steps[index].number,
            "name": steps[index].name,
            "slide": slides[index].index,
            "title": slides[index].title,
            "notes": notes(deck, steps[index], settings, results),
        }
        for index, name in document.sections
    ]


def _film(document: Document, number: int) -> dict[str, Any]:
    film = document.films[number]
    return {
        "section": film.section,
        "region": film.region,
        "file": film.file,
        "begin": film.begin,
        "end": film.end,
        "plays": film.plays,
        "muted": film.muted,
        "picture": document.files[film.file].media_type.startswith("image/"),
    }


def _shared(source: str) -> tuple[str, set[int]]:
    """The document with a number in the place of each picture that it shows more than once, and these numbers."""
    used = [int(one[1]) for one in _SOURCE.finditer(source)]
    shared = {number for number in used if used.count(number) > 1}

    def known(one: re.Match[str]) -> str:
        return f' data-file="{one[1]}"' if int(one[1]) in shared else one[0]

    return _SOURCE.sub(known, source), shared


def _address(file: Attached, read: Callable[[Blob], bytes], beside: dict[str, Blob]) -> str:
    if file.media_type.startswith(("video/", "audio/")) and file.content.size > LARGEST:
        name = f"{FOLDER}/film-{file.content.sha256[:12]}{_suffix(file.media_type)}"
        beside[name] = file.content
        return name
    kind = file.media_type.replace(" ", "")
    return f"data:{kind};base64,{base64.b64encode(read(file.content)).decode()}"


def _suffix(media_type: str) -> str:
    import mimetypes

    return mimetypes.guess_extension(media_type) or Path(media_type).name
