"""A small lesson that is really built, and a server that knows ranges, for the tests of its page in browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any
from urllib.parse import unquote

import deckcast
from course.built import lesson
from deckcast import course
from deckcast.settings import Settings
from publish.said import picture

DECK = """\
---
title: Roots & <leaves>
author: Ada Teacher
description: What holds a tree.
licence: CC BY 4.0
base_url: https://example.org/garden/
css: garden.css
voice: flite
---

name: start

# Roots

???

Welcome to the garden. Today we look at what nobody sees, because it lies under the ground.

---

name: drink

# How a tree drinks

![A root with fine hairs](root.png)

???

A root has very fine hairs. Water goes into each of these hairs, and from there it rises to the leaves.

--

- sugar goes down

???

Sugar goes the other way, from the leaves down to the roots.

---

# Counted

```python exec name=hairs
hairs = 14 * 1_000_000
print(f"{hairs:,}")
```

???

A single rye plant has fourteen million root hairs. Caf\u00e9 owners like that number.

---

silent: 2s

# Look at it

Only a picture, without words.

---

name: end

# The end

???

That is all about roots. Thank you for listening.
"""
SLIDES = 5


# ── what is asked of the page, in browsers that Playwright does not drive ──

READY = """async () => {
    const video = document.querySelector("video");
    while (video.readyState < 2 || video.seeking) await new Promise((done) => setTimeout(done, 50));
    return video.duration;
}"""
PLAY = """async () => {
    const video = document.querySelector("video");
    const lesson = JSON.parse(document.getElementById("lesson").textContent);
    const lines = Array.from(document.querySelectorAll(".line"));
    const late = [], words = [];
    const add = Highlight.prototype.add;
    Highlight.prototype.add = function (range) {
        if (CSS.highlights.get("spoken") === this) {
            const told = lesson.sentences[lines.indexOf(range.startContainer.parentElement.closest(".line"))][3];
            for (let at = 0; at < told.length; at += 3)
                if (told[at + 1] === range.startOffset) late.push(video.currentTime - told[at] / 1000);
            words.push(String(range));
        }
        return add.call(this, range);
    };
    video.muted = true;
    const ended = new Promise((done, failed) => { video.onended = done; video.onerror = () => failed(video.error); });
    await video.play();
    await ended;
    return {late, words, title: document.getElementById("ui-title").textContent};
}"""
CAPTIONS = """async () => {
    const video = document.querySelector("video"), track = video.textTracks[0];
    document.getElementById("ui-captions").click();
    video.currentTime = 1.5;
    const later = () => new Promise((done) => setTimeout(done, 100));
    for (let tries = 0; tries < 600 && !track.activeCues?.length; tries++) await later();
    return track.activeCues[0].text;
}"""
SEARCH = """async () => {
    const field = document.getElementById("ui-find");
    field.value = "cafe owners";
    field.dispatchEvent(new Event("input"));
    const found = () => document.getElementById("ui-found").textContent;
    for (let tries = 0; tries < 600 && !found(); tries++) await new Promise((done) => setTimeout(done, 100));
    return [found(), ...Array.from(CSS.highlights.get("found-now"), String)];
}"""

AROUND = """async () => {
    const links = Array.from(document.querySelectorAll("#ui-around [data-to]"));
    await Promise.all(links.map(async (link) => (await new Promise((done) => {
        const picture = new Image();
        picture.onload = picture.onerror = done;
        picture.src = link.href.replace("index.html", "thumbnail.jpg");
    }))));
    return links.filter((link) => link.checkVisibility()).map((link) => link.querySelector(".name").textContent);
}"""


HALF = 12
"""Seconds at which half of the lesson is over."""


def assert_words_in_time(evaluate: Callable[[str], Any], *, usual: float = 0.05, most: float = 0.1) -> None:
    """In the second half, every other word lights up within `usual` seconds, and nine of ten within `most`."""
    for _ in range(3):  # a busy machine may be late once; a page that is late is so each time
        evaluate(f"() => document.querySelector('video').currentTime = {HALF}")
        told = evaluate(PLAY)
        late = sorted(told["late"])
        if in_time := len(late) > 25 and median(late) < usual and late[int(0.9 * len(late))] < most:
            break
    assert in_time, late
    assert told["title"] == "The end"
    assert not {"rye", "listening."} - set(told["words"])


# ── the lesson, and a server ──


def build(folder: Path, **publish: bool) -> Path:
    """The folder of the lesson, with settings of `publish`; it stands between two that are not there to be opened."""
    chapter = folder / "chapters" / "roots"
    chapter.mkdir(parents=True)
    (chapter / "presentation.md").write_text(DECK, encoding="utf-8")
    (chapter / "garden.css").write_text(":root { --accent: light-dark(#4fb36b, #2c6e3f); }")  # hardly to be read
    (chapter / "root.png").write_bytes(picture(640, 360))
    settings = {"video.size": 360, **{f"publish.{name}": value for name, value in publish.items()}}
    built = deckcast.build(chapter, output=folder / "output", trust=True, settings=settings).folder
    lesson(folder / "output", "1 seeds", "Seeds")
    lesson(folder / "output", "trees", "Trees, and how they grow")
    course.write(folder / "output", Settings())
    return built


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server for the files of a folder, which answers to ranges (RFC 9110, section 14)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = folder / unquote(self.path.partition("?")[0]).lstrip("/")
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                self.send_error(404)
                return
            data = path.read_bytes()
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            first, last = 0, len(data) - 1
            if asked:
                first, last = int(asked[1]), min(int(asked[2] or last), last)
            self.send_response(206 if asked else 200)
            self.send_header("Content-Type", guess_type(path.name)[0] or "application/octet-stream")
            self.send_header("Accept-Ranges", "bytes")
            if asked:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
            self.send_header("Content-Length", str(last + 1 - first))
            self.end_headers()
            try:
                self.wfile.write(data[first : last + 1])
            except ConnectionError:  # the browser has seen enough
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
