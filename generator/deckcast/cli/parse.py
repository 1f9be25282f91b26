"""`deckcast parse`."""

from __future__ import annotations

from pathlib import Path

import click

from deckcast.cli.echo import echo


@click.command()
@click.argument("decks", nargs=-1, required=True, metavar="DECK...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print every slide's properties, content, notes and HTML.")
@click.option(
    "--stage",
    type=click.Choice(["slides", "parse"]),
    default="slides",
    show_default=True,
    help="With --json: the finished slides, or each slide's own text before anything is inherited.",
)
def command(decks: tuple[Path, ...], as_json: bool, stage: str) -> int:
    """Print how a deck is read: a file, or a folder with a presentation.md. Several make one deck, in order."""
    from deckcast import report
    from deckcast.build import reading
    from deckcast.parse import as_json as deck_json
    from deckcast.parse import compose, load
    from deckcast.project import DECK

    script = load([deck / DECK if deck.is_dir() else deck for deck in decks])
    slides = reading(script)
    if as_json:
        report.print_json({"version": 1, **deck_json(script, slides, stage=stage)})
        return 0
    deck = compose(script, slides)
    report.show_findings(deck.findings)
    for slide in deck.slides:
        steps = f" in {len(slide.steps)} steps" if len(slide.steps) > 1 else ""
        echo(f"{slide.index:4}  {slide.title or '(no title)'}{steps}  ({slide.where})")
    return 0
