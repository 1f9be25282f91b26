"""Kernels on a cluster: all of a chapter's cells on one worker, which has whatever they need."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from deckcast import modules
from deckcast.cluster import seat
from deckcast.cluster.connection import Cluster
from deckcast.cluster.held_seat import HeldSeat
from deckcast.cluster.paths import pairs
from deckcast.cluster.seat import Asked, Evaluate, Luggage, Manner, Order, Run, Start, Tell
from deckcast.cluster.workers import Worker
from deckcast.errors import AssetError, KernelError, LostError, storage_errors
from deckcast.model import Provenance
from deckcast.ports import Availability, Kernels, Ran
from deckcast.settings import Settings
from deckcast.theme import PlotStyle, find_theme

GPU: Asked = ("meets", "gpu")
"""Known by what workers offer, and taken by one chapter at a time; whatever else there is, they say when asked."""
ANSWER = 30.0
"""Seconds in which workers say what they have."""


def open_kernels(cluster: Cluster, settings: Settings, templates: Sequence[Path]) -> Kernels:
    """On a cluster's workers. `templates` are where themes are looked for: figures are drawn in the theme's style."""
    cells = settings.cells
    manner = Manner(cells.kernel, cells.cell_memory, cells.sandbox)
    return ClusterKernels(cluster, manner, lambda: find_theme(settings.slides.theme, templates).plots)


class ClusterKernels:
    """`ports.Kernels` on workers of a cluster. Each language and need that is met leaves fewer to choose from."""

    def __init__(self, cluster: Cluster, manner: Manner, style: Callable[[], PlotStyle]) -> None:
        """Asks nobody yet. The cluster stays open when this is closed."""
        self._cluster = cluster
        self._manner = manner
        self._style = style
        self._told: dict[Asked, dict[str, Availability]] = {}
        """What workers have said, by their addresses."""
        self._answers: dict[Asked, Availability] = {}
        self._wanted: list[Asked] = []
        """What has been met."""
        self._lost: set[str] = set()
        """Addresses of workers that went away while cells ran."""
        self._seat: HeldSeat | None = None

    @property
    def name(self) -> str:
        if self._seat is None:
            return f"the cluster at {self._cluster.address}"
        return f"the worker {self._seat.worker.name} of {self._cluster.address}"

    def availability(self, language: str) -> Availability:
        return self._meets(("availability", language), f"runs {language}", "install the kernel there")

    def meets(self, need: str) -> Availability:
        mend = f"start one where it is at hand: `deckcast worker {self._cluster.address}`"
        return self._meets(("meets", need), f"offers `{need}`", mend)

    def start(self, language: str, folder: Path, files: tuple[str, ...]) -> ClusterKernel:
        """On a worker that has all that was met; the files go there. Waits while such workers are all busy."""
        there = self.availability(language)
        if not there.works:
            raise KernelError(there.reason, hint=there.mend)
        contents = _contents(folder, files)
        if self._seat is None or self._seat.over:
            self._seat = self._take_seat(folder)
        try:
            number = self._seat.do(Start(language, contents))
        except BaseException:
            self._leave_if_empty()
            raise
        self._seat.kernels.add(number)
        return ClusterKernel(self._seat, number, self._leave_if_empty)

    def close(self) -> None:
        if self._seat is not None:
            self._seat.leave()

    # ── who has what ─────────────────────────────────────────────────────────────────────────────

    def _meets(self, asked: Asked, does: str, mend: str) -> Availability:
        if asked in self._answers:
            return self._answers[asked]
        fit = self._fit()
        told = {worker.name: self._ask(asked, fit).get(worker.address) for worker in fit}
        met = [f"{name}: {answer.reason}" for name, answer in told.items() if answer and answer.works]
        if met:
            self._wanted.append(asked)
            answer = Availability(True, "; ".join(met))
        else:
            others = len(self._there()) - len(fit)
            apart = f" of those {len(fit)} that have the rest" if others else ""
            reasons = dict.fromkeys(answer.reason for answer in told.values() if answer)
            why = f" ({'; '.join(reasons)})" if reasons else ""
            answer = Availability(False, f"no worker of {self._cluster.address}{apart} {does}{why}", mend)
        self._answers[asked] = answer
        return answer

    def _there(self) -> tuple[Worker, ...]:
        return tuple(worker for worker in self._cluster.workers if worker.address not in self._lost)

    def _fit(self) -> tuple[Worker, ...]:
        """Workers that have all that was met."""
        fit = self._there()
        for asked in self._wanted:
            told = self._ask(asked, fit)
            fit = tuple(one for one in fit if one.address in told and told[one.address].works)
        return fit

    def _ask(self, asked: Asked, workers: Sequence[Worker]) -> dict[str, Availability]:
        known = self._told.setdefault(asked, {})
        new = [worker for worker in workers if worker.address not in known]
        if asked == GPU:
            known |= {
                worker.address: Availability(
                    bool(worker.offers("gpu")), "it offers one" if worker.offers("gpu") else ""
                )
                for worker in new
            }
        elif new:
            with contextlib.suppress(TimeoutError, OSError):  # who does not answer has not said that it has it
                told = self._cluster.client.run(
                    seat.tell,
                    self._manner,
                    asked,
                    workers=[worker.address for worker in new],
                    on_error="return",
                    callback_timeout=ANSWER,
                )
                known |= {address: one for address, one in told.items() if isinstance(one, Availability)}
        return known

    # ── the seat ─────────────────────────────────────────────────────────────────────────────────

    def _take_seat(self, folder: Path) -> HeldSeat:
        style, sharing = self._style(), modules.shared(folder) is not None
        luggage = Luggage(
            self._manner,
            PlotStyle(style.name, style.text),
            tuple((font.name, font.read_bytes()) for font in style.fonts),
            folder.resolve().name,
            sharing,
            pairs(folder, sharing=sharing),
        )
        return HeldSeat(self._cluster, luggage, self._fit, gpu=GPU in self._wanted, lost=self._lost.add)

    def _leave_if_empty(self) -> None:
        if self._seat is not None and not self._seat.kernels:
            self._seat.leave()


class ClusterKernel:
    """`ports.Kernel`: one of those on a seat."""

    def __init__(self, held: HeldSeat, number: int, closed: Callable[[], None]) -> None:
        self._seat = held
        self._number = number
        self._closed = closed

    def run(self, source: str, *, timeout: float, limit: int) -> Ran:
        ran: Ran = self._do(Run(self._number, source, timeout, limit))
        return ran

    def evaluate(self, expression: str, *, timeout: float) -> Ran:
        ran: Ran = self._do(Evaluate(self._number, expression, timeout))
        return ran

    def provenance(self) -> Provenance:
        told: Provenance = self._do(Tell(self._number, "provenance"))
        return told

    def late(self) -> tuple[tuple[int, str], ...]:
        if self._number not in self._seat.kernels:
            return ()
        told: tuple[tuple[int, str], ...] = self._do(Tell(self._number, "late"))
        return told

    def close(self) -> None:
        if self._number in self._seat.kernels:
            with contextlib.suppress(LostError):
                if not self._seat.over:
                    self._seat.do(Tell(self._number, "close"))
            self._seat.kernels.discard(self._number)
            self._closed()

    def _do(self, order: Order) -> Any:
        if self._number not in self._seat.kernels:
            raise KernelError("the kernel has ended", hint="build once more")
        return self._seat.do(order)


def _contents(folder: Path, files: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    """Raises `AssetError` for a file that is not there, or lies elsewhere."""
    found = {name: modules.find(folder, name) for name in dict.fromkeys(files)}
    for name, path in found.items():
        if path is None:
            raise AssetError(f"there is no file `{name}` in {folder}", hint="files of cells lie in the deck's folder")
    with storage_errors("read", folder):
        return tuple((name, path.read_bytes()) for name, path in found.items() if path is not None)
