"""The encode stage: asks for every piece, has the missing ones made many at once, and writes the file.

    distinct frame ─▶ key picture ┐
    what moves ─────▶ spans       │
    settings ──────▶ repeats      ├─▶ packets ─▶ lesson.mp4
    all takes ─▶ gains ┐          │
    take ──────────────┴▶ AAC packets ┘

What was made is kept, so the cost of a build follows what changed. Pieces are read back from the store one
scene at a time while the file is written, so memory does not grow with the lesson's length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.captions import cues
from deckcast.digest import Question
from deckcast.encode import aac, h264, levels, motion, mux, span, still
from deckcast.encode.ahead import Job, ahead
from deckcast.encode.libav import identity
from deckcast.encode.mix import Gains, sounds
from deckcast.encode.packets import CAPTION, PICTURE, SOUND, Keys, clock, packets, picture_packets, sound_packets
from deckcast.encode.still import Picture
from deckcast.encode.tracks import Captions, Pictures, Sound, Track, timed_text
from deckcast.errors import ConfigError, EncoderError, StorageError, storage_errors
from deckcast.keep import Keeper
from deckcast.model import Blob, Deck, Encoded, Look, Motion, Recipe, Take, Timeline
from deckcast.outline import deck_title, places, sections
from deckcast.ports import Answer
from deckcast.settings import Settings

STAGE = "encode"


def pieces(timeline: Timeline, settings: Settings) -> int:
    """How many pieces `encode` will tell the progress about."""
    moving = {
        piece for scene in timeline.scenes for one in scene.motions for piece in span.cut(one, _longest(settings))
    }
    return len(span.looks(timeline)) + len(moving) + len(_spoken(timeline)) + 4


def encode(
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    keeper: Keeper,
    executor: Executor,
    target: Path,
    *,
    cover: Blob | None = None,
) -> Encoded:
    """Writes `target`, an MP4 (H.264, AAC, captions), unless it is there and as it would become.

    `cover` is a JPEG. Raises `EncoderError`, `StorageError`, and `ConfigError` for a size that video cannot have.
    """
    picture = _picture(timeline, settings)
    question = _question(deck, timeline, settings, picture, cover)
    answer = keeper.find(STAGE, target.name, question, serves=lambda kept: _stands(target, kept))
    if answer is not None:
        mux.tidy(target)
        return Encoded(target, str(answer.facts["sha256"]), int(answer.facts["size"]), made=False)

    library = _Library(keeper, settings, picture, identity(), places(deck))
    stills = library.stills(timeline, executor)
    spans = library.spans(timeline, executor)
    takes = library.takes(timeline, library.gains(timeline, executor), executor)
    repeats, parameters = library.repeats()
    silence = library.silence()
    form = h264.read_parameters(parameters)

    def both(key: bytes) -> Keys:
        return key, h264.with_idr_pic_id(key, 1, form)

    def keys(look: Look) -> Keys:
        return both(keeper.read(stills[look]))

    def moving(one: Motion) -> Iterator[tuple[Keys, tuple[bytes, ...]]]:
        for piece in span.cut(one, _longest(settings)):
            key, *others = still.split(keeper.read(spans[piece]))
            yield both(key), tuple(others)

    shown = cues(timeline, settings.lesson.language)
    tracks: dict[int, Track] = {PICTURE: Pictures(picture, parameters), SOUND: Sound(settings.video.audio_bitrate)}
    if shown:
        tracks[CAPTION] = Captions()
    ticks = clock(timeline.fps)
    mux.write(
        target,
        packets(
            picture_packets(timeline, _longest(settings), keys, moving, repeats),
            sound_packets(timeline, lambda take: aac.unpack(keeper.read(takes[take.step])), silence),
            timed_text(shown, ticks),
        ),
        tracks,
        clock=ticks,
        tags=_tags(deck, timeline, settings),
        cover=keeper.read(cover) if cover else b"",
    )
    sha256, size = _measure(target)
    keeper.keep(STAGE, target.name, question, {"sha256": sha256, "size": size}, {})
    return Encoded(target, sha256, size, made=True)


@dataclass(frozen=True, slots=True)
class _Library:
    """The pieces of which a lesson is made, kept or to be made."""

    keeper: Keeper
    settings: Settings
    picture: Picture
    encoder: str
    places: Mapping[int, str]

    def stills(self, timeline: Timeline, executor: Executor) -> dict[Look, Blob]:
        """The key picture of all that is seen where nothing moves."""

        def job(item: tuple[Look, int]) -> Job:
            look = item[0]
            if isinstance(look, Blob):
                return still.key_picture, (self.keeper.read(look), self.picture)
            return span.key_picture, (look, self.picture, self._files(look))

        def ask(item: tuple[Look, int]) -> tuple[str, Question]:
            look, step = item
            if isinstance(look, Blob):
                return f"video of {self.places[step]}", Question.of("still-1", image=look, **self._how())
            question = Question.of("moment-1", look=look, composer=motion.identity(), **self._how())
            return f"video of {self.places[step]} when {look.recipe.kind} is over", question

        return dict(self._all(list(span.looks(timeline).items()), ask, job, "h264", lambda item: item[0], executor))

    def spans(self, timeline: Timeline, executor: Executor) -> dict[span.Piece, Blob]:
        """The pictures of each distinct piece of what moves."""

        def job(item: tuple[span.Piece, str]) -> Job:
            return span.encode, (item[0], self.picture, self._files(item[0].recipe))

        def ask(item: tuple[span.Piece, str]) -> tuple[str, Question]:
            piece, name = item
            frames = piece.count, piece.begin, piece.end
            how = {"composer": motion.identity(), **self._how()}
            return name, Question.of("span-1", recipe=piece.recipe, frames=frames, **how)

        named = span.spans(timeline, _longest(self.settings), self.places)
        return dict(self._all(list(named.items()), ask, job, "h264", lambda item: item[0], executor))

    def _files(self, value: Look | Recipe) -> dict[Blob, bytes]:
        return {blob: self.keeper.read(blob) for blob in motion.blobs(value)}

    def gains(self, timeline: Timeline, executor: Executor) -> Gains:
        """What makes each voice as loud as wanted in this lesson."""
        takes, video = _spoken(timeline), self.settings.video
        ceiling = video.true_peak - aac.headroom(video.audio_bitrate)
        question = Question.of(
            levels.KIND, takes=[_heard(take) for take in takes], loudness=video.loudness, peak=ceiling
        )
        answer = self.keeper.find(STAGE, levels.SLOT, question)
        if answer is None:
            found = levels.find(takes, video.loudness, ceiling, self.keeper, executor)
            answer = self.keeper.keep(STAGE, levels.SLOT, question, {"gains": found}, {})
        return dict(answer.facts["gains"])

    def takes(self, timeline: Timeline, gains: Gains, executor: Executor) -> dict[int, Blob]:
        """The packets of each take that says something, by its step."""
        bitrate, peak = self.settings.video.audio_bitrate, self.settings.video.true_peak

        def job(take: Take) -> Job:
            return aac.encode_take, (sounds(take, gains, self.keeper), take.samples, bitrate, peak)

        def ask(take: Take) -> tuple[str, Question]:
            question = Question.of(
                "sound-3",
                take=_heard(take),
                gains={one.voice: gains[one.voice] for one in take.utterances},
                peak=peak,
                bitrate=bitrate,
                options=aac.OPTIONS,
                encoder=self.encoder,
            )
            return f"sound of {self.places[take.step]}", question

        return dict(self._all(_spoken(timeline), ask, job, "aac", lambda take: take.step, executor))

    def repeats(self) -> tuple[tuple[bytes, ...], bytes]:
        """What repeats any key picture, and the parameter sets of all."""
        question = Question.of("repeats-1", **self._how())
        answer = self.keeper.find(STAGE, "repeated pictures", question)
        if answer is None:
            made = still.repeats(self.picture)
            blobs = {"h264": b"".join(made.pictures), "parameters": made.parameters}
            answer = self.keeper.keep(STAGE, "repeated pictures", question, {}, blobs)
        return still.split(self.keeper.read(answer.blobs["h264"])), self.keeper.read(answer.blobs["parameters"])

    def silence(self) -> bytes:
        bitrate = self.settings.video.audio_bitrate
        question = Question.of("silence-1", bitrate=bitrate, options=aac.OPTIONS, encoder=self.encoder)
        answer = self.keeper.find(STAGE, "silence", question)
        if answer is None:
            answer = self.keeper.keep(STAGE, "silence", question, {}, {"aac": aac.encode_silence(bitrate)})
        return self.keeper.read(answer.blobs["aac"])

    def _how(self) -> dict[str, Any]:
        """What every encoded picture depends on."""
        return {"picture": self.picture, "options": self.picture.options(), "encoder": self.encoder}

    def _all(
        self,
        items: list[Any],
        ask: Callable[[Any], tuple[str, Question]],
        job: Callable[[Any], Job],
        blob: str,
        name: Callable[[Any], Any],
        executor: Executor,
    ) -> Iterator[tuple[Any, Blob]]:
        """(name, kept blob) of each item, made on the executor where the store has none."""
        missing = []
        for item in items:
            slot, question = ask(item)
            answer = self.keeper.find(STAGE, slot, question)
            if answer is None:
                missing.append((item, slot, question))
            else:
                yield name(item), answer.blobs[blob]
        for (item, slot, question), made in ahead(executor, missing, lambda entry: job(entry[0])):
            answer = self.keeper.keep(STAGE, slot, question, {}, {blob: made})
            yield name(item), answer.blobs[blob]


def _picture(timeline: Timeline, settings: Settings) -> Picture:
    if not timeline.scenes:
        raise EncoderError("there is nothing to show: the lesson has no slides")
    frame = timeline.scenes[0].frame
    if frame.width % 2 or frame.height % 2:
        raise ConfigError(
            f"a video of {frame.width}×{frame.height} cannot be: both must be even",
            hint="choose another `size`, such as 720, 1080 or 1440",
        )
    return Picture(frame.width, frame.height, timeline.fps, settings.video.quality)


def _longest(settings: Settings) -> int:
    """Frames between two key pictures, at most."""
    return round(settings.video.keyframe * settings.video.fps)


def _spoken(timeline: Timeline) -> list[Take]:
    return [scene.take for scene in timeline.scenes if scene.take.samples]


def _heard(take: Take) -> tuple[Any, ...]:
    """What of a take can be heard."""
    return take.samples, [(one.start, one.samples, one.sound, one.voice) for one in take.utterances]


def _tags(deck: Deck, timeline: Timeline, settings: Settings) -> mux.Tags:
    lesson = settings.lesson
    title = lesson.title or deck_title(deck)
    found = sections(deck, timeline)
    return mux.Tags(
        title, lesson.author, lesson.description, lesson.date, lesson.language, found, timeline.frames, timeline.fps
    )


def _question(deck: Deck, timeline: Timeline, settings: Settings, picture: Picture, cover: Blob | None) -> Question:
    """All that the finished file depends on."""
    return Question.of(
        "lesson-3",
        pictures=[(scene.frame.image, scene.count) for scene in timeline.scenes],
        **_moving(timeline),
        sound=[(scene.onset, _heard(scene.take)) for scene in timeline.scenes if scene.take.samples],
        picture=picture,
        keyframe=settings.video.keyframe,
        loudness=(settings.video.loudness, settings.video.true_peak),
        bitrate=settings.video.audio_bitrate,
        captions=cues(timeline, settings.lesson.language),
        tags=_tags(deck, timeline, settings),
        cover=cover,
        encoder=(identity(), aac.OPTIONS, picture.options()),
    )


def _moving(timeline: Timeline) -> dict[str, Any]:
    """What a file depends on in which something moves; no part of the question where nothing does."""
    if not any(scene.motions for scene in timeline.scenes):
        return {}
    return {"motions": [scene.motions for scene in timeline.scenes], "composer": motion.identity()}


def _stands(target: Path, answer: Answer) -> bool:
    """Whether the file that `answer` tells about is still there, whole."""
    try:
        if target.stat().st_size != answer.facts["size"]:
            return False
        return bool(_measure(target)[0] == answer.facts["sha256"])
    except (OSError, StorageError):
        return False


def _measure(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file."""
    with storage_errors("read", path), path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return sha256, path.stat().st_size
