"""Finds themes and fills their templates.

A theme is a folder in `templates/themes/`: `theme.css`, which says what it is about, and whatever else it has of the
files of `light`. What it does not have is taken from there, so that a folder with one style sheet is a whole theme.
"""

from __future__ import annotations

import difflib
import errno
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.digest import digest, sha256
from deckcast.errors import ConfigError, TemplateError, storage_errors
from deckcast.filling import HEAVIEST as HEAVIEST_TEMPLATE
from deckcast.filling import Failed, Foreign, fill
from deckcast.filling_apart import fill_apart
from deckcast.folders import inside
from deckcast.model import Where

DEFAULT = "light"
ALIASES = {"default": DEFAULT}
"""Older names of shipped themes; an author's own theme of such a name comes first."""
TEMPLATE = "deck.html.j2"
PLOTS = "plots.mplstyle"
HEAVIEST = 64 << 20
"""Bytes of a file of a theme."""
FONTS = (".ttf", ".otf")
"""Those that plots can be lettered in. Web fonts, which pages use, are packed."""


def shipped() -> Path:
    """The templates that come with deckcast: inside the installed package, beside `generator/` in a checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def find_theme(name: str, roots: Sequence[Path]) -> Theme:
    """The theme of that name in the first of `roots`' `themes/` that has it, or else a shipped one.

    Raises `ConfigError` with the nearest name where there is none, `TemplateError` where deckcast itself is incomplete.
    """
    default = shipped() / "themes" / DEFAULT
    if not (default / TEMPLATE).is_file():
        raise TemplateError(f"deckcast's own theme is missing in {default}", hint="install deckcast again")
    places = _places(roots)
    if name and name == Path(name).name and name != "..":
        for place in places:
            if is_folder(place / name):
                return Theme(name, tuple(dict.fromkeys((place / name, default))))
        if name in ALIASES:
            return find_theme(ALIASES[name], roots)
    known = sorted({folder.name for folder in _folders(places)} | {*ALIASES})
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known)}"
    raise ConfigError(f"there is no theme `{name}` in {' or '.join(map(str, dict.fromkeys(places)))}", hint=hint)


def _places(roots: Sequence[Path]) -> list[Path]:
    return [root / "themes" for root in (*roots, shipped())]


def _folders(places: Sequence[Path]) -> list[Path]:
    """Every theme, those that are found first at first."""
    found: dict[str, Path] = {}
    for place in places:
        for folder in sorted(place.iterdir()) if place.is_dir() else ():
            if folder.is_dir() and not folder.name.startswith("."):
                found.setdefault(folder.name, folder)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Listed:
    """A theme that a deck can name."""

    name: str
    folder: Path
    shipped: bool
    about: str
    """The first sentence of the comment at the top of its `theme.css`."""


def listed(roots: Sequence[Path]) -> tuple[Listed, ...]:
    """All themes, by name."""
    themes = [
        Listed(folder.name, folder, folder.resolve().is_relative_to(shipped().resolve()), _about(folder))
        for folder in _folders(_places(roots))
    ]
    return tuple(sorted(themes, key=lambda theme: theme.name))


def _about(folder: Path) -> str:
    file = folder / "theme.css"
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    found = re.match(r"\s*/\*(.*?)\*/", text, re.DOTALL)
    return re.split(r"[.:;](?:\s|$)", " ".join(found[1].split()), maxsplit=1)[0] if found else ""


def starter(name: str, roots: Sequence[Path]) -> dict[str, bytes]:
    """The files with which a theme of one's own begins that is like the named one, by name.

    Of `light` those that a theme is about; what is common to all themes stays where it is. Raises `ConfigError`.
    """
    folder = find_theme(name, roots).folders[0]
    own = folder == shipped() / "themes" / DEFAULT
    names = [one for one, _ in _files(folder)] + [one for one in (PLOTS,) if (folder / one).is_file()]
    return {one: (folder / one).read_bytes() for one in names if not own or one in ("theme.css", PLOTS)}


def copy(name: str, roots: Sequence[Path], target: Path) -> tuple[Path, ...]:
    """Writes a `starter` into a new folder. Raises `ConfigError` where there is one already, or no such theme."""
    files = starter(name, roots)
    if target.exists():
        raise ConfigError(f"{target} is there already", hint="name a folder that is not, such as templates/themes/mine")
    with storage_errors("write", target):
        for one, data in files.items():
            (target / one).parent.mkdir(parents=True, exist_ok=True)
            (target / one).write_bytes(data)
    return tuple(target / one for one in files)


@dataclass(frozen=True, slots=True)
class PlotStyle:
    """How figures that cells draw look: matplotlib's settings, and fonts that it may not have."""

    name: str = PLOTS
    text: str = ""
    fonts: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme's files."""

    name: str
    folders: tuple[Path, ...]
    """Its own folder, then that of the theme `light`."""

    def file(self, address: str) -> Path | None:
        """The file at an address of a page: `/theme/…`, `/themes/light/…`, `/fonts/…` or `/libraries/…`, or None.

        `/themes/` has the shipped themes, not the author's.
        """
        top, _, rest = address.removeprefix("/").partition("/")
        if top == "theme":
            places = self.folders
        elif top == "themes":
            name, _, rest = rest.partition("/")
            places = (shipped() / "themes" / ALIASES.get(name, name),) if name == Path(name).name != ".." else ()
        elif top in ("fonts", "libraries"):
            places = (shipped() / top,)
        else:
            return None
        return next((found for place in places if (found := inside(place, rest)) is not None), None)

    @property
    def plots(self) -> PlotStyle:
        """Its `plots.mplstyle`, or the default theme's; the fonts are its own and the shipped ones.

        Raises `TemplateError` where the file is no UTF-8 text.
        """
        file = self.file(f"/theme/{PLOTS}")
        places = (*self.folders, shipped() / "fonts")
        fonts = {path.name: path for place in reversed(places) for _, path in _files(place) if path.suffix in FONTS}
        try:
            text = file.read_text(encoding="utf-8") if file else ""
        except UnicodeDecodeError as error:
            raise TemplateError(f"{file} is no UTF-8 text: {error}") from error
        return PlotStyle(str(file or PLOTS), text, tuple(fonts[name] for name in sorted(fonts)))

    @functools.cached_property
    def digest(self) -> str:
        """Of all that a theme can put on a slide: its files, the default's, the fonts; not texts about them, nor the
        look of plots. Raises `TemplateError`."""
        places = (*self.folders, shipped() / "fonts")
        return digest([[(name, sha256(_whole(path))) for name, path in _files(place)] for place in places])

    def page(self, **values: Any) -> str:
        """The theme's document with these values. Raises `TemplateError` with the template's file and line.

        Templates that did not come with deckcast are filled in a process of their own, since they may never end.
        """
        folders = [*self.folders, *(folder.parent for folder in self.folders)]
        own = shipped().resolve()
        try:
            try:
                return fill(TEMPLATE, folders, values, admit=lambda file: file.is_relative_to(own))
            except Foreign:
                return fill_apart(TEMPLATE, folders, values)
        except Failed as failed:
            raise self._told(failed) from failed

    def _told(self, failed: Failed) -> TemplateError:
        if failed.kind == "text":
            return TemplateError(f"a template of the theme `{self.name}` is no UTF-8 text: {failed.message}")
        if failed.kind == "missing":
            return TemplateError(
                f"the theme `{self.name}` names a template `{failed.message}` that is not there",
                hint="look at its `extends` and `include`",
            )
        file = Path(failed.file) if failed.file else self.folders[0] / TEMPLATE
        if failed.kind == "heavy":
            return TemplateError(f"{file}: {failed.message}, and {HEAVIEST_TEMPLATE >> 20} are the most for a template")
        hints = {
            "endless": "what goes round here, and how often?",
            "large": "what grows here, and how far?",
        }
        return _template_error(failed.message, file, failed.line, hints.get(failed.kind, ""))


def content(path: Path) -> bytes:
    """The bytes of an ordinary file. Raises `OSError` for others: a pipe may wait for ever, a device never end."""
    if is_there(path) and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is no ordinary file")
    return path.read_bytes()


def is_folder(path: Path) -> bool:
    """Whether a folder is there; never where the name is one that none can have, such as one that is too long."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Whether a file or folder is there; never where the name is one that none can have."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if inside(folder, name) and not hidden and path.suffix not in (".md", ".txt", ".mplstyle", ".toml"):
            yield name, path


def _whole(path: Path) -> bytes:
    size = path.stat().st_size
    if size > HEAVIEST:
        raise TemplateError(f"{path} has {size >> 20:,} MB, and {HEAVIEST >> 20} are the most for a file of a theme")
    return path.read_bytes()


def _template_error(message: str, file: Path, number: int, hint: str) -> TemplateError:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        lines = []
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    column = len(line) - len(line.lstrip()) + 1
    return TemplateError(
        f"this template does not work: {message}",
        where=Where(str(file), number, column),
        line=line,
        width=max(len(line.strip()), 1),
        hint=hint or "templates are written in Jinja2: https://jinja.palletsprojects.com/templates/",
    )
