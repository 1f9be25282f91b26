"""One small line about where a slide's outputs come from."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deckcast.model import Provenance, Result

PACKAGES = ("torch", "transformers", "jax", "tensorflow", "scikit-learn", "numpy", "matplotlib")
"""Those that matter most come first; at most two are named."""
GLUE = "\u00a0"
"""Between words that stand in one line."""
_NOISE = re.compile(
    r"\((?:R|TM|C|r|tm)\)|®|™|@\s*[\d.]+\s*[GM]Hz|\bCPU\b|\bProcessor\b|\b\d+-Core\b|\bwith Radeon.*$", re.IGNORECASE
)


def line(results: Iterable[Result], style: str) -> str:
    """`ran on Intel Xeon Platinum 8480+, torch 2.13.0, 24 Nov 2026`; empty where nothing ran or `style` is `none`.

    `full` adds the seconds and the most memory of all these results.
    """
    if style == "none":
        return ""
    ran = [(result.provenance, result) for result in results if result.provenance is not None]
    brief = len({_place(provenance, brief=False) for provenance, _ in ran}) > 1
    places: dict[str, list[Result]] = {}
    for provenance, result in ran:
        places.setdefault(_place(provenance, brief=brief), []).append(result)
    parts = [place + (_cost(each) if style == "full" else "") for place, each in places.items()]
    return f"ran {'; '.join(parts)}" if parts else ""


def short_cpu(name: str) -> str:
    """`Intel(R) Xeon(R) Platinum 8480+ CPU @ 2.0GHz` → `Intel Xeon Platinum 8480+`"""
    return " ".join(_NOISE.sub(" ", name).split())


def _place(provenance: Provenance, *, brief: bool) -> str:
    """Machine, software and day; where there are several of them, without software."""
    machine = provenance.devices or short_cpu(provenance.cpu)
    versions = dict(provenance.versions)
    packages = [f"{name}{GLUE}{versions[name].partition('+')[0]}" for name in PACKAGES if name in versions][:2]
    software = packages or list(filter(None, [provenance.language or provenance.kernel]))
    if brief and machine:
        software = []
    words = [f"on {machine}", *software] if machine else [f"with {software[0]}", *software[1:]] if software else []
    return ", ".join([*words, provenance.day.replace(" ", GLUE)])


def _cost(results: list[Result]) -> str:
    seconds = sum(result.seconds for result in results)
    peak = max(result.peak for result in results)
    return f", {_seconds(seconds)}" + (f", {_bytes(peak)}" if peak else "")


def _seconds(seconds: float) -> str:
    if seconds >= 60:
        return f"{int(seconds) // 60}{GLUE}min {int(seconds) % 60}{GLUE}s"
    return f"{seconds:.2g}{GLUE}s" if seconds < 10 else f"{seconds:.0f}{GLUE}s"


def _bytes(count: int) -> str:
    return f"{count / 1e9:.1f}{GLUE}GB" if count >= 1e9 else f"{max(1, round(count / 1e6))}{GLUE}MB"
