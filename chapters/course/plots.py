"""Pictures and tables for slides, in the look that the slide theme gives to matplotlib.

Sizes are in inches of 96 pixels; a slide is 20 by 11.25 inches, of which 17.3 lie between the margins. A figure
stays open, so that a cell which ends with the call shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

WIDTH = 17.3
"""Of a slide, between its margins."""


def canvas(width: float = WIDTH, height: float = 7.0) -> Axes:
    """An empty picture."""
    return plt.subplots(figsize=(width, height))[1]


def panels(count: int, width: float = WIDTH, height: float = 7.0) -> list[Axes]:
    """So many empty pictures side by side, `width` together."""
    return list(plt.subplots(1, count, figsize=(width, height), squeeze=False)[1][0])


def heat_map(
    weights: Sequence[Sequence[float]],
    rows: Sequence[str],
    columns: Sequence[str] | None = None,
    width: float = 9.7,
    height: float = 7.6,
    told: float = 0.5,
) -> Axes:
    """Weights between 0 and 1 as shades, with the number where it is at least `told`.

    Without `columns`, these are the rows again: how much each word looks at each.
    """
    columns = rows if columns is None else columns
    values = [[float(one) for one in row] for row in weights]
    axes = canvas(width, height)
    shades = LinearSegmentedColormap.from_list("", [mpl.rcParams["axes.facecolor"], "C0"])
    axes.imshow(values, cmap=shades, vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=40, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), rows)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if value >= told:
                axes.text(column, row, f"{value:.2f}", ha="center", va="center", color="white")
    return axes


def bars(chances: Mapping[str, float], axes: Axes | None = None, longest: float | None = None, **look) -> Axes:
    """One bar for each word, as long as its chance is great. Pictures to be compared share their `longest`.

    `look` is that of the bars, as matplotlib names it: `color="C1"`, `alpha=0.5`.
    """
    axes = canvas() if axes is None else axes
    longest = max(chances.values()) if longest is None else longest
    axes.barh(list(chances), list(chances.values()), height=0.7, **look)
    for row, chance in enumerate(chances.values()):
        axes.text(chance + 0.02 * longest, row, f"{chance:.0%}", va="center")
    axes.set_xlim(0, 1.25 * longest)
    axes.set_xticks([])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines["bottom"].set_visible(False)
    return axes


def loss_curve(losses: Mapping[str, Sequence[float]], axes: Axes | None = None, smooth: int = 1) -> Axes:
    """How the loss falls from step to step, a line with its name for each training.

    With `smooth`, each point is the mean of so many steps: batches are not equally hard.
    """
    axes = canvas() if axes is None else axes
    for name, values in losses.items():
        means = [sum(values[at : at + smooth]) / smooth for at in range(0, len(values) - smooth + 1, smooth)]
        steps = [smooth * (number + 1) for number in range(len(means))]
        [line] = axes.plot(steps, means)
        axes.annotate(
            name, (steps[-1], means[-1]), (14, 0), textcoords="offset points", va="center", color=line.get_color()
        )
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.set_xlim(0, 1.2 * max(len(values) for values in losses.values()))
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    return axes


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """A table for a slide. Columns of numbers stand at the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    signs = ["---:" if all(cell[:1].isdigit() for cell in column) else "---" for column in zip(*texts, strict=True)]
    return Markdown("\n".join(f"| {' | '.join(row)} |" for row in [head, signs, *texts]))
