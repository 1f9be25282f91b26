"""The lesson as WebM."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from deckcast.captions import cues
from deckcast.encode import opus, webm_pieces
from deckcast.encode.soundtrack import stretches
from deckcast.encode.webm import runs
from deckcast.errors import StorageError
from deckcast.model import SAMPLE_RATE
from deckcast.settings import LessonSettings
from deckcast.sound import read_wav, resample
from encode.lessons import Studio, quick, slide_number
from encode.measure import decibels, decoded_luma, decoded_sound, lag, luma, ssim
from encode.test_lesson_loudness import metered

pytestmark = pytest.mark.slow

SLIDES = [("Welcome\nto the lesson", 2.3), ("A picture", 0), ("The long one", 5.2), ("", 0.4), ("Goodbye", 0)]


@pytest.fixture(scope="module")
def studio() -> Studio:
    about = LessonSettings("A lesson", "Ada", "Of something", "2026-03-31", language="de-AT")
    return Studio(settings=replace(quick(), lesson=about))


@pytest.fixture(scope="module")
def built(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("webm") / "lesson.webm"
    deck, timeline = studio.lesson(SLIDES)
    _, progress = studio.encode(deck, timeline, path)
    assert len(progress.made) == webm_pieces(timeline, studio.settings)
    return path


def test_every_frame_shows_its_own_slide(studio: Studio, built: Path, tmp_path: Path) -> None:
    _, timeline = studio.lesson(SLIDES)
    shown = list(decoded_luma(built))
    assert len(shown) == timeline.frames
    assert [moment for moment, _ in shown] == pytest.approx([at / 30 for at in range(len(shown))], abs=0.0006)
    assert [slide_number(one) for _, one in shown] == [
        scene.frame.step for scene in timeline.scenes for _ in range(scene.count)
    ]
    for scene in timeline.scenes:
        source = tmp_path / "slide.png"
        source.write_bytes(studio.store.read(scene.frame.image))
        with av.open(str(source)) as container:
            wanted = next(container.decode(video=0)).reformat(
                format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
            )
        assert ssim(shown[scene.first][1], luma(wanted)) >= 0.99


def test_narration_begins_on_its_sample_and_is_as_loud_as_wanted(studio: Studio, built: Path) -> None:
    _, timeline = studio.lesson(SLIDES)
    heard = decoded_sound(built)
    assert abs(timeline.seconds * SAMPLE_RATE - len(heard)) < 2 * opus.PACKET
    before = 0
    for scene in timeline.scenes:
        for utterance in scene.take.utterances:
            said = resample(*read_wav(studio.store.read(utterance.sound)))
            assert lag(heard, said, scene.onset) == 0
            assert not heard[before : scene.onset - 2 * opus.PACKET].any()
            before = scene.onset + len(said) + 4 * opus.PACKET
    loud, peak = metered(built)
    assert loud == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5


def test_it_tells_what_it_is(studio: Studio, built: Path) -> None:
    _, timeline = studio.lesson(SLIDES)
    with av.open(str(built)) as container:
        told = {name.lower(): text for name, text in container.metadata.items()}
        assert (told["title"], told["artist"], told["date"]) == ("A lesson", "Ada", "2026-03-31")
        kinds = [stream.codec_context.codec.canonical_name for stream in container.streams]
        assert kinds == ["vp9", "opus", "webvtt"]
        assert {stream.metadata["language"] for stream in container.streams} <= {"deu", "ger"}
        assert len(list(container.chapters())) == 4
        (stream,) = container.streams.subtitles
        found = [
            (round(packet.pts * packet.time_base * 1000), bytes(packet).decode())
            for packet in container.demux(stream)
            if packet.size
        ]
    assert found == [(cue.start, "\n".join(cue.lines)) for cue in cues(timeline, "de-AT")]


def test_seeking_anywhere_shows_the_right_slide(studio: Studio, built: Path) -> None:
    _, timeline = studio.lesson(SLIDES)
    chance = random.Random(5)
    with av.open(str(built)) as container:
        stream = container.streams.video[0]
        for _ in range(60):
            number = chance.randrange(timeline.frames)
            container.seek(int(number / 30 / stream.time_base), stream=stream)
            frame = next(one for one in container.decode(video=0) if one.time >= number / 30 - 0.001)
            expected = next(one.frame.step for one in timeline.scenes if number < one.first + one.count)
            assert slide_number(luma(frame)) == expected


def test_its_cost_follows_what_changed_and_bytes_do_not_depend_on_it(studio: Studio, tmp_path: Path) -> None:
    fresh = Studio(settings=studio.settings)
    path = tmp_path / "lesson.webm"
    fresh.encode(*fresh.lesson(SLIDES), path)
    changed = [*SLIDES[:1], ("Another picture", 0), *SLIDES[2:]]
    again, progress = fresh.encode(*fresh.lesson(changed), path)
    assert progress.made == ["video of slide 2 of lesson.webm", "lesson.webm"]
    _, progress = fresh.encode(*fresh.lesson(changed), path)
    assert progress.made == []
    other = Studio(settings=studio.settings)
    whole, _ = other.encode(*other.lesson(changed), tmp_path / "other.webm")
    assert whole.sha256 == again.sha256


def test_takes_that_follow_each_other_closely_are_encoded_together(studio: Studio, tmp_path: Path) -> None:
    deck, timeline = studio.lesson([("One", 1.0), ("Two", 1.0)])
    first, second = timeline.scenes
    close = replace(second, onset=first.onset + -(-first.take.samples // 1024) * 1024 + 1024)
    timeline = replace(timeline, scenes=(replace(first, count=close.onset * 30 // 48_000), close))
    timeline = replace(
        timeline, scenes=(timeline.scenes[0], replace(close, first=timeline.scenes[0].count, count=second.count))
    )
    (run,) = runs(timeline, stretches(timeline))
    assert len(run.stretches) == 2
    studio.encode(deck, timeline, tmp_path / "lesson.webm")
    heard = decoded_sound(tmp_path / "lesson.webm")
    for scene in timeline.scenes:
        said = resample(*read_wav(studio.store.read(scene.take.utterances[0].sound)))
        assert lag(heard, said, scene.onset) == 0
        own = heard[scene.onset : scene.onset + len(said)]
        said *= np.dot(own, said) / np.dot(said, said)
        assert decibels(said, own - said) > 10


def test_a_full_disk_leaves_the_old_file(studio: Studio, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    path = tmp_path / "lesson.webm"
    path.write_bytes(b"old")
    (tmp_path / ".lesson.webm.part").symlink_to("/dev/full")
    with pytest.raises(StorageError, match="no space left on device"):
        studio.encode(*studio.lesson(SLIDES), path)
    assert [file.name for file in tmp_path.iterdir()] == ["lesson.webm"]
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="the ffmpeg program is not installed")
def test_another_ffmpeg_reads_it_without_a_word(studio: Studio, built: Path) -> None:
    decode = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(built), "-map", "0:v", "-map", "0:a", "-f", "null", "-"]
    assert subprocess.run(decode, capture_output=True, text=True, check=True).stderr == ""
    probe = ["ffprobe", "-v", "error", "-count_frames", "-of", "json", "-show_streams", str(built)]
    told = json.loads(subprocess.run(probe, capture_output=True, text=True, check=True).stdout)
    video = next(stream for stream in told["streams"] if stream["codec_type"] == "video")
    assert int(video["nb_read_frames"]) == studio.lesson(SLIDES)[1].frames
