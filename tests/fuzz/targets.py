"""What is fuzzed: each target takes any bytes, as strangers' files may hold them, and does what a build does.

A target keeps what its name promises: `DeckcastError` is the only way out, and what goes round comes round. It
returns a text of all that came out, so that whoever calls it twice can compare. Shared by the quick tests
(`test_fuzz.py`), the long form (`run.py`), and `tests/benchmarks/fuzz_linear.py`.
"""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

import av
import numpy as np

from deckcast import checking, cleaning, config, cover, film, sound_file, standing
from deckcast.captions import cues, findings, flaws
from deckcast.captions.write import srt, vtt, words_vtt
from deckcast.course import entries
from deckcast.course.page import course_page
from deckcast.digest import sha256
from deckcast.engines import kokoro_files, piper_files, store_base, transformers_files
from deckcast.engines.kernel_messages import _png
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.store_sweep import sweep
from deckcast.errors import DeckcastError
from deckcast.htmltree import parse as tree
from deckcast.keep import asked, ledger_key
from deckcast.markup import Block, Dialect, Span, to_html, to_text
from deckcast.model import Deck, Output, Result, Where
from deckcast.parse import as_json, compose, script_of
from deckcast.project import Chapter
from deckcast.publish.page import words, words_language
from deckcast.render import ansi, css, pictures, svg
from deckcast.render.assets import Assets
from deckcast.render.outputs import unshown
from deckcast.render.sanitise import sanitised
from deckcast.render.tables import Table
from deckcast.render.tidy import tidy
from deckcast.run.cells import find
from deckcast.run.record import FORMAT, read, seal, write
from deckcast.settings import Settings, fields
from deckcast.sound import write_wav
from deckcast.spoken import read as read_notes
from deckcast.theme_settings import FILE, with_theme
from deckcast.trust import is_trusted
from publish.said import lesson, take

ROOT = Path(__file__).parents[2]
NAMES = tuple(name.partition(".")[2] for name in fields())
FOUND = Path(__file__).parent / "found"
"""Inputs that once went wrong, by target."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something of deckcast that reads what others wrote."""

    name: str
    work: Callable[[bytes], str]
    """What came out, or how it was refused. Raises what is a mistake of deckcast's."""
    seeds: Callable[[], Iterator[bytes]]
    """Good inputs to begin with."""


class BrokenPromise(AssertionError):
    """What came out is not as it must be."""


def promise(kept: object, what: str) -> None:
    if not kept:
        raise BrokenPromise(what)


def _refused(error: DeckcastError) -> str:
    promise(str(error).strip(), "an error without words")
    return "refused: " + "; ".join(f"{one.code} {one.message} {one.where} {one.hint}" for one in error.findings)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


# ── decks ────────────────────────────────────────────────────────────────────────────────────────


def _deck(data: bytes) -> str:
    """Parser, markup → HTML and → words."""
    text = _text(data)
    told = []
    for name in ("deck.md", "deck.html"):
        try:
            script = script_of([(name, text)])
            deck = compose(script)
        except DeckcastError as error:
            told.append(_refused(error))
            continue
        lines = text.removeprefix("\ufeff").split("\n")
        for where in (*(step.where for step in deck.steps), *(one.where for one in deck.findings if one.where)):
            promise(1 <= where.line <= len(lines), f"there is no line {where.line}")
        told.append(json.dumps(as_json(script)) + repr(deck.findings))
        told += [repr(to_html(step.content, Dialect.of(deck, Settings().slides))) for step in deck.steps]
        told += [repr(to_text(step.notes, Dialect.of(deck, Settings().slides))) for step in deck.steps]
    return "\n".join(told)


def _front_matter(data: bytes) -> str:
    """YAML at the top → options → settings."""
    try:
        script = script_of([("deck.md", _text(data))])
        settings = config.overlay(Settings(), config.from_options(script.options))
    except DeckcastError as error:
        return _refused(error)
    again = config.overlay(settings, config.from_options(script.options))
    promise(again == settings, "the same values laid twice give other settings")
    return repr((script.options, settings, script.findings))


