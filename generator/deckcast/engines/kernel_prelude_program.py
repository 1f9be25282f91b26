"""Prepares a Python kernel. Sent to it as text when it starts, beside `kernel_probe_program.py`: so only the standard
library and what every Python kernel has, and no newer Python than 3.9.

Nothing heavy is imported. What has to be said to a library is said at the moment when the author's code imports it.
"""

from __future__ import annotations

import base64
import importlib.abc
import io
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

LARGEST_SVG = 1_000_000
"""Bytes; a larger drawing, such as one of ten thousand points, is sent as a picture."""
PIXELS = 2
"""Of a picture in each direction, for each pixel of the slide: crisp in a video of twice its size, too."""


class Text:
    """A value that shows as exactly this text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.text)


class Prelude:
    """What a Python kernel of deckcast's can do and answer."""

    def __init__(self, shell: Any, probe: ModuleType, style: dict[str, Any], shared: str) -> None:
        self.shell, self.probe, self.style, self.shared = shell, probe, style, shared
        self._folder = Path.cwd()
        self._large: Any = None

    def install(self) -> None:
        if self.shared:
            # Behind the working folder, which IPython puts behind the standard library.
            sys.path.insert(sys.path.index("") + 1 if "" in sys.path else len(sys.path), self.shared)
        os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
        # IPython's own form shows each frame with its surroundings, and needs seconds for a deep recursion.
        self.shell.InteractiveTB.set_mode("Plain")
        self.shell.config.InlineBackend.figure_formats = {"svg"}
        logging.getLogger("matplotlib.font_manager").addFilter(_Once())
        hooks = Hooks()
        hooks.instead["tqdm.autonotebook"] = "from .std import tqdm, trange\n__all__ = ['tqdm', 'trange']\n"
        hooks.before["huggingface_hub"] = self.offline_without_network
        hooks.after["matplotlib"] = self.apply_style
        hooks.after["matplotlib.font_manager"] = self.add_fonts
        hooks.after["matplotlib_inline.backend_inline"] = lambda _: self.register_figures()
        sys.meta_path.insert(0, hooks)

    # ── answers ──

    def value(self, expression: str) -> Text:
        return Text(str(eval(compile(expression.strip(), "<expression>", "eval"), self.shell.user_ns)))  # noqa: S307

    def provenance(self) -> Text:
        sources = [source for source in self.shell.history_manager.input_hist_parsed if source]
        facts = self.probe.machine()
        facts["versions"] = self.probe.versions(sources, self._folder, *([Path(self.shared)] if self.shared else []))
        return Text(json.dumps(facts))

    def remove(self, name: str) -> Text:
        """Removes the folder in which the kernel began, if that is its name, with all that cells have left in it."""
        if self._folder.name == name:
            os.chdir(self._folder.parent)
            shutil.rmtree(self._folder, ignore_errors=True)
        return Text("")

    def meets(self, need: str) -> Text:
        return Text(json.dumps(getattr(self.probe, need)()))

    def peak(self) -> Text:
        return Text(str(self.probe.peak()))

    # ── libraries ──

    def offline_without_network(self) -> None:
        """So that a model that is not here is missed at once, and not after minutes of new attempts."""
        if "HF_HUB_OFFLINE" not in os.environ and not self.probe.hub()[0]:
            os.environ["HF_HUB_OFFLINE"] = "1"

    def apply_style(self, matplotlib: ModuleType) -> None:
        """The theme's settings replace the machine's own. Those of a `matplotlibrc` beside the deck win over them."""
        plain = {key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith("backend")}
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of settings that matplotlib itself has given up
            matplotlib.rcParams.update(plain)
            file = Path(folder, Path(self.style["name"]).name)
            file.write_text(self.style["text"], encoding="utf-8")
            matplotlib.rcParams.update(matplotlib.rc_params_from_file(file, use_default_template=False))
            if Path("matplotlibrc").is_file():
                matplotlib.rcParams.update(matplotlib.rc_params_from_file("matplotlibrc", use_default_template=False))

    def add_fonts(self, manager: ModuleType) -> None:
        for font in self.style["fonts"]:
            path = Path(font["path"]) if "path" in font else self._kept(font)
            manager.fontManager.addfont(str(path))

    def _kept(self, font: dict[str, str]) -> Path:
        """A font that was sent, in the cache of the machine's matplotlib under its digest."""
        import matplotlib

        path = Path(matplotlib.get_cachedir(), "deckcast", font["digest"], font["name"])
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(base64.b64decode(font["content"]))
            Path(file.name).replace(path)
        return path

    # ── figures ──

    def register_figures(self) -> None:
        """Each figure as one SVG drawing, or as a PNG picture where the drawing would be too large.

        The author can choose other forms with `%config InlineBackend.figure_formats`, as in any notebook.
        """
        from matplotlib.figure import Figure

        formatters = self.shell.display_formatter.formatters
        for media_type in ("image/png", "image/jpeg"):
            formatters[media_type].pop(Figure, None)
        formatters["image/svg+xml"].for_type(Figure, self._svg)
        formatters["image/png"].for_type(Figure, self._png)
        formats = self.shell.displayhook.compute_format_data

        def formats_of_no_artist(result: Any) -> Any:
            return ({}, {}) if not isinstance(result, Figure) and _is_drawn(result) else formats(result)

        self.shell.displayhook.compute_format_data = formats_of_no_artist

    def _svg(self, figure: Any) -> str | None:
        text = _drawn(figure, "svg").decode("utf-8")
        self._large = figure if len(text) > LARGEST_SVG else None
        return None if self._large is figure else text

    def _png(self, figure: Any) -> tuple[bytes, dict[str, int]] | None:
        if self._large is not figure:  # IPython asks for the drawing first
            return None
        self._large = None
        picture = _drawn(figure, "png")
        width, height = (int.from_bytes(picture[start : start + 4], "big") for start in (16, 20))
        return picture, {"width": round(width / PIXELS), "height": round(height / PIXELS)}


