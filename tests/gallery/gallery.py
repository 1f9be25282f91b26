"""One slide for each look, in every theme, shape and language: drawn, measured, and shown on a page.

`python tests/gallery/gallery.py FOLDER` writes the page (`make gallery`); with `--references`, `references.txt`
and `looks.html` anew.
"""

from __future__ import annotations

import dataclasses
import html
import io
import re
import string
import sys
import tomllib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from deckcast.engines import browser_find  # noqa: E402 - the tests' own modules lie beside this one's folder
from deckcast.engines.browsers import open_browser  # noqa: E402
from deckcast.errors import DeckcastError  # noqa: E402
from deckcast.model import Finding  # noqa: E402
from deckcast.ports import Browser, Page, Resources, Shot  # noqa: E402
from render.drawing import Studio, Told  # noqa: E402

THEMES = ("light", "dark")
RATIOS = ("16:9", "4:3")
LANGUAGES: dict[str, dict[str, str]] = tomllib.loads((HERE / "languages.toml").read_text(encoding="utf-8"))
COVERED = ("en", "de", "ru", "el", "pl")
"""Those that the fonts of the themes have."""
REFERENCES = HERE / "references.txt"
MARKUP = HERE / "looks.html"
WIDE, HIGH = 48, 27
"""Of a reference: a picture so small shows where things stand and how dark they are."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A slide of the gallery."""

    look: str
    shot: Shot


class Measuring:
    """A browser that measures whatever it draws, and remembers it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.identity = browser.identity
        self.work = browser.work
        self.print = browser.print
        self.close = browser.close
        self.shots: list[Shot] = []

    def shoot(self, page: Page, resources: Resources) -> Generator[Shot, None, None]:
        for shot in self._browser.shoot(dataclasses.replace(page, inspected=True), resources):
            self.shots.append(shot)
            yield shot


def deck(theme: str, language: str, ratio: str = "16:9") -> str:
    words = {**LANGUAGES[language], "tag": language, "theme": theme, "ratio": ratio}
    return string.Template((HERE / "looks.md").read_text(encoding="utf-8")).substitute(words)


def looks() -> list[str]:
    """The look of each slide, in order; a look that comes again is numbered."""
    found: list[str] = ["title"]
    for line in (HERE / "looks.md").read_text(encoding="utf-8").split("\n"):
        if line.startswith("look: "):
            name = line.removeprefix("look: ")
            found.append(f"{name} 2" if name in found else name)
    return found


def draw(browser: Browser, theme: str, language: str, ratio: str = "16:9") -> tuple[list[Drawn], tuple[Finding, ...]]:
    """Every slide with what was measured on it, and what a build would tell. Raises `DeckcastError`."""
    measuring = Measuring(browser)
    studio = Studio(HERE.parent / "render" / "showcase", browser=measuring)
    _, findings = studio.render(deck(theme, language, ratio))
    return [Drawn(look, shot) for look, shot in zip(looks(), measuring.shots, strict=True)], findings


def fingerprint(png: bytes) -> str:
    """The picture in 48 × 27 greys, each a hexadecimal digit."""
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("L").resize((WIDE, HIGH), Image.Resampling.BOX)
    return "".join(f"{value >> 4:x}" for value in small.tobytes())


def apart(one: str, other: str) -> tuple[float, int]:
    """The mean difference of two fingerprints, and how many of their greys differ by more than one."""
    steps = [abs(int(a, 16) - int(b, 16)) for a, b in zip(one, other, strict=True)]
    return sum(steps) / len(steps), sum(step > 1 for step in steps)


def browser_version() -> str:
    found = browser_find.find()
    return browser_find.identity(found) if found else "none"


def markup() -> str:
    """The HTML of every slide, without what the browser is to choose from."""
    studio = Studio(HERE.parent / "render" / "showcase")
    studio.render(deck("light", "en"))
    page = studio.browser.pages[0].html  # type: ignore[attr-defined]
    body = page[page.index("<main") : page.index("</main>")]
    return re.sub(r' data-(fit|safe)="[^"]*"', "", body) + "</main>\n"


def references(browser: Browser) -> str:
    lines = [browser_version()]
    for theme in THEMES:
        drawn, _ = draw(browser, theme, "en")
        lines += [f"{theme} | {one.look} | {fingerprint(one.shot.png)}" for one in drawn]
    return "\n".join(lines) + "\n"


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>
body {{ font: 16px system-ui, sans-serif; margin: 2rem; background: #888 }} h2 {{ margin-top: 3rem }}
div {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(28rem, 1fr)); gap: 1rem }}
figure {{ margin: 0 }} img {{ width: 100%; display: block }} figcaption {{ padding: .3rem 0 }}
</style><h1>Gallery</h1>{}</html>
"""


def write(folder: Path, browser: Browser, say: Any = print) -> None:
    """The page `index.html` and its pictures. Languages for which this machine has no font are left out, and told."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[str] = []
    wanted = [(theme, ratio, "en") for theme in THEMES for ratio in RATIOS]
    wanted += [(theme, "16:9", language) for language in LANGUAGES if language != "en" for theme in THEMES]
    for theme, ratio, language in wanted:
        try:
            drawn, findings = draw(browser, theme, language, ratio)
        except DeckcastError as error:
            say(f"left out: {theme} {language}: {error.findings[0].message}")
            continue
        figures: list[str] = []
        for number, one in enumerate(drawn, 1):
            name = f"{theme}-{ratio.replace(':', 'x')}-{language}-{number:02}-{one.look.replace(' ', '-')}.webp"
            with Image.open(io.BytesIO(one.shot.png)) as image:
                image.convert("RGB").save(folder / name, "WEBP", quality=90)
            figures.append(
                f'<figure><img loading="lazy" src="{name}" alt=""><figcaption>{one.look}</figcaption></figure>'
            )
        told = "".join(f"<p>{html.escape(finding.message)}</p>" for finding in findings)
        parts.append(f"<h2>{theme} · {ratio} · {language}</h2>{told}<div>{''.join(figures)}</div>")
    (folder / "index.html").write_text(PAGE.format("".join(parts)), encoding="utf-8")
    say(f"look at {folder / 'index.html'}")


def main(arguments: list[str]) -> None:
    browser = open_browser("", Told())
    try:
        if arguments == ["--references"]:
            REFERENCES.write_text(references(browser), encoding="utf-8")
            MARKUP.write_text(markup(), encoding="utf-8")
        else:
            write(Path(arguments[0] if arguments else "output/gallery"), browser)
    finally:
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
