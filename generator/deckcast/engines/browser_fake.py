"""A browser for tests: it draws each section's colour and remembers what it was asked.

Equal sections give equal pictures and different ones different pictures, at the right size, without a browser.
"""

from __future__ import annotations

import hashlib
import html
import io
import posixpath
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from deckcast.errors import BrowserError
from deckcast.htmltokens import End, Start, tokens
from deckcast.model import Region
from deckcast.ports import Bench, Done, Page, Paper, Resources, Shot


class FakeBrowser:
    """A `Browser` without one. `broken` makes it fail at the section of that id, `does` is what its benches do."""

    def __init__(self, *, identity: str = "fake 1", broken: str = "", does: Callable[[Any], Any] | None = None) -> None:
        self.identity = identity
        self.shown: list[str] = []
        """The `id` of every section it photographed."""
        self.pages: list[Page] = []
        self.jobs: list[Any] = []
        """Every job that a bench was given."""
        self.papers: list[Paper] = []
        self.closed = False
        self._does = does or make
        self._broken = broken

    def shoot(self, page: Page, resources: Resources) -> Generator[Shot, None, None]:
        self.pages.append(page)
        reader = _Reader()
        reader.read(page.html)
        for name in page.sections:
            if name == self._broken:
                raise BrowserError("the browser failed", hint="it was told to")
            section = reader.sections[name]
            failed = tuple(path for path in map(_path, section.asked) if path and resources.get(path) is None)
            self.shown.append(name)
            png, words = _picture(section.source, page), " ".join(section.words)
            asked = name in page.measured
            yield Shot(
                name,
                png,
                words,
                failed,
                regions=_regions(section, page) if asked else (),
                painted=_painted(section, page) if asked else (),
                untyped=_untyped(section, page) if asked else b"",
                attributes=(("style", section.style),) if section.style else (),
                shrunk=(1.0,) * section.shrinking,
            )

    def work(self, bench: Bench, jobs: Sequence[Any], resources: Resources) -> Generator[Done, None, None]:
        for job in jobs:
            self.jobs.append(job)
            try:
                yield Done(self._does(job))
            except Exception as error:
                yield Done(trouble=str(error))

    def print(self, paper: Paper, resources: Resources) -> bytes:
        self.papers.append(paper)
        return printed(paper.html, f"D:20260102030{len(self.papers) % 10}00Z")

    def close(self) -> None:
        self.closed = True


