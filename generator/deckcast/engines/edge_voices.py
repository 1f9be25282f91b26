"""Voices of Microsoft Edge's read-aloud service: which there are, and which one speaks a language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deckcast.engines.edge_faults import Unusable
from deckcast.ports import Catalogue

VOICES = {
    "ar": "ar-EG-SalmaNeural", "bg": "bg-BG-KalinaNeural", "ca": "ca-ES-JoanaNeural", "cs": "cs-CZ-VlastaNeural",
    "da": "da-DK-ChristelNeural", "de": "de-DE-SeraphinaMultilingualNeural", "de-at": "de-AT-IngridNeural",
    "de-ch": "de-CH-LeniNeural", "el": "el-GR-AthinaNeural", "en": "en-US-EmmaMultilingualNeural",
    "en-au": "en-AU-NatashaNeural", "en-gb": "en-GB-SoniaNeural", "en-in": "en-IN-NeerjaNeural",
    "es": "es-ES-ElviraNeural", "es-mx": "es-MX-DaliaNeural", "et": "et-EE-AnuNeural", "fi": "fi-FI-NooraNeural",
    "fr": "fr-FR-VivienneMultilingualNeural", "fr-ca": "fr-CA-SylvieNeural", "he": "he-IL-HilaNeural",
    "hi": "hi-IN-SwaraNeural", "hr": "hr-HR-GabrijelaNeural", "hu": "hu-HU-NoemiNeural", "id": "id-ID-GadisNeural",
    "it": "it-IT-ElsaNeural", "ja": "ja-JP-NanamiNeural", "ko": "ko-KR-SunHiNeural", "lt": "lt-LT-OnaNeural",
    "lv": "lv-LV-EveritaNeural", "nb": "nb-NO-PernilleNeural", "nl": "nl-NL-ColetteNeural",
    "no": "nb-NO-PernilleNeural",
    "pl": "pl-PL-ZofiaNeural", "pt": "pt-BR-FranciscaNeural", "pt-pt": "pt-PT-RaquelNeural", "ro": "ro-RO-AlinaNeural",
    "ru": "ru-RU-SvetlanaNeural", "sk": "sk-SK-ViktoriaNeural", "sl": "sl-SI-PetraNeural", "sv": "sv-SE-SofieNeural",
    "th": "th-TH-PremwadeeNeural", "tr": "tr-TR-EmelNeural", "uk": "uk-UA-PolinaNeural", "vi": "vi-VN-HoaiMyNeural",
    "zh": "zh-CN-XiaoxiaoNeural", "zh-tw": "zh-TW-HsiaoChenNeural",
}  # fmt: skip
"""The voice for a language that names none."""

NAME = re.compile(r"[a-z]{2,3}-([A-Za-z]+-)+\w+Neural", re.ASCII)
"""What the service's voices are called."""


def default_voice(language: str) -> str:
    """The voice for a language tag, or for the longest part of it that has one; empty if none has."""
    tag = language.replace("_", "-").lower()
    while tag:
        if tag in VOICES:
            return VOICES[tag]
        tag = tag.rpartition("-")[0]
    return ""


def known(language: str) -> Catalogue:
    """The voices above for a language and its dialects, the default first."""
    found = {voice: tag for tag, voice in reversed(VOICES.items()) if _family(tag) == _family(language)}
    rows = ((voice, f"its voice for `{tag}`") for voice, tag in found.items())
    return Catalogue(_rows(language, rows), "the service has more: `--online` asks it for all")


async def listed(language: str) -> Catalogue:
    """The voices that the service has now. Raises what its client does, and `Unusable`."""
    import edge_tts

    families = {_family(language), _family(default_voice(language))}
    try:
        rows = [
            (voice["ShortName"], f"{voice['Gender'].lower()}, {voice['Locale']}")
            for voice in await edge_tts.list_voices()
            if _family(voice["Locale"]) in families
        ]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unusable(f"the service answered in an unknown way ({error!r})") from error
    return Catalogue(_rows(language, rows))


def _rows(language: str, found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    default = default_voice(language)
    return tuple((f"edge {name}", about) for name, about in sorted(found, key=lambda one: (one[0] != default, one[0])))


def _family(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()
