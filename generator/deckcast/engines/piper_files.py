"""piper's voices as files: `<language>_<REGION>-<name>-<quality>.onnx`, and what is told of it in the same name with
`.json` behind it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.engines.neural_voice import family
from deckcast.engines.voice_folder import files_in

NAME = re.compile(r"(?P<family>[a-z]{2,3})_(?P<region>[A-Z]{2,3}|\d{3})-(?P<name>[^-]+)-(?P<quality>[^-.]+)")
"""What the voices are called that piper's makers publish; others may have any name."""
MOST_SPEAKERS = 10_000
"""Of one model, where it tells no names of theirs."""
_BEST = ("high", "medium", "low", "x_low")


@dataclass(frozen=True, slots=True)
class PiperFiles:
    """A voice whose files are there."""

    name: str
    model: Path
    trouble: str = ""
    """Why it cannot be used."""
    language: str = ""
    """`en-US`, or `en` alone."""
    quality: str = ""
    speakers: tuple[tuple[str, int], ...] = ()
    """(name, number) of each, of a voice that has several."""
    sounds: tuple[str, ...] | None = None
    """The characters of the IPA that it knows; None for one that reads letters."""

    @property
    def config(self) -> Path:
        return Path(f"{self.model}.json")

    def speaker(self, name: str) -> int | None:
        """The number of a speaker, by name or number."""
        known = dict(self.speakers)
        numbers = set(known.values())
        return known.get(name) if name in known else int(name) if name.isdecimal() and int(name) in numbers else None


def found(folder: Path) -> tuple[PiperFiles, ...]:
    """The voices of a folder that bear names as piper's do, or have a file beside them that says what they are."""
    models = [path for path in files_in(folder) if path.suffix == ".onnx"]
    return tuple(read(path) for path in models if NAME.fullmatch(path.stem) or Path(f"{path}.json").exists())


def read(model: Path) -> PiperFiles:
    """What a voice's own file tells of it."""
    named = NAME.fullmatch(model.stem)
    language = f"{named['family']}-{named['region']}" if named else ""
    quality = named["quality"] if named else ""
    if not model.stat().st_size:
        return PiperFiles(model.stem, model, f"{model} is empty", language, quality)
    config = Path(f"{model}.json")
    try:
        told = json.loads(config.read_text(encoding="utf-8"))
        _check(told)
    except FileNotFoundError:
        return PiperFiles(model.stem, model, f"{config.name} is missing beside {model}", language, quality)
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        return PiperFiles(model.stem, model, f"{config} is not what piper writes: {why}", language, quality)
    tag = str(told.get("language", {}).get("code") or told["espeak"]["voice"]).replace("_", "-")
    many = told["num_speakers"] > 1
    names = {str(name): int(number) for name, number in told.get("speaker_id_map", {}).items()}
    names = names or {str(number): number for number in range(min(told["num_speakers"], MOST_SPEAKERS))}
    speakers = tuple(sorted(names.items(), key=lambda one: one[1])) if many else ()
    sounds = tuple(told["phoneme_id_map"]) if told.get("phoneme_type", "espeak") == "espeak" else None
    return PiperFiles(model.stem, model, "", language or tag, quality, speakers, sounds)


def _check(told: Mapping[str, Any]) -> None:
    """Raises `KeyError`, `TypeError` or `ValueError` for what piper could not load."""
    if not isinstance(told, Mapping):
        raise TypeError("it holds no table")
    for name, kind in (("num_symbols", int), ("num_speakers", int), ("phoneme_id_map", Mapping)):
        if not isinstance(told[name], kind):
            raise TypeError(f"{name} is not what it should be")
    for name in ("language", "speaker_id_map"):
        if not isinstance(told.get(name, {}), Mapping):
            raise TypeError(f"{name} is not what it should be")
    if not all(isinstance(number, int) for number in told.get("speaker_id_map", {}).values()):
        raise TypeError("its speakers have no numbers")
    if int(told["audio"]["sample_rate"]) <= 0 or not isinstance(told["espeak"]["voice"], str):
        raise ValueError("it tells no sample rate and no language")
    lacking = {"_", "^", "$"} - set(told["phoneme_id_map"])
    if lacking:
        raise ValueError(f"its phonemes lack {' '.join(sorted(lacking))}")


def for_language(voices: Iterable[PiperFiles], language: str) -> tuple[PiperFiles, ...]:
    """Those that speak a language, the best first: its own region, `en-US` where none is named; then by quality."""
    wanted = language.replace("_", "-").lower()
    wanted = "en-us" if wanted == "en" else wanted

    def rank(voice: PiperFiles) -> tuple[bool, int, str]:
        quality = _BEST.index(voice.quality) if voice.quality in _BEST else len(_BEST)
        return voice.language.lower() != wanted, quality, voice.name

    return tuple(sorted((one for one in voices if family(one.language) == family(language)), key=rank))


def nearest(name: str, voices: Iterable[PiperFiles]) -> str:
    names = [one.name for one in voices]
    low = {one.lower(): one for one in names}
    near = difflib.get_close_matches(name.lower(), low, n=1) or [one for one in low if name.lower() in one]
    return low[near[0]] if near else ""
