"""`deckcast worker`."""

from __future__ import annotations

import os
import platform

import click

from deckcast.cli.echo import echo


@click.command()
@click.argument("address", metavar="tcp://HOST:8786")
@click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="Tasks at once; by default one a core.")
@click.option("--name", metavar="NAME", help="What builds call it; by default this machine's name and a number.")
@click.option(
    "--offer",
    metavar="KINDS",
    help="Offer no more than these of what the machine has: `browser,voice,gpu`, or `none`.",
)
def command(address: str, threads: int | None, name: str | None, offer: str | None) -> int:
    """Let builds elsewhere work on this machine: a worker of the Dask cluster whose scheduler has that address.

    It looks at what this machine has and takes only tasks that need no more. Anybody who reaches the scheduler can run
    any program here: see docs/cluster.md. Ctrl-C ends it, with all that it has started.
    """
    from deckcast.cluster import offers, worker

    scheduler = worker.checked(address)
    tasks = threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else threads or os.cpu_count()
    found = offers.look(tasks or 1)
    if offer is not None:
        wanted = tuple(one.strip() for one in offer.split(",") if one.strip() and one.strip() != "none")
        found = offers.chosen(found, wanted)
    called = name or f"{platform.node().partition('.')[0] or 'worker'}-{os.getpid()}"
    echo(f"{called}: {tasks} task{'s' * (tasks != 1)} at once for the builds of {scheduler}")
    for one in found:
        echo(f"  {'✔' if one.amount else '✖'} {one.kind:<8} {one.reason}")

    def begun(own: str) -> None:
        echo(f"serving at {own}")
        echo("Ctrl-C ends it", err=True)

    worker.serve(scheduler, found, threads=tasks or 1, name=called, begun=begun)
    echo("stopped")
    return 0
