"""One build's connection to a Dask cluster: who may work for it, and calls that come to an answer whoever dies."""

from __future__ import annotations

import pickle
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from deckcast.cluster import dask, facts
from deckcast.cluster.dask import MEND
from deckcast.cluster.deliver import Answer, deliver, read_error
from deckcast.cluster.roll import LOOK, Roll
from deckcast.cluster.transport import Call, Shared, pack, unpack
from deckcast.cluster.workers import Worker
from deckcast.errors import ClusterError, DeckcastError
from deckcast.redact import redacted

PATIENCE = 60.0
"""Seconds for which a task waits for a worker that may take it."""
ATTEMPTS = 3
"""How often a task is sent again that came to no answer; Dask itself sends it to four workers each time."""
Test = Callable[[Worker], bool]


@dataclass(eq=False, slots=True)
class _Task:
    """A call, until it has come to an answer."""

    name: str
    payload: bytes
    resources: Mapping[str, float]
    on: Test
    future: Future[Any] = field(default_factory=Future)
    sent: Any = None
    """Dask's future; None while nobody has it."""
    to: frozenset[str] = frozenset()
    """The workers that may take it."""
    attempts: int = 0
    alone: float | None = None
    """Since when there has been nobody who may take it."""
    settled: bool = False


class Cluster:
    """Connected when it is made. Safe to use from several threads; closed by whoever opened it."""

    def __init__(self, address: str, store: str, say: Callable[[str], None], *, patience: float = PATIENCE) -> None:
        """`store` is the `shared_address` of the build's. Raises `ClusterError` where nobody answers or may work."""
        self.address = address
        self.shared = Shared(store)
        self.tally: Counter[tuple[str, str]] = Counter()
        """How many calls each worker answered, by its name and the function's."""
        self._say = say
        self._said: set[str] = set()
        self._patience = patience
        self._program = facts.program()
        self._lock = threading.RLock()
        self._tasks: dict[_Task, None] = {}
        self._gone: DeckcastError | None = None
        self._closed = threading.Event()
        self.client = dask.connect(address)
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="deckcast-cluster")
        self._watcher = threading.Thread(target=self._watch, name="deckcast-cluster-watch", daemon=True)
        try:
            self._roll = Roll(self.client, address, self.shared, self.say)
            self._roll.wait()
        except BaseException:
            self.close()
            raise
        self._watcher.start()
        count = len(self.workers)
        self.say(f"building with {count} worker{'s' * (count != 1)} of {address}")

    @property
    def workers(self) -> tuple[Worker, ...]:
        """Those that may work for this build, in the order of their names."""
        return self._roll.workers

    def offering(self, resource: str) -> tuple[Worker, ...]:
        """Those that offer it; all for an empty one."""
        return tuple(one for one in self.workers if not resource or one.offers(resource))

    def submit(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        resources: Mapping[str, float] | None = None,
        on: Test = lambda _: True,
    ) -> Future[Any]:
        """The answer to a call that a worker makes: one with these resources, of which `on` is true.

        Function and arguments must be such as can be pickled. What the function raises is its answer. Where workers
        die, others make the call again, so it must be one that may be made twice. Raises `ClusterError` where none can.
        """
        parcel = pack((function, arguments), self.shared)
        payload = pickle.dumps(Call(deliver, self.shared.address, self._program, parcel))
        task = _Task(getattr(function, "__name__", "call"), payload, dict(resources or {}), on)
        task.future.add_done_callback(lambda future: self._called_off(task) if future.cancelled() else None)
        with self._lock:
            if self._closed.is_set():
                raise CancelledError
            if self._gone is not None:
                raise self._gone
            self._tasks[task] = None
            self._send(task)
        return task.future

    def check(self) -> None:
        """Raises `ClusterError` where the scheduler has gone away."""
        with self._lock:
            if self._gone is not None:
                raise self._gone

    def say(self, message: str) -> None:
        """Tells the person who waits for the build, each thing once."""
        with self._lock:
            fresh = message not in self._said
            self._said.add(message)
        if fresh:
            self._say(redacted(message))

    def close(self) -> None:
        """Calls off what has not come to an answer, and leaves. It may be called more than once."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._lock:
            waiting = list(self._tasks)
        for task in waiting:
            task.future.cancel()
        if self._watcher.is_alive():
            self._watcher.join(dask.CONNECT)
        self._pool.shutdown(wait=False, cancel_futures=True)
        with dask.quiet():
            self.client.close(timeout=5)

    # ── who is there ─────────────────────────────────────────────────────────────────────────────

    def _watch(self) -> None:
        heard = time.monotonic()
        while not self._closed.wait(LOOK):
            if self.client.status in ("closing", "closed"):
                self._give_up()
                return
            try:
                self._roll.look()
                heard = time.monotonic()
            except Exception as error:  # whatever Dask raises where nobody answers
                if time.monotonic() - heard > 3 * dask.CONNECT:
                    self._give_up(error)
                    return
                continue
            self._tend()

    def _tend(self) -> None:
        """Sends what nobody has to somebody, and gives up what nobody can take."""
        there = self._roll.addresses
        with self._lock:
            for task in list(self._tasks):
                if task.to & there:
                    continue
                if task.sent is not None:
                    task.sent.cancel()
                    task.sent = None
                self._send(task)
                if task.alone is not None and time.monotonic() - task.alone > self._patience:
                    needs = f" that offers {' and '.join(task.resources)}" if task.resources else ""
                    self._fail(
                        task,
                        ClusterError(
                            f"no worker is left{needs} to do `{task.name}`",
                            hint="start one and build again: what was finished is kept. " + MEND,
                        ),
                    )

    def _give_up(self, error: Exception | None = None) -> None:
        told = f": {error}" if error is not None and str(error) else ""
        gone = ClusterError(
            redacted(f"the scheduler at {self.address} does not answer any more{told}"),
            hint="start it and its workers again, and build again: what was finished is kept",
        )
        with self._lock:
            self._gone = gone
            for task in list(self._tasks):
                self._fail(task, gone)

    # ── tasks ────────────────────────────────────────────────────────────────────────────────────

    def _send(self, task: _Task) -> None:
        """To whoever may take it. Called with the lock held."""
        fit = [
            one.address
            for one in self.workers
            if all(one.resources.get(name, 0) >= count for name, count in task.resources.items()) and task.on(one)
        ]
        task.to = frozenset(fit)
        if not fit:
            task.alone = task.alone or time.monotonic()
            return
        task.alone = None
        sent = task.sent = self.client.submit(
            pickle.loads,
            task.payload,
            key=f"deckcast-{task.name}-{uuid.uuid4().hex}",
            workers=fit,
            resources=dict(task.resources) or None,
            pure=False,
        )
        sent.add_done_callback(lambda _: self._later(task, sent))

    def _later(self, task: _Task, sent: Any) -> None:
        """Dask calls this in its only thread for calls: what reads results must have others."""
        if not self._closed.is_set():
            self._pool.submit(self._came, task, sent)

    def _came(self, task: _Task, sent: Any) -> None:
        """Dask says that a task has ended, in one way or another."""
        if task.sent is not sent or task.future.done():
            return  # it was sent again meanwhile, or nobody wants it any more
        try:
            if sent.status == "error":
                raise sent.exception()
            answer: Answer = sent.result()
        except (Exception, CancelledError) as error:
            self._lost(task, error)
            return
        if answer.kind == "refused":
            self._roll.ask_again(answer.worker)
            self._lost(task, ClusterError("the worker has another deckcast by now"))
            return
        with self._lock:
            self._tasks.pop(task, None)
            self.tally[answer.worker, task.name] += 1
        try:
            value = unpack(answer.parcel, self.shared) if answer.kind == "done" else read_error(answer.parcel)
        except Exception as error:
            self._settle(task, error=error)
            return
        if answer.kind == "done":
            self._settle(task, value)
        else:
            self._settle(task, error=value)

    def _lost(self, task: _Task, error: BaseException) -> None:
        """It came to no answer: sent again, unless that has not helped."""
        from distributed import KilledWorker

        with self._lock:
            if task not in self._tasks:
                return
            task.sent, task.to = None, frozenset()
            if getattr(error, "reason", "") == "scheduler-connection-lost":
                return  # the watcher sends it when the scheduler answers again
            task.attempts += 1
            if task.attempts < ATTEMPTS and not isinstance(error, KilledWorker):
                self._send(task)
                return
        if isinstance(error, KilledWorker):
            told = f"{error.allowed_failures + 1} workers died over it, {error.last_worker.address} at last"
            hint = "look into that worker's log, and whether it had enough memory"
        else:
            told, hint = f"{type(error).__name__}: {error}", "look into the logs of the workers; " + MEND
        self._fail(task, ClusterError(redacted(f"the cluster cannot do `{task.name}`: {told}"), hint=hint))

    def _fail(self, task: _Task, error: DeckcastError) -> None:
        with self._lock:
            self._tasks.pop(task, None)
        self._settle(task, error=error)

    def _settle(self, task: _Task, value: Any = None, *, error: BaseException | None = None) -> None:
        """Its answer; nobody hears it where it was called off."""
        with self._lock:
            if task.settled:
                return
            task.settled = True
            wanted = task.future.set_running_or_notify_cancel()
        if wanted and error is not None:
            task.future.set_exception(error)
        elif wanted:
            task.future.set_result(value)

    def _called_off(self, task: _Task) -> None:
        """Nobody wants it any more."""
        with self._lock:
            if not task.settled:
                task.settled = True
                task.future.set_running_or_notify_cancel()  # else those who wait for one of several never hear of it
            self._tasks.pop(task, None)
            sent, task.sent = task.sent, None
        if sent is not None and self.client.status == "running":
            sent.cancel()
