"""What moves, in the finished file: decoded, counted, and compared with the pictures that it joins."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from deckcast.encode import h264, motion, span, still
from deckcast.encode.easing import eased
from deckcast.encode.still import Picture
from deckcast.model import Blob, Deck, Fade, Moment, Motion, Push, Recipe, Timeline
from deckcast.motion import Standing, stretches
from deckcast.settings import SlidesSettings
from encode.lessons import Studio, quick, slide_png
from encode.measure import decoded_luma, index, luma, ssim

pytestmark = pytest.mark.slow

SMALL = Picture(640, 360, 30, 18)
SLIDES = [("Welcome\nto the lesson", 1.3), ("A picture without words", 0), ("The long one", 2.2), ("Goodbye", 0)]
A, B = Blob("a", 1), Blob("b", 1)
FILES = {A: slide_png("Before\nall", number=21), B: slide_png("After\nwards", number=42)}


def studio(transition: str = "fade", seconds: float = 0.4) -> Studio:
    settings = replace(quick(), slides=SlidesSettings(transition=transition, transition_seconds=seconds))
    return Studio(settings=settings)


def rgb(png: bytes) -> NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.int16)


def drawn(recipe: Recipe, count: int) -> list[NDArray[np.int16]]:
    return [one.astype(np.int16) for one in motion.frames(recipe, count, 30, FILES, 0, count)]


def planes(image: av.VideoFrame) -> list[bytes]:
    return [bytes(plane) for plane in still.in_video(image).planes]


# ── what is composed ─────────────────────────────────────────────────────────────────────────────


def test_a_fade_is_the_mix_of_both_pictures() -> None:
    before, after = rgb(FILES[A]), rgb(FILES[B])
    found = drawn(Fade(A, B), 12)
    assert len(found) == 12
    for number, picture in enumerate(found, 1):
        part = eased(number / 13)
        assert np.abs(picture - (before * (1 - part) + after * part)).max() <= 1
        assert np.array_equal(picture[before == after], before[before == after])
    assert [eased(part) for part in (0, 0.5, 1)] == [0, 0.5, 1]


@pytest.mark.parametrize(("across", "down"), [(-1, 0), (1, 0), (0, -1), (0, 1)])
def test_a_push_moves_both_pictures_and_joins_them_at_an_edge(across: int, down: int) -> None:
    before, after = rgb(FILES[A]), rgb(FILES[B])
    high, wide = before.shape[:2]
    moved = [0]
    for number, picture in enumerate(drawn(Push(A, B, across, down), 9), 1):
        far = round((wide if across else high) * eased(number / 10))
        shifted = np.roll(np.concatenate([before, after], 1 if across else 0), (far * down, far * across), (0, 1))
        if across + down < 0:
            assert np.array_equal(picture, shifted[:high, :wide])
        else:
            whole = np.concatenate([after, before], 1 if across else 0)
            top, left = (high - far) * down, (wide - far) * across
            assert np.array_equal(picture, whole[top : top + high, left : left + wide])
        moved.append(far)
    assert moved == sorted(moved)


def test_a_moment_is_the_picture_that_its_recipe_shows_then() -> None:
    fade = Fade(A, B)
    assert np.array_equal(motion.picture(Moment(fade, 3, 12), 30, FILES), drawn(fade, 12)[3])
    later = Fade(Moment(fade, 3, 12), B)
    assert set(motion.blobs(later)) == {A, B}
    (first, *_) = drawn(later, 1)
    assert not np.array_equal(first, drawn(fade, 12)[3])


def test_a_picture_comes_out_in_the_same_colours_whether_it_moves_or_stands() -> None:
    with av.open(io.BytesIO(FILES[A]), format="png_pipe") as container:
        stands = next(container.decode(video=0))
    moves = av.VideoFrame.from_ndarray(motion.picture(A, 30, FILES), format="rgb24")
    assert planes(stands) == planes(moves)
    assert still.key_picture(FILES[A], SMALL) == span.key_picture(A, SMALL, FILES)


# ── what is encoded ──────────────────────────────────────────────────────────────────────────────


def test_a_piece_is_one_key_picture_and_what_follows_it_with_the_parameters_of_all_pictures() -> None:
    made = span.encode(span.Piece(Fade(A, B), 40, 0, 40), SMALL, FILES)
    assert [h264.kind(unit) for unit in h264.nal_units(made)] == [5] + [1] * 39
    parameters, _ = still.encode([still.in_video(av.VideoFrame.from_ndarray(rgb(FILES[A]).astype(np.uint8)))], SMALL)
    assert parameters == still.repeats(SMALL).parameters
    with av.open(io.BytesIO(parameters + made), format="h264") as container:
        shown = [luma(frame) for frame in container.decode(video=0)]
    wanted = [luma(still.in_video(av.VideoFrame.from_ndarray(one.astype(np.uint8)))) for one in drawn(Fade(A, B), 40)]
    assert min(ssim(one, other) for one, other in zip(shown, wanted, strict=True)) > 0.98


def test_equal_pieces_are_equal_bytes() -> None:
    piece = span.Piece(Push(A, B, -1, 0), 20, 5, 15)
    with ThreadPoolExecutor(3) as pool:
        made = set(pool.map(lambda _: span.encode(piece, SMALL, FILES), range(6)))
    assert len(made) == 1


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Built:
    studio: Studio
    deck: Deck
    timeline: Timeline
    path: Path
    transition: str

    def shown(self) -> Iterator[NDArray[np.uint8]]:
        return (picture for _, picture in decoded_luma(self.path))

    def wanted(self) -> Iterator[tuple[bool, NDArray[np.uint8]]]:
        """(whether it moves, luma) of every frame, composed anew."""
        for scene in self.timeline.scenes:
            for stretch in stretches(scene):
                for number in range(stretch.count):
                    standing = isinstance(stretch, Standing)
                    look = stretch.look if standing else Moment(stretch.recipe, number, stretch.count)
                    files = {blob: self.studio.store.read(blob) for blob in motion.blobs(look)}
                    pixels = motion.picture(look, self.timeline.fps, files)
                    yield not standing, luma(still.in_video(av.VideoFrame.from_ndarray(pixels, format="rgb24")))


@pytest.fixture(scope="module", params=["fade", "push"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    made = studio(request.param)
    deck, timeline = made.lesson(SLIDES)
    # one that is longer than two key pictures' distance, and whose last picture stays
    (own,) = timeline.scenes[2].motions
    long = Motion(12, 62, Fade(timeline.scenes[2].frame.image, timeline.scenes[0].frame.image), hold=True)
    scene = replace(timeline.scenes[2], motions=(own, long))
    timeline = replace(timeline, scenes=(*timeline.scenes[:2], scene, timeline.scenes[3]))
    path = tmp_path_factory.mktemp(request.param) / "lesson.mp4"
    encoded, _ = made.encode(deck, timeline, path)
    assert encoded.made
    return Built(made, deck, timeline, path, request.param)


def test_every_frame_shows_what_it_is_to_show(built: Built) -> None:
    pairs = list(zip(built.shown(), built.wanted(), strict=True))
    assert len(pairs) == built.timeline.frames
    assert sum(moves for _, (moves, _) in pairs) == 3 * 12 + 62
    for shown, (moves, wanted) in pairs:
        assert ssim(shown, wanted) >= (0.97 if moves else 0.99)


def test_both_tracks_tick_evenly_and_key_pictures_are_near(built: Built) -> None:
    samples = index(built.path, "video")
    assert [one.dts for one in samples] == [Fraction(at, 30) for at in range(built.timeline.frames)]
    keys = [one.pts for one in samples if one.key]
    assert max(later - earlier for earlier, later in pairwise(keys)) <= 2
    begins = {scene.first + one.first for scene in built.timeline.scenes for one in scene.motions}
    assert {Fraction(at, 30) for at in begins} <= set(keys)


def test_two_key_pictures_in_a_row_differ_in_their_number_and_pictures_are_counted_on(built: Built) -> None:
    """`frame_num` goes up by one, from 0 at each key picture (clause 7.4.3)."""
    form = h264.read_parameters(still.repeats(SMALL).parameters)
    before, turn = 0, -1
    with av.open(str(built.path)) as container:
        for packet in container.demux(video=0):
            if not packet.size:
                continue
            unit = bytes(packet)[4:]
            bits = h264._Bits.of(unit)
            bits.ue(), bits.ue(), bits.ue()
            number = bits.u(form.frame_num_bits)
            assert number == (0 if packet.is_keyframe else (before + 1) % form.period)
            before = number
            if packet.is_keyframe:
                assert bits.ue() != turn
                turn = (turn + 1) % 2 if turn >= 0 else 0


def test_seeking_anywhere_shows_the_right_picture(built: Built) -> None:
    shown = list(built.shown())
    chance = random.Random(7)
    with av.open(str(built.path)) as container:
        stream = container.streams.video[0]
        for _ in range(60):
            number = chance.randrange(built.timeline.frames)
            container.seek(int(Fraction(number, 30) / stream.time_base), stream=stream)
            frame = next(one for one in container.decode(video=0) if one.pts * stream.time_base >= Fraction(number, 30))
            assert np.array_equal(luma(frame), shown[number])


def test_a_jump_to_a_chapter_shows_its_slide_and_cuts_no_word_off(built: Built) -> None:
    shown = list(built.shown())
    begins = {scene.frame.step: scene for scene in built.timeline.scenes}
    stills = {
        step: luma(still.in_video(av.VideoFrame.from_ndarray(motion.picture(scene.frame.image, 30, files), "rgb24")))
        for step, scene in begins.items()
        for files in [{scene.frame.image: built.studio.store.read(scene.frame.image)}]
    }
    with av.open(str(built.path)) as container:
        chapters = [chapter["start"] * chapter["time_base"] for chapter in container.chapters()]
    assert len(chapters) == len(stills)
    for (before, after), start in zip(pairwise(begins.values()), chapters[1:], strict=True):
        number = round(start * 30)
        assert start == Fraction(number, 30)
        assert after.first < number <= after.first + 12
        assert not after.take.samples or start <= Fraction(after.onset, 48_000)
        old, new = (stills[one.frame.step].astype(int) for one in (before, after))
        apart = np.abs(old - new).mean()
        if built.transition == "fade":
            assert np.abs(shown[number] - new).mean() < 0.1 * apart
        else:  # by how many columns it is still shifted
            off = [np.abs(shown[number][:, by:] - new[:, : 640 - by]).mean() for by in range(65)]
            assert min(off) < 0.5 < max(off)


def test_the_sound_is_the_same_to_the_last_bit_as_without_transitions(built: Built, tmp_path: Path) -> None:
    plain = replace(built.timeline, scenes=tuple(replace(one, motions=()) for one in built.timeline.scenes))
    built.studio.encode(built.deck, plain, tmp_path / "plain.mp4")

    def sound(path: Path) -> list[tuple[int, bytes]]:
        with av.open(str(path)) as container:
            return [(packet.pts, bytes(packet)) for packet in container.demux(audio=0) if packet.size]

    assert sound(built.path) == sound(tmp_path / "plain.mp4")


def test_the_whole_file_is_decoded_without_a_word(built: Built) -> None:
    decode = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(built.path), "-map", "0:v", "-map", "0:a"]
    done = subprocess.run([*decode, "-f", "null", "-"], capture_output=True, text=True, check=True)
    assert [line for line in done.stderr.splitlines() if "Unsupported codec" not in line] == []


# ── what a change costs ──────────────────────────────────────────────────────────────────────────


def test_progress_and_explain_know_what_moves(tmp_path: Path) -> None:
    from deckcast.encode import pieces

    made = studio(seconds=2.5)
    deck, timeline = made.lesson(SLIDES[:3])
    _, progress = made.encode(deck, timeline, tmp_path / "lesson.mp4")
    assert len(progress.made) == pieces(timeline, made.settings)
    assert [name for name in progress.made if "transition" in name] == [
        "transition to slide 2",
        "transition to slide 3, part 1",
        "transition to slide 3, part 2",
    ]
    _, progress = made.encode(deck, timeline, tmp_path / "lesson.mp4")
    assert progress.made == []


def test_a_changed_slide_makes_the_two_transitions_beside_it(tmp_path: Path) -> None:
    made = studio()
    slides = [(f"Slide {at}", 0.0) for at in range(1, 7)]
    made.encode(*made.lesson(slides), tmp_path / "lesson.mp4")
    slides[2] = ("Another third", 0)
    _, progress = made.encode(*made.lesson(slides), tmp_path / "lesson.mp4")
    assert progress.made == ["video of slide 3", "transition to slide 3", "transition to slide 4", "lesson.mp4"]
    assert progress.why["transition to slide 4"] == "recipe changed"


def test_what_was_encoded_before_a_build_ended_is_not_encoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = studio()
    deck, timeline = made.lesson([(f"Slide {at}", 0.0) for at in range(1, 40)])
    calls: list[span.Piece] = []
    encode = span.encode

    def ended(piece: span.Piece, picture: Picture, files: motion.Files) -> bytes:
        if len(calls) == 30:
            raise KeyboardInterrupt
        calls.append(piece)
        return encode(piece, picture, files)

    monkeypatch.setattr(span, "encode", ended)
    with pytest.raises(KeyboardInterrupt):
        made.encode(deck, timeline, tmp_path / "lesson.mp4")
    monkeypatch.setattr(span, "encode", encode)
    _, progress = made.encode(deck, timeline, tmp_path / "lesson.mp4")
    ahead = 2 * (os.cpu_count() or 1) + 2  # so many may be encoded and not yet kept
    assert len([name for name in progress.kept if "transition" in name]) >= 30 - ahead


def test_a_lesson_in_which_nothing_moves_never_imports_moviepy() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pathlib import Path\n"
        "from tempfile import mkdtemp\n"
        "from encode.test_moving import studio\n"
        "made = studio({!r})\n"
        "made.encode(*made.lesson([('One', 0), ('Two', 0)]), Path(mkdtemp()) / 'lesson.mp4')\n"
        "print('moviepy' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    for transition, loaded in (("none", "False"), ("fade", "True")):
        done = subprocess.run(
            [sys.executable, "-c", code.format(transition)], capture_output=True, text=True, check=True, cwd=root
        )
        assert done.stdout.strip() == loaded
