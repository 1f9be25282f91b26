"""Kept work and lessons that are damaged between two builds."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from faults.ground import Ground, exact, ready
from faults.nursery import Nursery


def damage(ground: Ground, nursery: Nursery, output: Path, chance: random.Random, most: int) -> str:
    """Damages up to `most` files of what is kept, and of the lesson.

    The page of all lessons is left out: damaged where it tells that it is deckcast's, it would be somebody's own.
    """
    ready(ground, output, "fresh", chance)
    shutil.copytree(ground.folder / "calm", output, dirs_exist_ok=True)
    if chance.random() < 0.5:
        shutil.rmtree(output / "talk")
    others = (output / ".deckcast" / "lock", output / "index.html")
    files = [path for path in sorted(output.rglob("*")) if path.is_file() and path not in others]
    for path in chance.sample(files, chance.randint(1, min(most, len(files)))):
        spoil(path, chance)
    done = ground.build(nursery, output)
    assert done.returncode == 0, done.stderr
    got, expected = exact(output), exact(ground.folder / "calm")
    assert got == expected, [name for name in {**got, **expected} if got.get(name) != expected.get(name)]
    return "reported" if "store-damaged" in done.stderr else "not needed"


def spoil(path: Path, chance: random.Random) -> None:
    """Flips a bit, cuts, empties or deletes."""
    data = bytearray(path.read_bytes())
    how = chance.choice(["flip", "cut", "empty", "delete"])
    if how == "delete":
        path.unlink()
        return
    at = chance.randrange(len(data)) if data else 0
    if how == "flip" and data:
        data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data if how == "flip" else data[:at] if how == "cut" else b"")
