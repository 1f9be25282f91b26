"""The lesson as WebM, for where nothing but free formats may be: VP9, Opus and WebVTT in `lesson.webm`.

It has the same frames, cues and chapters as `lesson.mp4`. Times are told in whole milliseconds there, and there is no
place for a cover.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

from deckcast.captions import cues
from deckcast.digest import Question
from deckcast.encode import aac, motion, mux, opus, soundtrack, span, vp9
from deckcast.encode.ahead import Job
from deckcast.encode.asking import Wanted, ask
from deckcast.encode.finished import finished, tags
from deckcast.encode.lesson import longest, pictured
from deckcast.encode.libav import identity
from deckcast.encode.opus import DELAY, PACKET, Part
from deckcast.encode.packets import CAPTION, PICTURE, SOUND, Keys, Packet, clock, packets, picture_packets
from deckcast.encode.picturing import Picturing, picture_pieces
from deckcast.encode.sounding import NARRATION, Aim, Score, Sounding
from deckcast.encode.soundtrack import Piece, Placed, Stretch
from deckcast.encode.tracks import Track, WebCaptions, WebPictures, WebSound, web_text
from deckcast.keep import Keeper
from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Blob, Deck, Encoded, Look, Motion, Timeline
from deckcast.outline import places
from deckcast.settings import Settings


class Run(NamedTuple):
    """Stretches of sound that are encoded together: less than two packets of silence are between them."""

    first: int
    """Its first packet, which says nothing."""
    packets: int
    stretches: tuple[Stretch, ...]


def webm_pieces(timeline: Timeline, settings: Settings, score: Score = NARRATION) -> int:
    """How many pieces `encode_webm` will tell the progress about."""
    beds = [Placed(bed.begin, bed.end - bed.begin, Blob("", 0)) for bed in score.beds]
    found = soundtrack.stretches(timeline, [*score.others, *beds])
    mixed = any(one.take is None for one in found)
    return picture_pieces(timeline, longest(settings)) + len(runs(timeline, found)) + 1 + mixed


def runs(timeline: Timeline, stretches: Sequence[Stretch]) -> list[Run]:
    """Stretches put together where their packets would lie over each other."""
    last = timeline.frames * SAMPLE_RATE // (timeline.fps * PACKET)
    found: list[Run] = []
    for one in stretches:
        first = max(one.first * AAC_BLOCK // PACKET - 1, 0)
        end = min(-(-((one.first + one.blocks) * AAC_BLOCK + DELAY) // PACKET) + 2, last)
        if found and first < found[-1].first + found[-1].packets:
            before = found.pop()
            found.append(Run(before.first, end - before.first, (*before.stretches, one)))
        else:
            found.append(Run(first, end - first, (one,)))
    return found


def encode_webm(
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    keeper: Keeper,
    executor: Executor,
    target: Path,
    *,
    score: Score = NARRATION,
) -> Encoded:
    """Writes `target`, a WebM, unless it is there and as it would become. Raises `EncoderError`, `StorageError`."""
    video = settings.video
    picturing = pictured(deck, timeline, settings, keeper)
    aim = Aim(video.loudness, video.true_peak, video.audio_bitrate, f" of {target.name}")
    sounding = Sounding(timeline, score, settings.sound, aim, keeper, places(deck))
    shown = cues(timeline, settings.lesson.language)
    question = Question.of(
        "webm-2",
        **picturing.question,
        **sounding.question,
        captions=shown,
        tags=tags(deck, timeline, settings),
        encoder=(identity(), opus.OPTIONS, vp9.options(picturing.picture)),
    )

    def write() -> None:
        ticks = clock(timeline.fps)
        pictures = _pictures(picturing, f" of {target.name}", executor)
        sound = _sounds(sounding, executor)
        tracks: dict[int, Track] = {PICTURE: WebPictures(picturing.picture), SOUND: WebSound(aim.bitrate)}
        if shown:
            tracks[CAPTION] = WebCaptions()
        mux.write(
            target,
            packets(pictures, sound, web_text(shown, ticks)),
            tracks,
            clock=ticks,
            tags=tags(deck, timeline, settings),
            form="webm",
        )

    return finished(keeper, target, question, write)


def _pictures(of: Picturing, file: str, executor: Executor) -> Iterator[Packet]:
    how = {"picture": of.picture, "options": vp9.options(of.picture), "encoder": identity()}

    def files(value: Look | span.Piece) -> Mapping[Blob, bytes]:
        named = value.recipe if isinstance(value, span.Piece) else value
        return {blob: of.keeper.read(blob) for blob in motion.blobs(named)}

    def still_job(look: Look) -> Job:
        if isinstance(look, Blob):
            return vp9.key_picture, (of.keeper.read(look), of.picture)
        return vp9.moment, (look, of.picture, files(look))

    def span_job(piece: span.Piece) -> Job:
        return vp9.span, (piece, of.picture, files(piece))

    stills = [
        Wanted(
            look,
            f"video of {of.places[step]}" + (" when it has moved" if not isinstance(look, Blob) else "") + file,
            Question.of("vp9-1", look=look, composer="" if isinstance(look, Blob) else motion.identity(), **how),
        )
        for look, step in span.looks(of.timeline).items()
    ]
    moving = [
        Wanted(
            piece,
            name + file,
            Question.of(
                "vp9-span-1",
                recipe=piece.recipe,
                frames=(piece.count, piece.begin, piece.end),
                composer=motion.identity(),
                **how,
            ),
        )
        for piece, name in span.spans(of.timeline, of.longest, of.places).items()
    ]
    kept_stills = dict(ask(stills, "vp9", still_job, of.keeper, executor))
    kept_spans = dict(ask(moving, "vp9", span_job, of.keeper, executor))

    def keys(look: Look) -> Keys:
        (key,) = vp9.unpack(of.keeper.read(kept_stills[look]))
        return key, key

    def spans(one: Motion) -> Iterator[tuple[Keys, tuple[bytes, ...]]]:
        for piece in span.cut(one, of.longest):
            key, *others = vp9.unpack(of.keeper.read(kept_spans[piece]))
            yield (key, key), tuple(others)

    return picture_packets(of.timeline, of.longest, keys, spans, (vp9.AGAIN,))


def _sounds(of: Sounding, executor: Executor) -> Iterator[Packet]:
    gains, stretches, aim = of.gains(executor), of.stretches(), of.aim
    extra = of.balance(stretches, gains, executor)
    wanted: list[Wanted[tuple[Run, tuple[Piece, ...], int]]] = []
    for number, run in enumerate(runs(of.timeline, stretches), 1):
        heard = tuple(_heard(run, gains, extra))
        before = run.stretches[0].first * AAC_BLOCK - run.first * PACKET
        question = Question.of(
            "opus-2",
            heard=heard,
            place=(before, run.packets),
            peak=aim.peak,
            bitrate=aim.bitrate,
            options=opus.OPTIONS,
            encoder=identity(),
        )
        wanted.append(Wanted((run, heard, before), f"sound, part {number}{aim.file}", question))

    def job(item: tuple[Run, tuple[Piece, ...], int]) -> Job:
        run, heard, before = item
        parts = [
            Part(
                of.read(piece.sounds),
                piece.blocks * AAC_BLOCK,
                piece.before * AAC_BLOCK,
                (piece.before + piece.packets) * AAC_BLOCK,
            )
            for piece in heard
        ]
        return opus.encode_run, (parts, before, run.packets, aim.bitrate, aim.peak)

    kept = {item[0].first: blob for item, blob in ask(wanted, "opus", job, of.keeper, executor)}
    ticks = clock(of.timeline.fps) // SAMPLE_RATE
    last = of.timeline.frames * SAMPLE_RATE // (of.timeline.fps * PACKET)

    def packets_of() -> Iterator[bytes]:
        at = 0
        for one in wanted:
            run = one.item[0]
            yield from repeat(opus.SILENCE, run.first - at)
            yield from aac.unpack(of.keeper.read(kept[run.first]))
            at = run.first + run.packets
        yield from repeat(opus.SILENCE, last - at)

    for number, data in enumerate(chain(packets_of())):
        yield Packet((number * PACKET - DELAY) * ticks, SOUND, PACKET * ticks, data, key=True)


def _heard(run: Run, gains: Mapping[str, float], extra: float) -> Iterator[Piece]:
    """What is heard in a run, piece by piece, without a gap."""
    end = run.stretches[0].first
    for stretch in run.stretches:
        if stretch.first > end:
            yield Piece(stretch.first - end, 0, ())
        yield from soundtrack.pieces(stretch, gains, extra)
        end = stretch.first + stretch.packets
