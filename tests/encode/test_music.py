"""Music under the narration: read, laid end to end, ducked, joined, as loud as it should be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from deckcast.encode import Score, aac, beds, check_music
from deckcast.encode.mix import Sound, mix
from deckcast.encode.music import OVERLAP, Bed, Music
from deckcast.encode.sounding import Aim, Sounding
from deckcast.encode.soundtrack import PIECE, Placed
from deckcast.engines.executors import InlineExecutor
from deckcast.errors import AssetError, Several
from deckcast.keep import Keeper
from deckcast.loudness import gated, levels
from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Deck, Option, Properties, Property, Timeline, Where
from deckcast.settings import Settings, SoundSettings
from deckcast.sound import read_wav, write_wav
from deckcast.stages import Silence
from encode.lessons import Studio, quick, tune
from encode.measure import decibels, decoded_sound
from encode.test_lesson_loudness import metered

pytestmark = pytest.mark.slow


def write(path: Path, wave: NDArray[np.float32], codec: str, rate: int = 44_100, layout: str = "mono") -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout
        frame = av.AudioFrame.from_ndarray(np.stack([wave] * stream.codec_context.channels), "fltp", layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.codec_context.format.name, layout, rate, stream.codec_context.frame_size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


class Desk:
    """A deck in a folder with music; its slides say so many seconds, or nothing."""

    def __init__(self, folder: Path, *seconds: float, music: str = "theme.wav", **sound: float) -> None:
        self.studio = Studio(settings=replace(quick(), sound=SoundSettings(music=music, **sound)))
        deck, self.timeline = self.studio.lesson([(f"Slide {at}", one) for at, one in enumerate(seconds, 1)])
        self.deck: Deck = replace(
            deck, folder=folder, options=(Option("music", music, Where("deck.md", 2), f"music: {music}"),)
        )
        self.own = {step.index: self.studio.settings for step in deck.steps}

    def quiet(self, step: int, music: str = "none") -> None:
        """A slide with a `music` property."""
        self.own[step] = replace(self.own[step], sound=replace(self.own[step].sound, music=music))
        slides = list(self.deck.slides)
        first = slides[step - 1].steps[0]
        properties = Properties((Property("music", music, Where("deck.md", 10 * step)),))
        slides[step - 1] = replace(slides[step - 1], steps=(replace(first, properties=properties),))
        self.deck = replace(self.deck, slides=tuple(slides))

    def each(self) -> list[Settings]:
        return [self.own[step.index] for step in self.deck.steps]

    def check(self) -> None:
        check_music(self.deck, self.deck.steps, self.each())

    def beds(self) -> tuple[Bed, ...]:
        keeper = Keeper(self.studio.store, Silence(), "lesson")
        return beds(self.deck, self.timeline, self.deck.steps, self.each(), keeper)

    def sounding(self, score: Score | None = None, timeline: Timeline | None = None) -> Sounding:
        names = {step.index: f"slide {step.index}" for step in self.deck.steps}
        keeper = Keeper(self.studio.store, Silence(), "lesson")
        aim = Aim(-14, -1.5, 128)
        given = Score(self.beds()) if score is None else score
        return Sounding(timeline or self.timeline, given, self.studio.settings.sound, aim, keeper, names)

    def heard(self, music: Music) -> NDArray[np.float32]:
        """The music's parts in order."""
        parts = [np.frombuffer(read_wav(self.studio.store.read(sound))[0], "<i2") for sound, _ in music.parts]
        return np.concatenate(parts).astype(np.float32) / 32767 * 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    theme = tune(22, 1)
    write(folder / "theme.wav", theme, "pcm_s16le")
    for name, codec in (("a.flac", "flac"), ("a.m4a", "aac"), ("a.ogg", "libopus"), ("a.mp3", "libmp3lame")):
        write(folder / name, tune(8, 2, 48_000), codec, 48_000, "stereo")
    write(folder / "short.wav", theme[:100_000], "pcm_s16le")
    write(folder / "silent.wav", theme * 0, "pcm_s16le")
    (folder / "words.mp3").write_text("no music")
    write(folder / "other.wav", tune(6, 3), "pcm_s16le")
    return folder


