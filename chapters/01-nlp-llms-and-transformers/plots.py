"""The pictures that this chapter computes, beyond those that all chapters can use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import torch
from measure import KNOWN, Known

from course.plots import bars, canvas, panels


def growth() -> None:
    """Parameters of well-known models over the years, on a logarithmic scale."""
    axes = canvas(height=7.4)
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


def temperature(logits: Mapping[str, float], temperatures: Sequence[float]) -> None:
    """The chances of the next word, after dividing its logits by each temperature."""
    values = torch.tensor(list(logits.values()))
    longest = (values / min(temperatures)).softmax(-1).max().item()
    for axes, heat in zip(panels(len(temperatures)), temperatures, strict=True):
        chances = (values / heat).softmax(-1).tolist()
        bars(dict(zip(logits, chances, strict=True)), axes, longest, alpha=1 if heat == 1 else 0.5)
        axes.set_title(f"temperature {heat:g}")


def cache(kept: Sequence[float], again: Sequence[float]) -> None:
    """Milliseconds for each new token, with the cache and without."""
    axes = canvas(height=4.6)
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


def batching(speeds: Mapping[int, float]) -> None:
    """Tokens a second, by the number of users who are served at once."""
    axes = canvas(8.2, 5.6)
    axes.bar([str(users) for users in speeds], list(speeds.values()), width=0.6)
    for place, speed in enumerate(speeds.values()):
        axes.text(place, speed, f"{speed:,.0f}", ha="center", va="bottom")
    axes.set_ylim(0, 1.12 * max(speeds.values()))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xlabel("users at once")
    axes.set_title("tokens a second")


def pruning(right: Mapping[float, float]) -> None:
    """The share of right answers, by the share of weights that are cut."""
    axes = canvas(8.2, 5.6)
    axes.plot(list(right), list(right.values()), "o-")
    axes.axhline(0.5, linestyle="--", color="C7")
    axes.text(0, 0.515, "a coin", va="bottom")
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8], ["0", "20 %", "40 %", "60 %", "80 %"])
    axes.set_yticks([0.5, 0.75, 1], ["50 %", "75 %", "100 %"])
    axes.set_ylim(0.42, 1.05)
    axes.set_xlabel("weights cut")
    axes.set_title("right answers")
    axes.grid(axis="y")


def jobs(chances: Mapping[str, Mapping[str, float]]) -> None:
    """What a model says of each person's work: a bar for each job and person."""
    axes = canvas(8.2, 6.6)
    for (person, of), shift in zip(chances.items(), (-0.2, 0.2), strict=True):
        axes.barh([row + shift for row in range(len(of))], list(of.values()), 0.38, label=person)
    axes.set_yticks(range(len(of)), of)
    axes.set_xlim(0, 0.3)
    axes.set_xticks([0, 0.1, 0.2, 0.3], ["0", "10 %", "20 %", "30 %"])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.grid(axis="x")
    axes.legend(loc="upper right", frameon=True)


def _size(model: Known) -> str:
    """`1.6 billion`"""
    billions = model.parameters / 1e9
    if billions < 1:
        return f"{billions * 1000:.0f} million"
    return f"{billions:.0f} billion" if billions >= 10 else f"{billions:.1f} billion"


def _middle(numbers: Sequence[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]
