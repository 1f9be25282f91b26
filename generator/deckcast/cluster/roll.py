"""Who is there to work for a build: each worker is asked once what it has, when it is first seen."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from deckcast.cluster import dask, facts
from deckcast.cluster.dask import MEND
from deckcast.cluster.transport import Shared
from deckcast.cluster.workers import Worker, trouble
from deckcast.errors import ClusterError
from deckcast.redact import redacted

START = 10.0
"""Seconds in which a worker must have come."""
TELLING = 60.0
"""Seconds in which a worker must have said what it has."""
LOOK = 1.0
"""Seconds between two looks at who is there."""


class Roll:
    """The workers of a cluster. Safe to use from several threads; `look` by one at a time."""

    def __init__(self, client: Any, address: str, shared: Shared, say: Callable[[str], None]) -> None:
        """Raises `StorageError` where the store cannot be told from others."""
        self._client = client
        self._address = address
        self._shared = shared
        self._say = say
        self._mark = facts.mark(shared, new=uuid.uuid4().hex)
        self._lock = threading.Lock()
        self._known: dict[str, Worker] = {}

    @property
    def addresses(self) -> frozenset[str]:
        """Of all that are there, whether they may work or not."""
        with self._lock:
            return frozenset(self._known)

    @property
    def workers(self) -> tuple[Worker, ...]:
        """Those that may work for this build, in the order of their names."""
        with self._lock:
            known = list(self._known.values())
        return tuple(sorted((one for one in known if not one.trouble), key=lambda one: (one.name, one.address)))

    def ask_again(self, name: str) -> None:
        """The worker is another by now: it is asked anew."""
        with self._lock:
            self._known = {at: one for at, one in self._known.items() if one.name != name}

    def wait(self) -> None:
        end = time.monotonic() + START
        while True:
            self.look()
            if self.workers:
                return
            if time.monotonic() > end:
                break
            time.sleep(LOOK)
        with self._lock:
            told = sorted((one.name, one.trouble) for one in self._known.values())
        if not told:
            raise ClusterError(f"the cluster at {self._address} has no workers", hint=MEND)
        why = "; ".join(f"{name}: {reason}" for name, reason in told)
        raise ClusterError(
            redacted(f"no worker of the cluster at {self._address} can work for this build ({why})"),
            hint="workers need this deckcast and the store that `build.store` names; " + MEND,
        )

    def look(self) -> None:
        """Brings `_known` up to date. Raises what Dask raises where the scheduler does not answer."""
        there: Mapping[str, Any] = self._client.sync(
            self._client.scheduler.identity, n_workers=-1, callback_timeout=dask.CONNECT
        )["workers"]
        with self._lock:
            new = {address: one for address, one in there.items() if address not in self._known}
        told = self._ask(new)
        found = {}
        for address, one in sorted(new.items(), key=lambda item: (str(item[1]["name"]), item[0])):
            answer = told.get(address, TimeoutError())
            why = trouble(answer, facts.program(), self._mark_now(answer))
            told_facts = answer if isinstance(answer, Mapping) else {}
            name = str(one["name"])
            found[address] = Worker(address, name, one["nthreads"], one["resources"], told_facts, why)
            if why:
                self._say(f"worker {name} takes nothing: {why}")
        with self._lock:
            self._known = {at: one for at, one in (self._known | found).items() if at in there}

    def _ask(self, new: Mapping[str, Any]) -> dict[str, Any]:
        """What workers tell of themselves, or what went wrong, by their addresses."""
        offers = sorted({name for one in new.values() for name in one["resources"]})

        def ask(addresses: list[str], seconds: float) -> dict[str, Any]:
            found: dict[str, Any] = self._client.run(
                facts.look,
                self._shared.address,
                offers,
                workers=addresses,
                on_error="return",
                callback_timeout=seconds,  # which `Client.run` hands on to `sync`
            )
            return found

        if not new:
            return {}
        try:
            return ask(list(new), TELLING)
        except TimeoutError:  # some hang: each is asked by itself
            told: dict[str, Any] = {}
            for address in new:
                try:
                    told |= ask([address], dask.CONNECT)
                except TimeoutError as error:
                    told[address] = error
            return told

    def _mark_now(self, told: Any) -> str:
        """The store's mark; looked up again where a worker tells another, since two builds may just have set one."""
        if isinstance(told, Mapping) and told.get("store") not in (self._mark, ""):
            self._mark = facts.mark(self._shared)
        return self._mark