def test_a_file_is_read_whole_at_the_lessons_rate(folder: Path) -> None:
    desk = Desk(folder, 3)
    (bed,) = desk.beds()
    lengths = [samples for _, samples in bed.music.parts]
    assert (lengths[0], lengths[-1], sum(lengths)) == (OVERLAP, OVERLAP, 22 * SAMPLE_RATE)
    import soxr

    wanted = soxr.resample(tune(22, 1), 44_100, SAMPLE_RATE, "HQ")
    heard = desk.heard(bed.music)
    assert decibels(wanted[:-OVERLAP], heard[:-OVERLAP] - wanted[:-OVERLAP]) > 60
    assert bed.music.loudness == pytest.approx(gated(levels(wanted / 2)), abs=0.1)


@pytest.mark.parametrize("name", ["a.flac", "a.m4a", "a.ogg", "a.mp3"])
def test_what_authors_have_is_read(folder: Path, name: str) -> None:
    desk = Desk(folder, 3, music=name)
    desk.check()
    (bed,) = desk.beds()
    heard, wanted = desk.heard(bed.music)[:-OVERLAP], tune(8, 2, 48_000)
    late = int(np.argmax(np.correlate(heard[48_000:96_000], wanted[50_000:94_000], "valid"))) - 2000
    assert abs(late) < 3000  # what lossy formats put in front
    assert np.std(heard) == pytest.approx(np.sqrt(2) * np.std(wanted), rel=0.1)  # two equal channels in one


def test_the_end_leads_to_the_beginning_without_a_step(folder: Path) -> None:
    desk = Desk(folder, 3)
    (bed,) = desk.beds()
    laid = np.zeros(60 * SAMPLE_RATE, np.float32)
    for one in Bed(0, len(laid), bed.music).placed(0.0, ()):
        pcm = np.frombuffer(read_wav(desk.studio.store.read(one.sound))[0], "<i2")[: one.samples]
        laid[one.start : one.end] += pcm / 16384
    period = 20 * SAMPLE_RATE
    assert np.abs(np.diff(laid)).max() < 1.2 * np.abs(np.diff(laid[:period])).max()
    assert np.array_equal(laid[period + OVERLAP : 2 * period], laid[2 * period + OVERLAP : 3 * period])
    assert np.array_equal(laid[OVERLAP:period], laid[period + OVERLAP : 2 * period])
    assert np.std(laid[period : period + OVERLAP]) == pytest.approx(np.std(laid), rel=0.5)


def test_slides_say_where_it_plays(folder: Path) -> None:
    desk = Desk(folder, 2, 2, 0, 2, 2, 2)
    desk.quiet(3)
    desk.quiet(5, "other.wav")
    found = desk.beds()
    scenes = desk.timeline.scenes
    starts = [-(-scene.first * 1600 // AAC_BLOCK) * AAC_BLOCK for scene in scenes]
    assert [bed.begin for bed in found] == [AAC_BLOCK, starts[3], starts[4], starts[5]]
    assert [bed.end for bed in found][:3] == [starts[2], starts[4], starts[5]]
    assert found[1].music == found[0].music != found[2].music


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("thema.wav", "there is no file thema.wav in", "did you mean `theme.wav`?"),
        ("words.mp3", "words.mp3 is no sound that can be read", "use a WAV, FLAC, MP3, M4A or OGG file"),
        ("http://example.org/a.mp3", "is on the web", "put it beside the deck"),
    ],
)
def test_what_is_no_music_is_told_before_any_work(folder: Path, name: str, message: str, hint: str) -> None:
    with pytest.raises(AssetError) as caught:
        Desk(folder, 2, music=name).check()
    assert message in str(caught.value)
    assert hint in caught.value.finding.hint
    assert (str(caught.value.finding.where), caught.value.finding.width) == ("deck.md:2:8", len(name))


