"""Sentences about where cells ran."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping

from deckcast.model import Finding, Provenance, Result
from deckcast.run.job import Job
from deckcast.run.session import Fresh

_TELLING = ("torch", "tensorflow", "jax", "transformers", "scikit-learn", "numpy")
"""Libraries on which results depend most: the first that was used is named."""


def replayed(job: Job, results: Mapping[int, Result]) -> str:
    known = latest(job, results)
    if known is None:
        return "cells: values replayed from the record"
    return f"cells: replayed from the record of {known.day} ({hardware(known)}, {software(known)})"


def ran(fresh: Fresh, place: str) -> str:
    count, what = (len(fresh.results), "cell") if fresh.results else (len(fresh.values), "value")
    seconds = f"{fresh.seconds:.{0 if fresh.seconds >= 10 else 1}f} s"
    return f"cells: ran on {place}, {count} {what}{'s' * (count != 1)} in {seconds}"


def latest(job: Job, results: Mapping[int, Result]) -> Provenance | None:
    """The chapter's own last session; another only where it has none."""
    own = [results[cell.index] for cell in job.cells if not cell.needs and cell.index in results]
    known = [one.provenance for one in own or results.values() if one.provenance is not None]
    return max(known, key=lambda one: one.date, default=None)


def hardware(known: Provenance) -> str:
    return known.devices or known.cpu or known.system


def software(known: Provenance) -> str:
    versions = dict(known.versions)
    return next((f"{name} {versions[name]}" for name in _TELLING if name in versions), known.language)


def drift(job: Job, results: Mapping[int, Result]) -> tuple[Finding, ...]:
    """What has other versions here than when the record was made, as far as that shows without starting a kernel.

    Only a kernel that is this Python is known; where another one runs the cells, nothing is said.
    """
    known = latest(job, results)
    if known is None or job.settings.kernel != "python3" or job.elsewhere:
        return ()
    changed = list(_changed(known))
    if not changed:
        return ()
    return (
        Finding(
            "cell-drift",
            "note",
            f"the cells' record was made with {', '.join(f'{name} {then}' for name, then, _ in changed)}; "
            f"here is {', '.join(f'{name} {now}' for name, _, now in changed)}",
            hint="`--exec=verify` says whether the same comes out, `--exec=always` records it anew",
        ),
    )


def _changed(known: Provenance) -> Iterable[tuple[str, str, str]]:
    from importlib import metadata

    name, _, version = known.language.partition(" ")
    if name == "Python" and version and version != platform.python_version():
        yield name, version, platform.python_version()
    for name, then in known.versions:
        try:
            now = metadata.version(name)
        except (metadata.PackageNotFoundError, ValueError):
            continue
        if now != then:
            yield name, then, now
