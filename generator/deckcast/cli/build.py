"""`deckcast build`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.cli.progress import PlainProgress, QuietProgress, Watch
from deckcast.errors import ConfigError, DeckcastError, UsageError
from deckcast.ports import Progress
from deckcast.settings import Settings
from deckcast.workshop import Workshop

if TYPE_CHECKING:
    from deckcast.building import Order, Outcome
    from deckcast.cli.telling import Telling
    from deckcast.course import Site
    from deckcast.model import Lesson
    from deckcast.project import Chapter
    from deckcast.standing import Sights


@click.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...", type=options.CHAPTER)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Where lessons go: DIR/<chapter's folder name>/lesson.mp4 and its companions.",
)
@options.voices
@options.cells
@click.option(
    "--only", metavar="SLIDES", default="", help="Build an excerpt: '7', '7-9', '1,4-6'. It goes to DIR/<name>@SLIDES."
)
@click.option("--audio/--no-audio", default=None, help="Write the sound alone, too: lesson.m4a.")
@click.option("--webm/--no-webm", default=None, help="Write the video as WebM, too: lesson.webm.")
@click.option(
    "--draft",
    is_flag=True,
    help="A quick look: 720 lines, 15 pictures a second, the video alone. It goes to DIR/<name>@draft.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0, 256),
    metavar="N",
    help="Chapters at once, each in a process of its own; of a single one, tasks at once. Without it, chapters come one"
    " after the other.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Build with the workers of a Dask scheduler: tcp://host:8786. docs/cluster.md tells how to start them.",
)
@options.settings
@click.option(
    "--force", is_flag=True, help="Make everything again, whatever is kept. Cells run again with --exec=always."
)
@click.option(
    "--check",
    is_flag=True,
    help="Read every finished file and compare it with its digest, instead of trusting sizes and times.",
)
@click.option("--explain", is_flag=True, help="Say of each piece that is made why it had to be.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and warnings.")
@click.option("-v", "--verbose", is_flag=True, help="Say each piece that is made or kept, and notes, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def command(
    chapters: tuple[str, ...],
    output: Path,
    voice: str | None,
    online: bool | None,
    mode: str | None,
    trust: bool,
    only: str,
    draft: bool,
    audio: bool | None,
    webm: bool | None,
    cluster: str | None,
    jobs: int | None,
    settings: dict[str, str],
    force: bool,
    check: bool,
    explain: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Build chapters into narrated video lessons.

    CHAPTER is a folder with a presentation.md, or a deck file (.md, or an .html with the deck in a
    textarea). Without one, all of chapters/ is built. Nothing is made again that has not changed.
    """
    from deckcast import project
    from deckcast.building import Order
    from deckcast.cli.telling import Telling

    given: dict[str, Any] = {
        "narration.voice": voice,
        "narration.online": online,
        "cells.mode": mode,
        "video.audio_file": audio,
        "video.webm": webm,
        "build.cluster": cluster,
        **settings,
        "build.jobs": jobs if jobs is not None else settings.get("build.jobs", settings.get("jobs")),
    }
    given.pop("jobs", None)
    only = only.replace(" ", "")
    wanted = [project.find_chapter(name) for name in chapters] or list(project.all_chapters())
    _each_its_own_folder(wanted)

    orders = [Order(chapter, output, only, draft, force, trust, given) for chapter in wanted]
    told = Telling([chapter.name for chapter in wanted], quiet=quiet, verbose=verbose, as_json=as_json)
    watch = Watch(silent=quiet or (as_json and not verbose and not explain), verbose=verbose, explain=explain)
    look = not (force or check or explain or verbose)
    at_once = min(_jobs(given), len(orders)) if len(orders) > 1 else 1
    try:
        if at_once > 1:
            stood = _build_at_once(orders, at_once, told, watch, look=look)
        else:
            stood = _build_in_turn(orders, told, watch, look=look)
        if told.lessons and not (only or draft or (stood and _are_led_to(output, told.lessons))):
            told.course(_course(output, told.lessons))
    except _CourseError as error:
        told.trouble(error.why)
    return told.end()