def printed(source: str, moment: str) -> bytes:
    """An empty page for each `<section>`, the document's title, and an outline of its headings."""
    from pypdf import PdfWriter
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter()
    title = re.search(r"<title>(.*?)</title>", source, re.DOTALL)
    language = re.search(r'<html[^>]* lang="([^"]*)"', source)
    for found in re.finditer(r"<section\b|<h[1-6][^>]*>(.*?)</h[1-6]>", source, re.DOTALL):
        if found[1] is None:
            writer.add_blank_page(width=720, height=405)
        elif writer.pages:
            words = html.unescape(re.sub(r"<[^>]*>", "", found[1]))
            writer.add_outline_item(title=" ".join(words.split()), page_number=len(writer.pages) - 1)
    writer.add_metadata({"/Title": html.unescape(title[1]) if title else "", "/CreationDate": moment})
    writer.root_object[NameObject("/Lang")] = TextStringObject(language[1] if language else "")
    writer.root_object[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


_KNOWN = re.compile(r"\\(alpha|begin|end|frac|int|left|mathbb|mathbf|right|sqrt|sum|text|theta|times)")
"""The only commands that it takes for TeX's own."""


def make(job: Any) -> Any:
    """What a bench's script would answer, in its shape, though no letter of it is set."""
    if "source" in job:
        return _diagram(job["source"], job["colours"])
    tex = job["tex"]
    unknown = [
        found
        for found in re.finditer(r"\\[A-Za-z]+", tex)
        if not _KNOWN.fullmatch(found[0]) and found[0] not in job["macros"]
    ]
    if unknown:
        return {"error": f"Undefined control sequence: {unknown[0][0]}", "position": unknown[0].start()}
    if tex.count("{") > tex.count("}"):
        return {"error": "Expected '}', got 'EOF' at end of input", "position": len(tex)}
    words = html.escape(tex, quote=False)
    return {
        "html": f'<span class="katex"><span class="katex-mathml"><math><mtext>{words}</mtext></math></span>'
        f'<span class="katex-html" aria-hidden="true" data-ink>{words}</span></span>'
    }


def _diagram(source: str, colours: Any) -> Any:
    """Each word of a flowchart below the other; no other kind is known."""
    if not source.lstrip().startswith("flowchart"):
        return {"error": f"No diagram type detected matching given configuration for text: {source}"}
    words = re.findall(r"\w+", source)[1:]
    text = "".join(
        f'<text id="w{at}" y="{16 * at}" fill="{colours["text"]}">{word}</text>' for at, word in enumerate(words)
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" id="diagram" viewBox="0 0 160 {16 * len(words) + 16}">{text}</svg>'
    return {"svg": svg, "kind": "flowchart-v2", "letters": [[16, len(word), word] for word in words]}


class _Section:
    def __init__(self) -> None:
        self.source = ""
        self.words: list[str] = []
        self.asked: list[str] = []
        self.regions: list[tuple[str, bool]] = []
        """(name, whether it is a picture)."""
        self.opened = False
        self.typed: list[tuple[str, list[str]]] = []
        """(name, its lines)."""
        self.style = ""
        """With the first of the values that its `data-fit` names: everything has room."""
        self.shrinking = 0


class _Reader:
    """The `<section>`s of a page that have an id, what they say and which pictures they ask for."""

    def __init__(self) -> None:
        self.sections: dict[str, _Section] = {}
        self._open: list[str] = []
        self._hidden = 0
        self._now: _Section | None = None
        self._typing = False

    def read(self, source: str) -> None:
        for token in tokens(source):
            if isinstance(token, Start):
                self._start(token)
                if token.stroke:
                    self._end(token.tag)
            elif isinstance(token, End):
                self._end(token.tag)
            else:
                self._text(token.words)

    def _start(self, token: Start) -> None:
        tag, values = token.tag, token.attrs
        if tag == "section" and self._now is None:
            self._now = self.sections[values.get("id") or ""] = _Section()
            self._now.style = _first_values(values.get("data-fit") or "")
            self._open, self._hidden = [], 0
        if self._now is None:
            return
        self._now.source += token.source
        if "data-region" in values:
            self._now.regions.append((values["data-region"] or "", tag in ("img", "video")))
        self._now.shrinking += "data-shrink" in values
        self._now.opened = self._now.opened or "data-opening" in values
        if "data-typed" in values:
            self._now.typed.append((values["data-typed"] or "", []))
        if tag == "code":
            self._typing = "data-typed" in values
        if self._typing and (values.get("class") or "").startswith("remark-code-line"):
            self._now.typed[-1][1].append("")
        if tag == "img":
            self._now.asked.append(values.get("src") or "")
        if tag not in ("img", "br", "hr", "source", "input", "wbr"):
            self._open.append(tag)
            said = values.get("data-words")
            if said and not self._hidden:
                self._now.words.append(said)
            if (said or values.get("aria-hidden") == "true") and not self._hidden:
                self._hidden = len(self._open)

    def _text(self, data: str) -> None:
        if self._now is not None:
            self._now.source += data
            if self._typing and self._now.typed[-1][1]:
                self._now.typed[-1][1][-1] += data
            if data.strip() and not self._hidden:
                self._now.words.append(data.strip())

    def _end(self, tag: str) -> None:
        self._typing = self._typing and tag != "code"
        while self._now is not None and tag in self._open:
            if self._hidden == len(self._open):
                self._hidden = 0
            if self._open.pop() == tag:
                break
        if tag == "section" and not self._open:
            self._now = None


def _first_values(fit: str) -> str:
    lists = [words for words in map(str.split, fit.split(";")) if len(words) > 1]
    return "; ".join(f"{name}: {value.partition('@')[0]}" for name, value, *_ in lists)


def _path(url: str) -> str:
    """What Chromium would ask for; empty for what needs no request."""
    if url.startswith("data:") or not url:
        return ""
    if "://" in url:
        return url
    path = unquote(urlsplit(url).path)
    return path if path.startswith("/") else posixpath.normpath(f"/deck/{path}")


def _picture(source: str, page: Page) -> bytes:
    from PIL import Image

    colour = hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()
    size = (round(page.width * page.scale), round(page.height * page.scale))
    file = io.BytesIO()
    Image.new("RGB", size, (colour[0], colour[1], colour[2])).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _regions(section: _Section, page: Page) -> tuple[Region, ...]:
    """Boxes one below the other, in the middle half of the stage."""
    width, height = page.width * page.scale, page.height * page.scale
    row = height / max(len(section.regions), 1)
    found: list[Region] = []
    for number, (name, picture) in enumerate(section.regions):
        box = (round(width / 4, 3), round(row * number, 3), round(width / 2, 3), round(row, 3))
        if name.startswith("part/"):
            found.append(Region(name, *box, colour="#1d5fd1"))
        else:
            found += [Region(named, *box) for named in ([name, f"{name}/whole"] if picture else [name])]
    return (*found, *_typed(section, width, height))


def _typed(section: _Section, width: float, height: float) -> Iterator[Region]:
    """Lines one below the other in the left quarter of the stage, each as if it had 40 letters."""
    count = sum(max(len(lines), 1) for _, lines in section.typed)
    number = 0
    for name, lines in section.typed:
        for at, line in enumerate(lines, 1):
            left = len(line) - len(line.lstrip())
            edges = [round(width / 160 * (letter + side), 3) for letter in range(left, len(line)) for side in (0, 1)]
            top = round(height / count * number, 3)
            box = 0.0, top, round(width / 4, 3), round(height / count, 3)
            yield Region(f"{name}/{at}", *box, colour="#1d5fd1", edges=tuple(edges))
            number += 1
        if not lines:
            yield Region(name, 0.0, round(height / count * number, 3), round(width / 4, 3), round(height / count, 3))
            number += 1


def _untyped(section: _Section, page: Page) -> bytes:
    """The section with white where something is typed."""
    from PIL import Image

    if not section.typed:
        return b""
    with Image.open(io.BytesIO(_picture(section.source, page))) as image:
        for region in _typed(section, page.width * page.scale, page.height * page.scale):
            right, bottom = round(region.left + region.width), round(region.top + region.height)
            image.paste("white", (round(region.left), round(region.top), right, bottom))
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _painted(section: _Section, page: Page) -> tuple[bytes, ...]:
    """The section with its regions black, white and as the rest of it."""
    from PIL import Image

    if not section.opened:
        return ()
    whole = _picture(section.source, page)
    made = []
    for colour in ("black", "white"):
        with Image.open(io.BytesIO(whole)) as image:
            for region in _regions(section, page):
                left, top = round(region.left), round(region.top)
                right, bottom = round(region.left + region.width), round(region.top + region.height)
                image.paste(colour, (left, top, right, bottom))
            file = io.BytesIO()
            image.save(file, "PNG", compress_level=1)
        made.append(file.getvalue())
    return (*made, whole)
