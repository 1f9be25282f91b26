"""Voices' files that are missing, broken or for another language: what is told, where, and what helps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import deckcast.say
from deckcast.engines import neural_voice, piper_files, speech_worker, voices
from deckcast.engines.speech_worker import Lease
from deckcast.engines.voice_folder import folder_of
from deckcast.errors import ConfigError, DeckcastError, NarrationError, VoiceError

CONFIG = {
    "audio": {"sample_rate": 16_000},
    "espeak": {"voice": "en-us"},
    "num_symbols": 3,
    "num_speakers": 1,
    "phoneme_id_map": {"_": [0], "^": [1], "$": [2]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "voices"


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Quick tests load no library, so they need none."""
    if request.node.get_closest_marker("slow") is None:
        for name in ("piper", "kokoro", "transformers"):
            monkeypatch.setattr(f"deckcast.engines.voice_{name}.lacking", lambda *_: ())
            monkeypatch.setattr(f"deckcast.engines.voice_{name}.versions", lambda *names: " ".join(names))


def piper(folder: Path, *names: str, **told: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.onnx").write_bytes(b"a model")
        (folder / f"{name}.onnx.json").write_text(json.dumps({**CONFIG, **told}))


def opened(setting: str, folder: Path, language: str = "en", rate: float = 1.0) -> Any:
    return voices.choose(setting, language, online=False, rate=rate, folder=str(folder))[0]


def refused(
    setting: str, folder: Path, language: str = "en", rate: float = 1.0
) -> tuple[type[DeckcastError], str, str]:
    with pytest.raises(DeckcastError) as caught:
        opened(setting, folder, language, rate)
    return type(caught.value), str(caught.value), caught.value.finding.hint


def test_a_folder_is_named_by_the_setting_the_environment_or_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DECKCAST_VOICES", str(tmp_path / "env"))
    assert folder_of(str(tmp_path / "set")) == tmp_path / "set"
    assert folder_of("") == tmp_path / "env"
    monkeypatch.delenv("DECKCAST_VOICES")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("sys.platform", "linux")
    assert folder_of("") == tmp_path / "data" / "deckcast" / "voices"


# ── piper ────────────────────────────────────────────────────────────────────────────────────────


def test_the_best_voice_for_a_language_is_taken(folder: Path) -> None:
    piper(folder / "deep" / "er", "en_GB-alan-high", "en_US-amy-low", "en_US-ryan-high", "de_DE-eva_k-x_low")
    piper(folder / ".cache", "en_US-half-high")
    assert opened("piper", folder).name == "piper en_US-ryan-high"
    assert opened("piper", folder, "en-GB").name == "piper en_GB-alan-high"
    assert opened("piper", folder, "de-AT").name == "piper de_DE-eva_k-x_low"
    assert opened("piper en_US-amy-low", folder, "de").name == "piper en_US-amy-low"
    listed = voices.engine("piper", str(folder)).catalogue("en", online=False).voices
    assert [name for name, _ in listed] == ["piper en_US-ryan-high", "piper en_US-amy-low", "piper en_GB-alan-high"]
    assert listed[0][1] == "en-US, quality high"


def test_a_voice_may_be_named_by_its_path_and_its_speaker(folder: Path, tmp_path: Path) -> None:
    piper(tmp_path / "a+b", "mine", num_speakers=2, speaker_id_map={"ada": 0, "eve": 1})
    path = tmp_path / "a+b" / "mine.onnx"
    assert opened(f"piper {path}", folder).name == "piper mine"
    assert opened(f"piper {path}+eve", folder).name == "piper mine+eve"
    assert opened(f"piper {path}+1", folder).identity != opened(f"piper {path}", folder).identity
    assert refused(f"piper {path}+adam", folder) == (
        ConfigError,
        "piper's voice mine has no speaker `adam`",
        "there are ada, eve",
    )
    kind, message, hint = refused(f"piper {tmp_path}/nothing.onnx", folder)
    assert (kind, message) == (ConfigError, f"there is no voice file {tmp_path}/nothing.onnx")
    assert hint.startswith("`deckcast voices --get 'piper en_US-lessac-medium'` downloads one")


def test_a_voice_that_is_not_there_and_the_nearest_that_is(folder: Path) -> None:
    piper(folder, "en_US-lessac-medium")
    assert refused("piper en_US-lesac-medium", folder) == (
        ConfigError,
        f"piper's voice `en_US-lesac-medium` is not in {folder}",
        "did you mean `piper en_US-lessac-medium`?; `deckcast voices --get 'piper en_US-lesac-medium'` downloads it",
    )
    assert refused("piper lessac", folder)[2] == "did you mean `piper en_US-lessac-medium`?"
    assert refused("piper en_US-lessac-medium+bob", folder)[2] == "it has one alone: write `piper en_US-lessac-medium`"


def test_a_language_without_a_voice(folder: Path) -> None:
    piper(folder, "en_US-lessac-medium")
    assert refused("piper", folder, "de-CH") == (
        ConfigError,
        f"piper has no voice for `de-CH` in {folder}",
        "`deckcast voices --get 'piper de_DE-thorsten-medium'` downloads one, or put its .onnx and .onnx.json there",
    )
    there = voices.engine("piper", str(folder)).availability("tlh")
    assert (there.works, there.mend) == (False, "")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (None, "en_US-x-low.onnx.json is missing beside {folder}/en_US-x-low.onnx"),
        ("{", "is not what piper writes: Expecting property name"),
        ("[]", "is not what piper writes: it holds no table"),
        ("{}", "is not what piper writes: it lacks 'num_symbols'"),
        (json.dumps({**CONFIG, "audio": {}}), "is not what piper writes: it lacks 'sample_rate'"),
        (json.dumps({**CONFIG, "phoneme_id_map": {"_": [0]}}), "is not what piper writes: its phonemes lack $ ^"),
        (json.dumps({**CONFIG, "num_speakers": "two"}), "is not what piper writes: num_speakers is not what it"),
        ("\xff\xfe", "is not what piper writes"),
    ],
)
def test_what_is_told_of_a_voice_is_missing_or_wrong(folder: Path, told: str | None, why: str) -> None:
    piper(folder, "en_US-x-low")
    config = folder / "en_US-x-low.onnx.json"
    config.unlink() if told is None else config.write_text(told, encoding="latin-1")
    kind, message, hint = refused("piper en_US-x-low", folder)
    assert kind is VoiceError
    assert message.startswith("piper's voice en_US-x-low cannot be used: ")
    assert why.format(folder=folder) in message
    assert hint == "`deckcast voices --get 'piper en_US-x-low'` downloads it again"


