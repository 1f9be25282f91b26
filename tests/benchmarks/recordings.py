"""How much memory a long recording takes: one file of a slide, narrated with notes that are as long.

Each length is measured in a process of its own, as the growth of its peak over what it has before it begins. The
alternative measured in the same run is the same work with all of the file's samples held in memory beside it.
Recordings and reference are babbled, so that nothing but the work on recordings counts.

Run: .venv/bin/python tests/benchmarks/recordings.py [MINUTES …]       (5 20 unless given)
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

MOST = 30.0
"""MB a minute that recordings of five minutes and more may add at most. The pieces that are kept are 5.8 of them."""


def _peak() -> float:
    """The most that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write(path: Path, minutes: float) -> tuple[str, float]:
    """A FLAC file so long; the notes of its slide, and how many seconds it has."""
    import numpy as np

    from align.babble import babble
    from align.spoken import NOTES
    from deckcast.align import RATE
    from narrate.recordings import write as encode

    notes: list[str] = []
    parts = []
    seconds = 0.0
    while seconds < minutes * 60:
        sentence = NOTES[len(notes) % len(NOTES)]
        sound, _ = babble(sentence, pace=1.1, pitch=150, gaps=(0.0, 0.1), ends=0.25)
        notes.append(sentence)
        parts.append(sound)
        seconds += len(sound) / RATE
    encode(path, np.concatenate(parts))
    return " ".join(notes), seconds


def narrated(folder: Path, notes: str, *, hold: bool) -> dict[str, float]:
    """By how much the peak of memory grew in MB, CPU seconds, and how many sentences were cut."""
    import numpy as np

    from align.babble import babble
    from deckcast.sound_file import decoded
    from narrate.recordings import ONE, Said
    from narrate.recordings import write as encode

    warm = folder / "warm"
    warm.mkdir(exist_ok=True)
    encode(warm / "audio" / "1.flac", babble(ONE)[0])
    Said(warm, f"# One\n\n???\n{ONE}\n")  # whatever is imported and held anyway
    before, begun = _peak(), time.process_time()
    held = np.concatenate(list(decoded(folder / "audio" / "1.flac", "1.flac"))) if hold else None
    said = Said(folder, f"# One\n\n???\n{notes}\n")
    spent = time.process_time() - begun
    assert not said.findings, said.findings
    take = said.takes[0]
    del held
    return {"grown": _peak() - before, "cpu": spent, "sentences": len(take.utterances)}


def ask(*arguments: str) -> dict[str, float]:
    """What this file answers in a process of its own."""
    made = subprocess.run([sys.executable, __file__, *arguments], check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(made.stdout)
    return found


def main(minutes: list[float]) -> int:
    print(
        f"{'minutes':>8} {'sentences':>10} {'CPU':>8} {'memory':>10} {'a minute':>12} {'samples held':>13} {'ratio':>7}"
    )
    worst = 0.0
    for length in minutes:
        with tempfile.TemporaryDirectory() as name:
            long = ask("--write", name, str(length))["seconds"] / 60
            found, other = ask("--narrate", name), ask("--hold", name)
        grown = found["grown"]
        worst = max(worst, grown / long)
        print(
            f"{long:8.1f} {found['sentences']:10} {found['cpu']:6.1f} s {grown:7.0f} MB {grown / long:9.1f} MB"
            f" {other['grown']:10.0f} MB {other['grown'] / grown:6.2f}×"
        )
    print(f"{'passed' if worst <= MOST else 'FAILED'}: {worst:.1f} MB a minute, at most {MOST:g} allowed")
    return int(worst > MOST)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        place = Path(sys.argv[2])
        text, long = write(place / "audio" / "1.flac", float(sys.argv[3]))
        (place / "notes.txt").write_text(text)
        print(json.dumps({"seconds": long}))
    elif sys.argv[1:2] in (["--narrate"], ["--hold"]):
        place = Path(sys.argv[2])
        print(json.dumps(narrated(place, (place / "notes.txt").read_text(), hold=sys.argv[1] == "--hold")))
    else:
        sys.exit(main([float(one) for one in sys.argv[1:]] or [5.0, 20.0]))
