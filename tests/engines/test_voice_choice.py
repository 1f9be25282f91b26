"""Which voice is chosen, and what is said when none can be."""

from __future__ import annotations

import pytest

from deckcast.engines import voice_espeak, voice_flite, voices
from deckcast.engines.speech_process import ProgramFailed
from deckcast.errors import ConfigError, DeckcastError, VoiceError


def fail(*_: object) -> str:
    raise ProgramFailed("libflite.so.1: cannot open shared object file")


@pytest.mark.parametrize(
    ("setting", "language", "online", "name", "why"),
    [
        ("auto", "en", False, "flite rms", "the clearest offline voice for English"),
        ("", "en-GB", False, "flite rms", "the clearest offline voice for English"),
        ("auto", "de", False, "espeak de", "the offline voice that works here"),
        (
            "auto",
            "en",
            True,
            "edge en-US-EmmaMultilingualNeural",
            "the most natural voice, and online voices are allowed",
        ),
        ("flite", "en", False, "flite rms", "as the settings say"),
        ("flite slt", "en", True, "flite slt", "as the settings say"),
        ("espeak", "en", False, "espeak en-us+klatt4", "as the settings say"),
        ("espeak", "en-GB", False, "espeak en+klatt4", "as the settings say"),
        ("espeak de", "en", False, "espeak de", "as the settings say"),
        ("espeak German", "en", False, "espeak de", "as the settings say"),
        ("espeak +f2", "fr-CA", False, "espeak fr+f2", "as the settings say"),
        ("edge de-DE-KatjaNeural", "de", True, "edge de-DE-KatjaNeural", "as the settings say"),
        ("silent", "en", False, "silent", "as the settings say"),
    ],
)
@pytest.mark.slow
def test_choice(setting: str, language: str, online: bool, name: str, why: str) -> None:
    voice, reason = voices.choose(setting, language, online=online, rate=1.0)
    assert (voice.name, reason) == (name, why)


@pytest.mark.parametrize(
    ("setting", "language", "message", "hint"),
    [
        ("flit", "en", "unknown voice `flit`", "did you mean `flite`?"),
        (
            "xyz",
            "en",
            "unknown voice `xyz`",
            "there are `auto`, `edge`, `piper`, `kokoro`, `transformers`, `flite`, `espeak`, `silent`, `recorded`",
        ),
        (
            "edge",
            "en",
            "`voice: edge` sends the notes to another company's service, which nobody has allowed yet",
            "say yes with `online: true` (front matter or configuration) or `--online`, or use an offline voice",
        ),
        ("flite rsm", "en", "flite has no voice `rsm`", "did you mean `flite rms`?"),
        ("flite", "de", "flite speaks English only, and the lesson's language is `de`", "use `voice: espeak`"),
        ("silent loud", "en", "`silent` has no voice `loud`", "write `voice: silent`"),
    ],
)
def test_settings_that_cannot_be(setting: str, language: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        voices.choose(setting, language, online=False, rate=1.0)
    assert (str(caught.value), caught.value.finding.hint) == (message, hint)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "message", "hint"),
    [
        ("espeak +klat4", "espeak-ng has no timbre `+klat4`", "did you mean `+klatt4`?"),
        ("espeak enn-us", "espeak-ng has no voice for `enn-us`", "did you mean `espeak en-us`?"),
    ],
)
def test_espeak_voices_that_are_not_there(setting: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        voices.choose(setting, "en", online=False, rate=1.0)
    assert (str(caught.value), caught.value.finding.hint) == (message, hint)


@pytest.mark.slow
def test_an_unknown_region_falls_back_on_its_language() -> None:
    voice, _ = voices.choose("espeak", "de-LI", online=False, rate=1.0)
    assert voice.name == "espeak de"


@pytest.mark.slow
def test_without_flite_espeak_speaks_and_says_what_would_be_clearer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_flite, "_version", fail)
    voice, why = voices.choose("auto", "en", online=False, rate=1.0)
    assert voice.name == "espeak en-us+klatt4"
    assert why == ("the offline voice that works here; `apt-get install libflite1` would give a clearer one")


def test_silence_is_never_chosen_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_flite, "_version", fail)
    monkeypatch.setattr(voice_espeak, "_installed", fail)
    with pytest.raises(VoiceError) as caught:
        voices.choose("auto", "en", online=False, rate=1.0)
    assert str(caught.value).startswith("no voice for `en` works on this machine (flite: libflite.so.1: cannot open")
    assert caught.value.finding.hint == "`apt-get install libflite1` or `pip install espeakng-loader`"
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("setting", ["flite", "espeak"])
def test_a_voice_that_is_asked_for_and_not_there_says_how_to_get_it(
    setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_flite, "_version", fail)
    monkeypatch.setattr(voice_espeak, "_installed", fail)
    with pytest.raises(VoiceError) as caught:
        voices.choose(setting, "en", online=False, rate=1.0)
    assert "install" in caught.value.finding.hint


def test_the_survey_names_every_voice_and_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_flite, "_version", fail)
    monkeypatch.setattr(voice_espeak, "_installed", fail)
    found = dict(voices.survey("en"))
    assert list(found) == ["edge", "piper", "kokoro", "transformers", "flite", "espeak", "silent", "recorded"]
    assert {name: there.works for name, there in found.items()} == {
        "edge": True,
        "piper": False,
        "kokoro": False,
        "transformers": False,
        "flite": False,
        "espeak": False,
        "silent": True,
        "recorded": True,
    }
    assert found["flite"].mend == "apt-get install libflite1"


@pytest.mark.parametrize("name", voices.VOICES)
def test_every_engine_of_the_table_can_be_imported(name: str) -> None:
    assert voices.engine(name).availability


def test_errors_are_ours() -> None:
    assert issubclass(ProgramFailed, DeckcastError)
