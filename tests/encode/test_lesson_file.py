"""The finished file, read back by PyAV and, where it is installed, by the ffmpeg program."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from deckcast.captions import cues
from deckcast.captions.write import srt
from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Deck, Timeline
from deckcast.settings import LessonSettings
from deckcast.sound import read_wav, resample
from encode.lessons import Studio, quick, slide_jpeg, slide_number
from encode.measure import boxes, decibels, decoded_luma, decoded_sound, index, lag, luma, ssim

pytestmark = pytest.mark.slow

SLIDES = [
    ("Welcome\nto the lesson", 2.3),
    ("A picture without words", 0),
    ("The long one:\nmore than two key pictures", 7.7),
    ("", 0.4),
    ("def f(x):\n    return x & 1 < 2", 1.0),
    ("Goodbye", 0),
]


@dataclass(frozen=True)
class Built:
    studio: Studio
    deck: Deck
    timeline: Timeline
    path: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    about = LessonSettings("A lesson", "Ada", "Of something", "2026-03-31", language="de-AT")
    studio = Studio(settings=replace(quick(loudness=-24.0), lesson=about))  # so soft that nothing is limited
    deck, timeline = studio.lesson(SLIDES)
    path = tmp_path_factory.mktemp("built") / "lesson.mp4"
    encoded, _ = studio.encode(deck, timeline, path, cover=studio.put(slide_jpeg()))
    assert encoded.size == path.stat().st_size
    return Built(studio, deck, timeline, path)


def assert_index(path: Path, timeline: Timeline) -> None:
    """Both tracks tick evenly from 0, without a gap, and picture lasts exactly as long as the timeline."""
    for kind, length in (("video", Fraction(1, timeline.fps)), ("audio", Fraction(AAC_BLOCK, SAMPLE_RATE))):
        samples = index(path, kind)
        assert [sample.dts for sample in samples] == [at * length for at in range(len(samples))]
        assert all(sample.pts == sample.dts for sample in samples)
        assert {sample.duration for sample in samples} == {length}
    pictures = index(path, "video")
    assert len(pictures) == timeline.frames
    assert {scene.first for scene in timeline.scenes} <= {at for at, sample in enumerate(pictures) if sample.key}
    with av.open(str(path)) as container:
        assert Fraction(container.duration, av.time_base) == pytest.approx(Fraction(timeline.frames, timeline.fps))
        assert container.start_time == 0


def test_every_frame_is_in_the_index_where_the_timeline_has_it(built: Built) -> None:
    assert_index(built.path, built.timeline)


def test_key_pictures_are_never_further_apart_than_asked(built: Built) -> None:
    keys = [sample.pts for sample in index(built.path, "video") if sample.key]
    assert max(later - earlier for earlier, later in pairwise(keys)) <= 2


def test_every_frame_shows_its_own_slide_and_does_not_change_while_it_stands(built: Built) -> None:
    shown = list(decoded_luma(built.path))
    assert len(shown) == built.timeline.frames
    for scene in built.timeline.scenes:
        own = shown[scene.first : scene.first + scene.count]
        assert [slide_number(picture) for _, picture in own] == [scene.frame.step] * scene.count
        assert all(np.array_equal(own[0][1], picture) for _, picture in own)


def test_frames_look_like_the_slides(built: Built, tmp_path: Path) -> None:
    shown = [picture for _, picture in decoded_luma(built.path)]
    for scene in built.timeline.scenes:
        source = tmp_path / "slide.png"
        source.write_bytes(built.studio.store.read(scene.frame.image))
        with av.open(str(source)) as container:
            wanted = next(container.decode(video=0)).reformat(
                format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
            )
        assert ssim(shown[scene.first], luma(wanted)) >= 0.99


def test_narration_begins_on_its_sample(built: Built) -> None:
    heard = decoded_sound(built.path)
    spoken = [scene for scene in built.timeline.scenes if scene.take.samples]
    assert len(spoken) == 4
    for scene in spoken:
        (utterance,) = scene.take.utterances
        said = resample(*read_wav(built.studio.store.read(utterance.sound)))
        assert lag(heard, said, scene.onset) == 0
        own = heard[scene.onset : scene.onset + len(said)]
        said *= np.dot(own, said) / np.dot(said, said)  # the whole lesson was made softer
        assert decibels(said, own - said) > 30


def test_between_takes_there_is_silence_to_the_last_bit(built: Built) -> None:
    heard = decoded_sound(built.path)
    assert 0 <= built.timeline.seconds * SAMPLE_RATE - len(heard) < AAC_BLOCK
    before = 0
    for scene in built.timeline.scenes:
        if scene.take.samples:
            assert not heard[before : scene.onset - AAC_BLOCK].any()
            before = scene.onset + -(-scene.take.samples // AAC_BLOCK) * AAC_BLOCK + AAC_BLOCK
    assert not heard[before:].any()


def test_seeking_anywhere_shows_the_right_slide(built: Built) -> None:
    chance = random.Random(5)
    ends = [(scene.first + scene.count) / 30 for scene in built.timeline.scenes]
    with av.open(str(built.path)) as container:
        stream = container.streams.video[0]
        for _ in range(200):
            frame_number = chance.randrange(built.timeline.frames)
            moment = Fraction(frame_number, 30)
            container.seek(int(moment / stream.time_base), stream=stream)
            frame = next(one for one in container.decode(video=0) if one.pts * stream.time_base >= moment)
            assert frame.pts * stream.time_base == moment
            expected = next(at for at, end in enumerate(ends, 1) if moment < end)
            assert slide_number(luma(frame)) == expected


def test_the_index_stands_in_front_and_there_are_no_edit_lists(built: Built) -> None:
    found = [name for name, _ in boxes(built.path.read_bytes())]
    assert found.index("moov") < found.index("mdat")
    assert not [name for name in found if name.endswith(("elst", "edts"))]


def test_no_date_and_no_version_is_in_the_file(built: Built) -> None:
    data = built.path.read_bytes()
    for name, body in boxes(data):
        if name.endswith(("mvhd", "tkhd", "mdhd")):
            assert body[4:12] == bytes(8), f"{name} tells when the file was made"
    assert b"Lavc" not in data
    assert b"x264" not in data


def test_title_author_language_and_sections_are_told(built: Built) -> None:
    with av.open(str(built.path)) as container:
        assert container.metadata["title"] == "A lesson"
        assert container.metadata["artist"] == "Ada"
        assert container.metadata["description"] == "Of something"
        assert container.metadata["date"] == "2026-03-31"
        assert container.streams.video[0].metadata["language"] == "deu"
        assert container.streams.audio[0].metadata["language"] == "deu"
        told = [
            (chapter["metadata"]["title"], chapter["start"] * chapter["time_base"]) for chapter in container.chapters()
        ]
    scenes = built.timeline.scenes
    assert told == [
        (title, pytest.approx(Fraction(scenes[at].first, 30), abs=0.001))
        for at, title in (
            (0, "Welcome to the lesson"),
            (1, "A picture without words"),
            (2, "The long one: more than two key pictures"),
            (4, "def f(x): return x & 1 < 2"),
            (5, "Goodbye"),
        )
    ]


def captions(path: Path) -> list[tuple[int, int, str]]:
    """(from, to, text) of the caption track, times in milliseconds, as its packets say."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.subtitles
        return [
            (
                round(packet.pts * packet.time_base * 1000),
                round((packet.pts + packet.duration) * packet.time_base * 1000),
                bytes(packet)[2:].decode(),
            )
            for packet in container.demux(stream)
            if packet.size > 2
        ]


