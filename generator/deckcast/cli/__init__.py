"""The command `deckcast`. Each subcommand lives in a module of its own, imported when it is called."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from deckcast import __version__
from deckcast.errors import DeckcastError

_COMMANDS = {
    "init": "Make a project with a first chapter that builds as it is.",
    "new": "Make a chapter in this project.",
    "build": "Build chapters into narrated video lessons.",
    "check": "Look for mistakes in chapters, without speaking them and without running their code.",
    "preview": "Show a chapter in a browser while it is written.",
    "serve": "Serve built lessons, to watch them.",
    "worker": "Let builds elsewhere work on this machine.",
    "run": "Run the code in a chapter's deck and show what comes out.",
    "say": "Speak one slide of a chapter into a sound file.",
    "export": "Write a chapter's slides as a page to present, as PDF, or as pictures.",
    "voices": "List the voices that work here.",
    "themes": "List the themes that a deck can name, or begin one of your own.",
    "parse": "Print how a deck is read.",
    "config": "Show the settings that apply, and where each comes from.",
    "clean": "Remove kept work that nothing needs any more, or what was built.",
    "completion": "Print what makes a shell complete this command.",
    "doctor": "Say what this machine has and lacks, and the command that mends each.",
}
_MODULES = {"run": "cells"}
"""Where a command's module has another name; `run` is a function here."""


class _LazyGroup(click.Group):
    """Knows its commands' names and help lines without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"deckcast.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS:
            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(_COMMANDS)}."
            raise click.UsageError(f"There is no command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="deckcast %(version)s")
def group() -> None:
    """Turn Markdown decks with speaker notes into narrated video lessons."""


def run(arguments: Sequence[str] | None = None) -> int:
    """The command, as a function of its arguments.

    Gives the exit code: 0 done, 1 the lesson has errors, 2 wrong usage, 3 the machine lacks something, 130 interrupted.
    """
    try:
        code = group.main(arguments, prog_name="deckcast", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except DeckcastError as error:
        from deckcast.report import show_findings

        show_findings(error.findings)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:
        # Whoever read our output (`| head`) has gone; keep Python from complaining when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        # An interrupt in the middle of an import leaves a module in halves, at which clearing up may trip.
        if not _came_of_an_interrupt(error):
            raise
        return _interrupted()


def _interrupted() -> int:
    click.echo("interrupted; what was finished is kept, and the same command goes on from there", err=True)
    return 130


def _came_of_an_interrupt(error: BaseException) -> bool:
    """Whether it was raised while an interrupt was on its way."""
    before: BaseException | None = error
    while before is not None:
        if isinstance(before, KeyboardInterrupt):
            return True
        before = before.__cause__ or before.__context__
    return False


def main() -> NoReturn:
    sys.exit(run())