def _cells(data: bytes) -> str:
    """Fences, their options, `#|` lines, inline values."""
    try:
        script = script_of([("deck.md", _text(data))], ROOT / "tests")
        found = find(compose(script), Settings())
    except DeckcastError as error:
        return _refused(error)
    return repr((found.cells, found.inlines, found.findings))


def _lesson(data: bytes) -> str:
    """All that `deckcast check` does without a browser: settings, cells, script, time, looks and rules of a deck."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        path = Path(place, "lesson", "presentation.md")
        path.parent.mkdir()
        path.write_bytes(data)
        try:
            checked = checking.check(Chapter("lesson", path, None), browser=False, output=Path(place, "output"))
        except DeckcastError as error:
            return _refused(error).replace(place, "")
        for one in checked.findings:
            promise(one.message and one.code, "a finding without words")
        return repr(checked.findings).replace(place, "")


# ── settings ─────────────────────────────────────────────────────────────────────────────────────


def _configuration(data: bytes) -> str:
    """`deckcast.toml` and `pyproject.toml`."""
    told = []
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        for name in ("deckcast.toml", "pyproject.toml"):
            path = Path(place, name)
            path.write_bytes(data)
            try:
                told.append(repr(config.overlay(Settings(), config.from_file(path))))
                told.append(repr(config.find_file(Path(place))))
            except DeckcastError as error:
                told.append(_refused(error))
        return "\n".join(told).replace(place, "")


def _theme(data: bytes) -> str:
    """`theme.toml`, and the name of a theme."""
    told = []
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        folder = Path(place, "themes", "own")
        folder.mkdir(parents=True)
        (folder / FILE).write_bytes(data)
        for name in ("own", _text(data)):
            try:
                values = with_theme([config.Value("slides.theme", name)], [Path(place)])
                told.append(repr(config.overlay(Settings(), values)))
            except DeckcastError as error:
                told.append(_refused(error))
        return "\n".join(told).replace(place, "")


def _language(data: bytes) -> str:
    """A language tag, as it reaches numbers, captions and the words of the page."""
    tag = _text(data)
    surface = words_language(tag)
    promise(words(surface), "the page has no words")
    script = read_notes(_blocks("On 27 March 2026, 3.5 km for € 20, z. B. at 12:30."), tag)
    _, timeline = lesson([("", take(1, "One two three, four five six."))])
    return repr((surface, script, cues(timeline, tag)))


# ── notes ────────────────────────────────────────────────────────────────────────────────────────


def _blocks(text: str) -> tuple[Block, ...]:
    return (Block("paragraph", (Span(text, "text", Where("deck.md", 1)),)),)


def _notes(data: bytes) -> str:
    """Notes with their marks → sentences, in languages of which much, little and nothing is known."""
    text = _text(data)
    try:
        deck = compose(script_of([("deck.md", f"# A\n\n???\n{text}")]))
    except DeckcastError as error:
        return _refused(error)
    told = []
    for language in ("en", "de", "ja", "xx"):
        for step in deck.steps:
            said = read_notes(to_text(step.notes, Dialect.of(deck, Settings().slides)), language)
            for sentence in said.sentences:
                promise(sentence.pause >= 0, "a pause of less than nothing")
                for begin, end, spoken, stop in sentence.tokens:
                    promise(0 <= begin <= end <= len(sentence.written), "a word that is not written")
                    promise(0 <= spoken <= stop <= len(sentence.spoken), "a word that is not spoken")
                promise(all(0 <= at <= len(sentence.written) for at in sentence.clicks), "a click outside its sentence")
            told.append(repr(said))
    return "\n".join(told)


def _lexicon(data: bytes) -> str:
    """The author's own pronunciations, and notes that hold their words."""
    text = _text(data)
    pairs = dict(line.split("=", 1) for line in text.split("\n") if "=" in line)
    told = []
    for value in (pairs, text):
        try:
            settings = config.overlay(Settings(), [config.Value("narration.lexicon", value)])
        except DeckcastError as error:
            told.append(_refused(error))
            continue
        lexicon = settings.narration.lexicon
        said = " ".join(word for word, _ in lexicon)
        told.append(repr(read_notes(_blocks(f"{said}. `{said}`, {said}'s."), "en", lexicon)))
    return "\n".join(told)


