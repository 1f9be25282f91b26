"""The stand-in hub against the real library that downloads models, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from hub.hub import Hub

pytestmark = pytest.mark.slow


def python(source: str) -> Any:
    """What a program prints as JSON in its last line."""
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


FILE = """
import json, huggingface_hub as hub
path = hub.hf_hub_download({id!r}, {name!r}, revision={revision!r})
print(json.dumps([path, len(open(path, "rb").read())]))
"""


def test_a_file_is_downloaded_once_and_kept(hub: Hub) -> None:
    model = hub.models[0]
    source = FILE.format(id=model.id, name="model.safetensors", revision="main")
    path, size = python(source)
    assert size == len(model.files["model.safetensors"])
    assert f"/snapshots/{model.sha}/" in path
    assert python(source) == [path, size]
    assert hub.downloaded() == ["google-bert/bert-base-uncased/model.safetensors"]


def test_the_id_that_a_model_had_before_leads_to_it(hub: Hub) -> None:
    path, _ = python(FILE.format(id="bert-base-uncased", name="config.json", revision="main"))
    assert f"/snapshots/{hub.models[0].sha}/" in path
    assert 307 in {asked.status for asked in hub.asked}


def test_a_pinned_revision_is_found_by_the_first_digits_of_its_commit(hub: Hub) -> None:
    model = hub.models[1]
    path, _ = python(FILE.format(id=model.id, name="config.json", revision="714eb0f"))
    assert f"/snapshots/{model.sha}/" in path
    assert model.sha.startswith("714eb0f")


def test_a_download_that_breaks_off_is_tried_again(hub: Hub) -> None:
    model = hub.models[0]
    whole = len(model.files["model.safetensors"])
    hub.cut = 100_000
    _, size = python(FILE.format(id=model.id, name="model.safetensors", revision="main"))
    assert size == whole
    assert [asked.size for asked in hub.asked if asked.path.startswith("/large/")] == [100_000, whole]


@pytest.mark.parametrize(
    ("name", "file", "revision", "error"),
    [
        ("nobody/nothing", "config.json", "main", "RepositoryNotFoundError"),
        ("bert-base-uncased", "config.json", "v9", "RevisionNotFoundError"),
        ("bert-base-uncased", "poem.txt", "main", "RemoteEntryNotFoundError"),
    ],
)
def test_what_is_not_there_is_refused_in_the_hubs_own_words(
    hub: Hub, name: str, file: str, revision: str, error: str
) -> None:
    source = f"""
import json, huggingface_hub as hub
try:
    hub.hf_hub_download({name!r}, {file!r}, revision={revision!r})
except Exception as error:
    print(json.dumps(type(error).__name__))
"""
    assert python(source) == error