def test_an_empty_file_is_no_voice(folder: Path) -> None:
    piper(folder, "en_US-x-low")
    (folder / "en_US-x-low.onnx").write_bytes(b"")
    assert "en_US-x-low.onnx is empty" in refused("piper", folder)[1]


def test_an_identity_changes_with_all_that_changes_the_sound(folder: Path) -> None:
    piper(folder, "en_US-x-low")
    before = opened("piper", folder).identity
    assert opened("piper", folder).identity == before
    assert opened("piper", folder, rate=1.1).identity != before
    (folder / "en_US-x-low.onnx").write_bytes(b"another model")
    changed = opened("piper", folder).identity
    assert changed != before
    piper(folder, "en_US-x-low", hop_length=512)
    assert opened("piper", folder).identity not in (before, changed)


def test_names_as_they_are_published() -> None:
    for name in ("en_US-lessac-medium", "de_DE-eva_k-x_low", "es_419-x-high", "zh_CN-huayan-medium"):
        assert piper_files.NAME.fullmatch(name), name
    for name in ("en_US-lessac", "lessac", "en-US-lessac-medium", "../en_US-x-low"):
        assert not piper_files.NAME.fullmatch(name), name


# ── kokoro ───────────────────────────────────────────────────────────────────────────────────────


def kokoro(folder: Path, *names: str, model: str = "kokoro-v1.0.onnx") -> None:
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    (folder / model).write_bytes(b"a model")
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, **{name: np.zeros(1) for name in names})


