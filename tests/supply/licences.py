"""The licences of what deckcast is made of: locked packages, what lies in templates/, libraries inside wheels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata

from license_expression import Licensing, get_spdx_licensing
from packaging.utils import canonicalize_name

from supply.locks import LOCKS, blocks

EXTRA = "transformers"
TOLD = LOCKS / "licences.txt"
"""`name: licence` of each package that the program or this extra needs, as `make lock` has found them."""


@dataclass(frozen=True, slots=True)
class Package:
    """A locked package."""

    name: str
    version: str
    licence: str
    """SPDX expression."""
    hashes: tuple[str, ...]
    extra: bool
    """Whether only the extra `transformers` needs it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What comes along inside of something else."""

    name: str
    version: str
    licence: str
    inside: str


VENDORED = (
    Part("inter-ui", "4.1.1", "OFL-1.1", "templates/fonts/inter"),
    Part("jetbrains-mono", "1.0.6", "OFL-1.1", "templates/fonts/jetbrains-mono"),
    Part("@fontsource-variable/noto-sans", "5.3.0", "OFL-1.1", "templates/fonts/noto-sans"),
    Part("@fontsource/noto-sans-math", "5.3.0", "OFL-1.1", "templates/fonts/noto-sans-math"),
    Part("@fontsource/noto-sans-symbols", "5.3.0", "OFL-1.1", "templates/fonts/noto-sans-symbols"),
    Part("@fontsource/noto-sans-symbols-2", "5.3.0", "OFL-1.1", "templates/fonts/noto-sans-symbols"),
    Part("twemoji-colr-font", "15.0.3", "OFL-1.1 AND CC-BY-4.0", "templates/fonts/twemoji"),
    Part("katex", "0.19.1", "MIT AND OFL-1.1", "templates/libraries/katex"),
    Part("mermaid", "11.17.2", "MIT", "templates/libraries/mermaid"),
)
"""npm packages of which files lie in this repository, and in the wheel."""

NATIVE = (
    Part("FFmpeg", "", "GPL-2.0-or-later", "av"),
    Part("x264", "", "GPL-2.0-or-later", "av"),
    Part("x265", "", "GPL-2.0-or-later", "av"),
    Part("FFmpeg", "", "GPL-2.0-or-later", "imageio-ffmpeg"),
    Part("eSpeak NG", "", "GPL-3.0-or-later", "espeakng-loader"),
    Part("libsoxr", "", "LGPL-2.1-or-later", "soxr"),
)
"""Libraries and programs inside wheels, under other terms than the wheel's own Python code."""

_TOLD_OTHERWISE = {
    "appnope": "BSD-2-Clause",  # not for every system, so perhaps not here to be asked
    "asttokens": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "edge-tts": "LGPL-3.0-only",
    "espeakng-loader": "MIT",
    "httpx2-jsfetch": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "matplotlib": "PSF-2.0",
    "num2words": "LGPL-2.1-or-later",
    "ptyprocess": "ISC",
}
"""By packages whose metadata have no licence, a whole text, or a name that says too little."""
_USUAL = {
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What older metadata say, as SPDX says it."""


@cache
def packages() -> tuple[Package, ...]:
    """What the program and its extra `transformers` need, by name. Raises `KeyError` where `make lock` is due."""
    licences = dict(line.split(": ", 1) for line in TOLD.read_text(encoding="utf-8").splitlines())
    found: dict[tuple[str, str], Package] = {}
    for lock in ("deckcast", EXTRA):
        for name, version, block in _locked(lock):
            hashes = tuple(re.findall(r"sha256:([0-9a-f]{64})", block))
            found.setdefault((name, version), Package(name, version, licences[name], hashes, lock == EXTRA))
    return tuple(found[key] for key in sorted(found))


def write() -> None:
    """Asks the installed packages for their licences. Raises `LookupError` where one cannot tell."""
    names = sorted({name for lock in ("deckcast", EXTRA) for name, _, _ in _locked(lock)})
    TOLD.write_text("".join(f"{name}: {licence(name)}\n" for name in names), encoding="utf-8")


def licence(name: str) -> str:
    """By the package's own word. Raises `LookupError` where it is not installed, or does not tell."""
    if name in _TOLD_OTHERWISE:
        return _TOLD_OTHERWISE[name]
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        raise LookupError(f"{name} is not installed here: give its licence in {__name__}") from None
    kinds = [
        kind.rpartition("::")[2].strip() for kind in told.get_all("Classifier") or () if kind.startswith("License ")
    ]
    for text in (told.get("License-Expression"), told.get("License"), *kinds):
        if text and _is_spdx(_USUAL.get(text, text)):
            return _USUAL.get(text, text)
    raise LookupError(f"{name} does not tell its licence: look for it, and give it in {__name__}")


def _locked(lock: str) -> Iterator[tuple[str, str, str]]:
    """(name, version, all lines) of each package."""
    for block in blocks((LOCKS / f"{lock}.txt").read_text(encoding="utf-8")):
        name, _, version = block.split(maxsplit=1)[0].partition("==")
        yield canonicalize_name(name), version, block


def table() -> str:
    """For docs/licences.md: packages by licence."""
    by_licence: dict[str, set[str]] = {}
    for one in packages():
        by_licence.setdefault(one.licence, set()).add(f"{one.name}{'*' if one.extra else ''}")
    rows = [f"| {licence} | {', '.join(sorted(names))} |" for licence, names in sorted(by_licence.items())]
    return "\n".join(["| licence | packages |", "| --- | --- |", *rows]) + "\n"


def parts() -> str:
    """For docs/licences.md: what lies in the repository, and inside of wheels."""
    rows = [f"| `{one.inside}` | {one.name} {one.version} | {one.licence} |" for one in VENDORED]
    rows += [f"| the wheel of {one.inside} | {one.name} | {one.licence} |" for one in NATIVE]
    return "\n".join(["| in | what | licence |", "| --- | --- | --- |", *rows]) + "\n"


def _is_spdx(text: str) -> bool:
    whole_licence = len(text) > 100 or "\n" in text
    return not whole_licence and not _spdx().validate(text).errors


@cache
def _spdx() -> Licensing:
    return get_spdx_licensing()
