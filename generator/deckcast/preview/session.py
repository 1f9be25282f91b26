"""One chapter under an author's hands: its deck as it is now, with engines that stay warm.

Belongs to one thread at a time. Looking reads the deck, takes what is recorded of its cells, and draws what is not
drawn yet; it neither speaks nor runs anything. What is drawn and spoken is kept where the next build finds it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast import checking, config, project
from deckcast.build import lay_steps, read
from deckcast.check import cheap, told
from deckcast.cover import check as check_cover
from deckcast.encode import listen
from deckcast.errors import DeckcastError, UsageError
from deckcast.keep import Keeper
from deckcast.labels import label, labelled
from deckcast.model import SAMPLE_RATE, Blob, Deck, Finding, Results, Scene, Slide, Step, Utterance
from deckcast.narrate import Voices, narrate
from deckcast.outline import with_values
from deckcast.pointing import pointed
from deckcast.ports import Progress
from deckcast.preview.slides import slides_shown
from deckcast.preview.stage import Stage
from deckcast.preview.state import Shape, SlideShown, State, pictures
from deckcast.project import Chapter
from deckcast.render import render
from deckcast.run import Found, find, recorded, run
from deckcast.settings import Settings
from deckcast.shape import shape_of
from deckcast.stages import Silence
from deckcast.stepping import with_emphasis
from deckcast.timeline import plan
from deckcast.trust import check as trusted
from deckcast.warm import WarmBrowser
from deckcast.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence of a slide's sound; times in seconds from the slide's beginning."""

    start: float
    stop: float
    words: tuple[tuple[int, int, float, float], ...]
    """(first character, one past the last, start, stop)."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sound of a slide as it will be in the lesson."""

    said: str
    """`SlideShown.said` of what was spoken."""
    wav: bytes
    seconds: float
    pace: float
    """Words a minute, while something is said."""
    sentences: tuple[Heard, ...]
    steps: tuple[float, ...]
    """From when on each of its steps shows."""
    voice: str


@dataclass(frozen=True, slots=True)
class _Good:
    """The deck as it was when it could last be shown."""

    deck: Deck
    chosen: Settings
    results: Results
    code: Found
    stage: Stage