def _captions(data: bytes) -> str:
    """Sentences → captions and their files."""
    sentences = [line for line in _text(data).split("\n") if line.strip()]
    told = []
    for language in ("en", "ja", "ar"):
        _, timeline = lesson([("", take(1, *sentences, timed=language != "ja"))])
        found = cues(timeline, language)
        for before, after in itertools.pairwise(found):
            promise(before.start < before.stop <= after.start, "captions that overlap")
        marks = findings(flaws(found, language), _PLAIN_DECK, len(found))
        told += [repr(found), repr(marks), vtt(found), srt(found), words_vtt(found)]
    return "\n".join(told)


_PLAIN_DECK: Deck = compose(script_of([("deck.md", "# A")]))


# ── kept files ───────────────────────────────────────────────────────────────────────────────────


def _record(data: bytes) -> str:
    """`outputs/presentation.json`: as it is, and as one that somebody sealed."""
    told = []
    for text in dict.fromkeys((_text(data), _sealed(_text(data)))):
        try:
            record = read(text, lambda _name: None)
        except (ValueError, RecursionError) as error:  # what `Shelf.load` tells as damage
            told.append(type(error).__name__)
            continue
        again = read(write(record).text, lambda _name: None)
        whole = [number for number, one in enumerate(record.entries) if not one.damage]
        for number in whole:
            same = repr(again.entries[number]) == repr(record.entries[number])
            promise(same, "a record that is not read as it was written")
        promise(again.values == record.values, "values that are not read as they were written")
        told.append(repr(record))
        told += [repr(unshown(entry.result)) for entry in record.entries]
    return "\n".join(told)


def _sealed(text: str) -> str:
    try:
        body = json.loads(text)
        return json.dumps({"format": FORMAT, **body, "seal": seal(body)})
    except (ValueError, TypeError, KeyError, RecursionError):
        return text


def _manifest(data: bytes) -> str:
    """`manifest.json` of a lesson, by which lessons are found, cleaned and put on the course's page."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        folder = Path(place, "lesson")
        folder.mkdir()
        (folder / "index.html").write_text("x")
        (folder / "manifest.json").write_bytes(data)
        passed_over = entries.newer(Path(place))
        try:
            built = cleaning.lessons(Path(place))
        except DeckcastError as error:
            built = ()
            promise(passed_over, f"who reads manifests is not of one mind: {error}")
        for one in built:
            promise(
                all((folder / name).resolve().is_relative_to(folder.resolve()) for name in one.files), "a file outside"
            )
            promise(one.size >= 0, "a size of less than nothing")
        found = entries.gather(Path(place))
        page = course_page(found, Settings(), "") if found else ""
        return repr((built, found, page, passed_over)).replace(place, "")


def _kept(data: bytes) -> str:
    """Files in the output folder and in the user's own: answers, ledgers, what stands, whom one trusts."""
    told: list[object] = [store_base._format(data)]
    key = "0" * 64
    for body in (
        data,
        json.dumps({"sha256": sha256(data), "answer": data.decode("latin-1")}).encode(),
        _answer(key, data),
    ):
        store = MemoryStore()
        store.contents[f"answers/00/{key}.json"] = body
        told.append(store.get(key))
        with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
            path = Path(place, "answers", "00", f"{key}.json")
            path.parent.mkdir(parents=True)
            path.write_bytes(body)
            told.append(dataclasses.replace(sweep(Path(place), unused=1e9)))
    store = MemoryStore()
    ledger = ledger_key("lesson")
    store.contents[f"answers/{ledger[:2]}/{ledger}.json"] = _answer(ledger, data)
    told.append(asked(store, "lesson"))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        job = Chapter("lesson", Path(place, "lesson", "presentation.md"), None)
        path = Path(place, ".deckcast", "standing", "lesson.json")
        path.parent.mkdir(parents=True)
        text = _text(data)
        for body in (text, json.dumps({"sha256": sha256(text.encode()), "facts": text})):
            path.write_text(body, encoding="utf-8")
            told.append(standing.find(job, Path(place), "", {}, None))  # type: ignore[arg-type]
        trusted = Path(place, "deckcast", "trusted.json")
        trusted.parent.mkdir()
        trusted.write_bytes(data)
        before = os.environ.get("XDG_CONFIG_HOME")
        os.environ["XDG_CONFIG_HOME"] = place
        try:
            told.append(is_trusted(Path("/elsewhere/deck.md"), "0"))
            promise(not told[-1], "a file of nothing but noise trusts somebody")
        finally:
            if before is None:
                del os.environ["XDG_CONFIG_HOME"]
            else:
                os.environ["XDG_CONFIG_HOME"] = before
    return repr(told)


