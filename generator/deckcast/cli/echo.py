"""How commands print a line: without secrets, and without what would steer a terminal."""

from __future__ import annotations

import click

from deckcast.harmless import harmless
from deckcast.redact import redacted


def echo(text: object = "", *, err: bool = False) -> None:
    click.echo(harmless(redacted(str(text))), err=err)
