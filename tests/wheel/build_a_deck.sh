#!/usr/bin/env bash
# build_a_deck.sh WHEEL: installs the wheel into a clean environment, outside the checkout, and builds a deck by hand.
set -euo pipefail
wheel=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python=$(command -v python3)
"$python" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check "$wheel"

mkdir "my talk"
cat > "my talk/presentation.md" <<'DECK'
# Two slides

Written by hand.

???

This is the first of two slides.

---

# The second

- with a list

???

And this is the second one.
DECK

venv/bin/deckcast --version
venv/bin/deckcast build "my talk" --output lessons
venv/bin/python - <<'CHECK'
import av

with av.open("lessons/my talk/lesson.mp4") as video:
    seconds = video.duration / av.time_base
    kinds = sorted(stream.type for stream in video.streams)
    frames = sum(1 for _ in video.decode(video=0))
assert {"audio", "video"} <= set(kinds), kinds
assert 4 < seconds < 20, seconds
assert abs(frames / 30 - seconds) < 0.05, (frames, seconds)
print(f"the wheel built a lesson of {seconds:.2f} s, {frames} frames")
CHECK
