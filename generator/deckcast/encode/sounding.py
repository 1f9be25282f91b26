"""A lesson's sound as packets, kept or made: takes by themselves, everything else in pieces.

takes ─▶ gains ┐
takes, music ──┴▶ stretches ─▶ one more gain ─▶ takes and pieces ─▶ packets
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from deckcast.digest import Question
from deckcast.encode import aac, ducking, levels, soundtrack
from deckcast.encode.ahead import Job, ahead
from deckcast.encode.asking import STAGE, Wanted, ask
from deckcast.encode.libav import identity
from deckcast.encode.mix import Gains, Sound, sounds
from deckcast.encode.music import Bed
from deckcast.encode.packets import Packet, sound_packets
from deckcast.encode.soundtrack import PIECE, Piece, Placed, Stretch
from deckcast.keep import Keeper
from deckcast.model import AAC_BLOCK, Blob, Take, Timeline
from deckcast.settings import SoundSettings


@dataclass(frozen=True, slots=True)
class Score:
    """What is heard besides the narration."""

    beds: tuple[Bed, ...] = ()
    """Music, which goes down under the narration and under `sounds`."""
    sounds: tuple[Placed, ...] = ()
    """Any other sounds: mixed with the narration as they are, at their own gains."""
    films: tuple[Placed, ...] = ()
    """Sounds of films. Their gains are relative to how loud the whole is to be."""

    @property
    def others(self) -> tuple[Placed, ...]:
        """All but music."""
        return (*self.sounds, *self.films)


PROGRAMME = "programme-2"
"""The question how much louder all is to be."""
NARRATION = Score()
"""Nothing else."""


@dataclass(frozen=True, slots=True)
class Aim:
    """How the sound of one file is to come out."""

    loudness: float
    """LUFS of the whole."""
    peak: float
    """dBTP."""
    bitrate: int
    """kbit/s."""
    file: str = ""
    """What tells its pieces from the main file's in reports: ` of lesson.m4a`."""

    @property
    def ceiling(self) -> float:
        return self.peak - aac.headroom(self.bitrate)


