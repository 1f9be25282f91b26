"""A worker of a Dask cluster on this machine: a process that takes tasks of builds, watched and started again."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any

from deckcast.cluster.offers import Offer
from deckcast.errors import ClusterError, DeckcastError, MachineError, UsageError
from deckcast.redact import without_passwords
from deckcast.web import cluster_problem

PATIENCE = 10.0
"""Seconds within which a scheduler answers, and a worker begins."""
_LEAVE = 20.0
"""Seconds that tasks have to end when the worker is stopped; then it is killed."""
_INSTALL = "pip install 'deckcast[cluster]'"


def checked(address: str) -> str:
    """Raises `UsageError` for what cannot be a scheduler's address, `MachineError` where Dask is not installed."""
    if problem := cluster_problem(address):
        raise UsageError(f"`{without_passwords(address)}` is no address of a Dask scheduler", hint=problem)
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise MachineError(f"a cluster needs the library distributed: {error}", hint=_INSTALL) from error
    return address.rstrip("/")


def serve(address: str, offers: tuple[Offer, ...], *, threads: int, name: str, begun: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM. `begun` is told the worker's own address.

    Raises `ClusterError` where no scheduler answers, or where it goes away.
    """
    asyncio.run(_serve(checked(address), offers, threads, name, begun))


async def _serve(
    address: str, offers: tuple[Offer, ...], threads: int, name: str, begun: Callable[[str], None]
) -> None:
    import dask.config
    import distributed

    dask_distributed: Any = distributed

    logging.getLogger("distributed").setLevel(logging.ERROR)  # the rest is told in our own words
    await _look_for(address)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    # Dask would set other variables for its workers, such as one thread for linear algebra, and cells would find them.
    settings = {"distributed.nanny.pre-spawn-environ": {"DASK_LOGGING__DISTRIBUTED": "error"}}
    with dask.config.set(settings):
        nanny = dask_distributed.Nanny(
            address,
            nthreads=threads,
            name=name,
            resources={one.kind: one.amount for one in offers if one.amount},
            preload=["deckcast.cluster.worker_setup"],
            dashboard=False,
            dashboard_address="127.0.0.1:0",
            memory_limit=0,  # pictures and models lie in other processes, which have limits of their own
            death_timeout=PATIENCE * 3,
        )
        gone = loop.create_task(_life(nanny, begun))
        ends = [gone, loop.create_task(stopped.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # A second Ctrl-C while it is being closed does what it does everywhere.
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
            ends[1].cancel()
            if not gone.done() or gone.exception() is None:
                await nanny.close(timeout=_LEAVE, reason="stopped")
            gone.cancel()
    if not stopped.is_set():
        error = None if gone.cancelled() else gone.exception()
        if isinstance(error, DeckcastError):
            raise error
        raise ClusterError(
            f"the scheduler at {address} has gone away{f': {error}' if error else ''}",
            hint="start it again (`dask scheduler`), then this worker",
        )


async def _life(nanny: Any, begun: Callable[[str], None]) -> None:
    try:
        await nanny
    except Exception as error:
        raise ClusterError(
            f"the worker cannot be started: {type(error).__name__}: {error}",
            hint="is the scheduler still there, and is the same Dask installed there and here?",
        ) from error
    begun(nanny.worker_address)
    await nanny.finished()


async def _look_for(address: str) -> None:
    """Waits a while for a scheduler that is about to start. Raises `ClusterError` where nobody answers as one does."""
    import distributed

    dask: Any = distributed
    reason = await _unreachable(address)
    kind = ""
    if not reason:
        asked = dask.rpc(address, connection_args=dask.Security().get_connection_args("worker"), timeout=PATIENCE)
        try:
            kind = str((await asyncio.wait_for(asked.identity(), PATIENCE * 2)).get("type", ""))
        except Exception as error:  # whatever a stranger's bytes lead to
            reason = str(error) or type(error).__name__
        finally:
            await asked.close_rpc()
    if kind != "Scheduler":
        raise ClusterError(
            f"no Dask scheduler answers at {address}: {reason or f'it is a {kind}'}",
            hint="is it running (`dask scheduler`), and is the address that which it printed?",
        )


async def _unreachable(address: str) -> str:
    """Why no connection can be made, empty where one can."""
    host, _, port = address.partition("://")[2].rpartition(":")
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while True:
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(host.strip("[]"), int(port)), PATIENCE)
        except (OSError, ValueError, OverflowError) as error:
            if loop.time() >= until:
                return (getattr(error, "strerror", "") or str(error) or "it does not answer").lower()
            await asyncio.sleep(0.2)
        else:
            writer.close()
            return ""