def test_kokoros_voice_for_a_language(folder: Path) -> None:
    kokoro(folder, "af_alloy", "af_heart", "am_adam", "bf_emma", "ff_siwis", "jf_alpha")
    assert opened("kokoro", folder).name == "kokoro af_heart"
    assert opened("kokoro", folder, "en-GB").name == "kokoro bf_emma"
    assert opened("kokoro", folder, "fr-CA").name == "kokoro ff_siwis"
    listed = voices.engine("kokoro", str(folder)).catalogue("en-US", online=False).voices
    assert listed[0] == ("kokoro af_heart", "a woman, en-US")
    assert [name for name, _ in listed] == ["kokoro af_heart", "kokoro af_alloy", "kokoro am_adam", "kokoro bf_emma"]
    assert refused("kokoro", folder, "de")[1] == "kokoro does not speak `de`"
    assert refused("kokoro af_hart", folder)[2] == "did you mean `kokoro af_heart`?"
    assert refused("kokoro jf_alpha", folder)[1] == "kokoro's voice `jf_alpha` wants phonemes that deckcast cannot make"


def test_kokoros_files(folder: Path) -> None:
    get = "`deckcast voices --get kokoro` downloads"
    assert refused("kokoro", folder) == (ConfigError, f"kokoro's files are not in {folder}", f"{get} them")
    kokoro(folder, "af_heart", model="kokoro-v1.0.int8.onnx")
    assert "kokoro-v1.0.int8 af_heart" in opened("kokoro", folder).identity
    kokoro(folder, "af_heart")
    assert "kokoro-v1.0 af_heart" in opened("kokoro", folder).identity, "full precision is better"
    names = folder / "voices-v1.0.bin"
    names.write_bytes(names.read_bytes()[:40])
    kind, message, hint = refused("kokoro", folder)
    assert (kind, hint) == (VoiceError, f"{get} it again")
    assert f"{names} cannot be read" in message
    names.unlink()
    assert "voices-v1.0.bin is missing beside" in refused("kokoro", folder)[1]
    kokoro(folder, "xx_nobody")
    assert "holds no voice that deckcast knows the language of" in refused("kokoro", folder)[1]
    for path in folder.glob("kokoro*"):
        path.unlink()
    assert "kokoro-v1.0.onnx is missing beside" in refused("kokoro", folder)[1]


# ── transformers ─────────────────────────────────────────────────────────────────────────────────


