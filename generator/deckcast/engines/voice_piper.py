"""piper: neural voices for about 50 languages that need no network once their files are here."""

from __future__ import annotations

import contextlib
import difflib
import json
from dataclasses import dataclass
from pathlib import Path

from deckcast.engines.hub_files import Hub, NotThere
from deckcast.engines.neural_voice import NeuralVoice, lacking, versions
from deckcast.engines.piper_files import NAME, PiperFiles, for_language, found, nearest, read
from deckcast.engines.voice_folder import Fetched, digest_of, folder_of
from deckcast.errors import ConfigError, VoiceError, storage_errors
from deckcast.ports import Availability, Catalogue, Progress, Voice

PROGRAM = "deckcast.engines.piper_program"
REPOSITORY = "rhasspy/piper-voices"
MEND = "pip install 'deckcast[piper]'"
VERSION = 1
"""Of the way in which sound and word times are made here."""

SUGGESTED = {
    "ar": "ar_JO-kareem-medium", "ca": "ca_ES-upc_ona-medium", "cs": "cs_CZ-jirka-medium",
    "da": "da_DK-talesyntese-medium", "de": "de_DE-thorsten-medium", "el": "el_GR-rapunzelina-low",
    "en": "en_US-lessac-medium", "en-gb": "en_GB-alan-medium", "es": "es_ES-davefx-medium",
    "fi": "fi_FI-harri-medium", "fr": "fr_FR-siwis-medium", "hu": "hu_HU-anna-medium", "it": "it_IT-paola-medium",
    "nl": "nl_NL-mls-medium", "no": "no_NO-talesyntese-medium", "pl": "pl_PL-gosia-medium",
    "pt": "pt_BR-faber-medium", "ro": "ro_RO-mihai-medium", "ru": "ru_RU-irina-medium", "sk": "sk_SK-lili-medium",
    "sv": "sv_SE-nst-medium", "tr": "tr_TR-dfki-medium", "uk": "uk_UA-ukrainian_tts-medium",
    "vi": "vi_VN-vais1000-medium", "zh": "zh_CN-huayan-medium",
}  # fmt: skip
"""One published voice for a language, to begin with. Whether it is still published, the hub says."""


