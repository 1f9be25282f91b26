"""`deckcast init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckcast.cli.echo import echo

if TYPE_CHECKING:
    from deckcast.starting import Started


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]")
@click.option("--theme", default="light", show_default=True, metavar="NAME", help="The first chapter's theme.")
@click.option("--author", default="", metavar="NAME", help="Who makes the lessons.")
def command(folder: Path | None, theme: str, author: str) -> int:
    """Make a project with a first chapter that builds as it is and shows every feature once.

    It goes into DIR, or into the current folder. Nothing is overwritten.
    """
    from deckcast import starting

    place = folder or Path()
    tell(starting.init(place, theme=theme, author=author), place)
    return 0


def tell(started: Started, place: Path) -> None:
    """What was written, and the two commands that come next."""
    for path in started.files:
        echo(f"wrote {path}")
    inside = "" if place == Path() else f"cd {place} && "
    echo("next:")
    echo(f"  {inside}deckcast preview {started.chapter.name}   # see it while you write")
    echo(f"  {inside}deckcast build {started.chapter.name}     # make the lesson")
