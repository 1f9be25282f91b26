"""Lessons as a build leaves them, as far as what leads from lesson to lesson looks at them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image


def lesson(
    output: Path,
    name: str,
    title: str,
    *said: str,
    language: str = "en",
    seconds: float = 125.0,
    date: str = "",
    files: Mapping[str, int] | None = None,
) -> Path:
    """A lesson's folder."""
    folder = output / name
    folder.mkdir(parents=True)
    steps = [
        {"slide": number, "title": f"Part {number}", "start": 10.6 * number, "narration": {"text": text}}
        for number, text in enumerate(said, 1)
    ]
    told: dict[str, Any] = {
        "title": title,
        "settings": {"lesson": {"description": f"What {title} is.", "language": language, "date": date}},
        "video": {"seconds": seconds},
        "files": {name: {"sha256": "0" * 64, "size": size} for name, size in (files or {}).items()},
        "steps": [*steps, {"slide": len(said) + 1, "title": "", "start": 99.0}],
    }
    (folder / "manifest.json").write_text(json.dumps(told))
    (folder / "index.html").write_text("<p>a lesson</p>")
    Image.new("RGB", (64, 36), "navy").save(folder / "thumbnail.jpg")
    return folder
