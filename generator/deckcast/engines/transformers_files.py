"""Models of the library transformers that speak, as folders: in the folder of voices, in the hub's cache, anywhere."""

from __future__ import annotations

import difflib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.engines.neural_voice import family
from deckcast.engines.voice_folder import files_in

ID = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
"""A model's id on the hub."""
_CODES = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "cym": "cy", "dan": "da", "deu": "de", "ell": "el", "eng": "en",
    "est": "et", "eus": "eu", "fas": "fa", "fin": "fi", "fra": "fr", "gle": "ga", "heb": "he", "hin": "hi", "hrv": "hr",
    "hun": "hu", "hye": "hy", "ind": "id", "isl": "is", "ita": "it", "jpn": "ja", "kat": "ka", "kaz": "kk", "kor": "ko",
    "lav": "lv", "lit": "lt", "mkd": "mk", "nld": "nl", "nob": "nb", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru",
    "slk": "sk", "slv": "sl", "spa": "es", "sqi": "sq", "srp": "sr", "swe": "sv", "swh": "sw", "tam": "ta", "tel": "te",
    "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi", "zho": "zh",
}  # fmt: skip
"""Codes of three letters (ISO 639-3), by which the MMS models are named, and the tags of the same languages."""
_SPEAKS = frozenset({
    "bark", "csm", "dia", "fastspeech2_conformer_with_hifigan", "higgs_audio_v2", "seamless_m4t", "seamless_m4t_v2",
    "speecht5", "vibevoice", "vits",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model whose files are there."""

    name: str
    """The hub's id, or its path."""
    folder: Path
    kind: str = ""
    """`vits`, or another `model_type`."""
    language: str = ""
    """A language tag; empty where its files do not tell."""
    speakers: int = 1
    licence: str = ""
    """As its card tells."""
    trouble: str = ""
    """Why it cannot be used."""

    @property
    def files(self) -> tuple[Path, ...]:
        """What can change the sound."""
        return tuple(
            one for one in sorted(self.folder.iterdir()) if one.is_file() and one.suffix != ".md" and one.name[0] != "."
        )


def found(folder: Path) -> tuple[ModelFiles, ...]:
    """The models in the folder of voices that speak."""
    return tuple(one for one in _all(folder) if one.kind in _SPEAKS)


def _all(folder: Path) -> tuple[ModelFiles, ...]:
    places = [path.parent for path in files_in(folder) if path.name == "config.json"]
    return tuple(read(place, "/".join(place.relative_to(folder).parts[-2:])) for place in places)


def locate(name: str, folder: Path) -> ModelFiles | None:
    """A model by path or by the hub's id: in the folder of voices, else in the cache of the hub's own library."""
    path = Path(name).expanduser()
    if path.is_dir() and (path / "config.json").is_file():
        return read(path, name)
    for one in _all(folder):
        if one.name == name:
            return one
    cached = _cached(name) if ID.fullmatch(name) else None
    return read(cached, name) if cached is not None else None


def read(folder: Path, name: str) -> ModelFiles:
    """What a model's own files tell of it."""
    try:
        config = _table(folder / "config.json")
        kind = str(config.get("model_type", ""))
        tokenizer = folder / "tokenizer_config.json"
        code = str(_table(tokenizer).get("language") or "") if tokenizer.is_file() else ""
        speakers = int(config.get("num_speakers", 1))
    except (OSError, ValueError, TypeError, OverflowError, RecursionError) as error:
        return ModelFiles(name, folder, trouble=f"{folder}: {error}")
    trouble = ""
    if not any(
        one.suffix in (".safetensors", ".bin", ".json") and one.name.startswith(("model", "pytorch_model"))
        for one in folder.iterdir()
    ):
        trouble = f"the weights, model.safetensors, are missing in {folder}"
    return ModelFiles(name, folder, kind, _CODES.get(code, code), speakers, licence_of(folder), trouble)


def for_language(models: tuple[ModelFiles, ...], language: str) -> tuple[ModelFiles, ...]:
    """Those that tell that they speak a language."""
    return tuple(one for one in models if one.language and family(one.language) == family(language))


def nearest(name: str, models: tuple[ModelFiles, ...]) -> str:
    near = difflib.get_close_matches(name, [one.name for one in models], n=1)
    return near[0] if near else ""


def licence_of(folder: Path) -> str:
    """What the model's card says in its head."""
    try:
        head = (folder / "README.md").read_text(encoding="utf-8", errors="replace")[:4000]
    except OSError:
        return ""
    named = re.search(r"^license:\s*['\"]?([\w.-]+)", head, re.M)
    return named[1] if named else ""


def _table(path: Path) -> dict[str, Any]:
    read = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(read, dict):
        raise ValueError(f"{path.name} holds no table")
    return read


def _cached(name: str) -> Path | None:
    home = os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface"
    cache = Path(os.environ.get("HF_HUB_CACHE") or Path(home, "hub")) / f"models--{name.replace('/', '--')}"
    try:
        commit = (cache / "refs" / "main").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    snapshot = cache / "snapshots" / commit
    return snapshot if (snapshot / "config.json").is_file() else None