def test_all_of_them_are_told_at_their_slides(folder: Path) -> None:
    desk = Desk(folder, 2, 2, music="nowhere.wav")
    desk.quiet(2, "words.mp3")
    with pytest.raises(Several) as caught:
        desk.check()
    assert [str(one.where) for one in caught.value.findings] == ["deck.md:2:8", "deck.md:20:1"]


def test_music_that_is_too_short_is_told(folder: Path) -> None:
    with pytest.raises(AssetError, match=r"short\.wav is too short") as caught:
        Desk(folder, 2, music="short.wav").beds()
    assert "at least 5 seconds" in caught.value.finding.hint


@pytest.mark.parametrize("name", ["lesson.mp4", "lesson.webm"])
def test_a_lesson_with_music_is_as_loud_as_one_without(folder: Path, tmp_path: Path, name: str) -> None:
    desk = Desk(folder, 0, 4, 0, 6, 3, 0, music_volume=-8)
    path = tmp_path / name
    desk.studio.encode(desk.deck, desk.timeline, path, score=Score(desk.beds()))
    loud, peak = metered(path)
    assert loud == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5


def test_music_alone_is_as_loud_as_a_lesson_is(folder: Path, tmp_path: Path) -> None:
    desk = Desk(folder, *[0] * 12)
    path = tmp_path / "lesson.m4a"
    desk.studio.encode(desk.deck, desk.timeline, path, score=Score(desk.beds()))
    loud, peak = metered(path)
    assert loud == pytest.approx(-16, abs=0.5)
    assert peak <= -1.5


def test_silent_music_is_silence(folder: Path, tmp_path: Path) -> None:
    desk = Desk(folder, 0, 3, music="silent.wav")
    path = tmp_path / "lesson.mp4"
    desk.studio.encode(desk.deck, desk.timeline, path, score=Score(desk.beds()))
    assert metered(path)[0] == pytest.approx(-14, abs=0.5)


def test_it_lies_as_far_below_speech_as_asked(folder: Path) -> None:
    desk = Desk(folder, *[0] * 8, 7, 7, music_volume=-12, music_ducking=12)
    placed = desk.sounding()._music()
    music = mix(
        [
            Sound(one.start, one.samples, desk.studio.store.read(one.sound), one.gain, "", one.envelope)
            for one in placed
        ],
        round(desk.timeline.seconds * SAMPLE_RATE),
        0.0,
    )
    scenes = desk.timeline.scenes
    spoken = scenes[8].onset
    up = gated(levels(music[3 * SAMPLE_RATE : spoken - SAMPLE_RATE]))
    down = gated(levels(music[spoken + 48_000 : spoken + 6 * SAMPLE_RATE]))
    assert up is not None
    assert down is not None
    assert up == pytest.approx(-26, abs=2)  # a part of it is not as loud as the whole
    assert up - down == pytest.approx(12, abs=2.5)


def windows(packet: bytes) -> tuple[int, int]:
    """`window_sequence` and `window_shape` of a packet with one channel (ISO/IEC 14496-3, 4.4.2.1 and 4.4.2.3)."""
    head = int.from_bytes(packet[:4])
    return head >> 14 & 3, head >> 13 & 1


