"""kokoro: neural voices for English and some other languages, in one model, that need no network once it is here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from deckcast.engines.kokoro_files import LANGUAGES, MODEL, VOICES, KokoroFiles, found, language_of, read, vocabulary
from deckcast.engines.neural_voice import NeuralVoice, lacking, versions
from deckcast.engines.voice_folder import Fetched, digest_of, folder_of
from deckcast.errors import ConfigError, VoiceError, storage_errors
from deckcast.ports import Availability, Catalogue, Progress, Voice

PROGRAM = "deckcast.engines.kokoro_program"
MEND = "pip install 'deckcast[kokoro]'"
GET = "deckcast voices --get kokoro"
RELEASE = "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.1"
"""Where kokoro-onnx's makers publish the files; this release tells durations, which give the times of words."""
ADDRESS = "DECKCAST_KOKORO_URL"
"""The environment may name another place that has the same files."""
VERSION = 1
"""Of the way in which sound and word times are made here."""
_KINDS = {"f": "a woman", "m": "a man"}


@dataclass(frozen=True)
class KokoroEngine:
    """kokoro's model and voices in a folder."""

    setting: str = ""
    """The folder, as configured."""

    def __call__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> Voice:
        """Raises `ConfigError` for a voice or language that it has not, `VoiceError` where something is missing."""
        files = found(self.folder)
        if files is None:
            raise ConfigError(f"kokoro's files are not in {self.folder}", hint=f"`{GET}` downloads them")
        missing = lacking("kokoro_onnx", "onnxruntime", "onnx")
        if missing:
            raise VoiceError(f"kokoro is not installed ({', '.join(missing)} missing)", hint=f"`{MEND}`")
        if files.trouble:
            raise VoiceError(f"kokoro cannot be used: {files.trouble}", hint=f"`{GET}` downloads it again")
        name = variant or next(iter(files.for_language(language)), "")
        if not name:
            raise ConfigError(f"kokoro does not speak `{language}`", hint=f"it speaks {_spoken()}")
        if name not in files.names:
            near = files.nearest(name)
            hint = f"did you mean `kokoro {near}`?" if near else f"it has {', '.join(files.names)}"
            raise ConfigError(f"kokoro has no voice `{name}`", hint=hint)
        tag, espeak = language_of(name)
        if not espeak:
            raise ConfigError(
                f"kokoro's voice `{name}` wants phonemes that deckcast cannot make", hint=f"it can have {_spoken()}"
            )
        with storage_errors("read", files.model):
            digest = digest_of(files.model, files.voices)
        return NeuralVoice(
            f"kokoro {name}",
            f"kokoro {VERSION} {versions('kokoro-onnx', 'onnxruntime', 'phonemizer', 'espeakng-loader')}"
            f" {files.model.stem} {name} {tag} {digest} rate {rate:g}",
            PROGRAM,
            {"model": str(files.model.absolute()), "voices": str(files.voices.absolute())},
            {"voice": name, "language": espeak, "rate": rate},
            f"`{GET}` downloads it again",
            vocabulary(),
        )

    def availability(self, language: str) -> Availability:
        files = found(self.folder)
        missing = lacking("kokoro_onnx", "onnxruntime", "onnx")
        if missing:
            return Availability(False, f"{', '.join(missing)} not installed", MEND)
        if not KokoroFiles(Path(), Path(), tuple(LANGUAGES)).for_language(language):
            return Availability(False, f"does not speak `{language}`")
        if files is None:
            return Availability(False, f"its files are not in {self.folder}", GET)
        if files.trouble:
            return Availability(False, files.trouble, GET)
        if not files.for_language(language):
            return Availability(False, f"{files.voices} has no voice for `{language}`")
        return Availability(True, f"neural voices, offline, from {files.model}")

    def catalogue(self, language: str, *, online: bool) -> Catalogue:
        return Catalogue(tuple((f"kokoro {name}", _about(name)) for name in self.found(language)))

    def fetch(self, variant: str, progress: Progress) -> Fetched:
        """Model and voices, in full precision; a voice that is named must be among them."""
        folder = self.folder / "kokoro"
        address = os.environ.get(ADDRESS, "").rstrip("/") or RELEASE
        from deckcast.engines import web_file

        files = tuple(web_file.fetch(f"{address}/{name}", folder / name, progress) for name in (VOICES, MODEL))
        pair = read(files[1], files[0])
        if pair.trouble:
            raise VoiceError(f"what {address} sent cannot be used: {pair.trouble}", hint=f"try again: `{GET}`")
        if variant and variant not in pair.names:
            near = pair.nearest(variant)
            hint = f"did you mean `kokoro {near}`?" if near else f"it has {', '.join(pair.names)}"
            raise ConfigError(f"kokoro is here now, but has no voice `{variant}`", hint=hint)
        return Fetched(f"kokoro {variant}".strip(), files, "Apache-2.0, as its makers say")

    def found(self, language: str) -> tuple[str, ...]:
        """The voices whose files are there, the best first; the model alone if it cannot be used."""
        files = found(self.folder)
        if files is None:
            return ()
        return files.for_language(language) or ((files.model.name,) if files.trouble else ())

    @property
    def folder(self) -> Path:
        return folder_of(self.setting)


def _about(name: str) -> str:
    kind = _KINDS.get(name[1:2], "")
    return ", ".join(one for one in (kind, language_of(name)[0]) if one)


def _spoken() -> str:
    return ", ".join(f"`{tag}`" for tag, _ in LANGUAGES.values())