def _answer(key: str, data: bytes) -> bytes:
    """An answer's file that is whole, with facts that nobody foresaw."""
    try:
        facts = json.loads(data)
        body = json.dumps({"key": key, "facts": facts, "blobs": {}}, ensure_ascii=False)
        return json.dumps({"sha256": sha256(body.encode()), "answer": body}).encode()
    except (ValueError, RecursionError):
        return data


# ── what is drawn ────────────────────────────────────────────────────────────────────────────────


def _svg(data: bytes) -> str:
    """Drawings of others: what is left of them is XML, draws, and stays as it is when it is read again."""
    try:
        drawing = svg.write(svg.read(_text(data)), "p", scoped=False, alt="x")
    except svg.SvgError as error:
        promise(str(error), "an error without words")
        return f"refused: {error} {error.line} {error.column}"
    promise(not re.search(r"<(?:script|foreignObject|iframe)\b|\son\w+=|javascript:", drawing.html), "what draws not")
    parser = expat.ParserCreate()
    parser.Parse(drawing.html, True)
    return repr(drawing)


def _css(data: bytes) -> str:
    """Files that style sheets name, and style sheets in the place of their imports."""
    text = _text(data)
    found = list(css.named(text))
    for one in found:
        promise(0 <= one.offset <= len(text), "an address outside its text")
    asked: list[str] = []

    def same(url: str) -> str:
        asked.append(url)
        return url

    kept = css.replaced(text, same, lambda _url: "")
    promise([one.url for one in found if not one.sheet] == asked, "`replaced` finds other files than `named`")
    return repr((found, kept))


def _html(data: bytes) -> str:
    """HTML that code put out, and HTML of decks."""
    text = _text(data)
    clean = sanitised(text)
    promise(not re.search(r"<(?!/?(?:[bpqisu]|[a-z0-9]{2,})\b)", clean), "a bracket that is no tag")
    promise(
        not re.search(r"<(?:script|style|iframe|img|svg|a|form)\b|<\w+ [^>]*(?:on\w+|href|src)=", clean), "too much"
    )
    promise(tree(sanitised(clean)).text() == tree(clean).text(), "words that are lost when it is sanitised again")
    told = [clean, repr(tidy(text))]
    for node in tree(text).walk():
        if node.tag == "table":
            table = Table(node)
            told += [repr(table.height), repr(table.to_html(5, 400))]
    return "\n".join(told)


def _terminal(data: bytes) -> str:
    """What programs write into a terminal."""
    text = _text(data)
    lines = ansi.read(text)
    clean = [ansi.to_html(line) for line in lines]
    promise(not re.search(r"<(?!/?span)", "".join(clean)), "a tag of the program's own")
    result = Result(
        outputs=(Output("stdout", (("text/plain", text),)), Output("result", (("application/json", text),)))
    )
    return repr((clean, ansi.plain(text), [ansi.length(line) for line in lines], unshown(result)))


# ── pictures, films, sounds, models ──────────────────────────────────────────────────────────────


