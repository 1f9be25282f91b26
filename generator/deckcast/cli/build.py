"""`deckcast build`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.errors import DeckcastError, UsageError
from deckcast.model import Finding, Lesson
from deckcast.ports import Progress
from deckcast.workshop import Workshop

if TYPE_CHECKING:
    from deckcast.course import Site
    from deckcast.project import Chapter


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
    from deckcast import project, report, standing
    from deckcast.cli.progress import BarProgress, PlainProgress, QuietProgress

    given: dict[str, Any] = {
        "narration.voice": voice,
        "narration.online": online,
        "cells.mode": mode,
        "video.audio_file": audio,
        "video.webm": webm,
        "build.cluster": cluster,
        **settings,
    }
    only = only.replace(" ", "")
    wanted = [project.find_chapter(name) for name in chapters] or list(project.all_chapters())

    _each_its_own_folder(wanted)

    def watch() -> PlainProgress | QuietProgress:
        if quiet or (as_json and not verbose and not explain):
            return QuietProgress()
        bars = sys.stderr.isatty() and report.coloured(sys.stderr)
        return (BarProgress if bars else PlainProgress)(verbose=verbose, explain=explain)

    lessons: list[Lesson] = []
    findings: list[Finding] = []
    code, stood = 0, True
    for chapter in wanted:
        if len(wanted) > 1 and not quiet:
            click.echo(f"── {chapter.name}", err=True)
        progress = watch()
        try:
            lesson = None
            if not (force or check or explain or verbose):
                lesson = standing.find(chapter, output, only, given, Workshop(), draft=draft)
            if lesson is None:
                if not (only or draft):
                    _check_course()
                stood = False
                lesson = _build(chapter, output, only, given, progress, draft=draft, force=force, trust=trust)
            found = lesson.findings
            lessons.append(lesson)
            code = max(code, int(any(one.severity == "error" for one in found)))
        except DeckcastError as error:
            lesson, found = None, error.findings
            code = max(code, error.exit_code)
        finally:
            progress.close()
        findings += found
        if as_json:
            continue
        report.show_findings([one for one in found if verbose or one.severity != "note"])
        if lesson is not None and not quiet:
            click.echo(f"voice: {lesson.voice}", err=True)
            click.echo(report.lesson_line(lesson))
    if lessons and not (only or draft or stood):
        site = _course(output)
        findings += site.findings
        if not as_json:
            report.show_findings(site.findings)
        if site.page is not None and len(wanted) > 1 and not (quiet or as_json):
            click.echo(f"all lessons: {site.page}", err=True)
    if as_json:
        report.print_json(
            {
                "version": 1,
                "ok": code == 0,
                "lessons": [report.lesson_json(lesson) for lesson in lessons],
                "diagnostics": [report.finding_json(finding) for finding in findings],
            }
        )
    elif told := report.count_findings([one for one in findings if verbose or one.severity != "note"]):
        click.echo(told, err=True)
    return code


def _build(
    chapter: Chapter,
    output: Path,
    only: str,
    settings: Mapping[str, Any],
    progress: Progress,
    *,
    draft: bool,
    force: bool,
    trust: bool,
) -> Lesson:
    from deckcast.build import build  # half a second, which a lesson that stands does not need

    return build(
        chapter,
        output=output,
        only=only,
        draft=draft,
        force=force,
        trust=trust,
        settings=settings,
        progress=progress,
    )


def _check_course() -> None:
    """Raises `ConfigError` for what the current folder's configuration asks of the course, before anything is built."""
    from deckcast import config

    settings = config.of_folder(Path.cwd())
    if settings.publish.feed != "none" or settings.publish.course_picture:
        from deckcast import course

        course.check(settings, Path.cwd())


def _course(output: Path) -> Site:
    """What leads from lesson to lesson, with what the configuration of the current folder says of the course."""
    from deckcast import config, course

    return course.write(output, config.of_folder(Path.cwd()), Path.cwd())


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
