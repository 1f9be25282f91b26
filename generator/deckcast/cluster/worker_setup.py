"""What Dask runs in the process of a worker that `deckcast worker` starts."""

from __future__ import annotations

import os
import signal
from typing import Any

_SET_BY_DASK = "distributed.nanny.pre-spawn-environ"
_SEED = "6640"
"""What Dask's nanny sets PYTHONHASHSEED to."""


def dask_setup(_worker: Any) -> None:
    # A Ctrl-C in the terminal reaches this process, too, and would break what the nanny closes in order. It must not be
    # ignored: kernels would inherit that, and nobody could interrupt them.
    signal.signal(signal.SIGINT, lambda *_: None)
    clean_environment()


def clean_environment() -> None:
    """Takes out what Dask has set for its workers: cells and voices are to find what there is without it."""
    import dask.config

    for name, value in (dask.config.get(_SET_BY_DASK, {}) or {}).items():
        if os.environ.get(name) == str(value):
            del os.environ[name]
    if os.environ.get("PYTHONHASHSEED") == _SEED:
        del os.environ["PYTHONHASHSEED"]
