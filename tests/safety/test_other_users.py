"""What other users of the machine cannot do: listen to a kernel, or send it something."""

from __future__ import annotations

import stat
import sys

from deckcast.engines.kernel_process import Process
from deckcast.engines.kernel_specs import Spec


def test_a_kernels_sockets_and_keys_lie_where_only_its_owner_looks() -> None:
    process = Process(Spec("python3", (sys.executable,), "python"))
    try:
        assert stat.S_IMODE(process.folder.stat().st_mode) == 0o700
    finally:
        process.close(0)
    assert not process.folder.exists()
