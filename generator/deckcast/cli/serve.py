"""`deckcast serve`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from deckcast.cli.echo import echo
from deckcast.errors import UsageError


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, metavar="N", help="The port.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Where to listen; 0.0.0.0 lets other machines of the network watch.",
)
@click.option("--open/--no-open", "opens", default=True, help="Open the page in a browser.")
def command(folder: Path | None, port: int, host: str, opens: bool) -> int:
    """Serve built lessons, to watch them from another machine, or to see them as a web server shows them.

    DIR is the output folder, by default `output`. Nothing but files in there is served; kept work is not.
    """
    import webbrowser

    from deckcast.cli.options import listen
    from deckcast.serving import server

    place = folder or Path("output")
    if not place.is_dir():
        raise UsageError(f"there is no folder {place}", hint="build a lesson first: deckcast build")
    listening = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    echo(f"{place}: {address}")
    echo("Ctrl-C ends it", err=True)
    if opens:
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):
        server(place, host).run(sockets=[listening])
    return 0