@dataclass(frozen=True)
class PiperEngine:
    """piper's voices in a folder."""

    setting: str = ""
    """The folder, as configured."""

    def __call__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> Voice:
        """`variant` is a voice's name or path, `+` and a speaker may follow: `en_GB-vctk-medium+p226`.

        Raises `ConfigError` for a voice or language that is not there, `VoiceError` where piper or a file is missing.
        """
        wanted, speaker_name = self._split(variant)
        files = self._choose(wanted, language)
        missing = lacking("piper", "onnxruntime", "onnx")
        if missing:
            raise VoiceError(f"piper is not installed ({', '.join(missing)} missing)", hint=f"`{MEND}`")
        if files.trouble:
            raise VoiceError(f"piper's voice {files.name} cannot be used: {files.trouble}", hint=_again(files))
        speaker = self._speaker(files, speaker_name)
        with storage_errors("read", files.model):
            digest = digest_of(files.model, files.config)
        name = f"{files.name}+{speaker_name}" if speaker_name else files.name
        return NeuralVoice(
            f"piper {name}",
            f"piper {VERSION} {versions('piper-tts', 'onnxruntime')} {name} {digest} rate {rate:g}",
            PROGRAM,
            {"model": str(files.model.absolute()), "config": str(files.config.absolute())},
            {"speaker": speaker, "rate": rate},
            _again(files),
            files.sounds,
        )

    def availability(self, language: str) -> Availability:
        voices = self.found(language)
        missing = lacking("piper", "onnxruntime", "onnx")
        if missing:
            return Availability(False, f"{', '.join(missing)} not installed", MEND)
        if not voices:
            get = f"deckcast voices --get 'piper {suggested(language)}'" if suggested(language) else ""
            return Availability(False, f"no voice for `{language}` in {self.folder}", get)
        usable = [one for one in voices if not one.trouble]
        if not usable:
            return Availability(False, voices[0].trouble, _get(voices[0]))
        return Availability(True, f"neural voices, offline, from {self.folder}")

    def catalogue(self, language: str, *, online: bool) -> Catalogue:
        voices = [one for one in self.found(language) if not one.trouble]
        notes = [f"{one.name}: {one.trouble}" for one in self.found(language) if one.trouble]
        many = [one for one in voices if one.speakers]
        if many:
            names = ", ".join(name for name, _ in many[0].speakers)
            notes.append(f"a speaker may follow, as in `piper {many[0].name}+{many[0].speakers[0][0]}`: {names}")
        return Catalogue(tuple((f"piper {one.name}", _about(one)) for one in voices), "; ".join(notes))

    def fetch(self, variant: str, progress: Progress) -> Fetched:
        """The model, what is told of it, and its card, from where piper's makers publish them."""
        named = NAME.fullmatch(variant)
        if named is None:
            raise ConfigError(
                f"`{variant}` is no name of a voice that piper's makers publish",
                hint=f"they are named like `piper {SUGGESTED['en']}`; https://huggingface.co/{REPOSITORY} has all",
            )
        family, region, name, quality = named.group("family", "region", "name", "quality")
        place = f"{family}/{family}_{region}/{name}/{quality}"
        hub = Hub(REPOSITORY, self.folder / "piper")
        # What makes it a voice comes last: half of one is none.
        wanted = [f"{place}/{variant}.onnx.json", f"{place}/{variant}.onnx"]
        try:
            files = hub.fetch(wanted, progress)
        except NotThere as error:
            near = difflib.get_close_matches(variant, _published(hub, progress), n=1)
            hint = f"did you mean `piper {near[0]}`?" if near else f"https://huggingface.co/{REPOSITORY} has all"
            raise ConfigError(f"piper's makers publish no voice `{variant}`", hint=hint) from error
        card = f"{place}/MODEL_CARD"
        with contextlib.suppress(NotThere):
            files += hub.fetch([card], progress)
        told = f"each voice has its own: read https://huggingface.co/{REPOSITORY}/blob/main/{card}"
        return Fetched(f"piper {variant}", files, told)

    def found(self, language: str) -> tuple[PiperFiles, ...]:
        """The voices whose files are there, those that cannot be used included, the best first."""
        return for_language(found(self.folder), language)

    @property
    def folder(self) -> Path:
        return folder_of(self.setting)

    def _split(self, variant: str) -> tuple[str, str]:
        if "+" not in variant or Path(variant).expanduser().is_file():
            return variant, ""
        name, _, speaker = variant.rpartition("+")
        return name, speaker

    def _choose(self, wanted: str, language: str) -> PiperFiles:
        if not wanted:
            usable = sorted(self.found(language), key=lambda one: bool(one.trouble))
            if usable:
                return usable[0]
            raise ConfigError(f"piper has no voice for `{language}` in {self.folder}", hint=self._where(language))
        if wanted.endswith(".onnx") or "/" in wanted:
            path = Path(wanted).expanduser()
            if not path.is_file():
                raise ConfigError(f"there is no voice file {path}", hint=self._where(language))
            return read(path)
        there = found(self.folder)
        for one in there:
            if one.name == wanted:
                return one
        near = nearest(wanted, there)
        get = f"`deckcast voices --get 'piper {wanted}'` downloads it" if NAME.fullmatch(wanted) else ""
        hints = [f"did you mean `piper {near}`?" if near else "", get or ("" if near else self._where(language))]
        raise ConfigError(
            f"piper's voice `{wanted}` is not in {self.folder}", hint="; ".join(one for one in hints if one)
        )

    def _speaker(self, files: PiperFiles, name: str) -> int | None:
        if not name:
            return None
        number = files.speaker(name)
        if number is None:
            known = ", ".join(one for one, _ in files.speakers[:8])
            more = ", …" if len(files.speakers) > 8 else ""
            hint = f"there are {known}{more}" if known else f"it has one alone: write `piper {files.name}`"
            raise ConfigError(f"piper's voice {files.name} has no speaker `{name}`", hint=hint)
        return number

    def _where(self, language: str) -> str:
        name = suggested(language)
        get = f"`deckcast voices --get 'piper {name}'` downloads one" if name else "download one"
        return f"{get}, or put its .onnx and .onnx.json there"


def _published(hub: Hub, progress: Progress) -> tuple[str, ...]:
    """The names of all voices, as far as they are told."""
    try:
        (path,) = hub.fetch(["voices.json"], progress)
        return tuple(json.loads(path.read_text(encoding="utf-8")))
    except (NotThere, OSError, ValueError, RecursionError):
        return ()


def suggested(language: str) -> str:
    """A published voice for a language tag, or for the longest part of it that has one; empty if none is known."""
    tag = language.replace("_", "-").lower()
    while tag and tag not in SUGGESTED:
        tag = tag.rpartition("-")[0]
    return SUGGESTED.get(tag, "")


def _get(files: PiperFiles) -> str:
    """The command that downloads it; empty for one that is not published."""
    return f"deckcast voices --get 'piper {files.name}'" if NAME.fullmatch(files.name) else ""


def _again(files: PiperFiles) -> str:
    if _get(files):
        return f"`{_get(files)}` downloads it again"
    return f"copy {files.model.name} and {files.config.name} again from where they came"


def _about(files: PiperFiles) -> str:
    many = f", {len(files.speakers)} speakers" if files.speakers else ""
    return f"{files.language}{f', quality {files.quality}' if files.quality else ''}{many}"
