"""What a worker does with a call that comes to it, and what it answers."""

from __future__ import annotations

import pickle
import traceback
from dataclasses import dataclass
from typing import Any, Literal

from deckcast.cluster.facts import program
from deckcast.cluster.transport import Parcel, Shared, pack, unpack
from deckcast.errors import DeckcastError


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. Errors are answers, too, so that whatever Dask raises itself is about the cluster."""

    kind: Literal["done", "raised", "refused"]
    parcel: Parcel
    worker: str
    """The name of who did it."""


def deliver(store: str, wanted: str, parcel: Parcel) -> Answer:
    """Calls the function in the parcel. Runs on a worker; refuses what another program than its own has packed."""
    name = worker_name()
    if program() != wanted:
        return Answer("refused", Parcel(b""), name)
    shared = Shared(store)
    try:
        function, arguments = unpack(parcel, shared)
        return Answer("done", pack(function(*arguments), shared), name)
    except Exception as error:
        return Answer("raised", Parcel(pickle.dumps(portable(error, name))), name)


def worker_name() -> str:
    """Of the worker that runs the calling thread's task; empty elsewhere."""
    from distributed import get_worker

    try:
        return str(get_worker().name)
    except ValueError:
        return ""


def portable(error: Exception, worker: str) -> Exception:
    """The error as another process can have it. What is no answer for people tells where it comes from."""
    if not isinstance(error, DeckcastError):
        error.add_note(f"on the worker {worker}:\n{''.join(traceback.format_exception(error))}")
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        return RuntimeError("".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())]))
    return error


def read_error(parcel: Parcel) -> Exception:
    found: Any = pickle.loads(parcel.data)  # noqa: S301 - whoever may talk to the scheduler may run anything anyway
    return found if isinstance(found, Exception) else RuntimeError(str(found))
