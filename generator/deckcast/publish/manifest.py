"""What was made, of what, by what: for programs, and for whoever wonders later.

No paths of this machine are in it, and no dates but those of recorded cells, so the same lesson has the same
manifest everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deckcast import __version__
from deckcast.digest import digest
from deckcast.errors import NewerError
from deckcast.model import SAMPLE_RATE, Deck, Results, Scene, Timeline
from deckcast.outline import slides_by_step
from deckcast.settings import Settings

MANIFEST = "manifest.json"
FORMAT = 1


def manifest(
    title: str,
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    engines: Mapping[str, str],
    results: Results,
    pictures: Sequence[str],
    files: Mapping[str, tuple[str, int]],
    colours: Sequence[str] | None = None,
) -> str:
    """JSON. `pictures` are the files of the scenes' frames, `files` tells SHA-256 and size by name, `colours` are the
    page's accents on light and on dark."""
    cells = {"cells": provenances(results)} if results.cells else {}
    chosen = {name: asdict(getattr(settings, name)) for name in ("lesson", "slides", "narration", "video", "sound")}
    frame = timeline.scenes[0].frame
    slides = slides_by_step(deck)
    told = {
        "format": FORMAT,
        "deckcast": __version__,
        "title": title,
        **({"accent": list(colours)} if colours else {}),
        "engines": dict(sorted(engines.items())),
        "settings": {"sha256": digest(chosen), **chosen},
        "video": {
            "width": frame.width,
            "height": frame.height,
            "fps": timeline.fps,
            "frames": timeline.frames,
            "seconds": _seconds(timeline.seconds),
        },
        "steps": [
            {
                "slide": slides[scene.frame.step].index,
                "step": scene.frame.step,
                "title": slides[scene.frame.step].title,
                "picture": picture,
                "start": _seconds(timeline.start(scene)),
                "seconds": _seconds(scene.count / timeline.fps),
                "first_frame": scene.first,
                "frames": scene.count,
                **_narration(scene),
            }
            for scene, picture in zip(timeline.scenes, pictures, strict=True)
        ],
        **cells,
        "files": {name: {"sha256": sha256, "size": size} for name, (sha256, size) in sorted(files.items())},
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def load(folder: Path) -> dict[str, Any] | None:
    """What the manifest in a lesson's folder tells; None where there is none that can be read. Raises `NewerError`."""
    path = folder / MANIFEST
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    if isinstance(number := told.get("format"), int) and number > FORMAT:
        raise NewerError(path, f"remove the folder {folder} and build the lesson again")
    return told


def provenances(results: Results) -> list[dict[str, Any]]:
    """Where, when and with what each cell ran, in order."""
    return [
        {
            "cell": cell.index,
            "name": cell.name,
            "line": cell.where.line,
            "step": cell.step,
            "language": cell.language,
            **({"not_run": list(result.lacking)} if result.lacking else {}),
            **({"seconds": result.seconds, "peak_memory": result.peak} if result.provenance else {}),
            "ran": asdict(result.provenance) if result.provenance else None,
        }
        for cell, result in results.cells
    ]


def _narration(scene: Scene) -> dict[str, Any]:
    if not scene.take.samples:
        return {}
    return {
        "narration": {
            "start": _seconds(scene.onset / SAMPLE_RATE),
            "seconds": _seconds(scene.take.seconds),
            "first_sample": scene.onset,
            "samples": scene.take.samples,
            "text": scene.take.text,
        }
    }


def _seconds(value: float) -> float:
    return round(value, 6)
