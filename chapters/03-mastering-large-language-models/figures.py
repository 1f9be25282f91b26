"""The pictures of this chapter that no other one draws. Sizes are as in course.plots."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

import matplotlib as mpl
from learning import Course
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from torch import Tensor

from course import plots


def waves(encodings: Tensor) -> None:
    """Positional encodings: a row for each position, a column for each number; from -1 (red) to 1 (blue)."""
    axes = plots.canvas(6.7, 6.6)
    shades = LinearSegmentedColormap.from_list("", ["C1", mpl.rcParams["axes.facecolor"], "C0"])
    picture = axes.imshow(encodings, cmap=shades, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    axes.set_xlabel("which of the 64 numbers")
    axes.set_ylabel("position")
    axes.tick_params(length=0)
    axes.figure.colorbar(picture, ax=axes, ticks=[-1, 0, 1], pad=0.02)


def examined(course: Course, stop: bool = False) -> None:
    """The loss on known and on new sentences while a model learns.

    With `stop`, a dashed line stands where the loss on new sentences was least.
    """
    axes = plots.canvas(8.3, 5.6)
    axes.plot(course.updates, course.known, label="sentences it learns from")
    axes.plot(course.updates, course.new, label="new sentences")
    axes.set_xlabel("updates")
    axes.set_ylabel("loss")
    axes.set_ylim(0, 3)
    axes.grid(axis="y")
    if not stop:
        axes.legend(loc="upper right", frameon=True)
        return
    best = course.updates[course.new.index(min(course.new))]
    axes.axvline(best, ls="--", color="C1", lw=2, alpha=0.6)
    axes.text(best + 10, 0.06, "stop here", color="C1", va="bottom")


def candidates(chances: Mapping[str, float], count: int = 4) -> str:
    """The likeliest next tokens, of which the first one, the chosen one, is marked."""
    first = dict(list(chances.items())[:count])
    shades = ["C0", *[to_rgba("C0", 0.35)] * (count - 1)]
    with mpl.rc_context({"font.size": 27, "ytick.labelsize": 27}):
        axes = plots.bars(readable(first), plots.canvas(4.0, 4.2), longest=1.0, color=shades)
    axes.set_xlim(0, 1.9)
    return next(iter(first))


def readable(chances: Mapping[str, float]) -> dict[str, float]:
    """The same without the mark before words."""
    return {token.lstrip("▁"): chance for token, chance in chances.items()}


def entry(updates: int, text: str) -> str:
    """A line of the diary, or two."""
    return fill(text, 64, initial_indent=f"{updates:4}  ", subsequent_indent=" " * 6)


def rounded(*numbers: Tensor) -> list[str]:
    """Each with three decimals."""
    return [f"{one.item():.3f}" for one in numbers]
