"""A chapter's seat on a worker: its kernels, copies of its files, and the task that holds them.

The task lasts as long as the seat, so that the worker's resources are taken meanwhile, and so that the scheduler knows
whose it is: when the build goes away, however that happens, nobody wants the task any more, and the seat ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import queue
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias

from deckcast import modules
from deckcast.cluster.deliver import portable
from deckcast.cluster.paths import Renaming, pairs
from deckcast.cluster.transport import Parcel, Shared, pack, unpack
from deckcast.engines.kernel_local import LocalKernels
from deckcast.engines.kernel_session import Session
from deckcast.ports import Availability, Ran
from deckcast.redact import redacted
from deckcast.theme import PlotStyle
from deckcast.withheld import rewritten, withheld

TICK = 0.25
"""Seconds between two looks whether anybody still wants the seat."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How kernels are to be started, as settings of the build say it."""

    kernel: str
    memory: float
    sandbox: str


@dataclass(frozen=True, slots=True)
class Luggage:
    """What a chapter's kernels find on the worker."""

    manner: Manner
    style: PlotStyle
    fonts: tuple[tuple[str, bytes], ...]
    """The style's fonts, whose own paths lie on the build's machine."""
    folder: str
    """The name of the deck's folder."""
    sharing: bool
    """Whether it lies among others, with which it shares modules."""
    paths: tuple[tuple[str, str], ...]
    """`pairs` of it."""


@dataclass(frozen=True, slots=True)
class Start:
    language: str
    files: tuple[tuple[str, bytes], ...]
    """(path from the deck's folder on, content); `../` leads to where shared modules lie."""


@dataclass(frozen=True, slots=True)
class Run:
    kernel: int
    source: str
    timeout: float
    limit: int


@dataclass(frozen=True, slots=True)
class Evaluate:
    kernel: int
    expression: str
    timeout: float


@dataclass(frozen=True, slots=True)
class Tell:
    kernel: int
    what: Literal["provenance", "late", "close"]


Order: TypeAlias = Start | Run | Evaluate | Tell
Asked: TypeAlias = tuple[Literal["meets", "availability"], str]


class Seat:
    """Everything but `stop` and `take` happens in the task's thread."""

    def __init__(self, luggage: Luggage, root: Path) -> None:
        """`root` is a fresh folder of its own."""
        self._luggage = luggage
        self._deck = root / modules.CHAPTERS / luggage.folder if luggage.sharing else root / luggage.folder
        self._deck.mkdir(parents=True)
        self._renaming = Renaming(pairs(self._deck, sharing=luggage.sharing), luggage.paths)
        fonts = []
        for number, (name, content) in enumerate(luggage.fonts):
            fonts.append(root / ".fonts" / str(number) / name)
            fonts[-1].parent.mkdir(parents=True)
            fonts[-1].write_bytes(content)
        style = replace(luggage.style, fonts=tuple(fonts))
        self._place = LocalKernels(luggage.manner.kernel, luggage.manner.memory, lambda: style, luggage.manner.sandbox)
        self._kernels: dict[int, Session] = {}
        self._numbers = itertools.count(1)
        self._orders: queue.SimpleQueue[tuple[Order, Future[Any]] | None] = queue.SimpleQueue()
        self._stopped = threading.Event()

    def take(self, order: Order) -> Future[Any]:
        """What comes of an order, which is done when those before it are. From any thread."""
        future: Future[Any] = Future()
        self._orders.put((order, future))
        return future

    def stop(self) -> None:
        """Ends it, in the middle of a cell too. From any thread."""
        if not self._stopped.is_set():
            self._stopped.set()
            self._orders.put(None)
        for kernel in list(self._kernels.values()):
            kernel.kill()

    def serve(self) -> None:
        """Until `stop`."""
        try:
            while not self._stopped.is_set():
                taken = self._orders.get()
                if taken is not None:
                    order, future = taken
                    try:
                        answer = self._do(order)
                    except Exception as error:
                        future.set_exception(error)
                    else:
                        future.set_result(answer)
        finally:
            for kernel in self._kernels.values():
                kernel.close()
            while not self._orders.empty():
                if (left := self._orders.get()) is not None:
                    left[1].cancel()

    def _do(self, order: Order) -> Any:
        if isinstance(order, Start):
            return self._start(order)
        kernel = self._kernels[order.kernel]
        if isinstance(order, Run):
            return self._told(kernel.run(order.source, timeout=order.timeout, limit=order.limit))
        if isinstance(order, Evaluate):
            return self._told(kernel.evaluate(order.expression, timeout=order.timeout))
        if order.what == "provenance":
            return kernel.provenance()
        if order.what == "late":
            return tuple((count, self._renaming(redacted(text))) for count, text in kernel.late())
        kernel.close()
        return None

    def _told(self, ran: Ran) -> Ran:
        return rewritten(withheld(ran), self._renaming)

    def _start(self, order: Start) -> int:
        for name, content in order.files:
            up = name.startswith(modules.UP)
            path = (self._deck.parent if up else self._deck) / PurePosixPath(name.removeprefix(modules.UP))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        kernel = self._place.start(order.language, self._deck, ())
        number = next(self._numbers)
        self._kernels[number] = kernel
        if self._stopped.is_set():
            kernel.kill()
        return number


