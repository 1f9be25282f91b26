"""What the lesson's page costs while it plays: a lesson of two hours and 500 slides, against one of five minutes.

    python tests/benchmarks/page.py [SECONDS]

For each second of video, milliseconds that Chromium spends in the page's script, in style, in layout, and in all tasks
of the page's main thread, by the metrics of its DevTools; then the ratio of the two.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "generator")]

from deckcast.engines.browser_find import find  # noqa: E402
from publish import synthetic  # noqa: E402


def main() -> None:
    from playwright.sync_api import sync_playwright

    wait = float(sys.argv[1]) if len(sys.argv) > 1 else 15
    told = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find()), args=["--no-sandbox"])
        for slides in (20, 500):
            place = Path(folder) / str(slides)
            seconds = synthetic.write(place, slides)
            size = (place / "index.html").stat().st_size
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            told[slides] = synthetic.played(page, f"{place.as_uri()}/index.html", seconds, wait)
            page.close()
            print(f"{slides} slides, {seconds / 60:.0f} min, page of {size / 1e6:.1f} MB, per second of video:")
            for name, spent in told[slides].items():
                print(f"    {name:20} {1000 * spent:7.2f} ms")
        browser.close()
    print("500 slides cost as much as 20, times:")
    for name in synthetic.KINDS:
        print(f"    {name:20} {told[500][name] / told[20][name]:7.2f}")


if __name__ == "__main__":
    main()
