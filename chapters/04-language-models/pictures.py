"""The plots of this chapter, in the look that the slide theme gives to matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.plots import canvas


def remembered(shares: Mapping[str, Mapping[int, float]], chance: float) -> None:
    """Right answers by the number of words in between, a line for each kind of network, and what guessing gets."""
    axes = canvas(height=6.6)
    places = list(range(len(next(iter(shares.values())))))
    for name, points in shares.items():
        [line] = axes.plot(places, list(points.values()), "o-")
        axes.annotate(
            name, (places[-1], points[max(points)]), (16, 0), textcoords="offset points",
            va="center", color=line.get_color(), weight="bold",
        )  # fmt: skip
    axes.axhline(chance, color="0.6", ls=":")
    axes.annotate("guessing", (0, chance), (0, 8), textcoords="offset points", color="0.4")
    axes.set_xticks(places, [str(count) for count in next(iter(shares.values()))])
    axes.set_xlim(-0.15, 1.28 * places[-1])
    axes.set_ylim(0, 1.06)
    axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    axes.set_xlabel("words between the colour and the question")
    axes.set_ylabel("right answers")
    axes.grid(axis="y")


def weights(words: Sequence[str], shares: Sequence[float]) -> None:
    """One column for each word of the input, as high as its weight."""
    axes = canvas(height=5.0)
    axes.bar(range(len(words)), shares, width=0.75)
    for place, share in enumerate(shares):
        if share >= 0.1:
            axes.text(place, share + 0.02, f"{share:.0%}", ha="center")
    axes.set_xticks(range(len(words)), words, rotation=50, ha="right", rotation_mode="anchor")
    axes.set_ylim(0, 1.15)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)


def pieces(counts: Mapping[str, Mapping[str, float]]) -> None:
    """Pieces for each word: a group for each text, a bar for each tokenizer."""
    axes = canvas(9.2, 6.2)
    groups = list(counts)
    names = list(next(iter(counts.values())))
    for number, name in enumerate(names):
        heights = [counts[group][name] for group in groups]
        places = [place + (number - 0.5) * 0.4 for place in range(len(groups))]
        axes.bar(places, heights, 0.38, label=name)
        for place, height in zip(places, heights, strict=True):
            axes.text(place, height + 0.08, f"{height:.1f}", ha="center")
    axes.set_xticks(range(len(groups)), groups)
    axes.set_ylabel("pieces for each word")
    axes.set_yticks([])
    axes.set_ylim(0, 1.25 * max(max(each.values()) for each in counts.values()))
    axes.tick_params(length=0)
    axes.legend(loc="upper left", title="tokenizer of")