def model(folder: Path, name: str, kind: str = "vits", language: str = "eng", **config: Any) -> Path:
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "config.json").write_text(json.dumps({"model_type": kind, **config}))
    (place / "tokenizer_config.json").write_text(json.dumps({"language": language}))
    (place / "model.safetensors").write_bytes(b"weights")
    (place / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n")
    return place


def test_models_that_speak(folder: Path, tmp_path: Path) -> None:
    model(folder / "transformers", "acme/tts-eng")
    model(folder / "transformers", "acme/tts-deu", language="deu")
    model(folder / "transformers", "acme/bert", kind="bert")
    other = model(tmp_path, "mine", num_speakers=3)
    assert opened("transformers", folder).name == "transformers acme/tts-eng"
    assert opened("transformers", folder, "de-AT").name == "transformers acme/tts-deu"
    assert opened(f"transformers {other}+2", folder).name == f"transformers {other}+2"
    listed = voices.engine("transformers", str(folder)).catalogue("en", online=False).voices
    assert listed == (("transformers acme/tts-eng", "en, vits, licence cc-by-nc-4.0"),)
    assert refused(f"transformers {other}+7", folder)[2] == "they are numbered 0 to 2"
    assert refused("transformers acme/tts-eng+1", folder)[1] == "the model acme/tts-eng has one speaker alone"
    get = "`deckcast voices --get 'transformers acme/tts-end'` downloads it"
    assert refused("transformers acme/tts-end", folder) == (
        ConfigError,
        "the model `acme/tts-end` is not on this machine",
        f"did you mean `transformers acme/tts-eng`?; {get}",
    )
    assert "name a folder with a config.json" in refused("transformers nonsense", folder)[2]
    assert "--get 'transformers facebook/mms-tts-eng'" in refused("transformers", folder, "tlh")[2]


def test_models_in_the_hubs_cache_speak_when_they_are_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    cached = tmp_path / "cache" / "models--acme--tts"
    model(cached / "snapshots", "abc")
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("abc")
    assert opened("transformers acme/tts", folder).name == "transformers acme/tts"
    assert voices.neural("transformers", str(folder)).found("en") == (), "but never unasked"


def test_a_model_without_weights_or_with_one_rate(folder: Path) -> None:
    place = model(folder, "acme/bark", kind="bark")
    assert refused("transformers acme/bark", folder, rate=1.2) == (
        ConfigError,
        "the model acme/bark has one rate only",
        "leave `rate` at 1 with this voice",
    )
    (place / "model.safetensors").unlink()
    kind, message, hint = refused("transformers acme/bark", folder)
    assert kind is VoiceError
    assert "the weights, model.safetensors, are missing" in message
    assert "downloads it again" in hint
    (place / "config.json").write_text("{")
    assert "cannot be used" in refused("transformers acme/bark", folder)[1]


# ── what auto takes ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def flite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckcast.engines.voice_flite._version", lambda _: "flite 2.2")


def automatic(folder: Path, language: str = "en", *, online: bool = False) -> tuple[str, str]:
    voice, why = voices.choose("auto", language, online=online, rate=1.0, folder=str(folder))
    return voice.name, why


@pytest.mark.usefixtures("flite")
def test_auto_takes_a_neural_voice_that_is_here(folder: Path) -> None:
    assert automatic(folder) == ("flite rms", "the clearest offline voice for English")
    model(folder, "acme/tts-eng")
    assert automatic(folder) == ("transformers acme/tts-eng", "a neural voice whose files are here")
    kokoro(folder, "af_heart")
    assert automatic(folder)[0] == "kokoro af_heart"
    piper(folder, "en_US-x-low")
    assert automatic(folder)[0] == "piper en_US-x-low"
    assert automatic(folder, online=True)[0].startswith("edge")


@pytest.mark.usefixtures("flite")
def test_auto_passes_over_what_cannot_be_used_and_says_so(folder: Path) -> None:
    piper(folder, "en_US-x-low")
    (folder / "en_US-x-low.onnx.json").unlink()
    assert automatic(folder) == (
        "flite rms",
        "the clearest offline voice for English; `deckcast voices --get 'piper en_US-x-low'` would give a clearer one",
    )


@pytest.mark.usefixtures("flite")
@pytest.mark.parametrize(
    ("name", "get", "mend"),
    [
        ("piper", lambda folder: piper(folder, "en_US-x-low"), "pip install 'deckcast[piper]'"),
        ("kokoro", lambda folder: kokoro(folder, "af_heart"), "pip install 'deckcast[kokoro]'"),
        ("transformers", lambda folder: model(folder, "acme/tts"), "pip install 'deckcast[transformers]'"),
    ],
)
def test_an_extra_that_is_not_installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, get: Callable[[Path], object], mend: str
) -> None:
    monkeypatch.setattr(f"deckcast.engines.voice_{name}.lacking", lambda *names: names)
    there = voices.engine(name, str(folder)).availability("en")
    assert (there.works, there.mend) == (False, mend)
    get(folder)
    assert automatic(folder)[0] == "flite rms"
    assert mend in automatic(folder)[1]
    kind, message, hint = refused(name, folder)
    assert kind is VoiceError
    assert "not installed" in message or "is not installed" in message
    assert hint == f"`{mend}`"


def test_modules_that_are_missing_are_named() -> None:
    assert neural_voice.lacking("json", "no_such_module") == ("no_such_module",)


# ── with the real libraries ──────────────────────────────────────────────────────────────────────


def fails(voice: Any, text: str = "Hello there.") -> tuple[type[DeckcastError], str, str]:
    try:
        with pytest.raises(DeckcastError) as caught:
            voice.speak(text)
    finally:
        voice.close()
    return type(caught.value), str(caught.value), caught.value.finding.hint


