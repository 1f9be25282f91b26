"""The pictures that this chapter computes, in the colours of the lesson's theme.

Sizes are given in the pixels of a slide, 1920 by 1080, so that no writing comes out below 28 pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import matplotlib as mpl
import matplotlib.pyplot as plt
import torch
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from measure import BERT_BASE, KNOWN
from models import JOBS, fill
from transformers import BertForMaskedLM, BertForTokenClassification, BertTokenizer

TEXT, MUTED, ACCENT, TINT, LINE = "#1c2330", "#566072", "#1d5fd1", "#eaf1fe", "#d5dbe5"
GREEN, WARM = "#1a7f37", "#9a5b00"
POINTS = 0.75
"""Points in a pixel."""

INSTALLED = {font.name for font in font_manager.fontManager.ttflist}

mpl.rcParams.update(
    {
        "font.family": [name for name in ("Inter", "DejaVu Sans") if name in INSTALLED],  # the slides', if it is here
        "font.size": 30 * POINTS,
        "text.color": TEXT,
        "axes.labelcolor": MUTED,
        "axes.edgecolor": LINE,
        "axes.linewidth": 1.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": TEXT,
        "ytick.labelcolor": TEXT,
        "lines.linewidth": 4,
        "svg.hashsalt": "deckcast",
    }
)


def canvas(width: int, height: int, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """An empty picture of this many pixels, with `columns` plots side by side."""
    figure, axes = plt.subplots(1, columns, figsize=(width / 96, height / 96), layout="constrained", squeeze=False)
    return figure, list(axes[0])


def growth() -> Figure:
    """Parameters of well-known models over the years, on a logarithmic scale."""
    figure, [axes] = canvas(1664, 700)
    rest = [model for model in KNOWN if model.name != "DistilBERT"]
    axes.plot([model.published for model in rest], [model.parameters() for model in rest], "o-", color=ACCENT, ms=14)
    for model in rest:
        early, last = model.published.year < 2019 or model.name == "GPT-2", model is rest[-1]
        billions = model.parameters() / 1e9
        size = f"{billions:.0f} billion" if billions >= 10 else f"{billions:.1f} billion"
        label = f"{model.name}: {size if billions >= 1 else f'{billions * 1000:.0f} million'}"
        axes.annotate(
            label,
            (model.published, model.parameters()),
            xytext=(16, -8) if early else (8, -16) if last else (-16, 4),
            textcoords="offset points",
            ha="left" if early else "right",
            va="top" if early or last else "center",
        )
    small = next(model for model in KNOWN if model.name == "DistilBERT")
    share = 1 - small.parameters() / BERT_BASE.parameters()
    axes.plot([small.published], [small.parameters()], "D", color=GREEN, ms=18)
    axes.annotate(
        f"DistilBERT: {small.parameters() / 1e6:.0f} million, {share:.0%} fewer than BERT base",
        (small.published, small.parameters()),
        xytext=(22, 0),
        textcoords="offset points",
        va="center",
        color=GREEN,
        weight="bold",
    )
    axes.set_yscale("log")
    axes.set_ylim(3e7, 1.2e12)
    axes.set_xlim(date(2018, 1, 1), date(2024, 12, 31))
    axes.set_yticks([1e8, 1e9, 1e10, 1e11, 1e12], ["100 M", "1 B", "10 B", "100 B", "1000 B"])
    axes.minorticks_off()
    axes.set_ylabel("parameters")
    axes.grid(axis="y", color=LINE)
    return figure


def attention(model: BertForTokenClassification, tokenizer: BertTokenizer, text: str) -> Figure:
    """The weights of the model's only attention head while it reads `text`: each row adds up to 1."""
    inputs = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        weights = model(**inputs, output_attentions=True).attentions[0][0, 0]
    words = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    figure, [axes] = canvas(960, 740)
    axes.imshow(weights, cmap=LinearSegmentedColormap.from_list("", ["#ffffff", ACCENT]), vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(words)), words, rotation=40, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(words)), words)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for row, column in (weights >= 0.5).nonzero().tolist():
        axes.text(column, row, f"{weights[row, column]:.2f}", ha="center", va="center", color="#ffffff")
    return figure


def temperature(logits: Mapping[str, float], temperatures: Sequence[float]) -> Figure:
    """The chances of the next word, after dividing its logits by each temperature."""
    figure, plots = canvas(1664, 680, columns=len(temperatures))
    values = torch.tensor(list(logits.values()))
    for axes, heat in zip(plots, temperatures, strict=True):
        chances = (values / heat).softmax(-1).tolist()
        axes.barh(list(logits), chances, color=ACCENT if heat == 1 else "#9dbcf0", height=0.7)
        for row, chance in enumerate(chances):
            axes.text(chance + 0.02, row, f"{chance:.0%}", va="center")
        axes.set_title(f"temperature {heat:g}", pad=14, color=TEXT)
        axes.set_xlim(0, 0.95)
        axes.set_xticks([])
        axes.invert_yaxis()
        axes.tick_params(length=0)
        axes.spines["bottom"].set_visible(False)
    return figure


def cache(kept: Sequence[float], again: Sequence[float]) -> Figure:
    """Milliseconds for each new token, with the cache and without."""
    figure, [axes] = canvas(1664, 380)
    for seconds, colour, label in ((again, WARM, "without a cache"), (kept, ACCENT, "with a cache")):
        axes.plot(range(1, len(seconds) + 1), [1000 * one for one in seconds], color=colour)
        axes.annotate(
            label, (len(seconds), 1000 * seconds[-1]), (12, 0), textcoords="offset points", va="center", color=colour
        )
    axes.set_xlabel("number of the new token")
    axes.set_ylabel("milliseconds")
    axes.set_xlim(1, 1.2 * len(kept))
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(20, len(kept) + 1, 20))
    axes.grid(axis="y", color=LINE)
    return figure


def jobs(model: BertForMaskedLM, tokenizer: BertTokenizer) -> Figure:
    """What the model says of a man's and of a woman's work."""
    figure, [axes] = canvas(800, 600)
    for person, shift, colour in (("man", -0.2, ACCENT), ("woman", 0.2, WARM)):
        chances = fill(model, tokenizer, f"this {person} works as a [MASK] .")
        axes.barh([row + shift for row in range(len(JOBS))], list(chances.values()), 0.38, color=colour, label=person)
    axes.set_yticks(range(len(JOBS)), JOBS)
    axes.set_xlim(0, 0.3)
    axes.set_xticks([0, 0.1, 0.2, 0.3], ["0", "10 %", "20 %", "30 %"])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.grid(axis="x", color=LINE)
    axes.set_axisbelow(True)
    axes.legend(loc="upper right", frameon=True, edgecolor=LINE)
    return figure