@dataclass(frozen=True, slots=True)
class Sounding:
    """Makes the packets of a lesson's sound, or finds them kept."""

    timeline: Timeline
    score: Score
    mixing: SoundSettings
    aim: Aim
    keeper: Keeper
    places: Mapping[int, str]

    @property
    def question(self) -> dict[str, Any]:
        """All that the packets depend on, in parts."""
        scenes = self.timeline.scenes
        return {
            "sound": [(scene.onset, heard(scene.take)) for scene in scenes if scene.take.samples],
            "music": [(bed.begin, bed.end, bed.music) for bed in self.score.beds],
            "mixing": self.mixing if self.score.beds else None,
            "other_sounds": self.score.others,
            "loudness": (self.aim.loudness, self.aim.peak),
            "bitrate": self.aim.bitrate,
        }

    @property
    def takes(self) -> list[Take]:
        return [scene.take for scene in self.timeline.scenes if scene.take.samples]

    def packets(self, executor: Executor) -> Iterator[Packet]:
        """Everything is made when this is called; what is kept is read when its packet is asked for."""
        gains = self.gains(executor)
        stretches = self.stretches()
        extra = self.balance(stretches, gains, executor)
        alone = self._alone([one for one in stretches if one.take is not None], gains, extra, executor)
        mixed = self._mixed([one for one in stretches if one.take is None], gains, extra, executor)
        silence = self._silence()

        def packed(blobs: Sequence[Blob]) -> Iterator[bytes]:
            for blob in blobs:
                yield from aac.unpack(self.keeper.read(blob))

        runs = [
            (one.first - 1, packed(mixed[one.first] if one.take is None else [alone[one.take.step]]))
            for one in stretches
        ]
        return sound_packets(self.timeline, runs, silence)

    def gains(self, executor: Executor) -> Gains:
        """What makes each voice as loud as wanted in this lesson."""
        takes, aim = self.takes, self.aim
        question = Question.of(
            levels.KIND, takes=[heard(take) for take in takes], loudness=aim.loudness, peak=aim.ceiling
        )
        slot = levels.SLOT + aim.file
        answer = self.keeper.find(STAGE, slot, question)
        if answer is None:
            found = levels.find(takes, aim.loudness, aim.ceiling, self.keeper, executor)
            answer = self.keeper.keep(STAGE, slot, question, {"gains": found}, {})
        return dict(answer.facts["gains"])

    def stretches(self) -> tuple[Stretch, ...]:
        return soundtrack.stretches(self.timeline, [*self.score.sounds, *self._films(), *self._music()])

    def _films(self) -> Iterator[Placed]:
        for one in self.score.films:
            yield one._replace(gain=round(one.gain + self.aim.loudness, 2))

    def _music(self) -> Iterator[Placed]:
        mixing = self.mixing
        speech = [
            (one.start, one.end)
            for scene in self.timeline.scenes
            if scene.take.samples
            for one in soundtrack.spoken(scene.take, scene.onset)
        ]
        speech += [(one.start, one.end) for one in self.score.others]
        for bed in self.score.beds:
            gain = self.aim.loudness + mixing.music_volume - bed.music.loudness
            near = [(begin, end) for begin, end in speech if begin < bed.end and end > bed.begin]
            yield from bed.placed(round(gain, 2), ducking.envelope(bed.begin, bed.end, near, mixing))

    def balance(self, stretches: Sequence[Stretch], gains: Gains, executor: Executor) -> float:
        """dB for everything, so that music and other sounds leave the whole as loud as wanted."""
        if all(one.take is not None for one in stretches):
            return 0.0
        question = Question.of(
            PROGRAMME,
            sounds=[(one.first, one.sounds) for one in stretches],
            gains=gains,
            loudness=self.aim.loudness,
            peak=self.aim.ceiling,
        )
        slot = f"{levels.SLOT} with music{self.aim.file}"
        answer = self.keeper.find(STAGE, slot, question)
        if answer is None:
            extra = levels.programme(self.aim.loudness, lambda extra: self._hops(stretches, gains, extra, executor))
            answer = self.keeper.keep(STAGE, slot, question, {"extra": extra}, {})
        return float(answer.facts["extra"])

    def _hops(self, stretches: Sequence[Stretch], gains: Gains, extra: float, executor: Executor) -> list[list[int]]:
        """How loud each hop of each stretch is with such a gain."""
        found: list[list[list[int]]] = []
        missing: list[tuple[int, int, Piece, Question]] = []
        for number, stretch in enumerate(stretches):
            found.append([])
            for at, piece in enumerate(soundtrack.pieces(stretch, gains, extra)):
                question = Question.of("hops-2", piece=piece, ceiling=self.aim.ceiling)
                answer = self.keeper.find_part(question)
                found[number].append(answer.facts["hops"] if answer else [])
                if answer is None:
                    missing.append((number, at, piece, question))

        def job(entry: tuple[int, int, Piece, Question]) -> Job:
            piece = entry[2]
            begin, end = (count * AAC_BLOCK for count in (piece.before, piece.before + piece.packets))
            return levels.measure_piece, (
                self.read(piece.sounds),
                piece.blocks * AAC_BLOCK,
                begin,
                end,
                self.aim.ceiling,
            )

        for (number, at, _, question), made in ahead(executor, missing, job):
            found[number][at] = self.keeper.keep_part(question, {"hops": made}).facts["hops"]
        return [[hop for piece in stretch for hop in piece] for stretch in found]

    def _alone(self, stretches: Iterable[Stretch], gains: Gains, extra: float, executor: Executor) -> dict[int, Blob]:
        """The packets of each take that is a stretch of its own, by its step."""
        aim = self.aim
        louder = {voice: gain + extra for voice, gain in gains.items()}
        wanted = [
            Wanted(
                take,
                f"sound of {self.places[take.step]}{aim.file}",
                Question.of(
                    "sound-4",
                    take=heard(take),
                    gains={one.voice: louder[one.voice] for one in take.utterances},
                    peak=aim.peak,
                    bitrate=aim.bitrate,
                    options=aac.OPTIONS,
                    encoder=identity(),
                ),
            )
            for take in (one.take for one in stretches)
            if take is not None
        ]

        def job(take: Take) -> Job:
            return aac.encode_take, (sounds(take, louder, self.keeper), take.samples, aim.bitrate, aim.peak)

        return {take.step: blob for take, blob in ask(wanted, "aac", job, self.keeper, executor)}

    def _mixed(
        self, stretches: Iterable[Stretch], gains: Gains, extra: float, executor: Executor
    ) -> dict[int, list[Blob]]:
        """The packets of each other stretch, piece by piece, by its first block."""
        aim = self.aim
        wanted: list[Wanted[tuple[int, int, Piece]]] = []
        found: dict[int, list[Blob | None]] = {}
        number = 0
        for stretch in stretches:
            for at, piece in enumerate(soundtrack.pieces(stretch, gains, extra)):
                number += 1
                question = Question.of(
                    "piece-2",
                    piece=piece,
                    peak=aim.peak,
                    bitrate=aim.bitrate,
                    options=aac.OPTIONS,
                    encoder=identity(),
                )
                found.setdefault(stretch.first, []).append(None)
                wanted.append(
                    Wanted((stretch.first, at, piece), f"sound with music, part {number}{aim.file}", question)
                )

        def job(item: tuple[int, int, Piece]) -> Job:
            piece = item[2]
            return aac.encode_piece, (
                self.read(piece.sounds),
                piece.blocks * AAC_BLOCK,
                piece.before,
                piece.packets,
                aim.bitrate,
                aim.peak,
            )

        for (first, at, _), blob in ask(wanted, "aac", job, self.keeper, executor):
            found[first][at] = blob
        return {first: [blob for blob in blobs if blob is not None] for first, blobs in found.items()}

    def _silence(self) -> bytes:
        bitrate = self.aim.bitrate
        question = Question.of("silence-1", bitrate=bitrate, options=aac.OPTIONS, encoder=identity())
        slot = f"silence{self.aim.file}"
        answer = self.keeper.find(STAGE, slot, question)
        if answer is None:
            answer = self.keeper.keep(STAGE, slot, question, {}, {"aac": aac.encode_silence(bitrate)})
        return self.keeper.read(answer.blobs["aac"])

    def read(self, placed: Iterable[Placed]) -> tuple[Sound, ...]:
        return tuple(
            Sound(one.start, one.samples, self.keeper.read(one.sound), one.gain, one.voice or "", one.envelope)
            for one in placed
        )


def sound_pieces(timeline: Timeline, score: Score = NARRATION) -> int:
    """How many pieces of a lesson's sound the progress will be told about."""
    beds = [Placed(bed.begin, bed.end - bed.begin, Blob("", 0)) for bed in score.beds]
    found = soundtrack.stretches(timeline, [*score.others, *beds])
    mixed = [one for one in found if one.take is None]
    return len(found) - len(mixed) + sum(-(-one.packets // PIECE) for one in mixed) + 2 + bool(mixed)


def heard(take: Take) -> tuple[Any, ...]:
    """What of a take can be heard."""
    return take.samples, [(one.start, one.samples, one.sound, one.voice) for one in take.utterances]
