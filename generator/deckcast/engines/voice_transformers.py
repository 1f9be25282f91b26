"""Models of the library transformers that speak: VITS, which the MMS voices of 1,100 languages are, and others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deckcast.engines.hub_files import Hub, NotThere
from deckcast.engines.neural_voice import NeuralVoice, lacking, versions
from deckcast.engines.transformers_files import ID, ModelFiles, for_language, found, locate, nearest, read
from deckcast.engines.voice_folder import Fetched, digest_of, folder_of
from deckcast.errors import ConfigError, VoiceError, storage_errors
from deckcast.ports import Availability, Catalogue, Progress, Voice

PROGRAM = "deckcast.engines.transformers_program"
MEND = "pip install 'deckcast[transformers]'"
EXAMPLE = "facebook/mms-tts-eng"
VERSION = 1
"""Of the way in which sound and word times are made here."""


@dataclass(frozen=True)
class TransformersEngine:
    """Models in a folder, and in the hub's cache where they are named by their id."""

    setting: str = ""
    """The folder, as configured."""

    def __call__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> Voice:
        """`variant` is a model's id on the hub or its folder; `+` and a speaker's number may follow.

        Raises `ConfigError` for a model that is not there or cannot do what is asked, `VoiceError` where the library or
        one of its files is missing.
        """
        name, speaker = self._split(variant)
        files = self._choose(name, language)
        missing = lacking("torch", "transformers")
        if missing:
            raise VoiceError(f"{' and '.join(missing)} not installed", hint=f"`{MEND}`")
        if files.trouble:
            raise VoiceError(f"the model {files.name} cannot be used: {files.trouble}", hint=_again(files))
        if files.kind != "vits" and rate != 1:
            raise ConfigError(f"the model {files.name} has one rate only", hint="leave `rate` at 1 with this voice")
        number = self._speaker(files, speaker)
        with storage_errors("read", files.folder):
            digest = digest_of(*files.files)
        shown = f"{files.name}+{speaker}" if speaker else files.name
        return NeuralVoice(
            f"transformers {shown}",
            f"transformers {VERSION} {versions('transformers', 'torch')} {digest} speaker {number} {language}"
            f" rate {rate:g}",
            PROGRAM,
            {"model": str(files.folder.absolute()), "vits": files.kind == "vits"},
            {"speaker": number, "rate": rate, "language": language},
            _again(files),
        )

    def availability(self, language: str) -> Availability:
        models = self.found(language)
        missing = lacking("torch", "transformers")
        if missing:
            return Availability(False, f"{' and '.join(missing)} not installed", MEND)
        if not models:
            return Availability(
                False, f"no model for `{language}` in {self.folder}", f"deckcast voices --get 'transformers {EXAMPLE}'"
            )
        usable = [one for one in models if not one.trouble]
        if not usable:
            return Availability(False, models[0].trouble, _get(models[0]))
        return Availability(True, f"neural voices, offline, from {self.folder}")

    def catalogue(self, language: str, *, online: bool) -> Catalogue:
        usable = [one for one in self.found(language) if not one.trouble]
        note = "any other model that speaks may be named by its id on the hub or its folder"
        return Catalogue(tuple((f"transformers {one.name}", _about(one)) for one in usable), note)

    def fetch(self, variant: str, progress: Progress) -> Fetched:
        """What the library loads of a model of the hub: weights in one format, tokenizer, configuration."""
        if not ID.fullmatch(variant):
            raise ConfigError(f"`{variant}` is no model's id on the hub", hint=f"they are named like {EXAMPLE}")
        folder = self.folder / "transformers" / variant
        hub = Hub(variant, folder)
        try:
            names = [name for name in hub.names() if "/" not in name]
            weights = [name for name in names if name.endswith(".safetensors")] or [
                name for name in names if name.endswith(".bin")
            ]
            small = [
                name for name in names if name.endswith((".json", ".txt", ".model", ".md")) and name != "config.json"
            ]
            # What makes it a model comes last: half of one is none.
            files = hub.fetch([*small, *weights, "config.json"], progress)
        except NotThere as error:
            raise ConfigError(
                f"the hub has no model `{variant}` of this kind: {error}", hint="look its id up there"
            ) from error
        model = read(folder, variant)
        if model.trouble:
            raise VoiceError(f"what the hub sent cannot be used: {model.trouble}", hint="is it a model that speaks?")
        told = model.licence or f"see its card, https://huggingface.co/{variant}"
        return Fetched(f"transformers {variant}", files, told)

    def found(self, language: str) -> tuple[ModelFiles, ...]:
        """The models in the folder that tell that they speak a language."""
        return for_language(found(self.folder), language)

    @property
    def folder(self) -> Path:
        return folder_of(self.setting)

    def _split(self, variant: str) -> tuple[str, str]:
        if "+" not in variant or Path(variant).expanduser().is_dir():
            return variant, ""
        name, _, speaker = variant.rpartition("+")
        return name, speaker

    def _choose(self, name: str, language: str) -> ModelFiles:
        if not name:
            usable = sorted(self.found(language), key=lambda one: bool(one.trouble))
            if usable:
                return usable[0]
            raise ConfigError(
                f"there is no model for `{language}` in {self.folder}",
                hint=f"name one, and download it first, as in `deckcast voices --get 'transformers {EXAMPLE}'`",
            )
        files = locate(name, self.folder)
        if files is not None:
            return files
        near = nearest(name, found(self.folder))
        hints = [f"did you mean `transformers {near}`?"] if near else []
        if ID.fullmatch(name):
            hints.append(f"`deckcast voices --get 'transformers {name}'` downloads it")
        raise ConfigError(
            f"the model `{name}` is not on this machine",
            hint="; ".join(hints) or f"name a folder with a config.json, or a model of the hub such as {EXAMPLE}",
        )

    def _speaker(self, files: ModelFiles, name: str) -> int | None:
        if files.speakers <= 1:
            if name:
                raise ConfigError(
                    f"the model {files.name} has one speaker alone", hint=f"write `transformers {files.name}`"
                )
            return None
        if name and not (name.isdecimal() and int(name) < files.speakers):
            raise ConfigError(
                f"the model {files.name} has no speaker `{name}`", hint=f"they are numbered 0 to {files.speakers - 1}"
            )
        return int(name or 0)


def _get(files: ModelFiles) -> str:
    """The command that downloads it; empty for one that is not the hub's."""
    return f"deckcast voices --get 'transformers {files.name}'" if ID.fullmatch(files.name) else ""


def _again(files: ModelFiles) -> str:
    if _get(files):
        return f"`{_get(files)}` downloads it again"
    return f"save the model again into {files.folder}"


def _about(files: ModelFiles) -> str:
    many = f", {files.speakers} speakers" if files.speakers > 1 else ""
    return f"{files.language}, {files.kind}{many}{f', licence {files.licence}' if files.licence else ''}"
