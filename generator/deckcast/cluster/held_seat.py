"""The build's side of a seat on a worker: how it comes about, what is ordered there, and how its loss is found."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from deckcast.cluster import seat
from deckcast.cluster.connection import PATIENCE, Cluster
from deckcast.cluster.dask import MEND
from deckcast.cluster.seat import Luggage, Order
from deckcast.cluster.transport import Call, pack, unpack
from deckcast.cluster.workers import Worker
from deckcast.errors import ClusterError, DeckcastError, LostError

LOOK = 0.5
"""Seconds between two looks whether a seat has been given."""
TELL = 5.0
"""Seconds of waiting after which a person is told of it."""
_AGAIN = "build once more; if it stays so, look into the worker's log"


class HeldSeat:
    """The build's side of one: used by one thread."""

    def __init__(
        self,
        cluster: Cluster,
        luggage: Luggage,
        fit: Callable[[], Sequence[Worker]],
        *,
        gpu: bool,
        lost: Callable[[str], None],
    ) -> None:
        """Waits for it. `lost` is told the address of a worker that went away. Raises `ClusterError`, `KernelError`."""
        self.kernels: set[int] = set()
        """Those that nobody has closed."""
        self.over = False
        self._cluster = cluster
        self._name = uuid.uuid4().hex
        self._lost = lost
        self._gone: asyncio.Event = cluster.client.sync(_event)
        """That the worker is gone."""
        self._task: Any = None
        self.worker = self._await(luggage, fit, gpu)

    def do(self, order: Order) -> Any:
        """Raises `LostError` where the worker goes away meanwhile, and what is raised there."""
        if self.over:
            raise LostError(self._told(), hint=_AGAIN)
        parcel = pack(order, self._cluster.shared)
        try:
            answer = self._cluster.client.sync(self._order, parcel)
        except Exception as error:  # Dask raises many kinds of them where a worker or the scheduler goes away
            self._fail()
            raise LostError(self._told(), hint=_AGAIN) from error
        except BaseException:
            self.leave()  # somebody has interrupted us, and the worker is in the middle of it
            raise
        if answer is None:
            self._fail()
            raise LostError(self._told(), hint=_AGAIN)
        done, value = unpack(answer, self._cluster.shared)
        if not done:
            raise value
        return value

    def leave(self) -> None:
        """Nobody wants it any more: so the worker ends it, in the middle of a cell too. Twice is harmless."""
        self.over = True
        task, self._task = self._task, None
        if task is not None:
            with contextlib.suppress(Exception):  # a scheduler that is gone needs not be told
                task.cancel()
            for topic in (self._name, self.worker.address):
                with contextlib.suppress(ValueError):
                    self._cluster.client.unsubscribe_topic(topic)

    async def _order(self, parcel: Any) -> Any:
        """Until there is an answer, or the scheduler says that the worker is gone."""
        run = self._cluster.client.run(seat.ask, self._name, parcel, workers=[self.worker.address])
        asking = asyncio.ensure_future(run)
        going = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait([asking, going], return_when=asyncio.FIRST_COMPLETED)
            return (await asking)[self.worker.address] if asking.done() else None
        finally:
            for one in (asking, going):
                one.cancel()

    def _fail(self) -> None:
        self._lost(self.worker.address)
        self.leave()

    def _told(self) -> str:
        return f"the worker {self.worker.name} was lost while it ran cells"

    # ── at first ──

    def _await(self, luggage: Luggage, fit: Callable[[], Sequence[Worker]], gpu: bool) -> Worker:
        client = self._cluster.client
        begun = threading.Event()
        events: list[str] = []

        def heard(event: tuple[float, Any]) -> None:
            _, told = event
            if told["seat"] == self._name:
                events.append(told["worker"])
                begun.set()

        client.subscribe_topic(self._name, heard)
        call = Call(seat.sit, self._name, self._name, self._cluster.shared.address, pack(luggage, self._cluster.shared))
        payload = pickle.dumps(call)
        waited, alone = 0.0, 0.0
        asked: frozenset[str] = frozenset()
        try:
            while not events:
                self._cluster.check()
                workers = {worker.address for worker in fit()}
                alone = 0.0 if workers else alone + LOOK
                if alone > PATIENCE:
                    raise ClusterError("no worker is left on which cells can run", hint=MEND)
                if workers and asked.isdisjoint(workers):  # nobody has been asked, or those who were are gone
                    asked = frozenset(workers)
                    self._send(payload, sorted(asked), gpu)
                if begun.wait(LOOK):
                    break
                if self._task is not None and self._task.status == "error":
                    raise _refused(self._task.exception())
                if waited <= TELL < (waited := waited + LOOK):
                    self._cluster.say("cells wait for a worker that has time")
            found = next((one for one in self._cluster.workers if one.address == events[0]), None)
            if found is None:
                raise LostError("the worker that was to run cells was lost", hint=_AGAIN)
            self.worker = found
            client.subscribe_topic(found.address, self._heard)
        except BaseException:
            self.over = True
            if self._task is not None:
                self._task.cancel()
            with contextlib.suppress(ValueError):
                client.unsubscribe_topic(self._name)
            raise
        return found

    def _send(self, payload: bytes, workers: Sequence[str], gpu: bool) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = self._cluster.client.submit(
            pickle.loads,
            payload,
            key=f"deckcast-cells-{uuid.uuid4().hex}",
            workers=workers,
            resources={"gpu": 1} if gpu else None,
            pure=False,
        )

    def _heard(self, event: tuple[float, Any]) -> None:
        """Called in Dask's loop with what the scheduler says of the worker."""
        told = event[1]
        if isinstance(told, dict) and told.get("action") == "remove-worker":
            self._gone.set()


def _refused(error: BaseException) -> BaseException:
    """Why a seat has not come about."""
    if isinstance(error, DeckcastError):
        return error
    return LostError(f"no worker comes to run cells: {type(error).__name__}: {error}", hint=_AGAIN)


async def _event() -> asyncio.Event:
    return asyncio.Event()