class Hooks(importlib.abc.MetaPathFinder):
    """What happens when a module is imported for the first time, by the module's name."""

    def __init__(self) -> None:
        self.before: dict[str, Callable[[], None]] = {}
        self.after: dict[str, Callable[[ModuleType], None]] = {}
        self.instead: dict[str, str] = {}
        """The module's code."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in self.before and name not in self.after and name not in self.instead:
            return None
        finders: list[Any] = [finder for finder in sys.meta_path if finder is not self]
        others = (finder.find_spec(name, path, target) for finder in finders)
        spec: Any = next(filter(None, others), None)
        loader = spec and spec.loader
        if not hasattr(loader, "exec_module"):
            return spec  # type: ignore[no-any-return]
        # The loader stays what it is, for those who ask it for more than the module.
        load = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            before, after = self.before.pop(name, None), self.after.pop(name, None)
            if before:
                before()
            if name in self.instead:
                exec(self.instead.pop(name), module.__dict__)  # noqa: S102 - our own few lines
            else:
                load(module)
            try:
                if after:
                    after(module)
            except Exception as error:  # whatever a theme's file can do to a library
                warnings.warn(f"deckcast could not prepare {name}: {error}", stacklevel=2)

        loader.exec_module = exec_module
        return spec  # type: ignore[no-any-return]


def _drawn(figure: Any, form: str) -> bytes:
    """As large as its author said, or larger where something would be cut off; equal figures give equal bytes."""
    from matplotlib.transforms import Bbox

    figure.draw_without_rendering()  # lays it out
    written = figure.get_tightbbox()
    buffer = io.BytesIO()
    figure.canvas.print_figure(
        buffer,
        format=form,
        dpi=96 * PIXELS,
        bbox_inches=Bbox.union([figure.bbox_inches, written]),
        metadata={"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}[form],
    )
    return buffer.getvalue()


def _is_drawn(value: Any) -> bool:
    """What a call that draws returns: `[<matplotlib.lines.Line2D at 0x7f…>]` tells nothing, and differs each time."""
    from matplotlib.artist import Artist
    from matplotlib.container import Container

    if isinstance(value, dict):
        value = list(value.values())
    elif getattr(getattr(value, "dtype", None), "kind", "") == "O" and hasattr(value, "ravel"):
        value = list(value.ravel())
    if isinstance(value, (list, tuple)) and not isinstance(value, Container):
        return any(_is_drawn(one) for one in value[:100])
    return isinstance(value, (Artist, Container))


class _Once(logging.Filter):
    """Lets each message pass once: a font that is not there is missed at every label."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        new = message not in self._seen and "font cache" not in message  # which is built on a machine's first plot
        self._seen.add(message)
        return new