# ── on a worker ──────────────────────────────────────────────────────────────────────────────────

_SEATS: dict[str, tuple[Seat, Shared]] = {}
"""Of this process, by the name that its build has given to each."""


def sit(name: str, topic: str, store: str, luggage: Parcel) -> None:
    """The task. Tells the build by an event of this topic that it has begun, and where."""
    from distributed import get_worker

    from deckcast.cluster.worker_setup import clean_environment

    worker: Any = get_worker()
    key = worker.get_current_task()
    clean_environment()
    shared = Shared(store)
    # The worker's own folder goes with the worker, even where that is killed.
    root = Path(tempfile.mkdtemp(prefix=f"deckcast-{secrets.token_hex(4)}-", dir=worker.local_directory))
    try:
        seat = Seat(unpack(luggage, shared), root)
        with _watched(seat, lambda: _wanted(worker, key)):
            _SEATS[name] = seat, shared
            worker.log_event(topic, {"seat": name, "worker": worker.address})
            seat.serve()
    finally:
        _SEATS.pop(name, None)
        shutil.rmtree(root, ignore_errors=True)


async def ask(name: str, parcel: Parcel) -> Parcel | None:
    """What comes of an order; None where there is no such seat (any more). Called in a worker's own loop."""
    found = _SEATS.get(name)
    if found is None:
        return None
    seat, shared = found
    try:
        order = await asyncio.to_thread(unpack, parcel, shared)
        answer = True, await asyncio.wrap_future(seat.take(order))
    except asyncio.CancelledError:
        return None
    except Exception as error:
        answer = False, portable(error, name)
    return await asyncio.to_thread(pack, answer, shared)


async def tell(manner: Manner, asked: Asked) -> Availability:
    """What this machine has. Takes seconds at most."""
    place = LocalKernels(manner.kernel, manner.memory, PlotStyle, manner.sandbox)
    kind, name = asked
    return await asyncio.to_thread(lambda: place.meets(name) if kind == "meets" else place.availability(name))


def _wanted(worker: Any, key: str) -> bool:
    """Whether anybody is still there for whom this worker does the task."""
    if worker.status.name not in ("running", "paused"):
        return False
    task = worker.state.tasks.get(key)
    return task is not None and task.state in ("executing", "long-running")


@contextlib.contextmanager
def _watched(seat: Seat, wanted: Callable[[], bool]) -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(TICK):
            if not wanted():
                seat.stop()  # again and again: a kernel may just be starting

    thread = threading.Thread(target=watch, name="deckcast-seat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