@pytest.mark.slow
@pytest.mark.parametrize("cut", ["garbage", "half", "other"])
def test_a_model_that_is_broken(folder: Path, cut: str) -> None:
    from engines import tiny_voices

    path = tiny_voices.piper(folder)
    whole = path.read_bytes()
    path.write_bytes(
        {"garbage": b"<html>Too many requests</html>", "half": whole[: len(whole) // 2], "other": b""}[cut]
    )
    if cut == "other":  # a model, but not one that speaks
        path.write_bytes(tiny_voices.kokoro(folder / "k").read_bytes())
    kind, message, hint = fails(opened("piper", folder))
    assert kind is VoiceError
    assert message.startswith("piper en_US-tiny-low ")
    if cut != "other":
        assert "cannot be loaded" in message
        assert hint == "`deckcast voices --get 'piper en_US-tiny-low'` downloads it again"


@pytest.mark.slow
def test_a_slide_is_spoken_at_two_rates_by_one_program_that_ends_with_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engines import tiny_voices

    started: list[str] = []
    start = speech_worker.Worker._start

    def noted(worker: speech_worker.Worker) -> Any:
        started.append(worker._program)
        return start(worker)

    monkeypatch.setattr(speech_worker.Worker, "_start", noted)
    tiny_voices.piper(folder)
    talk = tmp_path / "talk"
    talk.mkdir()
    (talk / "presentation.md").write_text("# One\n\n???\nGood morning, everybody. [rate 1.5] And good night.\n")
    said = deckcast.say.say(
        talk, 1, target=tmp_path / "one.wav", output=tmp_path / "out", settings={"narration.voice_folder": str(folder)}
    )
    assert said.voice == "piper en_US-tiny-low: a neural voice whose files are here"
    assert [one.text for one in said.sentences] == ["Good morning, everybody.", "And good night."]
    assert started == ["deckcast.engines.piper_program"]
    assert not speech_worker._WORKERS


@pytest.mark.slow
def test_models_that_tell_no_durations_give_no_times(folder: Path) -> None:
    from engines import tiny_voices

    tiny_voices.piper(folder, times=False)
    tiny_voices.kokoro(folder, times=False)
    for setting in ("piper", "kokoro"):
        voice = opened(setting, folder)
        speech = voice.speak("Hello there.")
        assert len(speech.pcm) > 10_000
        assert speech.words == ()
        voice.close()


@pytest.mark.slow
def test_a_voice_of_letters_names_those_that_it_does_not_know(folder: Path) -> None:
    from engines import tiny_voices

    letters = {letter: [number] for number, letter in enumerate("_^$ abcdefghijklmnopqrstuvwxyz.")}
    tiny_voices.piper(folder, phoneme_type="text", phoneme_id_map=letters)
    voice = opened("piper", folder)
    assert [word.end for word in voice.speak("Good morning.").words] == [4, 13]
    kind, message, _ = fails(voice, "Say 你好.")
    assert kind is NarrationError
    assert message == "piper en_US-tiny-low cannot speak this: the voice has no sound for `你好`"


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["weights", "tokenizer"])
def test_a_model_of_the_hub_that_is_broken(folder: Path, broken: str) -> None:
    from engines import tiny_voices

    place = tiny_voices.vits(folder / "acme" / "tts")
    (place / "model.safetensors").write_bytes(b"cut") if broken == "weights" else (place / "vocab.json").unlink()
    kind, message, hint = fails(opened("transformers", folder))
    assert kind is VoiceError
    assert message.startswith("transformers acme/tts cannot be loaded: ")
    assert hint == "`deckcast voices --get 'transformers acme/tts'` downloads it again"


@pytest.mark.slow
def test_a_model_of_another_kind_than_vits_gives_no_times(folder: Path) -> None:
    """By the same pipeline; any model of it will do."""
    from engines import tiny_voices

    place = tiny_voices.vits(folder / "acme" / "tts")
    lease = Lease("deckcast.engines.transformers_program", {"model": str(place), "vits": False})
    heard = lease.ask("Hello there.", {"words": []})
    assert heard.sounds is None
    assert len(heard.pcm) > 10_000
    assert lease.ask("Hello there.", {"words": []}) == heard
    lease.close()


@pytest.mark.slow
def test_a_model_that_does_not_speak(folder: Path, tmp_path: Path) -> None:
    place = model(tmp_path, "bert", kind="bert")
    kind, message, _ = fails(opened(f"transformers {place}", folder))
    assert kind is VoiceError
    assert "cannot be loaded" in message