def _picture(data: bytes) -> str:
    """Pictures of cells, of slides and for the cover: what is shown was read to its end."""
    told: list[object] = []
    for media_type in ("image/png", "image/jpeg", "image/svg+xml"):
        found = pictures.find(Output("display", ((media_type, data),)))
        promise(found is None or min(found[2]) > 0, "a picture without a size")
        told.append(found)
    told.append(cover.fitted(data))
    told.append(_png(data))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        for name in ("a.png", "a.jpg", "a.gif", "a.webp", "a.svg"):
            path = Path(place, name)
            path.write_bytes(data)
            assets = Assets(Path(place), None)  # type: ignore[arg-type]  # no theme is asked for files of its own
            try:
                assets.check(path, None)
                told += [assets.size(path), assets.colours(path)]
                promise(name == "a.svg" or (told[-2] and told[-1]), "a good picture without pixels")
            except DeckcastError as error:
                told.append(_refused(error))
            told += [film.is_film(path), assets.aspect(path)]
        return repr(told).replace(place, "")


def _film(data: bytes) -> str:
    """Films and moving pictures: how long they are, and what they show at their beginning and end."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        told: list[object] = []
        for name in ("a.mp4", "a.gif"):
            path = Path(place, name)
            path.write_bytes(data)
            try:
                about = film.about(path)
                promise(about.seconds > 0, "a film that lasts no time")
                told += [about, sha256(film.poster(data, 0.0)), sha256(film.poster(data, about.seconds))]
            except film.TroubleError as error:
                promise(str(error), "an error without words")
                told.append(str(error))
        return repr(told)


def _sound(data: bytes) -> str:
    """Recordings of the author's own, and music."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        path = Path(place, "a.wav")
        path.write_bytes(data)
        try:
            return repr([run.tobytes() for run in sound_file.decoded(path, "a.wav")])
        except DeckcastError as error:
            return _refused(error)


