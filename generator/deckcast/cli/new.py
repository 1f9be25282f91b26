"""`deckcast new`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--title", default="", metavar="TEXT", help="The lesson's title.  [default: made of NAME]")
@click.option("--theme", default="light", show_default=True, metavar="NAME", help="One of `deckcast themes`.")
@click.option("--author", default="", metavar="NAME", help="Who makes it.")
def command(name: str, title: str, theme: str, author: str) -> int:
    """Make a chapter in this project: chapters/NAME/presentation.md, which builds as it is.

    Nothing is overwritten.
    """
    from deckcast import starting
    from deckcast.cli.init import tell

    tell(starting.new(name, theme=theme, title=title, author=author), Path())
    return 0