def _build_in_turn(orders: Sequence[Order], told: Telling, watch: Watch, *, look: bool) -> bool:
    """Builds chapters in this process. True where each of them stands as it is."""
    from deckcast import building, standing
    from deckcast.warm import WarmBrowser

    warm = WarmBrowser(Workshop().browser)
    stood, sights = True, standing.Sights()
    with closing(warm):
        for at, order in enumerate(orders):
            told.begin(at)
            progress = watch.over()
            try:
                outcome = _as_it_stands(order, sights) if look else None
                if outcome is None:
                    _check_course(order)
                    stood, sights = False, standing.Sights()  # what was seen before may change while it is built
                    outcome = building.build_one(order, progress, Workshop(browser=warm.open))
            finally:
                progress.close()
            told.outcome(at, outcome)
    return stood


def _build_at_once(orders: Sequence[Order], at_once: int, told: Telling, watch: Watch, *, look: bool) -> bool:
    """Builds chapters in processes of their own, but for those that stand, which this one tells. True where all do."""
    from deckcast import building, standing

    sights = standing.Sights()
    left: list[int] = []
    for at, order in enumerate(orders):
        outcome = _as_it_stands(order, sights) if look else None
        if outcome is None:
            left.append(at)
        else:
            told.begin(at)
            told.outcome(at, outcome)
    if not left:
        return True
    _check_course(orders[left[0]])
    processes = min(at_once, len(left))
    cores = {"build.jobs": building.share(processes)}
    progresses: dict[int, PlainProgress | QuietProgress] = {}

    def begin(number: int) -> Progress:
        progresses[number] = watch.over(orders[left[number]].chapter.name)
        return progresses[number]

    def done(number: int, outcome: Outcome) -> None:
        progresses.pop(number).close()
        with watch.away():
            told.begin(left[number])
            told.outcome(left[number], outcome)

    with closing(watch):
        shared = [replace(orders[at], settings={**orders[at].settings, **cores}) for at in left]
        building.build_all(shared, processes, begin, done)
    return False


def _as_it_stands(order: Order, sights: Sights) -> Outcome | None:
    from deckcast import standing
    from deckcast.building import Outcome

    lesson = standing.find(
        order.chapter, order.output, order.only, order.settings, Workshop(), draft=order.draft, sights=sights
    )
    return None if lesson is None else Outcome.of(lesson)


def _jobs(given: Mapping[str, Any]) -> int:
    """How many chapters are to be built at once, as the command or the configuration of the current folder says."""
    from deckcast import config

    try:
        settings = config.of_folder(Path.cwd())
    except ConfigError:  # which each chapter tells to which it applies
        settings = Settings()
    return config.overlay(settings, config.from_command_line({"build.jobs": given["build.jobs"]})).build.jobs


class _CourseError(Exception):
    """The configuration asks of the course what cannot be."""

    def __init__(self, why: DeckcastError) -> None:
        super().__init__(str(why))
        self.why = why


def _check_course(order: Order) -> None:
    """Raises `_CourseError` for what the current folder's configuration asks, before the first chapter is built."""
    if order.only or order.draft:
        return
    from deckcast import config

    try:
        settings = config.of_folder(Path.cwd())
        if settings.publish.feed != "none" or settings.publish.course_picture:
            from deckcast import course

            course.check(settings, Path.cwd())
    except DeckcastError as error:
        raise _CourseError(error) from error


def _course(output: Path, lessons: Sequence[Lesson]) -> Site:
    """What leads from lesson to lesson, with what the configuration of the current folder says of the course."""
    from deckcast import config, course, standing

    versions = {lesson.name: standing.version(output, lesson.name) for lesson in lessons}
    site = course.write(output, config.of_folder(Path.cwd()), Path.cwd())
    standing.lead(output, versions, site.files)
    return site


def _are_led_to(output: Path, lessons: Sequence[Lesson]) -> bool:
    """Whether what leads from lesson to lesson knows of each of them."""
    from deckcast import standing

    return all(standing.is_led_to(output, lesson.name) for lesson in lessons)


def _each_its_own_folder(chapters: Sequence[Chapter]) -> None:
    """Raises `UsageError` where two lessons would be written into one folder."""
    decks: dict[str, Chapter] = {}
    for chapter in chapters:
        other = decks.setdefault(chapter.name, chapter)
        if other is not chapter:
            raise UsageError(
                f"{other.deck} and {chapter.deck} would both become the lesson {chapter.name}",
                hint="a lesson is named after its deck's folder: give each deck one, or build them with two --output",
            )
