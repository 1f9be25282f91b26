"""Pages for viewers, each one file: its style sheet, script and letters stand inside, so that it works from a disk.

Whatever a page holds is in `templates/pages/`: `NAME.html.j2`, style sheets, scripts, the words of the surface in some
languages (`words/`), and parts of the slides' fonts (`fonts/`). This file puts them together and says, in a content
security policy, that nothing else may run or be fetched.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from deckcast.captions.limits import family, is_right_to_left
from deckcast.digest import digest, sha256
from deckcast.errors import TemplateError
from deckcast.theme import is_there, shipped

if TYPE_CHECKING:
    from markupsafe import Markup

WORDS = "en"
"""The language of the surface where the lesson's own has no words."""
_FONTS = (
    ("Inter", "inter-latin", "U+0000-00FF, U+0131, U+0152-0153, U+0160-0161, U+0178, U+017D-017E, U+2000-22FF"),
    ("Inter", "inter-ext", "U+0100-0130, U+0132-0151, U+0154-015F, U+0162-0177, U+0179-017C, U+017F-036F, U+1E00-1EFF"),
    ("Inter", "inter-greek", "U+0370-03FF"),
    ("Inter", "inter-cyrillic", "U+0400-04FF, U+2116"),
    ("JetBrains Mono", "jetbrains-mono", "U+0000-00FF, U+2010-2027, U+2190-2193"),
)
"""Family, file, and the characters that it has."""
MONO = "JetBrains Mono"
ACCENT = "#1d5fd1"
"""Of pages that no theme gives another."""
COURSE = "deckcast-course.css"
"""The list of all lessons, beside their folders; `course/around.py` writes it, and tells why it is a style sheet."""
COURSE_PROPERTY = "--deckcast-course"


def folder() -> Path:
    return shipped() / "pages"


def files_digest() -> str:
    """Of all that a page is made of, besides the lesson."""
    return digest(
        [(path.relative_to(folder()).as_posix(), sha256(path.read_bytes())) for path in sorted(_files(folder()))]
    )


def _files(place: Path) -> Iterable[Path]:
    return (path for path in place.rglob("*") if path.is_file() and path.suffix != ".md")


def read(name: str) -> str:
    """A text of `templates/pages/`. Raises `TemplateError` where deckcast itself is incomplete."""
    try:
        return (folder() / name).read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(f"deckcast's own page lacks {folder() / name}", hint="install deckcast again") from error


# ── words of the surface ─────────────────────────────────────────────────────────────────────────


def words_language(language: str) -> str:
    """Which of the languages that the surface speaks is taken for a lesson's: its own, or English."""
    own = family(language)
    return own if own.isascii() and own.isalpha() and is_there(folder() / "words" / f"{own}.toml") else WORDS


@functools.cache
def words(language: str) -> Mapping[str, str]:
    """What the surface says in one of its languages."""
    found = tomllib.loads(read(f"words/{language}.toml"))
    return {name: str(text) for name, text in found.items()}


def direction(language: str) -> str:
    return "rtl" if is_right_to_left(language) else "ltr"


# ── putting a page together ──────────────────────────────────────────────────────────────────────


def document(template: str, *, style: str, scripts: Mapping[str, str], sheets: bool = False, **values: Any) -> str:
    """The page that a template makes of `values`, with its style sheet and scripts inside.

    `scripts` are given to the template by their names, as the style sheet is as `style`. A browser runs and applies
    these alone, since the page's policy names their digests; pictures, sound and video come from beside the page. With
    `sheets`, so may style sheets: `COURSE` is one.
    """
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    inside = {name: Markup(text) for name, text in {"style": style, **scripts}.items()}  # noqa: S704 - our own files
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts.values()))}",
            " ".join(("style-src", _hash(style), *(["'self'"] if sheets else []))),
            "font-src data:",
            "img-src 'self' data:",
            "media-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return environment.get_template(template).render(**inside, policy=policy, **values)


def _hash(text: str) -> str:
    """A source expression of Content Security Policy Level 3, section 2.3.1."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def data(value: Any) -> Markup:
    """JSON that may stand inside a `<script>`: nothing in it can end that element."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "&<>":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - just escaped


def data_url(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def icon(colour: str) -> str:
    """The address of a page's own icon."""
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
        f"<rect width='32' height='32' rx='8' fill='{colour}'/><path d='M12 9l12 7-12 7z' fill='#fff'/></svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe="/:=' ")


def fonts(text: str, *, mono: bool) -> str:
    """`@font-face` rules with the fonts inside that some text needs; `mono` for code."""
    letters = {ord(letter) for letter in text}
    rules = []
    for family_name, name, ranges in _FONTS:
        if family_name == MONO and not mono:
            continue
        if not any(first <= letter <= last for letter in letters for first, last in _ranges(ranges)):
            continue
        weight = "400 700" if family_name != MONO else "400"
        address = data_url("font/woff2", (folder() / "fonts" / f"{name}.woff2").read_bytes())
        rules.append(
            f'@font-face {{ font-family: "{family_name}"; font-weight: {weight}; font-display: swap;\n'
            f'  src: url("{address}") format("woff2"); unicode-range: {ranges}; }}\n'
        )
    return "".join(rules)


@functools.cache
def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in text.replace("U+", "").split(", "):
        first, _, last = part.partition("-")
        found.append((int(first, 16), int(last or first, 16)))
    return tuple(found)
