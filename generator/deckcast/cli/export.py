"""`deckcast export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.cli.echo import echo
from deckcast.errors import DeckcastError

if TYPE_CHECKING:
    from deckcast.export import Exported, Written


@click.command()
@click.argument("chapter", metavar="CHAPTER")
@click.option("--html", is_flag=True, help="slides.html: the deck in one file, to present it in a browser.")
@click.option("--pdf", is_flag=True, help="handout.pdf: a slide on each page.")
@click.option("--png", is_flag=True, help="A picture of each slide: png/007.png.")
@click.option("--webp", is_flag=True, help="The same as WebP, without loss: webp/007.webp.")
@click.option("--zip", "as_zip", is_flag=True, help="lesson.zip: the whole lesson, to hand out. Builds it first.")
@click.option(
    "--scorm", is_flag=True, help="lesson-scorm.zip: the same as a SCORM 1.2 package, for learning platforms."
)
@click.option("--notes", is_flag=True, help="In the PDF, each slide on paper, with its notes below.")
@click.option(
    "--paper", type=click.Choice(["A4", "letter"], case_sensitive=False), help="The paper for that.  [default: A4]"
)
@click.option("--slides", metavar="SLIDES", default="", help="Only these: '7', '7-9', '1,4-6'.")
@click.option("--steps", is_flag=True, help="Each step of a slide by itself, instead of the last one: 007-2.png.")
@click.option("--size", metavar="WxH", default="", help="Pixels of pictures, such as 1280x720.  [default: the video's]")
@click.option("--scale", type=float, metavar="N", help="The same, as a factor of 1920x1080: 2 makes 3840x2160.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the files go.  [default: output/<chapter's folder name>]",
)
@options.cells
@options.settings
@click.option("-v", "--verbose", is_flag=True, help="Say each piece that is made or kept, and notes, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def command(
    chapter: str,
    html: bool,
    pdf: bool,
    png: bool,
    webp: bool,
    as_zip: bool,
    scorm: bool,
    notes: bool,
    paper: str | None,
    slides: str,
    steps: bool,
    size: str,
    scale: float | None,
    target: Path | None,
    mode: str | None,
    trust: bool,
    settings: dict[str, str],
    verbose: bool,
    as_json: bool,
) -> int:
    """Write a chapter's slides as a page to present, as PDF, or as pictures, or its whole lesson as one file.

    Nothing is spoken for slides. What a build has drawn serves here, and the other way round: finished work is kept in
    output/.deckcast (or where the setting `store` says). For --zip and --scorm the lesson is built, as far as it is
    not as it should be. With -o, a copy of these is put there under the lesson's name.
    """
    from deckcast import config, course, report
    from deckcast.cli.progress import PlainProgress, QuietProgress
    from deckcast.export import Exported, export, export_lesson

    given: dict[str, Any] = {"cells.mode": mode, "publish.paper": paper, **settings}
    kinds = [name for name, wanted in (("html", html), ("pdf", pdf), ("png", png), ("webp", webp)) if wanted]
    packages = [name for name, wanted in (("zip", as_zip), ("scorm", scorm)) if wanted]
    progress = QuietProgress() if as_json else PlainProgress(verbose=verbose)
    parts: list[Exported] = []
    try:
        if packages:
            parts.append(
                export_lesson(
                    chapter, packages, slides=slides, target=target, trust=trust, settings=given, progress=progress
                )
            )
            if not slides:
                course.write(parts[0].folder.parent, config.of_folder(Path.cwd()))
        if kinds or not packages:
            own = export(
                chapter,
                kinds,
                slides=slides,
                every_step=steps,
                notes=notes,
                size=size,
                scale=scale,
                target=target,
                trust=trust,
                settings=given,
                progress=progress,
            )
            parts.append(own)
    except DeckcastError as error:
        if not as_json:
            raise
        diagnostics = [report.finding_json(finding) for finding in error.findings]
        report.print_json({"version": 1, "ok": False, "exported": None, "diagnostics": diagnostics})
        return error.exit_code
    done = Exported(
        parts[0].folder,
        tuple(file for part in parts for file in part.files),
        parts[0].slides,
        tuple(dict.fromkeys(finding for part in parts for finding in part.findings)),
    )
    code = int(any(one.severity == "error" for one in done.findings))
    if as_json:
        diagnostics = [report.finding_json(finding) for finding in done.findings]
        report.print_json({"version": 1, "ok": not code, "exported": _json(done), "diagnostics": diagnostics})
        return code
    report.show_findings([one for one in done.findings if verbose or one.severity != "note"])
    for line in _lines(done.files):
        echo(line)
    return code


def _lines(files: tuple[Written, ...]) -> list[str]:
    """A line for each file; the pictures of one kind share one."""
    lines: list[str] = []
    for kind in dict.fromkeys(file.kind for file in files):
        own = [file for file in files if file.kind == kind]
        size = sum(file.size for file in own)
        if len(own) == 1:
            lines.append(f"{own[0].path}  {_bytes(size)}")
        else:
            shape = f"{own[0].width}x{own[0].height} · " if own[0].width else ""
            lines.append(f"{own[0].path} … {own[-1].path.name}  {len(own)} files · {shape}{_bytes(size)}")
    return lines


def _bytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _json(done: Exported) -> dict[str, Any]:
    return {
        "folder": str(done.folder),
        "slides": done.slides,
        "files": [
            {
                "file": str(file.path),
                "kind": file.kind,
                "size": file.size,
                **(
                    {"slide": file.slide, "step": file.step, "width": file.width, "height": file.height}
                    if file.slide
                    else {}
                ),
            }
            for file in done.files
        ],
    }
