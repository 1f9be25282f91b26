"""Cells that load models by their names: through a real kernel, by the true way of downloading, from a stand-in hub."""

from __future__ import annotations

import re
import textwrap
import time
from pathlib import Path

import pytest

from deckcast import config
from deckcast.build import read
from deckcast.engines.kernels import open_kernels
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import CellError
from deckcast.keep import Keeper
from deckcast.labels import labelled
from deckcast.model import Finding, Results
from deckcast.project import find_chapter
from deckcast.run import find, run
from deckcast.stages import Silence
from hub.hub import Hub

pytestmark = pytest.mark.slow

NEEDY = """\
    ---
    title: Models by name
    ---

    # Before

    ```python exec name=before
    print("before")
    ```

    ---

    # Fill in the blank

    ```python exec name=fill needs=hub
    from transformers import pipeline

    fill = pipeline("fill-mask", model="bert-base-uncased", top_k=3)
    for person in ("man", "woman"):
        print(person, *(answer["token_str"] for answer in fill(f"This {person} works as a [MASK].")))
    ```

    ---

    # Sentiment

    ```python exec name=mood needs=hub
    from transformers import pipeline

    mood = pipeline("sentiment-analysis")
    print(*(answer["label"] for answer in mood(["I loved this film!", "This book was boring."])))
    ```
    """
PLAIN = NEEDY.replace(" needs=hub", "")
MEN = {"carpenter", "lawyer", "mechanic", "engineer", "pilot", "farmer"}
"""The jobs that the stand-in for BERT has mostly seen men in."""
LARGE = [
    "google-bert/bert-base-uncased/model.safetensors",
    "distilbert/distilbert-base-uncased-finetuned-sst-2-english/model.safetensors",
]


def write(folder: Path, text: str) -> Path:
    talk = folder / "talk"
    talk.mkdir(exist_ok=True)
    (talk / "presentation.md").write_text(textwrap.dedent(text), encoding="utf-8")
    return talk


def cells(talk: Path, mode: str = "auto") -> tuple[Results, tuple[Finding, ...]]:
    """What the stage `run` gives for a deck, with kernels of this machine."""
    deck, settings = read(find_chapter(str(talk)), config.from_command_line({"cells.mode": mode}))
    silence = Silence()
    with labelled(deck):
        return run(
            deck,
            settings,
            find(deck, settings),
            Keeper(MemoryStore(), silence, "talk"),
            lambda: open_kernels(settings, (), silence),
            lambda code: None,
            silence,
        )


def printed(results: Results, name: str) -> str:
    pair = results.named(name)
    assert pair is not None
    return "".join(str(output.get("text/plain")) for output in pair[1].outputs if output.kind == "stdout")


def check_answers(results: Results) -> None:
    man, woman = (line.split() for line in printed(results, "fill").splitlines())
    assert man[0] == "man"
    assert set(man[1:]) <= MEN
    assert woman[0] == "woman"
    assert not set(woman[1:]) & MEN
    assert printed(results, "mood").split() == ["POSITIVE", "NEGATIVE"]


def test_models_are_downloaded_once_and_recorded_and_both_serve_without_the_hub(tmp_path: Path, hub: Hub) -> None:
    talk = write(tmp_path, NEEDY)
    results, _ = cells(talk)
    check_answers(results)
    assert hub.downloaded() == LARGE
    for name in ("fill", "mood"):
        pair = results.named(name)
        assert pair is not None
        assert pair[1].provenance is not None
        assert {"transformers", "torch"} <= dict(pair[1].provenance.versions).keys()
        assert not [output for output in pair[1].outputs if "%" in str(output.get("text/plain"))], "a loading bar"

    check_answers(cells(talk, "always")[0])
    assert hub.downloaded() == LARGE, "the second run takes the models from the cache"

    hub.asked.clear()
    check_answers(cells(talk)[0])
    assert hub.asked == [], "a record that serves asks nobody"

    hub.close()
    for mode in ("auto", "always", "never"):
        results, findings = cells(talk, mode)
        check_answers(results)
        assert not [finding for finding in findings if finding.severity == "error"], mode
    check_answers(cells(write(tmp_path, PLAIN), "always")[0])


def test_without_the_hub_a_cell_that_needs_it_is_not_run_and_the_others_are(tmp_path: Path, hub: Hub) -> None:
    talk = write(tmp_path, NEEDY)
    hub.close()
    results, findings = cells(talk)
    assert printed(results, "before") == "before\n"
    for name in ("fill", "mood"):
        pair = results.named(name)
        assert pair is not None
        assert pair[1].lacking == ("hub",)
        assert pair[1].outputs == ()
    told = [finding for finding in findings if "hub" in finding.message]
    assert {finding.where.line for finding in told if finding.where} == {15, 27}
    assert all(hub.url in f"{finding.message} {finding.hint}" for finding in told)


def test_without_the_hub_a_cell_that_does_not_say_that_it_needs_it_fails_at_once(tmp_path: Path, hub: Hub) -> None:
    talk = write(tmp_path, PLAIN)
    hub.close()
    begun = time.monotonic()
    with pytest.raises(CellError) as failed:
        cells(talk)
    assert time.monotonic() - begun < 60, "the library's own new attempts take minutes"
    finding = failed.value.finding
    assert finding.slide == 'slide 2 "Fill in the blank"'
    assert finding.where is not None
    assert (Path(finding.where.path).name, finding.where.line) == ("presentation.md", 18)
    assert "needs=hub" in finding.hint
    traceback = dict(finding.details)["traceback"]
    assert re.search(r"presentation\.md:18", traceback)


def test_a_model_that_the_hub_does_not_have_is_told_with_its_name(tmp_path: Path, hub: Hub) -> None:
    talk = write(tmp_path, PLAIN.replace("bert-base-uncased", "nobody/nothing"))
    with pytest.raises(CellError) as failed:
        cells(talk)
    assert "nobody/nothing" in failed.value.finding.message
    assert failed.value.finding.where is not None
    assert failed.value.finding.where.line == 18