def _voices(data: bytes) -> str:
    """What lies beside the weights of neural voices."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        folder = Path(place)
        for name in ("en_US-a-low.onnx", "kokoro-v1.0.onnx", "model.safetensors"):
            (folder / name).write_bytes(b"0")
        for name in ("en_US-a-low.onnx.json", "voices-v1.0.bin", "config.json", "tokenizer_config.json", "README.md"):
            (folder / name).write_bytes(data)
        told = [
            repr(piper_files.read(folder / "en_US-a-low.onnx")),
            repr(kokoro_files.read(folder / "kokoro-v1.0.onnx", folder / "voices-v1.0.bin")),
            repr(transformers_files.read(folder, "a/b")),
        ]
        return "\n".join(told).replace(place, "")


# ── seeds ────────────────────────────────────────────────────────────────────────────────────────


@cache
def _decks() -> tuple[str, ...]:
    places = [*(ROOT / "chapters").glob("*/presentation.md"), ROOT / "templates" / "starter" / "presentation.md"]
    return tuple(path.read_text(encoding="utf-8") for path in sorted(places))


@cache
def _probes() -> tuple[str, ...]:
    """The decks of the conformance tests."""
    told = json.loads((ROOT / "tests" / "conformance" / "probes.json").read_text(encoding="utf-8"))
    return tuple(_strings(told))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _slides() -> Iterator[str]:
    for deck in _decks():
        top, *slides = deck.split("\n---\n")
        yield top
        yield from (slide for slide in slides if len(slide) < 3_000)


def _seeds_of_decks() -> Iterator[bytes]:
    yield from (text.encode() for text in _slides())
    yield from (text.encode("utf-8", "replace") for text in _probes() if len(text) < 2_000)


def _seeds_of_notes() -> Iterator[bytes]:
    yield from (slide.partition("\n???\n")[2].encode() for slide in _slides() if "\n???\n" in slide)


def _seeds_of_fences() -> Iterator[bytes]:
    yield from (slide.encode() for slide in _slides() if "```" in slide)
    for path in sorted((ROOT / "tests" / "run" / "cases").glob("*.md")):
        yield from (part.encode() for part in path.read_text(encoding="utf-8").split("\n§ "))


def _seeds_of_front_matter() -> Iterator[bytes]:
    yield from (
        b"---" + deck.encode().partition(b"---")[2].partition(b"\n---\n")[0] + b"\n---\n# A" for deck in _decks()
    )
    for name in NAMES:
        yield f"---\n{name}: a\n---\n# A".encode()


def _seeds_of_settings() -> Iterator[bytes]:
    yield from (
        path.read_bytes() for path in (ROOT / "pyproject.toml", ROOT / "templates" / "starter" / "deckcast.toml")
    )
    yield from (f"{name} = 1\n".encode() for name in NAMES)


def _seeds_of_records() -> Iterator[bytes]:
    for path in sorted((ROOT / "chapters").glob("*/outputs/presentation.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        for number in (0, 1, 5):
            kept = {name: value[number : number + 1] for name, value in told["measured"].items() if name != "dates"}
            cells = told["cells"][number : number + 1]
            few = {
                **told,
                "cells": cells,
                "measured": {**kept, "dates": told["measured"]["dates"]},
                "inlines": told["inlines"][:1],
            }
            yield json.dumps(few, ensure_ascii=False).encode()


_MANIFEST: dict[str, Any] = {
    "title": "A", "settings": {"lesson": {"description": "", "language": "en", "date": "2026"}},
    "steps": [{"title": "A", "slide": 1, "start": 0, "narration": {"text": "One two."}}],
    "video": {"seconds": 3.5}, "files": {"lesson.mp4": {"size": 3}}, "accent": ["#000000", "#ffffff"],
}  # fmt: skip


def _seeds_of_manifests() -> Iterator[bytes]:
    yield json.dumps(_MANIFEST).encode()


def _seeds_of_kept() -> Iterator[bytes]:
    yield b'{"asked": {"picture": ["frame-1", [["html", "0"]]]}}'
    yield b'{"inputs": "0", "outputs": [], "browser": [[], ""], "voices": [], "references": [], "lesson": {}}'
    yield b'{"version": 1, "decks": {"/a/deck.md": ["1"]}}'


def _seeds_of_drawings() -> Iterator[bytes]:
    for path in sorted((ROOT / "chapters").rglob("*.svg"))[:20]:
        if path.stat().st_size < 20_000:
            yield path.read_bytes()
    yield b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><style>.a{fill:red}</style><g id="a"/></svg>'


def _seeds_of_sheets() -> Iterator[bytes]:
    for path in sorted((ROOT / "templates" / "themes").rglob("*.css")):
        yield path.read_bytes()[:3_000]
    yield b'@import "a.css" layer(x) supports(display: grid) print; a { b: url("c\\26.png") }'


def _seeds_of_html() -> Iterator[bytes]:
    for record in _seeds_of_records():
        yield from (text.encode() for text in _strings(json.loads(record)) if "<" in text)
    yield b"<table><thead><tr><th>a<th>b</thead><tr><td colspan=2>1<script>x</script></table><p>a<b>c</p>"


def _seeds_of_terminals() -> Iterator[bytes]:
    yield from (
        b"\x1b[31mred\x1b[0m plain\r\n",
        b"\x1b[1;38;5;200mx\x1b[48;2;1;2;3my\x1b[K",
        b"50%\r100%\n",
        b'{"a": [1]}',
    )


def _seeds_of_pictures() -> Iterator[bytes]:
    from PIL import Image

    few = [Image.new("RGB", (5, 4), colour) for colour in ("red", "blue", "white")]
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP"):
        file = io.BytesIO()
        few[0].save(file, kind)
        yield file.getvalue()
    for kind in ("GIF", "PNG", "WEBP"):
        file = io.BytesIO()
        few[0].save(file, kind, save_all=True, append_images=few[1:], duration=40, loop=1)
        yield file.getvalue()
    for mode in ("P", "1", "I;16", "LA"):
        file = io.BytesIO()
        few[0].convert("L" if mode in ("I;16", "LA") else mode).convert(mode).save(file, "PNG")
        yield file.getvalue()
    yield from itertools.islice(_seeds_of_drawings(), 2)


def _seeds_of_films() -> Iterator[bytes]:
    yield from itertools.islice(_seeds_of_pictures(), 5, 8)
    for kind, codec in (("mp4", "libx264"), ("webm", "libvpx-vp9")):
        yield _written(kind, codec, lambda: av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), "rgb24"))


def _seeds_of_sounds() -> Iterator[bytes]:
    yield write_wav(b"\0\1" * 300, 22_050)
    for kind, codec in (("flac", "flac"), ("mp3", "libmp3lame"), ("mp4", "aac"), ("ogg", "libopus")):
        yield _written(kind, codec, lambda: av.AudioFrame.from_ndarray(np.zeros((1, 1920), np.int16), "s16", "mono"))


def _written(kind: str, codec: str, frame: Callable[[], Any]) -> bytes:
    """A file of three pictures or three runs of samples."""
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as container:
        stream: Any
        if "v" in codec[:4] or codec == "libx264":
            stream = container.add_stream(codec, rate=25)
            stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        else:
            stream = container.add_stream(codec, rate=48_000)
        for number in range(3):
            one = frame()
            one.pts = number * getattr(one, "samples", 1)
            if hasattr(one, "sample_rate"):
                one.sample_rate = 48_000
            container.mux(stream.encode(one))
        container.mux(stream.encode(None))
    return file.getvalue()


_PIPER: dict[str, Any] = {
    "audio": {"sample_rate": 16000, "quality": "low"}, "espeak": {"voice": "en-us"}, "num_symbols": 3,
    "num_speakers": 2, "speaker_id_map": {"a": 0, "b": 1}, "phoneme_type": "espeak", "language": {"code": "en_US"},
    "phoneme_id_map": {"_": [0], "^": [1], "$": [2]}, "model_type": "vits", "num_speakers_": 1,
}  # fmt: skip


def _seeds_of_voices() -> Iterator[bytes]:
    yield json.dumps(_PIPER).encode()
    yield b'{"model_type": "vits", "num_speakers": 3, "language": "eng"}'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("af_heart.npy", b"0")
    yield file.getvalue()
    yield b"---\nlicense: mit\n---\n"


def _one(*texts: str) -> Callable[[], Iterator[bytes]]:
    return lambda: (text.encode() for text in texts)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("deck", _deck, _seeds_of_decks),
        Target("front_matter", _front_matter, _seeds_of_front_matter),
        Target("configuration", _configuration, _seeds_of_settings),
        Target(
            "theme",
            _theme,
            _one('transition = "fade"', "transition_seconds = 1", "light", "[slides]\ntransition = 'cut'"),
        ),
        Target("language", _language, _one("en", "de-AT", "ja", "ar", "pt_BR", "zh-Hans", "xx")),
        Target("cells", _cells, _seeds_of_fences),
        Target("notes", _notes, _seeds_of_notes),
        Target(
            "lexicon", _lexicon, _one("BERT=burt", "C++=see plus plus, a = b", "GPT=/dʒiːpiːtiː/", "tanh=tanch /tæntʃ/")
        ),
        Target("captions", _captions, _seeds_of_notes),
        Target("record", _record, _seeds_of_records),
        Target("manifest", _manifest, _seeds_of_manifests),
        Target("kept", _kept, _seeds_of_kept),
        Target("svg", _svg, _seeds_of_drawings),
        Target("css", _css, _seeds_of_sheets),
        Target("html", _html, _seeds_of_html),
        Target("terminal", _terminal, _seeds_of_terminals),
        Target("picture", _picture, _seeds_of_pictures),
        Target("film", _film, _seeds_of_films),
        Target("sound", _sound, _seeds_of_sounds),
        Target("voices", _voices, _seeds_of_voices),
        Target("lesson", _lesson, _seeds_of_decks),
    )
}
