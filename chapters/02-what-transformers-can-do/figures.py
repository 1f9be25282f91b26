"""The pictures that only this chapter needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import senses
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from sentences import KINDS
from torch import Tensor

from course.plots import canvas, loss_curve, panels


def tokens_of_two_senses() -> None:
    """A picture with its patches, and a sound with its slices."""
    seen, heard = panels(2, height=6.6)
    chance = np.random.default_rng(5)
    seen.imshow(senses.picture(3, chance), cmap=_shades("C0"))
    for place in range(0, senses.SIDE + 1, senses.PATCH):
        seen.axhline(place - 0.5, color="C1", lw=2)
        seen.axvline(place - 0.5, color="C1", lw=2)
    for number in range(16):
        down, across = divmod(number, 4)
        seen.text(
            across * senses.PATCH, down * senses.PATCH, number + 1, ha="left", va="top", color="C1", weight="bold"
        )
    seen.set_title("a picture: 16 patches of 36 pixels")
    heard.imshow(senses.slices(senses.sound(0, chance)).T, cmap=_shades("C0"), origin="lower", aspect="auto")
    for place in range(senses.SLICES + 1):
        heard.axvline(place - 0.5, color="C1", lw=2)
    heard.set_title("a rising tone: 16 slices of 50 strengths")
    heard.set_xticks(range(0, 16, 3), range(1, 17, 3))
    heard.set_yticks([0, 25, 49], ["low", "pitch", "high"])
    seen.set_xticks([])
    seen.set_yticks([])
    for axes in (seen, heard):
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)


def similarity(vectors: Mapping[str, Tensor]) -> None:
    """How much the vectors of any two words point the same way: the cosine of the angle between them."""
    axes = canvas(11.0, 7.7)
    values = np.stack([vector.numpy() for vector in vectors.values()])
    values -= values.mean(0)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    picture = axes.imshow(values @ values.T, cmap=_shades("C0"), vmin=0, vmax=0.7)
    ends = np.cumsum([0, *(len(words) for words in KINDS.values())])
    middles = (ends[:-1] + ends[1:] - 1) / 2
    for end in ends[1:-1]:
        axes.axhline(end - 0.5, color="C1", lw=2)
        axes.axvline(end - 0.5, color="C1", lw=2)
    names = [f"8 {kind}s" for kind in KINDS]
    axes.set_xticks(middles, names)
    axes.set_yticks(middles, names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = plt.colorbar(picture, ax=axes, ticks=[0, 0.7], shrink=0.8)
    bar.ax.set_yticklabels(["unrelated", "alike"])
    bar.outline.set_visible(False)


def learning_curves(sizes: Sequence[int], shares: Mapping[str, Sequence[float]], chance: float) -> None:
    """Right answers by the number of sentences learned from, a line a start."""
    axes = canvas(17.3, 6.4)
    for name, values in shares.items():
        axes.plot(sizes, values, "o-", label=name)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.3))
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, sizes)
    axes.minorticks_off()
    axes.set_xlim(sizes[0] * 0.85, sizes[-1] * 1.15)
    _percent(axes, chance, sizes[0] * 0.9)
    axes.set_xlabel("reports to learn from")


def by_mentions(shares: Sequence[float], chance: float) -> None:
    """Right answers by how often the prompt has told the fact."""
    axes = canvas(8.6, 6.4)
    bars = axes.bar(range(len(shares)), shares, 0.62, color=["C1", *["C0"] * (len(shares) - 1)])
    axes.bar_label(bars, [f"{100 * share:.3g}%" for share in shares], padding=6)
    axes.set_xticks(range(len(shares)), ["never", "once", "twice", "more"])
    axes.tick_params(axis="x", length=0)
    _percent(axes, chance, len(shares) - 0.6)
    axes.set_xlim(-0.6, len(shares) + 0.4)
    axes.set_xlabel("the prompt has told it …")
    axes.set_ylim(0, 1.12)


def by_distance(shares: Mapping[str, Sequence[float]], chance: float) -> None:
    """Right answers by how far back the fact stands, a line a window."""
    axes = canvas(17.3, 6.4)
    for name, values in shares.items():
        [line] = axes.plot(range(len(values)), values, "o-")
        axes.annotate(
            name,
            (len(values) - 1, values[-1]),
            (16, 16),
            textcoords="offset points",
            va="center",
            color=line.get_color(),
        )
    axes.set_xlim(-0.2, 1.35 * (len(values) - 1))
    axes.set_xticks(range(len(values)))
    _percent(axes, chance, -0.15)
    axes.set_xlabel("statements about others since")


def losses(honest: Sequence[float], easy: Sequence[float]) -> None:
    """How the loss falls with the causal mask, and without."""
    axes = loss_curve({"with the mask": honest, "looks ahead": easy}, canvas(17.3, 5.0), smooth=5)
    axes.set_xticks(range(0, len(honest) + 1, 50))
    axes.set_ylim(bottom=-0.35)
    axes.spines["bottom"].set_visible(False)


def masks(source: Sequence[str], target: Sequence[str]) -> None:
    """Who may look at whom in the transformer of 2017: dark where it is allowed."""
    full, triangle = np.ones((len(source), len(source))), np.tril(np.ones((len(target), len(target))))
    cross = np.ones((len(target), len(source)))
    for axes, (title, allowed, rows, columns) in zip(
        panels(3, height=5.9),
        [
            ("encoder: to all", full, source, source),
            ("decoder: not ahead", triangle, target, target),
            ("decoder to encoder: to all", cross, target, source),
        ],
        strict=True,
    ):
        _grid(axes, 0.8 * allowed, rows, columns)
        axes.set_xlabel(title, color="C5", weight="bold", labelpad=14)


def attention(maps: Mapping[str, tuple[Sequence[str], Tensor]]) -> None:
    """How much each word (row) looks at each (column), a picture a model."""
    for axes, (title, (words, weights)) in zip(panels(len(maps), height=5.9), maps.items(), strict=True):
        _grid(axes, weights.numpy(), words, words)
        axes.set_xlabel(title, color="C5", weight="bold", labelpad=14)
        for row, column in zip(*np.nonzero(weights.numpy() >= 0.5), strict=True):
            axes.text(column, row, f"{weights[row, column]:.2f}", ha="center", va="center", color="white")


def _grid(axes: Axes, values: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> None:
    axes.imshow(values, cmap=_shades("C0"), vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=40, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), rows)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor")
    axes.tick_params(which="minor", length=0)


def _percent(axes: Axes, chance: float, left: float) -> None:
    axes.axhline(chance, color="0.55", ls="--", lw=2)
    axes.text(left, chance + 0.015, "by chance", color="0.35", va="bottom")
    axes.set_ylim(0, 1.05)
    axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    axes.set_ylabel("answers right")
    axes.grid(axis="y")


def _shades(colour: str) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("", [mpl.rcParams["axes.facecolor"], colour])
