"""What goes wrong while encoding, and what is left then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from deckcast.encode import mux
from deckcast.encode.libav import identity, libav_errors
from deckcast.encode.packets import PICTURE, Packet
from deckcast.encode.still import Picture, repeats
from deckcast.encode.tracks import Pictures
from deckcast.engines.store_folder import FolderStore
from deckcast.errors import ConfigError, EncoderError, StorageError
from deckcast.model import Timeline
from deckcast.outline import Section
from encode.lessons import Studio, quick


def test_missing_video_libraries_say_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(EncoderError) as caught:
        identity()
    assert caught.value.finding.hint.startswith("pip install ")
    assert caught.value.exit_code == 3


def test_video_libraries_that_are_too_old_say_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    old = ModuleType("av")
    old.__version__ = "15.1.0"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "av", old)
    with pytest.raises(EncoderError, match=r"PyAV 15\.1\.0 is too old: it must be 16 or newer"):
        identity()


def test_errors_of_the_library_become_ours() -> None:
    import av

    with pytest.raises(EncoderError, match="cannot encode: "), libav_errors("encode"):
        raise av.error.InvalidDataError(1, "bad data")
    with pytest.raises(OSError, match="disk full"), libav_errors("encode"):
        raise OSError(28, "disk full")


def test_a_lesson_without_slides_is_refused(tmp_path: Path) -> None:
    studio = Studio(settings=quick())
    deck, _ = studio.lesson([("One", 0)])
    with pytest.raises(EncoderError, match="the lesson has no slides"):
        studio.encode(deck, Timeline(30, ()), tmp_path / "lesson.mp4")


def test_an_odd_size_is_refused_before_any_work(tmp_path: Path) -> None:
    studio = Studio(settings=quick())
    deck, timeline = studio.lesson([("One", 0)])
    odd = replace(timeline.scenes[0], frame=replace(timeline.scenes[0].frame, height=361))
    with pytest.raises(ConfigError, match="640×361") as caught:
        studio.encode(deck, replace(timeline, scenes=(odd,)), tmp_path / "lesson.mp4")
    assert "`size`" in caught.value.finding.hint


@pytest.mark.slow
def test_a_full_disk_is_told_and_leaves_the_old_lesson(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    path = tmp_path / "lesson.mp4"
    path.write_bytes(b"old")
    (tmp_path / ".lesson.mp4.part").symlink_to("/dev/full")
    studio = Studio(settings=quick())
    with pytest.raises(StorageError) as caught:
        studio.encode(*studio.lesson([("One", 0.5)]), path)
    assert str(caught.value) == f"cannot write {path}: no space left on device"
    assert "--output" in caught.value.finding.hint
    assert [file.name for file in tmp_path.iterdir()] == ["lesson.mp4"]
    assert path.read_bytes() == b"old"


@pytest.mark.slow
def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    studio = Studio(settings=quick())
    with pytest.raises(StorageError, match=r"cannot write .*: no such file or directory"):
        studio.encode(*studio.lesson([("One", 0.5)]), tmp_path / "nowhere" / "lesson.mp4")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    studio = Studio(settings=quick())
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="permission denied"):
        studio.encode(*studio.lesson([("One", 0.5)]), tmp_path / "lesson.mp4")


@pytest.mark.slow
def test_an_interrupt_while_writing_leaves_the_old_lesson_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    path.write_bytes(b"old")

    def interrupted() -> Iterator[Packet]:
        raise KeyboardInterrupt
        yield

    tags = mux.Tags("", "", "", "", "en", (Section("One", 0),), 30, 30)
    picture = Picture(640, 360, 30, 18)
    parameters = repeats(picture).parameters
    with pytest.raises(KeyboardInterrupt):
        mux.write(path, interrupted(), {PICTURE: Pictures(picture, parameters)}, clock=48_000, tags=tags)
    assert [file.name for file in tmp_path.iterdir()] == ["lesson.mp4"]
    assert path.read_bytes() == b"old"


@pytest.mark.slow
def test_pieces_of_another_encoder_are_not_mixed_in(tmp_path: Path) -> None:
    tags = mux.Tags("", "", "", "", "en", (Section("One", 0),), 30, 30)
    with pytest.raises(EncoderError, match="another version of x264") as caught:
        mux.write(
            tmp_path / "lesson.mp4",
            iter(()),
            {PICTURE: Pictures(Picture(640, 360, 30, 18), b"other")},
            clock=48_000,
            tags=tags,
        )
    assert "--force" in caught.value.finding.hint
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
import av
from deckcast.engines.store_folder import FolderStore
from encode.lessons import Studio, quick

folder, after = Path(sys.argv[1]), int(sys.argv[2])
studio = Studio(store=FolderStore(folder / "store"), settings=quick())
slides = [("One", 0.6), ("Two", 0), ("Three", 0.9)]
studio.encode(*studio.lesson(slides), folder / "lesson.mp4")
os.rename(folder / "lesson.mp4", folder / "whole.mp4")
(folder / "lesson.mp4").write_bytes((folder / "whole.mp4").read_bytes())
packet, made = av.Packet, 0

def counted(data):
    global made
    made += 1
    if made == after:
        os.kill(os.getpid(), signal.SIGKILL)
    return packet(data)

av.Packet = counted
studio.settings = quick(keyframe=0.5)
studio.encode(*studio.lesson(slides), folder / "lesson.mp4")
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 100, 200])
def test_a_build_killed_while_it_writes_leaves_the_old_lesson_in_place(tmp_path: Path, after: int) -> None:
    here = Path(__file__).resolve().parents[1]
    path = os.pathsep.join([str(here), str(here.parent / "generator")])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), str(after)], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "lesson.mp4").read_bytes() == (tmp_path / "whole.mp4").read_bytes()
    studio = Studio(store=FolderStore(tmp_path / "store"), settings=quick(keyframe=0.5))
    slides = [("One", 0.6), ("Two", 0.0), ("Three", 0.9)]
    made, progress = studio.encode(*studio.lesson(slides), tmp_path / "lesson.mp4")
    assert (made.made, progress.made) == (True, ["lesson.mp4"]), "the pieces were kept"
    assert not list(tmp_path.glob(".*.part"))
