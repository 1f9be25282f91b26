"""kokoro's files: a model, `kokoro-*.onnx`, and the styles of its voices, `voices-*.bin`, in the same folder."""

from __future__ import annotations

import difflib
import json
import re
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from deckcast.engines.voice_folder import files_in

MODEL, VOICES = "kokoro-v1.0.onnx", "voices-v1.0.bin"
"""As its makers publish them."""
_MODEL = re.compile(r"kokoro-(?P<release>v[\d.]+\d)(?P<precision>\.[a-z0-9]+)?\.onnx")
_VOICES = re.compile(r"voices-(?P<release>v[\d.]+\d)\.bin")

# What a voice's first letter stands for; espeak's name of the language, by which kokoro-onnx makes phonemes of it.
# Its Japanese and Mandarin voices want other phonemes than espeak's, so they are not offered.
LANGUAGES = {
    "a": ("en-US", "en-us"),
    "b": ("en-GB", "en-gb"),
    "e": ("es", "es"),
    "f": ("fr", "fr-fr"),
    "h": ("hi", "hi"),
    "i": ("it", "it"),
    "p": ("pt-BR", "pt-br"),
}
_BEST = ("af_heart", "bf_emma", "ef_dora", "ff_siwis", "hf_alpha", "if_sara", "pf_dora")
"""The voice to begin with, for each language."""


@dataclass(frozen=True, slots=True)
class KokoroFiles:
    """A model and its voices, if they are there."""

    model: Path
    voices: Path
    names: tuple[str, ...] = ()
    trouble: str = ""
    """Why they cannot be used."""

    def for_language(self, language: str) -> tuple[str, ...]:
        """Its voices for a language, the best first: those of its region, American for plain English, before others."""
        tag = language.replace("_", "-").lower()
        families = [first for first, (own, _) in LANGUAGES.items() if own.lower() == tag]
        families += [
            first for first, (own, _) in LANGUAGES.items() if own.lower().partition("-")[0] == tag.partition("-")[0]
        ]
        ranked = list(dict.fromkeys(families))
        found = [name for name in self.names if name[:1] in ranked]
        return tuple(sorted(found, key=lambda name: (ranked.index(name[0]), name not in _BEST, name)))

    def nearest(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.names, n=1) or [one for one in self.names if name in one]
        return near[0] if near else ""


def vocabulary() -> tuple[str, ...]:
    """The characters of the IPA that the model knows, as kokoro-onnx has them; none where it does not tell."""
    package = util.find_spec("kokoro_onnx")
    for place in (package.submodule_search_locations or ()) if package is not None else ():
        try:
            return tuple(json.loads(Path(place, "config.json").read_text(encoding="utf-8"))["vocab"])
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return ()


def language_of(name: str) -> tuple[str, str]:
    """A voice's language tag, and espeak's name of it; empty ones where it is not offered."""
    return LANGUAGES.get(name[:1], ("", ""))


def found(folder: Path) -> KokoroFiles | None:
    """The best that a folder has: a whole pair before half of one, full precision before less. None without a model."""
    files = list(files_in(folder))
    models = [(path, named) for path in files if (named := _MODEL.fullmatch(path.name))]
    pairs = []
    for path, named in models:
        beside = path.with_name(f"voices-{named['release']}.bin")
        pairs.append((beside not in files, named["precision"] or "", named["release"], path, beside))
    if pairs:
        *_, model, voices = min(pairs)
        return read(model, voices)
    alone: Sequence[Path] = [path for path in files if _VOICES.fullmatch(path.name)]
    if alone:
        model = alone[0].with_name(alone[0].name.replace("voices-", "kokoro-").replace(".bin", ".onnx"))
        return KokoroFiles(model, alone[0], (), f"{model.name} is missing beside {alone[0]}")
    return None


def read(model: Path, voices: Path) -> KokoroFiles:
    """The names of the voices are those of the arrays in the file. No array is read."""
    if not model.stat().st_size:
        return KokoroFiles(model, voices, (), f"{model} is empty")
    if not voices.is_file():
        return KokoroFiles(model, voices, (), f"{voices.name} is missing beside {model}")
    try:
        with zipfile.ZipFile(voices) as file:
            names = tuple(sorted(name.removesuffix(".npy") for name in file.namelist() if name.endswith(".npy")))
    except (OSError, ValueError, NotImplementedError, struct.error, zipfile.BadZipFile) as error:
        return KokoroFiles(model, voices, (), f"{voices} cannot be read ({error}): it is broken or not whole")
    if not any(name[:1] in LANGUAGES for name in names):
        return KokoroFiles(model, voices, names, f"{voices} holds no voice that deckcast knows the language of")
    return KokoroFiles(model, voices, names)