class Session:
    """See the module. Close it."""

    def __init__(
        self,
        job: Chapter,
        *,
        output: Path,
        settings: Mapping[str, Any] | None = None,
        trust: bool = False,
        workshop: Workshop | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._job = job
        self._output = output
        self._settings = dict(settings or {})
        self._given = config.from_command_line(self._settings)
        self._trust = trust
        self._shop = workshop or Workshop()
        self._progress: Progress = progress or Silence()
        self._browser = WarmBrowser(self._shop.browser)
        self._voices: tuple[Any, Voices] | None = None
        self._good: _Good | None = None
        self._pictures: dict[str, Blob] = {}
        self._keeper: Keeper | None = None
        self.state = State(0, job.name, job.name, "en", "", Shape(1920, 1080))

    def look(self) -> State:
        """Reads the deck as it is now. Where it cannot be shown, the state tells why, and shows it as it was."""
        before = self.state
        try:
            good, slides = self._see()
        except DeckcastError as error:
            self.state = dataclasses.replace(before, revision=before.revision + 1, errors=error.findings)
            return self.state
        self._good = good
        self._pictures = pictures(slides)
        deck, chosen = good.deck, good.chosen
        shape = shape_of(chosen.slides.ratio, chosen.video.size)
        found = (*deck.findings, *cheap(deck, chosen), *self._seen)
        self.state = State(
            before.revision + 1,
            self._job.name,
            chosen.lesson.title or deck.slides[0].title or self._job.name,
            chosen.lesson.language,
            before.voice,
            Shape(shape.width, shape.height),
            slides,
            told(label(found, deck), deck, chosen),
            unread=False,
        )
        return self.state

    def check(self) -> State:
        """Looks for mistakes with all rules of `deckcast check`; what was found by looking is told anew."""
        if self.state.errors or self._good is None:
            return self.state
        shop = dataclasses.replace(self._shop, browser=self._browser.open)
        checked = checking.check(self._job, output=self._output, settings=self._settings, workshop=shop)
        self.state = dataclasses.replace(self.state, findings=checked.findings, revision=self.state.revision + 1)
        return self.state

    def picture(self, sha256: str) -> bytes | None:
        """A picture that the state names."""
        blob = self._pictures.get(sha256)
        return None if blob is None or self._keeper is None else self._keeper.read(blob)

    def page(self, picture: str) -> str | None:
        """The step with that picture as a page."""
        return None if self._good is None else self._good.stage.page(picture)

    def file(self, sha256: str) -> tuple[str, bytes] | None:
        """The media type and the content of a file that such pages name."""
        found = self._good.stage.files.get(sha256) if self._good is not None else None
        return None if found is None or self._keeper is None else (found.media_type, self._keeper.read(found.content))

    def speak(self, index: int) -> Spoken:
        """The sound of a slide. What of it was spoken before is kept. Raises `DeckcastError`."""
        good, slide = self._slide(index)
        deck, chosen, steps = good.deck, good.chosen, slide.steps
        each = lay_steps(chosen, steps, self._given)
        voices = self._opened(chosen)
        keeper = self._kept(chosen)
        with labelled(deck), self._shop.executor(chosen) as executor:
            takes, _ = narrate(deck, steps, each, keeper, voices, executor, good.results)
            frames = _frames(steps, self.state.slides[index - 1])
            timeline = plan(steps, frames, takes, each)
            wav = listen(timeline, chosen, keeper, executor)
        shown = self.state.slides[index - 1]
        words = sum(len(take.text.split()) for take in takes)
        spoken = sum(take.seconds for take in takes)
        voice = voices.told(takes)
        if voice and voice != self.state.voice:
            self.state = dataclasses.replace(self.state, voice=voice)
        return Spoken(
            shown.said,
            wav,
            timeline.seconds,
            words / spoken * 60 if spoken else 0.0,
            tuple(_heard(scene, one) for scene in timeline.scenes for one in scene.take.utterances),
            tuple(timeline.start(scene) for scene in timeline.scenes),
            voice,
        )

    def run(self) -> State:
        """Runs all of the deck's code, records what comes out, and looks again. Raises `DeckcastError`."""
        if self._good is None:
            raise UsageError("the deck cannot be read, so its code does not run")
        deck, chosen, code = self._good.deck, self._good.chosen, self._good.code
        always = dataclasses.replace(chosen, cells=dataclasses.replace(chosen.cells, mode="always"))
        with labelled(deck):
            run(
                deck,
                always,
                code,
                self._kept(chosen),
                lambda: self._shop.kernels(chosen, self._job.templates, self._progress),
                lambda live: trusted(self._job.deck, live, allow=self._trust),
                self._progress,
            )
        return self.look()

    @property
    def runs(self) -> bool:
        """Whether some of the deck's code has to run before its slides are whole."""
        return any(cell.why and not cell.needs for slide in self.state.slides for cell in slide.cells)

    def close(self) -> None:
        """Lets go of browser and voice."""
        self._browser.close()
        if self._voices is not None:
            self._voices[1].close()
            self._voices = None

    # ── looking ──

    def _see(self) -> tuple[_Good, tuple[SlideShown, ...]]:
        self._job = project.find_chapter(self._job.deck)  # a configuration file may have come or gone
        deck, chosen = read(self._job, self._given)
        with labelled(deck):
            check_cover(deck, chosen)
            code = find(deck, chosen)
            deck = with_emphasis(deck, code.cells, chosen)
            each = lay_steps(chosen, deck.steps, self._given)
            results, waiting, ran = recorded(deck, chosen, code)
            deck = with_values(deck, results)
            frames, document, seen = render(
                deck,
                deck.steps,
                chosen,
                self._kept(chosen),
                self._browser.open(chosen, self._progress),
                self._shop.graphs(),
                self._job.templates,
                results,
                pointed(deck, chosen),
            )
        self._seen: tuple[Finding, ...] = (*ran, *seen)
        images = {frame.step: frame.image for frame in frames}
        stage = Stage.of(document, images, self._kept(chosen).read)
        slides = slides_shown(deck, each, images, results, code.cells, {one.where: why for one, why in waiting})
        return _Good(deck, chosen, results, code, stage), slides

    # ── engines ──

    def _kept(self, chosen: Settings) -> Keeper:
        if self._keeper is None:
            self._keeper = Keeper(self._shop.store(chosen, self._output), Silence(), f"{self._job.name}@preview")
        return self._keeper

    def _opened(self, chosen: Settings) -> Voices:
        asked = (chosen.narration, chosen.lesson.language)
        if self._voices is not None and self._voices[0] != asked:
            self._voices[1].close()
            self._voices = None
        if self._voices is None:
            self._voices = asked, Voices(chosen, self._shop.voice, self._given, self._shop.reference)
        return self._voices[1]

    def _slide(self, index: int) -> tuple[_Good, Slide]:
        if self._good is None or not 1 <= index <= len(self._good.deck.slides):
            raise UsageError(f"there is no slide {index}")
        return self._good, self._good.deck.slides[index - 1]


def _heard(scene: Scene, one: Utterance) -> Heard:
    begins = scene.onset / SAMPLE_RATE
    words = tuple((word.begin, word.end, begins + word.start, begins + word.stop) for word in one.words)
    return Heard((scene.onset + one.start) / SAMPLE_RATE, (scene.onset + one.start + one.samples) / SAMPLE_RATE, words)


def _frames(steps: Sequence[Step], shown: SlideShown) -> list[Any]:
    """Frames that say when steps show; what they look like makes no difference to that."""
    from deckcast.model import Frame

    return [Frame(step.index, one, 0, 0, "") for step, one in zip(steps, shown.pictures, strict=True)]
