"""A lesson's picture as packets, kept or made: stills, what moves between them, and what repeats a still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from deckcast.digest import Question
from deckcast.encode import h264, motion, span, still
from deckcast.encode.ahead import Job
from deckcast.encode.asking import STAGE, Wanted, ask
from deckcast.encode.libav import identity
from deckcast.encode.packets import Keys, Packet, picture_packets
from deckcast.encode.still import Picture
from deckcast.encode.tracks import Pictures
from deckcast.keep import Keeper
from deckcast.model import Blob, Look, Motion, Recipe, Timeline


@dataclass(frozen=True, slots=True)
class Picturing:
    """Makes the packets of a lesson's picture, or finds them kept."""

    timeline: Timeline
    picture: Picture
    longest: int
    """Frames between two key pictures, at most."""
    keeper: Keeper
    places: Mapping[int, str]

    @property
    def question(self) -> dict[str, Any]:
        """All that the packets depend on, in parts."""
        scenes = self.timeline.scenes
        moving = {"motions": [scene.motions for scene in scenes], "composer": motion.identity()}
        return {
            "pictures": [(scene.frame.image, scene.count) for scene in scenes],
            "picture": self.picture,
            "keyframe": self.longest,
            **(moving if any(scene.motions for scene in scenes) else {}),
        }

    def packets(self, executor: Executor) -> tuple[Pictures, Iterator[Packet]]:
        """The track and its packets. All is made when this is called; what is kept is read when it is asked for."""
        stills, spans = self._stills(executor), self._spans(executor)
        repeats, parameters = self._repeats()
        form = h264.read_parameters(parameters)

        def both(key: bytes) -> Keys:
            return key, h264.with_idr_pic_id(key, 1, form)

        def keys(look: Look) -> Keys:
            return both(self.keeper.read(stills[look]))

        def moving(one: Motion) -> Iterator[tuple[Keys, tuple[bytes, ...]]]:
            for piece in span.cut(one, self.longest):
                key, *others = still.split(self.keeper.read(spans[piece]))
                yield both(key), tuple(others)

        made = picture_packets(self.timeline, self.longest, keys, moving, repeats)
        return Pictures(self.picture, parameters), made

    def _stills(self, executor: Executor) -> dict[Look, Blob]:
        """The key picture of all that is seen where nothing moves."""

        def job(look: Look) -> Job:
            if isinstance(look, Blob):
                return still.key_picture, (self.keeper.read(look), self.picture)
            return span.key_picture, (look, self.picture, self._files(look))

        def wanted(look: Look, step: int) -> Wanted[Look]:
            name = f"video of {self.places[step]}"
            if isinstance(look, Blob):
                return Wanted(look, name, Question.of("still-1", image=look, **self._how()))
            question = Question.of("moment-1", look=look, composer=motion.identity(), **self._how())
            return Wanted(look, f"{name} when {look.recipe.kind} is over", question)

        looks = [wanted(look, step) for look, step in span.looks(self.timeline).items()]
        return dict(ask(looks, "h264", job, self.keeper, executor))

    def _spans(self, executor: Executor) -> dict[span.Piece, Blob]:
        """The pictures of each distinct piece of what moves."""

        def job(piece: span.Piece) -> Job:
            return span.encode, (piece, self.picture, self._files(piece.recipe))

        def wanted(piece: span.Piece, name: str) -> Wanted[span.Piece]:
            frames = piece.count, piece.begin, piece.end
            how = {"composer": motion.identity(), **self._how()}
            return Wanted(piece, name, Question.of("span-1", recipe=piece.recipe, frames=frames, **how))

        pieces = span.spans(self.timeline, self.longest, self.places)
        return dict(ask([wanted(*one) for one in pieces.items()], "h264", job, self.keeper, executor))

    def _files(self, value: Look | Recipe) -> dict[Blob, bytes]:
        return {blob: self.keeper.read(blob) for blob in motion.blobs(value)}

    def _repeats(self) -> tuple[tuple[bytes, ...], bytes]:
        """What repeats any key picture, and the parameter sets of all."""
        question = Question.of("repeats-1", **self._how())
        answer = self.keeper.find(STAGE, "repeated pictures", question)
        if answer is None:
            made = still.repeats(self.picture)
            blobs = {"h264": b"".join(made.pictures), "parameters": made.parameters}
            answer = self.keeper.keep(STAGE, "repeated pictures", question, {}, blobs)
        return still.split(self.keeper.read(answer.blobs["h264"])), self.keeper.read(answer.blobs["parameters"])

    def _how(self) -> dict[str, Any]:
        """What every encoded picture depends on."""
        return {"picture": self.picture, "options": self.picture.options(), "encoder": identity()}


def picture_pieces(timeline: Timeline, longest: int) -> int:
    """How many pieces of a lesson's picture the progress will be told about."""
    moving = {piece for scene in timeline.scenes for one in scene.motions for piece in span.cut(one, longest)}
    return len(span.looks(timeline)) + len(moving) + 1