def test_the_caption_track_says_what_the_captions_say(built: Built) -> None:
    shown = cues(built.timeline, "de-AT")
    assert len(shown) == 4
    assert captions(built.path) == [(cue.start, cue.stop, "\n".join(cue.lines)) for cue in shown]
    with av.open(str(built.path)) as container:
        (stream,) = container.streams.subtitles
        assert stream.codec_context.name == "mov_text"
        assert stream.metadata["language"] == "deu"
        assert stream.disposition & Disposition.default
        times = [(packet.pts, packet.duration) for packet in container.demux(stream) if packet.size]
    assert times[0][0] == 0
    assert all(start + length == then for (start, length), (then, _) in pairwise(times))


def test_the_cover_is_in_the_file(built: Built) -> None:
    with av.open(str(built.path)) as container:
        (picture,) = (one for one in container.streams.video if one.disposition & Disposition.attached_pic)
        assert bytes(next(container.demux(picture))) == slide_jpeg()


def test_same_inputs_give_the_same_bytes_on_any_number_of_threads(built: Built, tmp_path: Path) -> None:
    studio = Studio(settings=built.studio.settings)
    with ThreadPoolExecutor(4) as pool:
        again, _ = studio.encode(
            *studio.lesson(SLIDES), tmp_path / "again.mp4", executor=pool, cover=studio.put(slide_jpeg())
        )
    assert again.made
    assert again.path.read_bytes() == built.path.read_bytes()


