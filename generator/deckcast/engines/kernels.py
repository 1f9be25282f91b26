"""Where cells run: chooses between this machine and a Jupyter server elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deckcast.ports import Kernels, Progress
from deckcast.settings import Settings
from deckcast.theme import PlotStyle, find_theme


def open_kernels(settings: Settings, templates: Sequence[Path], progress: Progress) -> Kernels:
    """`templates` are where themes are looked for: figures are drawn in the theme's style. Starts nothing."""
    cells = settings.cells

    def style() -> PlotStyle:
        return find_theme(settings.slides.theme, templates).plots

    if cells.kernel_url:
        from deckcast.engines.kernel_server import ServerKernels

        return ServerKernels(cells.kernel_url, cells.kernel, style, progress)
    from deckcast.engines.kernel_local import LocalKernels

    return LocalKernels(cells.kernel, cells.cell_memory, style)
