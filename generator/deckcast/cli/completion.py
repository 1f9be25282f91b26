"""`deckcast completion`."""

from __future__ import annotations

from typing import cast

import click
from click.shell_completion import ShellComplete, get_completion_class

_WHERE = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/completions/deckcast.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(list(_WHERE)))
def command(shell: str) -> int:
    """Print what makes a shell complete this command's names, options and chapters.

    Put it where the shell reads it, as in: deckcast completion bash >> ~/.bashrc
    """
    from deckcast.cli import group

    made = cast("type[ShellComplete]", get_completion_class(shell))(group, {}, "deckcast", "_DECKCAST_COMPLETE")
    # As `source()` gives it, but without asking bash for its version, which needs no bash here.
    click.echo(made.source_template % made.source_vars())
    click.echo(f"# put this at the end of {_WHERE[shell]}, and open a new shell")
    return 0
