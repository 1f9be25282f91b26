"""The sound alone: `lesson.m4a`."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.stream import Disposition

from deckcast.encode import all_pieces, audio_pieces, encode_all
from deckcast.engines.executors import InlineExecutor
from deckcast.errors import StorageError
from deckcast.keep import Keeper
from deckcast.model import AAC_BLOCK, SAMPLE_RATE
from deckcast.settings import LessonSettings
from deckcast.sound import read_wav, resample
from encode.lessons import Progress, Studio, quick, slide_jpeg
from encode.measure import boxes, decoded_sound, index, lag
from encode.test_lesson_loudness import metered

pytestmark = pytest.mark.slow

SLIDES = [("One", 2.5), ("Two", 0), ("Three", 3.1), ("Four", 1.4)]


@pytest.fixture
def studio() -> Studio:
    about = LessonSettings("A lesson", "Ada", "Of something", "2026-03-31", language="de-AT")
    return Studio(settings=replace(quick(audio_file=True), lesson=about))


def test_it_sounds_as_the_lesson_does_and_softer(studio: Studio, tmp_path: Path) -> None:
    deck, timeline = studio.lesson(SLIDES)
    studio.encode(deck, timeline, tmp_path / "lesson.m4a", cover=studio.put(slide_jpeg()))
    loud, peak = metered(tmp_path / "lesson.m4a")
    assert loud == pytest.approx(-16, abs=0.5)
    assert peak <= -1.5
    heard = decoded_sound(tmp_path / "lesson.m4a")
    assert 0 <= timeline.seconds * SAMPLE_RATE - len(heard) < AAC_BLOCK
    for scene in timeline.scenes:
        for utterance in scene.take.utterances:
            said = resample(*read_wav(studio.store.read(utterance.sound)))
            assert lag(heard, said, scene.onset) == 0


def test_it_tells_what_it_is(studio: Studio, tmp_path: Path) -> None:
    deck, timeline = studio.lesson(SLIDES)
    path = tmp_path / "lesson.m4a"
    studio.encode(deck, timeline, path, cover=studio.put(slide_jpeg()))
    data = path.read_bytes()
    names = [name for name, _ in boxes(data)]
    assert data[8:12] == b"M4A "
    assert names.index("moov") < names.index("mdat")
    assert not [name for name in names if name.endswith(("elst", "edts"))]
    assert {sample.duration for sample in index(path, "audio")} == {Fraction(AAC_BLOCK, SAMPLE_RATE)}
    with av.open(str(path)) as container:
        told = {name: container.metadata[name] for name in ("title", "artist", "description", "date")}
        assert told == {"title": "A lesson", "artist": "Ada", "description": "Of something", "date": "2026-03-31"}
        assert container.streams.audio[0].metadata["language"] == "deu"
        (picture,) = container.streams.video
        assert picture.disposition & Disposition.attached_pic
        assert bytes(next(container.demux(picture))) == slide_jpeg()
        assert [one["metadata"]["title"] for one in container.chapters()] == ["One", "Two", "Three", "Four"]


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="the ffmpeg programs are not installed")
def test_another_ffmpeg_reads_its_chapters(studio: Studio, tmp_path: Path) -> None:
    deck, timeline = studio.lesson(SLIDES)
    studio.encode(deck, timeline, tmp_path / "lesson.m4a")
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", str(tmp_path / "lesson.m4a")]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    starts = [scene.first / timeline.fps for scene in timeline.scenes]
    assert [float(one["start_time"]) for one in told["chapters"]] == pytest.approx(starts, abs=0.001)


def test_its_cost_follows_what_changed(studio: Studio, tmp_path: Path) -> None:
    deck, timeline = studio.lesson(SLIDES)
    path = tmp_path / "lesson.m4a"
    made, progress = studio.encode(deck, timeline, path)
    assert len(progress.made) == audio_pieces(timeline)
    names = [f"sound of slide {at} of lesson.m4a" for at in (1, 3, 4)]
    ends = ["silence of lesson.m4a", "lesson.m4a"]
    assert progress.made == ["loudness of lesson.m4a", *names, *ends]
    again, progress = studio.encode(deck, timeline, path)
    assert (again.made, progress.made) == (False, [])
    changed = [*SLIDES[:3], ("Four", 1.5)]
    _, progress = studio.encode(*studio.lesson(changed), path)
    assert progress.made == ["loudness of lesson.m4a", names[2], "lesson.m4a"]
    fresh = Studio(settings=studio.settings)
    whole, _ = fresh.encode(*fresh.lesson(changed), tmp_path / "fresh.m4a")
    assert whole.path.read_bytes() == path.read_bytes() != made.sha256


def test_where_both_are_equally_loud_they_share_their_packets(tmp_path: Path) -> None:
    studio = Studio(settings=quick(audio_loudness=-14.0))
    deck, timeline = studio.lesson(SLIDES)
    studio.encode(deck, timeline, tmp_path / "lesson.mp4")
    _, progress = studio.encode(deck, timeline, tmp_path / "lesson.m4a")
    assert progress.made == ["lesson.m4a"]
    assert (decoded_sound(tmp_path / "lesson.mp4") == decoded_sound(tmp_path / "lesson.m4a")).all()


def test_both_files_of_a_lesson_are_written(studio: Studio, tmp_path: Path) -> None:
    deck, timeline = studio.lesson(SLIDES)
    progress = Progress()
    keeper = Keeper(studio.store, progress, "lesson")
    made = encode_all(deck, timeline, studio.settings, keeper, InlineExecutor(), tmp_path)
    assert [one.path.name for one in made] == ["lesson.mp4", "lesson.m4a"]
    assert progress.kept == ["silence of lesson.m4a"]
    assert len(progress.made) + 1 == all_pieces(timeline, studio.settings)


def test_a_full_disk_leaves_the_old_file(studio: Studio, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    path = tmp_path / "lesson.m4a"
    path.write_bytes(b"old")
    (tmp_path / ".lesson.m4a.part").symlink_to("/dev/full")
    with pytest.raises(StorageError, match="no space left on device"):
        studio.encode(*studio.lesson(SLIDES), path)
    assert [file.name for file in tmp_path.iterdir()] == ["lesson.m4a"]
    assert path.read_bytes() == b"old"
