"""Reads `attacks.txt`, and makes the folder in which the attacks on files take place."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

MAGENTA = (255, 0, 255)
WORD = "SESAME"
"""Stands in every file that must not be read."""


@dataclass(frozen=True, slots=True)
class Attack:
    name: str
    html: str
    kind: str
    """`net`, `script`, `quiet` or `file`."""

    def at(self, server: str, secret: Path) -> str:
        return self.html.replace("SERVER", server).replace("SECRET", str(secret).lstrip("/"))


def attacks() -> list[Attack]:
    text = (Path(__file__).parent / "attacks.txt").read_text(encoding="utf-8")
    found: list[Attack] = []
    for block in text.strip().split("\n\n")[1:]:
        name, *lines = block.split("\n")
        kind = "net"
        if lines[-1].startswith("= "):
            kind = lines.pop().removeprefix("= ")
        assert kind in ("net", "script", "quiet", "file"), block
        assert lines, block
        found.append(Attack(name, "\n".join(lines), kind))
    assert len({one.name for one in found}) == len(found)
    return found


def square(colour: tuple[int, int, int] = MAGENTA) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 400), colour).save(file, "PNG")
    return file.getvalue()


def plant(tmp_path: Path) -> tuple[Path, Path]:
    """A deck's folder with links out of it, and the folder around it, whose files are secret."""
    around = tmp_path.resolve() / "around"
    images = around / "talk" / "images"
    images.mkdir(parents=True)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><g id="a">{{}}<text>{WORD}</text></g></svg>'
    )
    rect = '<rect width="400" height="400" fill="#f0f"/>'
    image = '<image href="{}" width="400" height="400"/>'
    inner = image.format(f"file://{around}/secret.png") + image.format("../../secret.png")
    css = f"body, section, p, div {{ background: #f0f !important }} p::after {{ content: '{WORD}' }}"
    html = f"<body style='background: #f0f'>{WORD}</body>"
    for name, data in {
        "secret.png": square(),
        "secret.css": css.encode(),
        "secret.html": html.encode(),
        "secret.svg": svg.format(rect).encode(),
        "talk/images/in.png": square((0, 255, 0)),
        "talk/images/in.html": html.encode(),
        "talk/images/outer.svg": svg.format(inner).replace(WORD, "").encode(),
    }.items():
        (around / name).write_bytes(data)
    for kind in ("png", "css", "html", "svg"):
        (images / f"link.{kind}").symlink_to(around / f"secret.{kind}")
    (images / "second.png").symlink_to("link.png")
    (around / "talk" / "folder").symlink_to(around)
    (around / "talk" / "root").symlink_to("/")
    return around / "talk", around
