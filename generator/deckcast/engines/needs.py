"""What a cell may need of the machine that runs it: `needs=hub,gpu`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deckcast.engines import kernel_probe_program
from deckcast.ports import Availability

_PROBES: Mapping[str, Callable[[], tuple[bool, str]]] = {
    "gpu": kernel_probe_program.gpu,
    "hub": kernel_probe_program.hub,
}
KNOWN_NEEDS = tuple(_PROBES)
_MENDS = {
    "gpu": "build on a machine with an NVIDIA device, or name a Jupyter server on one in `kernel_url`, or build"
    " with `--cluster` where a worker has one",
    "hub": "connect to the network, or name another hub in HF_ENDPOINT",
}


def meets(need: str) -> Availability:
    """Whether this machine has it. Looks each time; takes seconds at most. Raises `KeyError` for an unknown need."""
    return told(need, *_PROBES[need]())


def told(need: str, works: bool, reason: str) -> Availability:
    """What a machine's own answer means."""
    return Availability(works, reason, "" if works else _MENDS[need])
