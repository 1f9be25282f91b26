"""The page of all slides as a value: nothing in it is measured any more, and its files are known by their content."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

from deckcast.digest import Question
from deckcast.keep import Keeper
from deckcast.markup.tags import FILES, Attribute, Tag, find_tags
from deckcast.model import MARK, Attached, Document, Played
from deckcast.ports import Answer, Resource, Resources
from deckcast.render import css
from deckcast.render.assets import media_type
from deckcast.render.compose import Picture

KIND = "document-3"
"""Raise the number when the same slides become another document."""
SLOT = "document"
ORIGIN = "http://deck.invalid"
HOME = f"{ORIGIN}/deck/"
"""Where addresses on slides begin, as `ports.Page` says."""
NOTHING = "data:,"
_CANDIDATE = re.compile(r"(?:^|(?<=[\s,]))[^\s,](?:\S*[^\s,])?")
_SIZE = re.compile(r"\d+(?:\.\d+)?[xwh]")
"""Behind an address in a `srcset`: for which screens it is."""
_MEASURING = frozenset({"data-fit", "data-fit-of", "data-room", "data-safe", "data-shrink"})


def document(
    shown: Sequence[tuple[Picture, Question, Answer]],
    page: Callable[[], str],
    size: tuple[int, int],
    resources: Resources,
    keeper: Keeper,
) -> Document:
    """The document of these steps, kept or made now; `page` writes the theme's document with their sections.

    Each comes with the question that was asked about its picture, which holds all that the section depends on, and
    with its answer.
    """
    settings = [(answer.facts["attributes"], answer.facts["shrunk"]) for _, _, answer in shown]
    sections = [(picture.step.index, picture.section.id) for picture, *_ in shown]
    question = Question.of(
        KIND,
        sections=sections,
        pictures=[question.key for _, question, _ in shown],
        settings=settings,
    )
    answer = keeper.find_part(question)
    if answer is None:
        inlined = _Inlined(resources)
        source = inlined.page(_set(page(), {name: one for (_, name), one in zip(sections, settings, strict=True)}))
        blobs = {str(number): one.body for number, one in enumerate(inlined.files)}
        facts = {"types": [one.media_type for one in inlined.files]}
        answer = keeper.keep_part(question, facts, {"html": source.encode("utf-8", "replace"), **blobs})
    types: list[str] = answer.facts["types"]
    files = [Attached(kind, answer.blobs[str(number)]) for number, kind in enumerate(types)]
    films: list[Played] = []
    for picture, _, kept in shown:
        for film, about in zip(picture.films, kept.facts.get("films", ()), strict=True):
            file = Attached(media_type(film.path), kept.blobs[film.name])
            if file not in files:
                files.append(file)
            films.append(
                Played(
                    picture.section.id,
                    film.name,
                    files.index(file),
                    film.begin,
                    min(film.end or about["seconds"], about["seconds"]),
                    about["plays"] if film.plays is None else film.plays,
                    film.sound == "muted" or not about["sounds"],
                )
            )
    return Document(answer.blobs["html"], tuple(files), tuple(sections), *size, tuple(films))


_Settings: TypeAlias = Mapping[str, tuple[Sequence[tuple[str, str]], Sequence[float]]]
"""What measuring set at each section, by `id`: its attributes, and how its parts are shrunk."""


def _set(page: str, settings: _Settings) -> str:
    """The page with its sections set: in the place of what is to be measured stands what was found."""
    edits: list[tuple[int, int, str]] = []
    shrunk: list[float] = []
    for tag in _elements(page):
        values = {one.name: one.value for one in tag.attributes}
        new: dict[str, str] = {}
        if tag.name == "section" and values.get("id") in settings:
            attributes, parts = settings[values["id"]]
            new, shrunk = dict(attributes), list(parts)
        elif "data-shrink" in values and shrunk:
            before = values.get("style", "").strip().rstrip(";")
            new = {"style": "; ".join([*([before] if before else []), f"--shrink: {shrunk.pop(0):g}"])}
        if new or not _MEASURING.isdisjoint(values):
            gone = _MEASURING | set(new)
            edits += [(*_all_of(page, tag, one), "") for one in tag.attributes if one.name in gone]
            text = "".join(f' {name}="{html.escape(value)}"' for name, value in new.items())
            at = tag.begin + 1 + len(tag.name)
            edits.append((at, at, text))
    return _edited(page, edits)


class _Inlined:
    """Puts files into a page."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._marks: dict[str, str] = {}
        self._sheets: list[str] = []
        self.files: list[Resource] = []

    def page(self, source: str) -> str:
        """The page with its style sheets in it, and marks in the place of the addresses of all other files.

        What nobody answers for is named no more: a page that is opened from a disk would look for it there, or, as
        `//host/share` on Windows, ask that host for it and send a proof of who asks.
        """
        edits: list[tuple[int, int, str]] = []
        for tag in _elements(source):
            if tag.name == "style":
                end = source.lower().find("</style", tag.end)
                end = len(source) if end < 0 else end
                edits.append((tag.end, end, self._css(source[tag.end : end], HOME)))
                continue
            values = {one.name: one.value for one in tag.attributes}
            if tag.name == "link":
                if "stylesheet" in values.get("rel", "").lower().split():
                    sheet = self._sheet(urljoin(HOME, values.get("href", "")))
                    edits.append((tag.begin, tag.end, f"<style>\n{sheet}\n</style>"))
                continue
            for one in tag.attributes:
                new = self._attribute(tag.name, one.name, one.value)
                if new != one.value:
                    begin, end = _all_of(source, tag, one)
                    edits.append((begin, end, f' {one.name}="{html.escape(new)}"'))
        return _edited(source, edits)

    def _attribute(self, tag: str, name: str, value: str) -> str:
        if name == "style":
            return self._css(value, HOME) if "url(" in value.lower() else value
        if name == "srcset" and tag in ("img", "source"):
            return _CANDIDATE.sub(lambda one: one[0] if _SIZE.fullmatch(one[0]) else self._file(one[0], HOME), value)
        return self._file(value.strip(), HOME) if (tag, name) in FILES else value

    def _css(self, text: str, base: str) -> str:
        return css.replaced(text, lambda url: self._named(url, base), lambda url: self._sheet(urljoin(base, url)))

    def _named(self, url: str, base: str) -> str:
        """The mark of a file that a style sheet names; one that is not there is empty.

        Style sheets of fonts name formats that nobody needs any more.
        """
        new = self._file(url, base)
        return new if new != url or url.startswith(("#", "data:")) else NOTHING

    def _sheet(self, address: str) -> str:
        path = _path(address)
        found = self._resources.get(path) if path and address not in self._sheets else None
        if found is None:
            return ""
        self._sheets.append(address)
        try:
            return self._css(found.body.decode("utf-8-sig", "replace"), address)
        finally:
            self._sheets.pop()

    def _file(self, url: str, base: str) -> str:
        """The mark of a file, and with it what the address names in it: `#part`."""
        address = _joined(base, url)
        path = _path(address)
        if not path:
            return url if url.startswith(("#", "data:")) or not url else NOTHING
        if path not in self._marks:
            found = self._resources.get(path)
            if found is None:
                return NOTHING
            self._marks[path] = f"{MARK}{len(self.files)}"
            self.files.append(found)
        part = urlsplit(address).fragment
        return f"{self._marks[path]}#{part}" if part else self._marks[path]


