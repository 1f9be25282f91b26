"""`deckcast check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.cli.echo import echo
from deckcast.errors import DeckcastError
from deckcast.model import Finding

if TYPE_CHECKING:
    from deckcast.checking import Checked


@click.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...", type=options.CHAPTER)
@click.option("--fix", is_flag=True, help="Mend what is mechanical, and say what was mended.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option(
    "--browser/--no-browser",
    default=True,
    help="Draw the slides, where a browser is at hand, to see what does not fit and cannot be read.",
)
@click.option(
    "--output-format",
    "form",
    type=click.Choice(["full", "concise", "json", "github", "sarif"]),
    default="full",
    show_default=True,
    help="How findings are written: with the line; a line each; for programs.",
)
@click.option("--json", "form", flag_value="json", help="The same as --output-format=json.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Where `build` puts lessons: what is measured on slides is kept there.",
)
@options.settings
@click.option("-q", "--quiet", is_flag=True, help="Tell no notes and no measures.")
@click.option("-v", "--verbose", is_flag=True, help="Say what is looked at.")
def command(
    chapters: tuple[str, ...],
    fix: bool,
    strict: bool,
    browser: bool,
    form: str,
    output: Path,
    settings: dict[str, str],
    quiet: bool,
    verbose: bool,
) -> int:
    """Look for mistakes in chapters, without speaking them and without running their code.

    CHAPTER is a folder with a presentation.md, or a deck file. Without one, all of chapters/ is looked at. Exits with 0
    where there are no errors, with 1 where there are. docs/checks.md tells what is looked for, and how to switch it
    off.
    """
    from deckcast import checking, mending, project
    from deckcast.cli.progress import PlainProgress, QuietProgress

    wanted = [project.find_chapter(name) for name in chapters] or list(project.all_chapters())
    all_checked: list[Checked] = []
    code = 0
    for chapter in wanted:
        progress = PlainProgress(verbose=True) if verbose else QuietProgress()
        how: dict[str, Any] = {
            "browser": browser,
            "output": output,
            "settings": settings,
            "progress": progress,
        }
        try:
            checked = mending.mend(chapter, **how) if fix else checking.check(chapter, **how)
        except DeckcastError as error:
            checked = checking.failed(chapter, error)
            code = max(code, error.exit_code)
        finally:
            progress.close()
        all_checked.append(checked)
    findings = [one for checked in all_checked for one in checked.findings if not (quiet and one.severity == "note")]
    severe = {"error", "warning"} if strict else {"error"}
    code = max(code, int(any(one.severity in severe for one in findings)))
    _write(form, findings, all_checked, code)
    _tell_fixed(all_checked)
    if not quiet:
        for checked in all_checked:
            _measures(checked, several=len(wanted) > 1)
    _sum(findings, all_checked, fix=fix)
    return code


def _write(form: str, findings: Sequence[Finding], checked: Sequence[Checked], code: int) -> None:
    from deckcast import check, formats, report

    if form == "full":
        report.show_findings(findings, sys.stdout)
    elif form == "concise":
        for one in findings:
            echo(formats.concise(one))
    elif form == "github":
        for one in findings:
            echo(formats.github(one))
    elif form == "sarif":
        report.print_json(formats.sarif(findings, check.summaries()))
    else:
        report.print_json(
            {
                "version": 1,
                "ok": code == 0,
                "lessons": [_json(one) for one in checked],
                "diagnostics": [report.finding_json(one) for one in findings],
            }
        )


def _json(checked: Checked) -> dict[str, Any]:
    return {
        "name": checked.name,
        "deck": str(checked.deck),
        "slides": checked.slides,
        "seconds": round(checked.seconds, 1),
        "words": checked.words,
        "durations": [round(seconds, 1) for seconds in checked.durations],
        "shown_words": list(checked.shown),
        "drawn": not checked.skipped,
        "skipped": checked.skipped or None,
        "fixed": [
            {"file": edit.path, "line": edit.line, "code": edit.code, "before": before, "after": after}
            for edit, before, after in checked.fixed
        ],
        "fixable": checked.fixable,
    }


def _tell_fixed(checked: Sequence[Checked]) -> None:
    for one in checked:
        for edit, before, after in one.fixed:
            echo(f"mended {edit.path}:{edit.line}: `{before}` → `{after}`  ({edit.code})", err=True)


def _measures(checked: Checked, *, several: bool) -> None:
    """`34 slides · about 20:11 · 148 words/min · 18 words a slide, at most 41 · steps of 12 s, the longest 52 s`."""
    from statistics import median

    from deckcast.report import clock

    if checked.slides and checked.seconds:
        parts = [f"{checked.slides} slide{'s' if checked.slides != 1 else ''}", f"about {clock(checked.seconds)}"]
        if checked.spoken:
            parts.append(f"{checked.words / checked.spoken * 60:.0f} words/min")
        parts.append(f"{median(checked.shown):.0f} words a slide, at most {max(checked.shown)}")
        parts.append(f"steps of {median(checked.durations):.0f} s, the longest {max(checked.durations):.0f} s")
        echo((f"{checked.name}: " if several else "") + " · ".join(parts), err=True)
    if checked.skipped:
        name = f"{checked.name}: " if several else ""
        echo(f"{name}slides were not drawn, so their looks were not checked: {checked.skipped}", err=True)


def _sum(findings: Sequence[Finding], checked: Sequence[Checked], *, fix: bool) -> None:
    from deckcast.report import count_findings

    told = count_findings(findings)
    if not told:
        echo("no findings", err=True)
        return
    with_some = sum(any(one in findings for one in some.findings) for some in checked)
    where = f" in {with_some} of {len(checked)} decks" if len(checked) > 1 else ""
    fixable = sum(one.fixable for one in checked)
    mend = f"; {fixable} can be mended with --fix" if fixable and not fix else ""
    echo(f"{told}{where}{mend}", err=True)