def test_a_lesson_may_say_nothing_and_tell_nothing(tmp_path: Path) -> None:
    studio = Studio(settings=replace(quick(), lesson=LessonSettings()))
    deck, timeline = studio.lesson([("", 0)])
    studio.encode(deck, timeline, tmp_path / "lesson.mp4")
    assert_index(tmp_path / "lesson.mp4", timeline)
    assert not decoded_sound(tmp_path / "lesson.mp4").any()


@pytest.mark.parametrize(
    ("fps", "size"), [(24, (640, 360)), (25, (480, 360)), (50, (640, 360)), (60, (426, 240)), (11, (640, 360))]
)
def test_any_rate_and_shape(tmp_path: Path, fps: int, size: tuple[int, int]) -> None:
    studio = Studio(settings=quick(fps=fps))
    deck, timeline = studio.lesson([("One", 1.1), ("Two", 0), ("Three", 2.5)], size)
    path = tmp_path / "lesson.mp4"
    studio.encode(deck, timeline, path)
    assert_index(path, timeline)
    heard = decoded_sound(path)
    for scene in timeline.scenes:
        for utterance in scene.take.utterances:
            said = resample(*read_wav(studio.store.read(utterance.sound)))
            assert lag(heard, said, scene.onset) == 0
    shown = [slide_number(picture) for _, picture in decoded_luma(path)]
    assert shown == [scene.frame.step for scene in timeline.scenes for _ in range(scene.count)]
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == fps


needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="the ffmpeg program is not installed")


@needs_ffmpeg
def test_another_ffmpeg_takes_the_captions_out_as_they_went_in(built: Built) -> None:
    command = ["ffmpeg", "-v", "error", "-i", str(built.path), "-map", "0:s", "-f", "srt", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wanted = srt(cues(built.timeline, "de-AT"))
    assert [block.split("\n") for block in told.strip().split("\n\n")] == [
        block.split("\n") for block in wanted.strip().split("\n\n")
    ]


@needs_ffmpeg
def test_another_ffmpeg_reads_it_without_a_word(built: Built) -> None:
    decode = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(built.path), "-map", "0:v", "-map", "0:a"]
    done = subprocess.run([*decode, "-f", "null", "-"], capture_output=True, text=True, check=True)
    known = (
        "Unsupported codec",  # about the chapters' own track, which it reads by other means
        "timescale not set",  # about any file with a cover, which has no place in time
    )
    assert [line for line in done.stderr.splitlines() if not any(word in line for word in known)] == []
    probe = ["ffprobe", "-v", "error", "-count_frames", "-of", "json", "-show_streams", "-show_format", str(built.path)]
    told = json.loads(subprocess.run(probe, capture_output=True, text=True, check=True).stdout)
    video = next(stream for stream in told["streams"] if stream["codec_type"] == "video")
    assert int(video["nb_read_frames"]) == int(video["nb_frames"]) == built.timeline.frames
    assert float(told["format"]["duration"]) == pytest.approx(built.timeline.seconds, abs=1e-6)
    assert (video["r_frame_rate"], video["pix_fmt"], video["color_space"]) == ("30/1", "yuv420p", "bt709")