def _joined(base: str, url: str) -> str:
    try:
        return url if url.startswith("#") else urljoin(base, url)
    except ValueError:  # such as brackets where a host would stand
        return ""


def _path(address: str) -> str:
    """What the page asks for, if that is one of its own files."""
    return unquote(urlsplit(address).path) if address.startswith(f"{ORIGIN}/") else ""


def _elements(source: str) -> Iterable[Tag]:
    """Where elements begin; what looks so in style sheets is left out."""
    raw = False
    for tag in find_tags(source):
        if tag.name == "style":
            raw = not tag.closing
            if raw:
                yield tag
        elif not raw and not tag.closing and tag.name != "!":
            yield tag


def _all_of(source: str, tag: Tag, attribute: Attribute) -> tuple[int, int]:
    """Where an attribute begins, blanks before it included, and where it ends."""
    begin = attribute.begin
    if source[begin - 1 : begin] in ('"', "'") and source[: begin - 1].rstrip().endswith("="):
        end = source.find(source[begin - 1], begin) + 1
    else:
        bare = re.compile(r"[^\s>]*").match(source, begin)
        end = bare.end() if bare and source[:begin].rstrip().endswith("=") else begin
    head = source[tag.begin : begin]
    name = re.compile(rf"[\s/]*{re.escape(attribute.name)}(\s*=\s*[\"']?)?$", re.IGNORECASE).search(head)
    return tag.begin + (name.start() if name else len(head)), end


def _edited(source: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = 0
    for begin, end, text in sorted(edits):
        parts += [source[at:begin], text]
        at = end
    return "".join([*parts, source[at:]])
