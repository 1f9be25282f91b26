"""`deckcast themes`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from deckcast.cli.echo import echo


@click.command()
@click.argument("chapter", required=False)
@click.option(
    "--copy",
    "copied",
    nargs=2,
    metavar="THEME FOLDER",
    help="Begin a theme of your own: what is to be changed of THEME is put into FOLDER, a new one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the themes as one JSON document.")
def command(chapter: str | None, copied: tuple[str, str] | None, as_json: bool) -> int:
    """List the themes that a deck can name, and where each is.

    Those of the project in the current folder are among them, and those beside a CHAPTER. A deck takes one by
    `theme: NAME` in its front matter.
    """
    from deckcast import project, report
    from deckcast.theme import copy, listed

    roots = project.find_chapter(chapter).templates if chapter else (Path("templates"),)
    if copied:
        name, folder = copied
        written = copy(name, roots, Path(folder))
        if as_json:
            report.print_json([str(path) for path in written])
            return 0
        for path in written:
            echo(path)
        echo(f"A deck takes it by `theme: {Path(folder).name}`; docs/themes.md tells what each line is for.")
        return 0
    themes = listed(roots)
    if as_json:
        found: list[dict[str, Any]] = [
            {"name": one.name, "about": one.about, "folder": str(one.folder), "shipped": one.shipped} for one in themes
        ]
        report.print_json(found)
        return 0
    wide = max(len(one.name) for one in themes)
    for one in themes:
        where = "" if one.shipped else f" ({one.folder})"
        echo(f"{one.name:<{wide}}  {one.about}{where}")
    return 0
