"""The files that slides name: found inside the deck's folder, whole, and served to the browser from nowhere else."""

from __future__ import annotations

import difflib
import mimetypes
import os
import re
import warnings
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deckcast import film
from deckcast.digest import sha256
from deckcast.errors import AssetError, DeckcastError, TemplateError
from deckcast.folders import inside
from deckcast.model import Cell, Where
from deckcast.ports import Resource
from deckcast.render import css, pictures
from deckcast.theme import Theme, is_folder, is_there
from deckcast.unreadable import picture_errors

SHOWN = {"PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "AVIF", "ICO"}
"""Picture formats that a browser shows, by Pillow's names."""
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp"})
HEAVIEST = 32 << 20
"""Bytes of a file that the browser is given; films have a limit of their own."""
MEDIA_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""What Python's table lacks on some machines."""
LOOKED_THROUGH = 5000
"""How many files of a deck's folder are compared with a name that is not there."""


class Assets:
    """The files of one deck and its theme. Answers a browser's requests as `ports.Resources`."""

    def __init__(self, folder: Path, theme: Theme) -> None:
        self._folder = folder
        self._theme = theme
        self._digests: dict[Path, str] = {}
        self._whole: set[Path] = set()
        self._colours: dict[Path, tuple[tuple[int, int, int], ...]] = {}
        self._made: dict[str, tuple[Resource, Cell]] = {}
        self._posters: dict[str, tuple[Path, float]] = {}
        self._films: dict[Path, film.About] = {}

    def get(self, path: str) -> Resource | None:
        """What lies at `/deck/…`, `/cells/…`, `/films/…`, `/theme/…` or `/fonts/…`, or None."""
        if path in self._made:
            return self._made[path][0]
        if path in self._posters:
            return self._poster(*self._posters[path])
        if path.startswith("/deck/"):
            file = inside(self._folder, path.removeprefix("/deck/"))
        else:
            file = self._theme.file(path)
        if file is None or file.stat().st_size > HEAVIEST:
            return None
        return Resource(file.read_bytes(), media_type(file))

    def keep(self, data: bytes, media_type: str, cell: Cell) -> str:
        """Has a picture that a cell put out served; answers its address, which is made of its content."""
        address = f"/cells/{sha256(data)}.{pictures.MEDIA_TYPES[media_type]}"
        self._made.setdefault(address, (Resource(data, media_type), cell))
        return address

    def poster(self, path: Path, begin: float) -> str:
        """Has the picture served that a film shows at some second, and answers its address."""
        address = f"/films/{self.digest(path)}-{begin:g}.png"
        self._posters[address] = (path, begin)
        return address

    def _poster(self, path: Path, begin: float) -> Resource | None:
        try:
            return Resource(film.poster(path.read_bytes(), begin), "image/png")
        except (film.TroubleError, OSError):
            return None

    def about_film(self, path: Path, where: Where | None, *, width: int = 1) -> film.About:
        """Raises `AssetError` where the file is no film that can be shown."""
        if path not in self._films:
            try:
                self._films[path] = film.about(path)
            except (film.TroubleError, OSError) as error:
                hint = getattr(error, "hint", "") or f"save it anew: ffmpeg -i {path.name} {path.stem}-new.mp4"
                raise AssetError(f"{path.name} cannot be shown: {error}", where=where, width=width, hint=hint) from None
        return self._films[path]

    def maker(self, address: str) -> Cell | None:
        """The cell that put out the picture at an address."""
        return self._made[address][1] if address in self._made else None

    def find(self, url: str, where: Where | None, *, base: str = "", width: int = 0) -> Path | None:
        """The file that an address on a slide means; None where there is none to find (`#part`, `data:…`).

        `base` is the folder, inside the deck's, of the style sheet that names it. Raises `AssetError`.
        """
        given = url.strip()
        parts = urlsplit(given) if _splits(given) else None
        if given.startswith("#") or given[:5].lower() == "data:":
            return None

        def wrong(message: str, hint: str) -> AssetError:
            return AssetError(message, where=where, width=width or len(given) or 1, hint=hint)

        if not given or parts is None:
            raise wrong(f"`{given}` names no file", "write its path, from the deck's folder on")
        name = unquote(parts.path)
        if parts.scheme in ("http", "https") or given.startswith("//"):
            last = Path(name).name or "picture.png"
            raise wrong(
                f"{given} is on the web, and slides are drawn without a network",
                f"download it and put it beside the deck: images/{last}",
            )
        if parts.scheme and not re.match(r"[A-Za-z]:[\\/]", given):
            raise wrong(f"{given} is no file of the deck", "put it beside the deck and write its path")
        if name.startswith(("/", "\\")) or parts.scheme:
            raise wrong(f"{given} is an absolute path", "put it beside the deck and write its path from there")
        relative = os.path.normpath(f"{base}/{name}" if base else name)
        if relative.startswith(".."):
            raise wrong(f"{given} lies outside the deck's folder {self._folder}", "copy it into the deck's folder")
        path = self._folder / relative
        if (found := inside(self._folder, relative)) is not None:
            return found
        if is_folder(path):
            raise wrong(f"{given} is a folder", "name a file in it")
        if is_there(path) and path.resolve().is_relative_to(self._folder.resolve()):
            raise wrong(f"{given} is no ordinary file", "put a file there")
        if is_there(path):
            raise wrong(f"{given} is a link to a place outside the deck's folder", "copy the file itself there")
        raise wrong(f"there is no file {relative} in {self._folder}", self._nearest(relative))

    def digest(self, path: Path) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = sha256(path.read_bytes())
            except OSError as error:
                raise AssetError(f"cannot read {path}: {error.strerror}", hint="look at the file's rights") from error
        return self._digests[path]

    def check(self, path: Path, where: Where | None, *, width: int = 1) -> None:
        """Raises `AssetError` where the file is no picture that a browser can show whole."""
        if path in self._whole:
            return
        self._weigh(path, where, width=width)
        try:
            problem = _svg_problem(path) if path.suffix.lower() == ".svg" else _picture_problem(path)
        except OSError as error:
            problem = error.strerror or str(error)
        if problem:
            raise AssetError(
                f"{path.name} cannot be shown: {problem}", where=where, width=width, hint="open it, and save it anew"
            )
        self._whole.add(path)

    def _weigh(self, path: Path, where: Where | None, *, width: int = 1) -> None:
        """Raises `AssetError` where the file is too large to be given to the browser."""
        try:
            weight = path.stat().st_size
        except OSError:
            return  # told where it is read
        if weight > HEAVIEST:
            message = f"{path.name} has {weight / (1 << 20):.0f} MB, and {HEAVIEST >> 20} are the most"
            raise AssetError(message, where=where, width=width, hint="make it smaller, or save it as JPEG or WebP")

    def size(self, path: Path) -> tuple[int, int] | None:
        """Width and height in pixels, where the file is a picture made of them."""
        from PIL import Image

        try:
            with warnings.catch_warnings(), Image.open(path) as image:
                warnings.simplefilter("ignore")
                return image.width, image.height
        except picture_errors():
            return None

    def aspect(self, path: Path) -> float | None:
        """Width to height of a picture, where that is known."""
        size = _svg_size(path) if path.suffix.lower() == ".svg" else self.size(path)
        return size[0] / size[1] if size and size[1] else None

    def colours(self, path: Path) -> tuple[tuple[int, int, int], ...]:
        """Those of a picture that is made of pixels, made much smaller; none where it cannot be read."""
        from PIL import Image

        if path not in self._colours:
            try:
                with warnings.catch_warnings(), Image.open(path) as image:
                    warnings.simplefilter("ignore")
                    image.draft("RGB", (256, 256))
                    few = image.convert("RGB").resize((48, 27), Image.Resampling.BOX).tobytes()
                self._colours[path] = tuple(zip(few[::3], few[1::3], few[2::3], strict=True))
            except picture_errors():
                self._colours[path] = ()  # told where the slide's files are looked at
        return self._colours[path]

    def sheet(self, url: str, where: Where | None = None) -> tuple[dict[str, str], list[DeckcastError]]:
        """A style sheet of the deck with all that it names: digests by name, and every mistake."""
        digests: dict[str, str] = {}
        errors: list[DeckcastError] = []
        waiting = [(url, where, "")]
        while waiting:
            address, place, base = waiting.pop()
            try:
                path = self.find(address, place, base=base)
                if path is None:
                    continue
                name = path.relative_to(self._folder.resolve()).as_posix()
                if name in digests:
                    continue
                digests[name] = self.digest(path)
                if path.suffix.lower() == ".css":
                    waiting += [(*item, str(Path(name).parent)) for item in _named_in(path, self._folder / name)]
                elif path.suffix.lower() in PICTURES:
                    self.check(path, place)
                else:
                    self._weigh(path, place)
            except DeckcastError as error:
                errors.append(error)
        return digests, errors

    def check_theme(self) -> None:
        """Raises `TemplateError` for a file that a style sheet of the theme names and nobody has."""
        for folder in self._theme.folders:
            for path in sorted(folder.rglob("*.css")):
                here = f"/theme/{path.relative_to(folder).parent.as_posix()}/"
                for url, where in _named_in(path, path):
                    name = unquote(url.split("#")[0].split("?")[0])
                    if url.startswith(("#", "data:")):
                        continue
                    if self._theme.file(name if name.startswith("/") else os.path.normpath(here + name)) is None:
                        raise TemplateError(
                            f"the theme `{self._theme.name}` names {url}, which it does not have",
                            where=where,
                            width=len(url),
                            hint="themes name files of their own folder, or fonts as /fonts/…",
                        )

    def _nearest(self, relative: str) -> str:
        names: list[str] = []
        for folder, folders, files in os.walk(self._folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            names += [os.path.relpath(os.path.join(folder, name), self._folder) for name in files]  # noqa: PTH118
            if len(names) > LOOKED_THROUGH:
                break
        same = [name for name in names if Path(name).name.lower() == Path(relative).name.lower()]
        near = same or difflib.get_close_matches(relative, names, n=1, cutoff=0.6)
        return f"did you mean `{Path(near[0]).as_posix()}`?" if near else f"put it there: {self._folder / relative}"


def media_type(path: Path) -> str:
    """What a browser is told that a file is, by its name."""
    kind = MEDIA_TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
    return kind or "application/octet-stream"


def _splits(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _named_in(path: Path, shown: Path) -> list[tuple[str, Where]]:
    """What a style sheet names, each with its place in the file as the author calls it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise AssetError(
            "this style sheet is no UTF-8 text", where=Where(str(shown), 1), hint="save it as UTF-8"
        ) from None
    found: list[tuple[str, Where]] = []
    for item in css.named(text):
        line = text.count("\n", 0, item.offset) + 1
        found.append((item.url, Where(str(shown), line, item.offset - text.rfind("\n", 0, item.offset))))
    return found


def _svg_problem(path: Path) -> str:
    """Why a browser would not show an SVG file, or nothing."""
    from xml.etree import ElementTree

    try:
        events = ElementTree.iterparse(path, events=("start",))  # noqa: S314 - expat refuses entity bombs since 2.4.1
        _, root = next(events)
        if root.tag != "{http://www.w3.org/2000/svg}svg":
            return 'its first element must be <svg xmlns="http://www.w3.org/2000/svg">'
        for _ in events:
            pass
    except (ElementTree.ParseError, StopIteration, ValueError, LookupError) as error:
        return f"it is no well-formed XML: {error or 'it is empty'}"
    return ""


_SVG = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
_SVG_SIDE = re.compile(rb"""\s(width|height)\s*=\s*["']\s*([\d.]+)\s*(?:px)?\s*["']""")
_SVG_BOX = re.compile(rb"""\sviewBox\s*=\s*["']\s*[-+\d.eE]+[\s,]+[-+\d.eE]+[\s,]+([\d.]+)[\s,]+([\d.]+)""")


def _svg_size(path: Path) -> tuple[float, float] | None:
    try:
        found = _SVG.search(path.read_bytes()[:20_000])
        tag = found[0] if found else b""
        sides = {name: float(side) for name, side in _SVG_SIDE.findall(tag)}
        box = _SVG_BOX.search(tag)
        if len(sides) == 2:
            return sides[b"width"], sides[b"height"]
        return (float(box[1]), float(box[2])) if box else None
    except (OSError, ValueError):
        return None


def _picture_problem(path: Path) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.format not in SHOWN:
                    return f"browsers do not show {image.format}; save it as PNG"
                image.load()
    except UnidentifiedImageError:
        return "it is no picture"
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return "it has more than 89 million pixels; make it smaller"
    except picture_errors() as error:
        return f"it is damaged ({error})"
    return ""
