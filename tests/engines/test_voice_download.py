"""Downloading neural voices: by the hub's own library from a stand-in hub, and as plain files of the web."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import onnx
import pytest
from huggingface_hub import close_session

from deckcast.cli import run
from deckcast.engines import voices
from deckcast.errors import ConfigError, DeckcastError, StorageError, VoiceError
from deckcast.stages import Silence
from engines import tiny_voices
from hub.hub import Hub, Model

pytestmark = pytest.mark.slow

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NAME = "en_US-tiny-low"
PLACE = "en/en_US/tiny/low"
ONNX = f"rhasspy/piper-voices/{PLACE}/{NAME}.onnx"


class Told(Silence):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, message: str) -> None:
        self.said.append(message)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the makers of voices publish, each in a repository of its own."""
    folder = tmp_path_factory.mktemp("published")
    piper = folder / "piper"
    path = tiny_voices.piper(piper / PLACE, NAME)
    model = onnx.load(path)
    model.doc_string = "as large as real ones, nearly " * 5_000
    onnx.save(model, path)
    (piper / PLACE / "MODEL_CARD").write_text("* License: none, it is a tone\n")
    (piper / "voices.json").write_text(json.dumps({NAME: {}, "de_DE-other-low": {}}))
    tiny_voices.vits(folder / "vits")
    tiny_voices.kokoro(folder / "kokoro")
    return folder


