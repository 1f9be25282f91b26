"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from deckcast.errors import UsageError

if TYPE_CHECKING:
    import socket

Command = TypeVar("Command", bound=Callable[..., Any])


class _Chapter(click.types.StringParamType):
    """A chapter as a person names it; shells complete it from `chapters/`, and as a path."""

    name = "chapter"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "CHAPTER"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from pathlib import Path

        names = sorted(deck.parent.name for deck in Path("chapters").glob("*/presentation.md"))
        found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return found or [CompletionItem(incomplete, type="file")]


CHAPTER = _Chapter()


def voices(command: Command) -> Command:
    """`voice` and `online`."""
    command = click.option(
        "--online/--offline", default=None, help="Allow voices that send the notes to another company's service."
    )(command)
    return click.option(
        "--voice", metavar="VOICE", help="auto, an engine (as `deckcast voices` lists them), or both: 'flite slt'."
    )(command)


def cells(command: Command) -> Command:
    """`mode`, when cells run, and `trust`."""
    command = click.option(
        "--trust", is_flag=True, help="Let a deck that lies outside your project run its code, now and later."
    )(command)
    return click.option(
        "--exec",
        "mode",
        type=click.Choice(["auto", "always", "never", "verify"]),
        help="When cells run: where their record does not serve (auto), always, never (the record only), or always, to"
        " compare with the record.",
    )(command)


def settings(command: Command) -> Command:
    """`settings`, by name: `{"video.size": "720"}`."""
    return click.option(
        "-s",
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_pairs,
        help="Any setting, as in 'video.size=720'. May be repeated.",
    )(command)


def _pairs(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    return dict(map(_pair, given))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--set {text}: this is no NAME=VALUE", hint="write it like --set video.size=720")
    return name.strip(), value.strip()


def voice_folder() -> str:
    """The folder of neural voices that the configuration of the current folder names, if it does."""
    from pathlib import Path

    from deckcast import config

    return config.of_folder(Path.cwd()).narration.voice_folder


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint: the nearest name, or all of them."""
    import difflib

    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return f"did you mean {near[0]}?" if near else f"there are: {', '.join(names)}" if names else "there is none"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `MachineError` where nobody may listen there."""
    import socket

    from deckcast.errors import MachineError

    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()  # whoever comes before the server has started waits
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise MachineError(
            f"cannot listen at {host}:{port}: {reason}", code="port", hint="name another port, or leave --port out"
        ) from error
    return listening
