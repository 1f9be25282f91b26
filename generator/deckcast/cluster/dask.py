"""The border to Dask: how it is imported, connected to, and kept from speaking for us."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable
from typing import Any, cast

from deckcast.errors import ClusterError, MachineError
from deckcast.redact import redacted

CONNECT = 10.0
"""Seconds in which a scheduler must answer, at first and after a connection was lost."""
MEND = "docs/cluster.md tells how to start scheduler and workers"


def connect(address: str) -> Any:
    """A `distributed.Client`. Raises `MachineError` where Dask is missing, `ClusterError` where nobody answers."""
    try:
        from distributed import Client, Security
    except ImportError as error:
        raise MachineError(
            f"a cluster needs Dask, which is not here: {error}", hint="`python -m pip install 'deckcast[cluster]'`"
        ) from error
    ciphered = address.startswith(("tls://", "wss://"))
    if ciphered and cast(Any, Security)().get_connection_args("client").get("ssl_context") is None:
        raise ClusterError(
            f"{address} wants certificates, and Dask's configuration here names none",
            hint="docs/cluster.md tells which; they are the same for scheduler, workers and whoever builds",
        )
    try:
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # other versions of libraries: what matters is compared in `facts`
            return cast(Any, Client)(
                address, timeout=CONNECT, set_as_default=False, name="deckcast", direct_to_workers=False
            )
    except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as error:
        told = (str(error).strip().splitlines() or [""])[0].rpartition(">: ")[2]
        why = "" if not told or told.startswith("Timed out") else f": {told}"
        raise ClusterError(
            redacted(f"nobody answers at {address}{why}"),
            hint="is it the address that `dask scheduler` told, and may this machine reach it? " + MEND,
        ) from error


class quiet:  # noqa: N801 - used as a verb
    """Keeps Dask from logging what we tell in our own words."""

    def __enter__(self) -> None:
        for name in ("distributed", *_loggers()):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    def __exit__(self, *_: object) -> None:
        self.__enter__()  # those that came with what was imported meanwhile


def _loggers() -> Iterable[str]:
    return [name for name in logging.root.manager.loggerDict if name.startswith("distributed.")]
