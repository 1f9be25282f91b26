"""`deckcast preview`."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast import modules
from deckcast.cli import options
from deckcast.cli.echo import echo
from deckcast.errors import UsageError
from deckcast.harmless import harmless

if TYPE_CHECKING:
    from deckcast.project import Chapter

_LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.argument("chapter", required=False, type=options.CHAPTER)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port; by default, any free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--allow-remote", is_flag=True, help="Let other machines in: whoever has the address can run the deck's code."
)
@click.option("--open/--no-open", "opens", default=True, help="Open the page in a browser.")
@click.option("--ahead/--no-ahead", default=True, help="Speak the slide that is looked at while nothing else is to do.")
@options.voices
@click.option("--trust", is_flag=True, help="Let a deck that lies outside your project run its code, now and later.")
@options.settings
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Where `build` puts lessons: what is drawn and spoken is kept there, for the next build.",
)
def command(
    chapter: str | None,
    port: int,
    host: str,
    allow_remote: bool,
    opens: bool,
    ahead: bool,
    voice: str | None,
    online: bool | None,
    trust: bool,
    settings: dict[str, str],
    output: Path,
) -> int:
    """Show a chapter in a browser while it is written.

    Each save shows the changed slide at once. Slides are spoken, and cells run, when you ask for it; what is made
    serves the next build. Without a CHAPTER, the one of chapters/ whose deck was changed last.
    """
    if host not in _LOCAL and not allow_remote:
        raise UsageError(
            f"--host {host}: others could run the deck's code", hint="say --allow-remote if that is what you want"
        )
    job = _chapter(chapter)
    given: dict[str, Any] = {"narration.voice": voice, "narration.online": online, **settings}
    return _serve(job, options.listen(host, port), host, opens, ahead, trust, output, given)


def _chapter(name: str | None) -> Chapter:
    from deckcast import project

    if name:
        return project.find_chapter(name)
    return max(project.all_chapters(), key=lambda one: one.deck.stat().st_mtime)


def _serve(
    job: Chapter,
    listening: socket.socket,
    host: str,
    opens: bool,
    ahead: bool,
    trust: bool,
    output: Path,
    given: dict[str, Any],
) -> int:
    import secrets
    import webbrowser

    from deckcast import webserver
    from deckcast.preview.guard import Guard
    from deckcast.preview.server import Preview
    from deckcast.preview.session import Session

    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/?token={token}"
    session = Session(job, output=output, settings=given, trust=trust, progress=_Saying())
    watched = [job.folder, *modules.places(job.folder), *job.templates, *([job.config] if job.config else [])]
    preview = Preview(session, watched, ahead=ahead, aside=output)
    guarded = Guard(preview.app, token=token, port=port, host=host)
    server = webserver.server(guarded, lives=True)
    click.echo(f"{harmless(job.name)}: {address}")  # with its token: whoever reads this may use it
    echo("Ctrl-C ends it", err=True)
    if opens:
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):  # how it is meant to be ended; uvicorn tells of it when it has closed
        server.run(sockets=[listening])
    return 0


class _Saying:
    """Says what is being installed or chosen, and nothing of each piece."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None: ...

    def end(self, stage: str, note: str = "") -> None: ...

    def say(self, message: str) -> None:
        echo(message, err=True)