@pytest.fixture
def hub(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    models = (
        Model("rhasspy/piper-voices", published / "piper", "text-to-speech"),
        Model("acme/mms-tts-eng", published / "vits", "text-to-speech"),
    )
    with Hub(models) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub
        close_session()  # its connections outlive the calls


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "voices"


def get(setting: str, folder: Path, told: Told | None = None) -> Any:
    return voices.fetch(setting, told or Told(), str(folder))


def refused(setting: str, folder: Path) -> tuple[type[DeckcastError], str, str]:
    with pytest.raises(DeckcastError) as caught:
        get(setting, folder)
    return type(caught.value), str(caught.value), caught.value.finding.hint


def leftovers(folder: Path) -> list[Path]:
    """Files that are neither whole nor ours."""
    return [path for path in folder.rglob("*") if path.name.endswith((".part", ".incomplete"))]


# ── from the hub ─────────────────────────────────────────────────────────────────────────────────


def test_a_voice_of_piper_is_downloaded_once_and_speaks(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert voices.engine("piper", str(folder)).availability("en").works is False
    assert run(["voices", "--get", f"piper {NAME}", "--folder", str(folder)]) == 0
    told = capsys.readouterr()
    assert f"downloading {PLACE}/{NAME}.onnx (" in told.err
    assert f"  {folder}/piper/{PLACE}/{NAME}.onnx\n" in told.out
    assert f"blob/main/{PLACE}/MODEL_CARD" in told.out
    assert told.out.endswith(f"write `voice: piper {NAME}`, or give --voice 'piper {NAME}'\n")
    assert hub.downloaded() == [ONNX]
    voice, why = voices.choose("auto", "en", online=False, rate=1.0, folder=str(folder))
    assert (voice.name, why) == (f"piper {NAME}", "a neural voice whose files are here")
    assert voice.speak("Hello there.").words
    voice.close()

    assert run(["voices", "--get", f"piper {NAME}", "--folder", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["voice"] == f"piper {NAME}"
    assert hub.downloaded() == [ONNX], "what is there whole is not downloaded again"


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_file_that_is_not_whole_any_more_is_downloaded_again(hub: Hub, folder: Path, damage: str) -> None:
    get(f"piper {NAME}", folder)
    path = folder / "piper" / PLACE / f"{NAME}.onnx"
    whole = path.read_bytes()
    path.write_bytes(whole[:-10] if damage == "cut" else whole[:-1] + b"!")
    get(f"piper {NAME}", folder)
    assert path.read_bytes() == whole
    assert hub.downloaded() == [ONNX, ONNX]


def test_a_download_that_breaks_off_is_never_taken_for_whole(hub: Hub, folder: Path) -> None:
    hub.cut = 2_000
    get(f"piper {NAME}", folder)  # the library tries again
    assert (folder / "piper" / PLACE / f"{NAME}.onnx").stat().st_size > 2_000
    assert not leftovers(folder)


def test_a_model_of_the_hub_is_downloaded_and_speaks(hub: Hub, folder: Path) -> None:
    fetched = get("transformers acme/mms-tts-eng", folder)
    assert fetched.licence == "cc-by-nc-4.0"
    assert fetched.files[-1].name == "config.json", "what makes it a model comes last"
    hub.close()
    for setting in ("auto", "transformers acme/mms-tts-eng"):
        voice, _ = voices.choose(setting, "en", online=False, rate=1.0, folder=str(folder))
        assert voice.name == "transformers acme/mms-tts-eng"
        assert voice.speak("Hello there.").words
        voice.close()


def test_what_the_hub_has_not_is_told_with_the_nearest_that_it_has(hub: Hub, folder: Path) -> None:
    assert refused("piper en_US-tinny-low", folder) == (
        ConfigError,
        "piper's makers publish no voice `en_US-tinny-low`",
        f"did you mean `piper {NAME}`?",
    )
    assert refused("piper lessac", folder)[1] == "`lessac` is no name of a voice that piper's makers publish"
    kind, message, _ = refused("transformers acme/nothing", folder)
    assert (kind, message) == (
        ConfigError,
        "the hub has no model `acme/nothing` of this kind: acme/nothing is not there",
    )
    assert refused("transformers nonsense", folder)[1] == "`nonsense` is no model's id on the hub"
    assert refused("flite rms", folder)[1] == "`flite` has no files to download"
    assert refused("flit", folder)[2] == "did you mean `flite`?"
    assert not list(folder.rglob("*.onnx"))


def test_a_hub_that_cannot_be_reached(hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.close()
    for setting, repository in ((f"piper {NAME}", "rhasspy/piper-voices"), ("transformers acme/x", "acme/x")):
        kind, message, hint = refused(setting, folder)
        assert kind is VoiceError
        assert message.startswith("the model hub cannot be reached: ")
        assert hub.url in message
        assert f"or bring files of https://huggingface.co/{repository} to {folder}" in hint
    assert run(["voices", "--get", f"piper {NAME}", "--folder", str(folder)]) == 3
    assert "error[voice]" in capsys.readouterr().err


def test_a_hub_that_goes_away_in_between(hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckcast.engines.hub_files.meets", lambda _: hub.close() or _There())
    kind, message, _ = refused(f"piper {NAME}", folder)
    assert kind is VoiceError
    assert message.startswith("the model hub cannot be reached: ")


class _There:
    works = True
    reason = ""


def test_two_downloads_at_once_wait_for_each_other(hub: Hub, folder: Path) -> None:
    told: list[Told] = [Told(), Told(), Told()]
    threads = [threading.Thread(target=get, args=(f"piper {NAME}", folder, one)) for one in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert hub.downloaded() == [ONNX]
    assert (folder / "piper" / PLACE / f"{NAME}.onnx").is_file()
    assert not leftovers(folder)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for the small files alone. Mounting one takes root; CI has it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not ROOT or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], check=False).returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("setting", [f"piper {NAME}", "kokoro"])
@pytest.mark.filterwarnings("ignore:Not enough free disk space")
def test_a_full_disk(hub: Hub, web: str, small_disk: Path, published: Path, setting: str) -> None:
    kind, message, hint = refused(setting, small_disk)
    assert kind is StorageError
    assert "no space left" in message
    assert str(small_disk) in message
    assert hint.startswith("free some space")
    assert not leftovers(small_disk)
    name = setting.partition(" ")[0]
    assert not voices.engine(name, str(small_disk)).availability("en").works
    subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
    get(setting, small_disk)
    assert voices.engine(name, str(small_disk)).availability("en").works


# ── from the web ─────────────────────────────────────────────────────────────────────────────────


class Web(SimpleHTTPRequestHandler):
    """Serves the files of a release; cuts the next large one short where it is told to."""

    asked: tuple[list[str], list[int]] = ([], [])

    def do_GET(self) -> None:
        asked, cuts = self.asked
        asked.append(self.path)
        if cuts:
            text = (Path(self.directory) / self.path.strip("/")).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text[: cuts.pop()])
            self.close_connection = True
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """Nothing."""


@pytest.fixture
def asked() -> tuple[list[str], list[int]]:
    return [], []


@pytest.fixture
def web(published: Path, asked: tuple[list[str], list[int]], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    handler = type("BoundWeb", (Web,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(published / "kokoro")))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("DECKCAST_KOKORO_URL", address)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


def test_kokoro_is_downloaded_once_and_speaks(
    web: str, asked: tuple[list[str], list[int]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["voices", "--get", "kokoro bf_emma", "--folder", str(folder)]) == 0
    told = capsys.readouterr()
    assert f"from {web}/kokoro-v1.0.onnx" in told.err
    assert told.out.endswith("write `voice: kokoro bf_emma`, or give --voice 'kokoro bf_emma'\n")
    assert asked[0] == ["/voices-v1.0.bin", "/kokoro-v1.0.onnx"]
    voice, _ = voices.choose("kokoro", "en", online=False, rate=1.0, folder=str(folder))
    assert voice.speak("Hello there.").words
    voice.close()
    told = Told()
    get("kokoro", folder, told)
    assert told.said == [], "what is there is not downloaded again"
    assert refused("kokoro bf_ema", folder)[1:] == (
        "kokoro is here now, but has no voice `bf_ema`",
        "did you mean `kokoro bf_emma`?",
    )


def test_kokoro_breaks_off(web: str, asked: tuple[list[str], list[int]], folder: Path) -> None:
    asked[1].append(500)
    kind, message, hint = refused("kokoro", folder)
    assert (kind, hint) == (VoiceError, "try again")
    assert message.startswith("the download broke off after 500 of ")
    assert not leftovers(folder)
    assert not list(folder.rglob("voices*.bin"))
    get("kokoro", folder)


def test_kokoro_is_not_where_it_should_be(web: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DECKCAST_KOKORO_URL", f"{web}/elsewhere")
    kind, message, hint = refused("kokoro", folder)
    assert kind is VoiceError
    assert message == f"{web}/elsewhere/voices-v1.0.bin answers 404 File not found"
    assert f"bring {web}/elsewhere/voices-v1.0.bin to {folder}/kokoro/voices-v1.0.bin by hand" in hint
    monkeypatch.setenv("DECKCAST_KOKORO_URL", "http://127.0.0.1:9/")
    assert "cannot be reached" in refused("kokoro", folder)[1]
    monkeypatch.setenv("DECKCAST_KOKORO_URL", "nonsense")
    assert "cannot be reached" in refused("kokoro", folder)[1]


def test_nothing_is_downloaded_at_import_or_by_a_build(tmp_path: Path, hub: Hub) -> None:
    """A model that is named but not there is an error, not a download."""
    for setting in ("piper en_US-tiny-low", "transformers acme/mms-tts-eng", "kokoro"):
        with pytest.raises(ConfigError):
            voices.choose(setting, "en", online=True, rate=1.0, folder=str(tmp_path / "none"))
    modules = "; ".join(
        f"import deckcast.engines.{name}" for name in ("voice_piper", "voice_kokoro", "voice_transformers", "hub_files")
    )
    heavy = "{'numpy', 'onnx', 'onnxruntime', 'torch', 'transformers', 'huggingface_hub', 'piper', 'kokoro_onnx'}"
    ran = subprocess.run(
        [sys.executable, "-c", f"{modules}; import sys; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "generator")},
    )
    assert ran.stdout.strip() == "[]"
    assert hub.asked == []
