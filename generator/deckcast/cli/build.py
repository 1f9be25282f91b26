"""`deckcast build`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from deckcast.errors import DeckcastError, UsageError
from deckcast.model import Finding, Lesson


@click.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Where lessons go: DIR/<chapter's folder name>/lesson.mp4 and its companions.",
)
@click.option("--voice", metavar="VOICE", help="auto, an engine (flite, espeak, edge, silent), or both: 'flite slt'.")
@click.option("--online/--offline", default=None, help="Allow voices that send the notes to another company's service.")
@click.option(
    "--only", metavar="SLIDES", default="", help="Build an excerpt: '7', '7-9', '1,4-6'. It goes to DIR/<name>@SLIDES."
)
@click.option(
    "-s",
    "--set",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any setting, as in 'video.size=720'. May be repeated.",
)
@click.option("--force", is_flag=True, help="Make everything again, whatever is kept.")
@click.option("--explain", is_flag=True, help="Say of each piece that is made why it had to be.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but findings.")
@click.option("-v", "--verbose", is_flag=True, help="Say each piece that is made or kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def command(
    chapters: tuple[str, ...],
    output: Path,
    voice: str | None,
    online: bool | None,
    only: str,
    pairs: tuple[str, ...],
    force: bool,
    explain: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Build chapters into narrated video lessons.

    CHAPTER is a folder with a presentation.md, or a deck file (.md, or an .html with the deck in a
    textarea). Without one, all of chapters/ is built. Nothing is made again that has not changed.
    """
    from deckcast import project, report
    from deckcast.build import build
    from deckcast.cli.progress import BarProgress, PlainProgress, QuietProgress

    given: dict[str, Any] = {"narration.voice": voice, "narration.online": online, **dict(map(_pair, pairs))}
    wanted = [project.find_chapter(name) for name in chapters] or list(project.all_chapters())
    if quiet or (as_json and not verbose and not explain):
        progress: Any = QuietProgress()
    elif report.coloured(sys.stderr) and sys.stderr.isatty():
        progress = BarProgress(verbose=verbose, explain=explain)
    else:
        progress = PlainProgress(verbose=verbose, explain=explain)

    lessons: list[Lesson] = []
    findings: list[Finding] = []
    code = 0
    try:
        for chapter in wanted:
            if len(wanted) > 1:
                progress.say(f"── {chapter.name}")
            try:
                lesson = build(chapter, output=output, only=only, force=force, settings=given, progress=progress)
            except DeckcastError as error:
                findings += error.findings
                code = max(code, error.exit_code)
                if not as_json:
                    report.show_findings(error.findings)
            else:
                lessons.append(lesson)
                findings += lesson.findings
                if not as_json:
                    report.show_findings(lesson.findings)
                    progress.say(f"voice: {lesson.voice}")
                    click.echo(report.lesson_line(lesson))
    finally:
        progress.close()
    if as_json:
        report.print_json(
            {
                "version": 1,
                "ok": code == 0,
                "lessons": [report.lesson_json(lesson) for lesson in lessons],
                "diagnostics": [report.finding_json(finding) for finding in findings],
            }
        )
    elif findings and not quiet:
        click.echo(f"{report.count_findings(findings)}", err=True)
    return code


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--set {text}: this is no NAME=VALUE", hint="write it like --set video.size=720")
    return name.strip(), value.strip()
