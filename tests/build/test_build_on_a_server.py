"""A whole build whose cells run on a real Jupyter server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engines.jupyter import TOKEN, jupyter_server
from faults.harness import chapter, contents, deckcast

pytestmark = pytest.mark.slow

DECK = """\
---
voice: silent
video:
  size: 240
---

# Scores

```python exec name=scores files=scores.csv
import os
from tools import mean
scores = [int(line) for line in open("scores.csv")]
print("mean", mean(scores))
```

The mean is `{python} mean(scores)`.

---

# A picture

```python exec echo=false
import matplotlib.pyplot as plt
plt.plot(scores);
```

---

# Where

```python exec varies
os.environ.get("DECKCAST_KERNEL_TOKEN"), os.path.exists("presentation.md")
```
"""


def write(folder: Path) -> Path:
    talk = chapter(folder, DECK)
    (folder / "deckcast.toml").touch()
    (talk / "scores.csv").write_text("3\n4\n8\n")
    (talk / "tools.py").write_text("def mean(numbers):\n    return sum(numbers) / len(numbers)\n")
    return talk


def record(talk: Path) -> Any:
    return json.loads((talk / "outputs" / "presentation.json").read_text())


@pytest.mark.timeout(300)
def test_a_server_gives_the_same_lesson_with_its_own_provenance(tmp_path: Path) -> None:
    here, there = write(tmp_path / "here"), write(tmp_path / "there")
    local = deckcast("build", here, "--output", tmp_path / "a", "--set", "provenance=none", cwd=here.parent)
    assert local.returncode == 0, local.stderr
    with jupyter_server(tmp_path) as url:
        options = ["--output", tmp_path / "b", "--set", f"kernel_url={url}", "--set", "provenance=none"]
        remote = deckcast("build", there, *options, cwd=there.parent, DECKCAST_KERNEL_TOKEN=TOKEN)
        assert remote.returncode == 0, remote.stderr
        assert url in remote.stderr
        assert not any((tmp_path / "root").iterdir()), "nothing is left on the server"
    ran = record(there)
    assert [cell["outputs"] for cell in ran["cells"][:2]] == [cell["outputs"] for cell in record(here)["cells"][:2]]
    assert ran["cells"][2]["outputs"][0]["data"]["text/plain"] == "(None, False)", "only what cells need has travelled"
    assert ran["inlines"] == record(here)["inlines"]
    assert ran["measured"]["dates"] != record(here)["measured"]["dates"]
    kept = [path for name in ("there", "b") for path in (tmp_path / name).rglob("*") if path.is_file()]
    assert not [path for path in kept if TOKEN.encode() in path.read_bytes()]

    # Without the server, what it gave is replayed.
    away = deckcast("build", there, *options, "--exec", "never", "--json", cwd=there.parent)
    assert away.returncode == 0, away.stderr
    (lesson,) = json.loads(away.stdout)["lessons"]
    assert lesson["unchanged"]
    names = set(contents(tmp_path / "a" / "talk")) - {"manifest.json"}
    slides = {name for name in names if name.startswith("slides/") and not name.startswith("slides/003.")}
    same = contents(tmp_path / "b" / "talk")
    assert slides
    assert {name: same[name] for name in slides} == {name: contents(tmp_path / "a" / "talk")[name] for name in slides}
