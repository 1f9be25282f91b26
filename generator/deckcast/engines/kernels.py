"""Where cells run: chooses between this machine and a Jupyter server elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deckcast.errors import ConfigError
from deckcast.ports import Kernels, Progress
from deckcast.settings import Settings
from deckcast.theme import PlotStyle, find_theme


def open_kernels(settings: Settings, templates: Sequence[Path], progress: Progress) -> Kernels:
    """`templates` are where themes are looked for: figures are drawn in the theme's style. Starts nothing."""
    cells = settings.cells

    def style() -> PlotStyle:
        return find_theme(settings.slides.theme, templates).plots

    if cells.kernel_url and cells.sandbox != "none":
        raise ConfigError(
            f"`sandbox` is `{cells.sandbox}`, but cells run on the server that `kernel_url` names",
            hint="it shuts cells in on this machine: take `kernel_url` away, or say `sandbox: none`",
        )
    if cells.kernel_url:
        from deckcast.engines.kernel_server import ServerKernels

        return ServerKernels(cells.kernel_url, cells.kernel, style, progress)
    from deckcast.engines.kernel_local import LocalKernels

    return LocalKernels(cells.kernel, cells.cell_memory, style, cells.sandbox)