def test_pieces_join_as_if_encoded_in_one_go(folder: Path) -> None:
    desk = Desk(folder, 0, 4, 3, 0, 0, 6, 2, 5)
    ours = desk.sounding()
    packets = [packet.data for packet in ours.packets(InlineExecutor())]
    (stretch,) = ours.stretches()
    assert stretch.packets > 3 * PIECE
    gains = ours.gains(InlineExecutor())
    extra = ours.balance((stretch,), gains, InlineExecutor())
    begin = (stretch.first - 1) * AAC_BLOCK
    sounds = [
        Sound(
            one.start - begin,
            one.samples,
            desk.studio.store.read(one.sound),
            one.gain + extra + (0.0 if one.voice is None else gains[one.voice]),
            "",
            tuple((at - begin, level) for at, level in one.envelope),
        )
        for one in stretch.sounds
    ]
    source = mix(sounds, (stretch.blocks + 2) * AAC_BLOCK, ours.aim.ceiling)
    whole = aac._encode(source, 128)[1:-1]
    own = packets[stretch.first - 1 : stretch.first - 1 + stretch.packets]
    # Windows that overlap must be of one kind: else what the one folds over, the other does not fold back.
    assert [windows(packet) for packet in own] == [windows(packet) for packet in whole]
    heard, once = aac.decode(own, 128), aac.decode(whole, 128)
    source = source[: len(heard)]
    assert decibels(source, heard - source) > decibels(source, once - source) - 1.5
    for join in range(PIECE, stretch.packets, PIECE):
        near = slice((join - 2) * AAC_BLOCK, (join + 2) * AAC_BLOCK)
        worst = np.abs(once - source).max()
        assert np.abs(heard[near] - source[near]).max() < 1.5 * worst


def test_a_change_that_moves_nothing_makes_only_its_piece_again(folder: Path, tmp_path: Path) -> None:
    desk = Desk(folder, 6, 0, *[6] * 6)
    score = Score(desk.beds())
    _, first = desk.studio.encode(desk.deck, desk.timeline, tmp_path / "lesson.mp4", score=score)
    parts = [name for name in first.made if name.startswith("sound with music")]
    assert len(parts) > 5
    scenes = list(desk.timeline.scenes)
    scenes[6] = replace(scenes[6], take=desk.studio.take(7, (0, 6), seed=500))
    changed = replace(desk.timeline, scenes=tuple(scenes))
    _, again = desk.studio.encode(desk.deck, changed, tmp_path / "lesson.mp4", score=score)
    made = [name for name in again.made if name.startswith("sound with music")]
    assert 1 <= len(made) <= 3
    _, third = desk.studio.encode(desk.deck, changed, tmp_path / "lesson.mp4", score=score)
    assert third.made == []


def test_other_sounds_are_heard_at_their_sample_and_gain(folder: Path) -> None:
    desk = Desk(folder, 0, 0, 3, 0, 0)
    pcm = np.asarray(tune(1.5, 9, 48_000) * 20_000, np.int16)
    sound = desk.studio.put(write_wav(pcm.tobytes(), 48_000))
    at = 30_001
    ours = desk.sounding(Score((), (Placed(at, len(pcm), sound, -6.0),)))
    heard = aac.decode([packet.data for packet in ours.packets(InlineExecutor())], 128)
    extra = ours.balance(ours.stretches(), ours.gains(InlineExecutor()), InlineExecutor())
    wanted = pcm / np.float32(32768) * np.float32(10 ** ((extra - 6) / 20))
    assert decibels(wanted, heard[at : at + len(wanted)] - wanted) > 20
    assert not heard[: at - 3 * AAC_BLOCK].any()


def test_the_bytes_do_not_depend_on_what_was_kept(folder: Path, tmp_path: Path) -> None:
    made = []
    for number, seconds in enumerate([(3, 2, 4), (3, 5, 4), (3, 2, 4)]):
        desk = Desk(folder, *seconds) if number != 2 else desk  # noqa: F821 - the first one is made again from pieces
        if number == 2:
            _, desk.timeline = desk.studio.lesson([(f"Slide {at}", one) for at, one in enumerate(seconds, 1)])
        path = tmp_path / f"{number}.mp4"
        desk.studio.encode(desk.deck, desk.timeline, path, score=Score(desk.beds()))
        made.append(path.read_bytes())
    assert made[0] == made[2] != made[1]
    assert decoded_sound(tmp_path / "0.mp4").any()
