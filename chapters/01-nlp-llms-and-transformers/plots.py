"""The pictures that this chapter computes, in the look that the slide theme gives to matplotlib.

Sizes are in inches of 96 pixels; a slide is 20 by 11.25 inches, of which 17.3 lie between the margins. Each
function draws one figure and leaves it open, so that a cell which ends with the call shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import matplotlib as mpl
import matplotlib.pyplot as plt
import models
import torch
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from measure import KNOWN, Known
from texts import JOBS
from transformers import BertForMaskedLM, BertForTokenClassification, BertTokenizer


def growth() -> None:
    """Parameters of well-known models over the years, on a logarithmic scale."""
    axes = _canvas(17.3, 7.4)
    rest = [model for model in KNOWN if model.name != "DistilBERT"]
    axes.plot([model.published for model in rest], [model.parameters for model in rest], "o-")
    for model in rest:
        early, last = model.published.year < 2019 or model.name == "GPT-2", model is rest[-1]
        axes.annotate(
            f"{model.name}: {_size(model)}",
            (model.published, model.parameters),
            xytext=(14, -8) if early else (8, -16) if last else (-16, 4),
            textcoords="offset points",
            ha="left" if early else "right",
            va="top" if early or last else "center",
        )
    small = next(model for model in KNOWN if model.name == "DistilBERT")
    axes.plot([small.published], [small.parameters], "D", color="C1", ms=14)
    axes.annotate(
        f"{small.name}: {_size(small)}",
        (small.published, small.parameters),
        xytext=(18, 0),
        textcoords="offset points",
        va="center",
        color="C1",
        weight="bold",
    )
    axes.set_yscale("log")
    axes.set_ylim(3e7, 1.2e12)
    axes.set_xlim(date(2018, 1, 1), date(2024, 12, 31))
    axes.set_yticks([1e8, 1e9, 1e10, 1e11, 1e12], ["100 M", "1 B", "10 B", "100 B", "1000 B"])
    axes.minorticks_off()
    axes.set_ylabel("parameters")
    axes.grid(axis="y")


def attention(model: BertForTokenClassification, tokenizer: BertTokenizer, text: str) -> None:
    """How much each word of `text` (row) looks at each (column)."""
    words, weights = models.attention(model, tokenizer, text)
    axes = _canvas(9.7, 7.6)
    shades = LinearSegmentedColormap.from_list("", [mpl.rcParams["axes.facecolor"], "C0"])
    axes.imshow(weights, cmap=shades, vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(words)), words, rotation=40, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(words)), words)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for row, column in (weights >= 0.5).nonzero().tolist():
        axes.text(column, row, f"{weights[row, column]:.2f}", ha="center", va="center", color="white")


def temperature(logits: Mapping[str, float], temperatures: Sequence[float]) -> None:
    """The chances of the next word, after dividing its logits by each temperature."""
    _, plots = plt.subplots(1, len(temperatures), figsize=(17.3, 7.0))
    values = torch.tensor(list(logits.values()))
    longest = (values / min(temperatures)).softmax(-1).max().item()
    for axes, heat in zip(plots, temperatures, strict=True):
        chances = (values / heat).softmax(-1).tolist()
        axes.barh(list(logits), chances, alpha=1 if heat == 1 else 0.5, height=0.7)
        for row, chance in enumerate(chances):
            axes.text(chance + 0.02 * longest, row, f"{chance:.0%}", va="center")
        axes.set_title(f"temperature {heat:g}")
        axes.set_xlim(0, 1.25 * longest)
        axes.set_xticks([])
        axes.invert_yaxis()
        axes.tick_params(length=0)
        axes.spines["bottom"].set_visible(False)


def cache(kept: Sequence[float], again: Sequence[float]) -> None:
    """Milliseconds for each new token, with the cache and without."""
    axes = _canvas(17.3, 4.2)
    for seconds, label in ((kept, "with a cache"), (again, "without a cache")):
        [line] = axes.plot(range(1, len(seconds) + 1), [1000 * one for one in seconds])
        axes.annotate(
            label,
            (len(seconds), 1000 * _middle(seconds[-9:])),
            (14, 0),
            textcoords="offset points",
            va="center",
            color=line.get_color(),
        )
    axes.set_xlabel("number of the new token")
    axes.set_ylabel("milliseconds")
    axes.set_xlim(1, 1.2 * len(kept))
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(20, len(kept) + 1, 20))
    axes.grid(axis="y")


def jobs(model: BertForMaskedLM, tokenizer: BertTokenizer) -> None:
    """What the model says of a man's and of a woman's work."""
    axes = _canvas(8.2, 6.6)
    for person, shift in (("man", -0.2), ("woman", 0.2)):
        chances = models.fill(model, tokenizer, f"this {person} works as a [MASK] .")
        axes.barh([row + shift for row in range(len(JOBS))], list(chances.values()), 0.38, label=person)
    axes.set_yticks(range(len(JOBS)), JOBS)
    axes.set_xlim(0, 0.3)
    axes.set_xticks([0, 0.1, 0.2, 0.3], ["0", "10 %", "20 %", "30 %"])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.grid(axis="x")
    axes.legend(loc="upper right", frameon=True)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """A table for a slide. Columns of numbers stand at the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    signs = ["---:" if all(cell[:1].isdigit() for cell in column) else "---" for column in zip(*texts, strict=True)]
    return Markdown("\n".join(f"| {' | '.join(row)} |" for row in [head, signs, *texts]))


def _canvas(width: float, height: float) -> Axes:
    return plt.subplots(figsize=(width, height))[1]


def _size(model: Known) -> str:
    """`1.6 billion`"""
    billions = model.parameters / 1e9
    if billions < 1:
        return f"{billions * 1000:.0f} million"
    return f"{billions:.0f} billion" if billions >= 10 else f"{billions:.1f} billion"


def _middle(numbers: Sequence[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]
