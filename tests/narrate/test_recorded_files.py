"""Files in the folder of recordings that cannot be played, or that nobody hears: what the author is told."""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np
import pytest

from align.babble import babble
from deckcast.align import RATE
from deckcast.errors import AssetError, Several
from deckcast.sound_file import decoded, digest_of
from narrate.recordings import ONE, Said, write

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SAVE = "does it play elsewhere? Save it again as WAV or FLAC"
NAMES = "a recording is named after its slide: `007.wav`, `007-2.wav` for its second step, or `intro.wav` by its name"


def failing(folder: Path) -> tuple[str, str, int]:
    """What is said, the hint, and at which line."""
    with pytest.raises(AssetError) as caught:
        Said(folder)
    finding = caught.value.finding
    assert finding.where is not None
    return finding.message, finding.hint, finding.where.line


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "audio/2.wav is empty"),
        (b"no sound" * 99, "audio/2.wav cannot be read as sound: invalid data found when processing input"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/2.wav cannot be read as sound: invalid data found when processing input"),
    ],
)
def test_files_that_are_no_sound(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "2.wav").write_bytes(data)
    assert failing(tmp_path) == (message, SAVE, 9)


def test_a_playlist_leads_nowhere(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "elsewhere.wav", babble(ONE)[0])
    (tmp_path / "audio" / "2.wav").write_text("#EXTM3U\n#EXTINF:5,\nelsewhere.wav\n")
    assert failing(tmp_path)[0].startswith("audio/2.wav cannot be read as sound: ")


def test_pictures_without_sound(tmp_path: Path) -> None:
    (tmp_path / "audio").mkdir()
    with av.open(str(tmp_path / "audio" / "2.mp4"), "w") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        for one in [frame, None]:
            file.mux(stream.encode(one))
    message = "audio/2.mp4 holds pictures but no sound"
    assert failing(tmp_path) == (message, "put a sound file there, or take it away", 9)


def test_silence(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "intro.flac", np.zeros(RATE, np.float32))
    message = "audio/intro.flac is silent from beginning to end"
    assert failing(tmp_path) == (message, "record it again, or take it away", 1)


def test_all_are_told_in_the_order_of_the_lesson(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "intro.wav", np.zeros(RATE, np.float32))
    for name in ("2-1.wav", "2-2.wav"):
        (tmp_path / "audio" / name).write_bytes(b"")
    with pytest.raises(Several) as caught:
        Said(tmp_path)
    assert [one.message.partition(" ")[0] for one in caught.value.findings] == [
        "audio/intro.wav",
        "audio/2-1.wav",
        "audio/2-2.wav",
    ]


@pytest.mark.skipif(ROOT, reason="root may read everything")
def test_a_file_that_nobody_may_read(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "2.wav", babble(ONE)[0]).chmod(0)
    assert failing(tmp_path) == ("cannot read audio/2.wav: permission denied", "let yourself read it: `chmod u+r`", 9)


@pytest.mark.skipif(ROOT, reason="root may read everything")
def test_a_folder_that_nobody_may_look_into(tmp_path: Path) -> None:
    folder = write(tmp_path / "audio" / "2.wav", babble(ONE)[0]).parent
    folder.chmod(0)
    try:
        with pytest.raises(AssetError, match=r"^cannot look into audio: permission denied$"):
            Said(tmp_path)
    finally:
        folder.chmod(0o755)


def test_a_file_that_is_gone_by_now(tmp_path: Path) -> None:
    for read in (digest_of, lambda *file: list(decoded(*file))):
        with pytest.raises(AssetError, match=r"^cannot read audio/2\.wav: no such file or directory$"):
            read(tmp_path / "2.wav", "audio/2.wav")


APART = "record the slide as a whole, or each of its steps"
WAY = "are in each other's way: one is for all of"


@pytest.mark.parametrize(
    ("files", "message", "hint"),
    [
        (("001.flac", "1.wav"), "001.flac and audio/1.wav are both recordings of slide 1", "take one of them away"),
        (("1.wav", "intro.wav"), "1.wav and audio/intro.wav are both recordings of slide 1", "take one of them away"),
        (
            ("2-2.flac", "2-2.wav"),
            '2-2.flac and audio/2-2.wav are both recordings of step 2 of slide 2 "Two"',
            "take one of them away",
        ),
        (("2-2.wav", "2.wav"), f'2-2.wav and audio/2.wav {WAY} slide 2 "Two", one for a step', APART),
    ],
)
def test_files_in_each_others_way(tmp_path: Path, files: tuple[str, ...], message: str, hint: str) -> None:
    for name in files:
        write(tmp_path / "audio" / name, babble(ONE)[0])
    told, how, _ = failing(tmp_path)
    assert (told.replace(' "One"', ""), how) == (f"audio/{message}", hint)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("9.wav", "the deck has 2 slides"),
        ("0.wav", "the deck has 2 slides"),
        ("2-7.wav", 'slide 2 "Two" has 2 steps'),
        ("intro-2.wav", 'slide 1 "One" has 1 step'),
        ("closing.wav", "no slide is named `closing`"),
        ("outro.wav", "no slide is named `outro`, but one is named `intro`"),
        ("intor.wav", "no slide is named `intor`, but one is named `intro`"),
    ],
)
def test_a_file_for_no_slide_is_told_and_nothing_breaks(tmp_path: Path, name: str, why: str) -> None:
    write(tmp_path / "audio" / name, babble(ONE)[0])
    (finding,) = Said(tmp_path).findings
    assert (finding.code, finding.severity) == ("recording-stray", "warning")
    assert finding.message == f"audio/{name} is heard nowhere: {why}"
    assert finding.hint == NAMES


def test_other_files_are_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "audio").mkdir()
    for name in ("notes.txt", ".hidden.wav", "cover.png"):
        (tmp_path / "audio" / name).write_bytes(b"")
    assert Said(tmp_path).findings == ()


@pytest.mark.parametrize("part", [0.3, 0.5, 0.9])
def test_a_sound_that_breaks_off(tmp_path: Path, part: float) -> None:
    path = write(tmp_path / "audio" / "1.flac", babble(ONE)[0])
    whole = path.read_bytes()
    path.write_bytes(whole[: round(part * len(whole))])
    message = "audio/1.flac cannot be read as sound: invalid data found when processing input"
    assert failing(tmp_path) == (message, SAVE, 1)
