"""Films on slides: `![what it shows](films/demo.mp4#t=2,8 "loop, muted")`, `<video src="…" loop>`, animated pictures.

In the page stands a picture in a film's stead, its first one: so it lies there, and is told, as any picture. What moves
is laid over that later.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from deckcast.errors import AssetError
from deckcast.film import FILMS
from deckcast.markup import Reference
from deckcast.markup.tags import Tag, find_tags
from deckcast.model import Blob, Clip, Film, Finding, Frame, Property, Where, Wish
from deckcast.render.assets import Assets

WORDS = ("loop", "hold", "muted", "under", "full", "instead")
"""What may be said of a film in its title."""
_TIME = re.compile(r"(?:npt:)?(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)s?", re.ASCII)
_KEPT = frozenset({"alt", "class", "height", "id", "style", "width"})
"""The attributes of a tag that its picture has, too."""
_SHORTEST = 0.001


@dataclass(frozen=True, slots=True)
class Shown:
    """A film on a step, as the author wants it."""

    name: str
    """Of its region."""
    path: Path
    reference: Reference
    begin: float = 0.0
    end: float | None = None
    plays: int | None = None
    """0 for ever; None as the file says."""
    sound: str = "auto"
    """`Wish.sounds`, or `muted`."""

    @property
    def place(self) -> tuple[Where | None, int]:
        return self.reference.where, len(self.reference.url)


def marked(
    text: str, films: Mapping[str, tuple[Path, Reference]], assets: Assets
) -> tuple[str, tuple[Shown, ...], tuple[Finding, ...]]:
    """A step's HTML with a picture in each film's stead, and the films, by their addresses in the text.

    Raises `AssetError`.
    """
    if not films:
        return text, (), ()
    parts: list[str] = []
    shown: list[Shown] = []
    findings: list[Finding] = []
    at = 0
    tags = list(find_tags(text))
    for number, tag in enumerate(tags):
        if tag.begin < at or tag.closing or tag.name not in ("img", "video"):
            continue
        end, url = _whole(tags, number)
        if url.strip() not in films:
            continue
        values = {one.name: one.value for one in tag.attributes}
        path, reference = films[url.strip()]
        film, told = _asked(f"film-{len(shown) + 1}", path, reference, values)
        shown.append(film)
        findings += told
        values.setdefault("alt", values.get("aria-label", ""))
        kept = "".join(f' {name}="{html.escape(value)}"' for name, value in values.items() if name in _KEPT)
        address = assets.poster(path, film.begin)
        picture = f'<img src="{address}"{kept} data-region="{film.name}" data-opening>'
        parts += [text[at : tag.begin], picture]
        at = end
    return "".join([*parts, text[at:]]), tuple(shown), tuple(findings)


def _whole(tags: Sequence[Tag], number: int) -> tuple[int, str]:
    """Where an element ends, and the address of what it shows."""
    tag = tags[number]
    url = next((one.value for one in tag.attributes if one.name == "src"), "")
    if tag.name == "img":
        return tag.end, url
    for inner in tags[number + 1 :]:
        if inner.name == "source" and not url:
            url = next((one.value for one in inner.attributes if one.name == "src"), "")
        if inner.name == "video" and inner.closing:
            return inner.end, url
    return tag.end, url


def _asked(name: str, path: Path, reference: Reference, values: Mapping[str, str]) -> tuple[Shown, tuple[Finding, ...]]:
    film = replace(_timed(Shown(name, path, reference)), plays=0 if "loop" in values else None)
    if "muted" in values:
        film = replace(film, sound="muted")
    words = [word for word in re.split(r"[,;\s]+", values.get("title", "").lower()) if word]
    if not set(words) & set(WORDS) and path.suffix.lower() not in FILMS:
        return film, ()  # a picture's own title
    findings: list[Finding] = []
    for word in words:
        if word in ("loop", "hold"):
            film = replace(film, plays=0 if word == "loop" else 1)
        elif word in WORDS:
            film = replace(film, sound=word)
        else:
            near = difflib.get_close_matches(word, WORDS, n=1, cutoff=0.6)
            hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(WORDS)}"
            findings.append(
                Finding("film-option", "warning", f"nothing is known as `{word}` of a film", reference.where, hint=hint)
            )
    return film, tuple(findings)


def _timed(film: Shown) -> Shown:
    """With the part that the address names, as `#t=2,8` or `#t=0:02,0:08` (W3C Media Fragments)."""
    fragment = urlsplit(film.reference.url.strip()).fragment
    values = parse_qs(fragment, keep_blank_values=True).get("t")
    if not values:
        return film
    first, _, last = values[-1].partition(",")
    begin = _seconds(first) if first else 0.0
    end = _seconds(last) if last else None
    if begin is None or (last and end is None) or (end is not None and end <= begin):
        where, width = film.place
        raise AssetError(
            f"`#{fragment}` names no part of a film",
            where=where,
            width=width,
            hint="write its first and last second, such as #t=2,8",
        )
    return replace(film, begin=begin, end=end)


def _seconds(text: str) -> float | None:
    found = _TIME.fullmatch(text.strip())
    return int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + float(found[3]) if found else None


def check(film: Shown, assets: Assets) -> dict[str, Any]:
    """What is kept of a film with its step's picture. Raises `AssetError` where it cannot be shown."""
    where, width = film.place
    about = assets.about_film(film.path, where, width=width)
    if film.begin > about.seconds - _SHORTEST:
        raise AssetError(
            f"{film.path.name} is over after {about.seconds:g} seconds, and would begin at {film.begin:g}",
            where=where,
            width=width,
            hint="write its first and last second, such as #t=2,8",
        )
    return {"seconds": about.seconds, "plays": about.plays, "sounds": about.sounds}


def wish(
    frame: Frame, films: Sequence[Shown], facts: Sequence[Mapping[str, Any]], blobs: Mapping[str, Blob]
) -> Wish | None:
    """What is to play over a frame; None where no film shows."""
    regions = {region.name: region for region in frame.regions}
    found: list[Film] = []
    sounds: list[tuple[str, str]] = []
    for film, about in zip(films, facts, strict=True):
        if film.name not in regions:
            continue
        box, whole = regions[film.name], regions[f"{film.name}/whole"]
        part = box.cut(whole)
        if part.width < 1 or part.height < 1:
            continue
        end = min(film.end or about["seconds"], about["seconds"])
        plays = about["plays"] if film.plays is None else film.plays
        found.append(Film(film.name, blobs[film.name], part, whole, film.begin, end, plays))
        if about["sounds"] and film.sound != "muted":
            sounds.append((film.name, film.sound))
    if not found or frame.opening is None:
        return None
    return Wish(Clip(frame.opening, tuple(found)), name="films", sounds=tuple(sounds))


def beside(asked: Property) -> AssetError:
    """A movement of a picture on a slide with films."""
    return AssetError(
        f"`{asked.key}` moves a picture, and a film moves on this slide already",
        where=asked.where,
        width=len(asked.value),
        hint=f"leave out `{asked.key}`, or put the film on a slide of its own",
    )
