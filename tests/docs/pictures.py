"""The pictures of the README, made by the program itself: of the lesson that `deckcast init` begins with.

Run: python tests/docs/pictures.py    (`make pictures`)
"""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "pictures"
SLIDES = {"slide-steps": "003-2", "slide-code": "005-2", "slide-formula": "007"}
"""Names here, and in the lesson."""
WIDE = 960


def main() -> None:
    sys.path.insert(0, str(ROOT / "generator"))
    from deckcast.engines.browsers import locate
    from deckcast.stages import Silence

    base = [sys.executable, "-m", "deckcast"]
    with tempfile.TemporaryDirectory() as name:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator"), "XDG_CONFIG_HOME": name}

        def deckcast(*arguments: str) -> None:
            subprocess.run([*base, *arguments], cwd=name, env=environment, check=True)

        deckcast("init")
        deckcast("build", "--quiet")
        lesson = Path(name) / "output" / "01-first-lesson"
        for target, slide in SLIDES.items():
            _keep(target, (lesson / "slides" / f"{slide}.png").read_bytes(), WIDE)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=locate("", Silence()), chromium_sandbox=False)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto((lesson / "index.html").as_uri())
            page.evaluate("document.querySelector('video').currentTime = 48.5")
            time.sleep(3)
            _keep("lesson-page", page.screenshot(), 1440)
            _preview(page, [*base, "preview", "--no-open"], name, environment)
            browser.close()


def _preview(page: Any, command: list[str], folder: str, environment: dict[str, str]) -> None:
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        assert running.stdout is not None  # it was asked for
        found = re.search(r"http://\S+", running.stdout.readline())
        assert found is not None
        page.goto(found[0])
        while page.evaluate("document.querySelectorAll('#strip li').length") < 9:
            time.sleep(0.1)
        page.goto(found[0].split("?")[0] + "#3")
        time.sleep(1)
        page.locator("#play").click()
        time.sleep(8)
        _keep("preview", page.screenshot(), 1440)
        running.send_signal(signal.SIGINT)


def _keep(name: str, png: bytes, wide: int) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = picture.resize((wide, round(picture.height * wide / picture.width)), Image.Resampling.LANCZOS)
    small.save(TARGET / f"{name}.webp", quality=90, method=6)


if __name__ == "__main__":
    main()
