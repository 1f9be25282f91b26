"""Canaries for tokens and passwords, planted wherever one may stand, and looked for in all that comes out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cli.talk import edit, project
from deckcast.cli import run
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.errors import StorageError
from deckcast.redact import HIDDEN, address_problem, redacted, secrets_of, without_passwords

CANARIES = {
    "HF_TOKEN": "hf_canaryQwErTy0001",
    "DECKCAST_KERNEL_TOKEN": "canary-kernel-0002",
    "AWS_SECRET_ACCESS_KEY": "canary/aws+0003/zzzz",
    "GITHUB_PAT": "canary_pat_0004",
    "MAIL_PASSWORD": "canary mail 0005",
    "HTTPS_PROXY": "http://someone:canary-proxy-0006@proxy.invalid:3128",
    "FSSPEC_SFTP_PASSWORD": "canary-sftp-0007",
}
"""Environment variables and what they hold."""
HELD = [value.partition("someone:")[2].partition("@")[0] or value for value in CANARIES.values()]
WRITTEN = "canary-written-0008"
"""A password that an author puts where none belongs."""
DECK = """\
---
title: Canaries
size: 240
voice: silent
exec: python
---

# Printed

```python exec name=printed
import os
held = {name: value for name, value in os.environ.items() if "canary" in value}
print("so many:", len(held), held)
held
```

???

The token is `{python} os.environ["HF_TOKEN"]`.

---

# Raised

```python exec may_fail
raise RuntimeError("no " + os.environ["AWS_SECRET_ACCESS_KEY"] + " at " + os.environ["HTTPS_PROXY"])
```

???

It goes wrong.
"""


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("deckcast.engines.browsers.open_browser", lambda *_: FakeBrowser())
    monkeypatch.setattr("deckcast.engines.executors.open_executor", lambda *_: InlineExecutor())
    project(tmp_path, DECK, monkeypatch)
    return tmp_path


def silent(told: str) -> str:
    """All that was told, in which no canary stands."""
    for canary in (*HELD, WRITTEN):
        assert canary not in told
    return told


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return silent(captured.out + captured.err)


def test_what_a_build_writes_and_says_holds_none(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = "--set zip=true --set scorm=true --set provenance=full"
    assert run(["build", "talk", "-o", "out", "-v", "--explain", *published.split()]) == 0
    told = printed(capsys)
    assert told.count("cell-secret") == 3, "two cells and a sentence"
    files = [path for path in talk.rglob("*") if path.is_file() and path.name != "presentation.md"]
    assert {"manifest.json", "index.html", "lesson-scorm.zip", "lesson.zip"} <= {path.name for path in files}
    whole = b""
    for path in files:
        held = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                held += [archive.read(name) for name in archive.namelist()]
        for body in held:
            for canary in HELD:
                assert canary.encode() not in body, path
            whole += body
    assert HIDDEN.encode() in whole
    assert b"so many: " in whole, "else the cell would have found none"


def test_cells_that_fail_and_builds_as_json_tell_none(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("exec may_fail", "exec")
    for arguments in (["build", "talk", "-o", "out"], ["build", "talk", "-o", "out", "--json"], ["run", "talk"]):
        assert run(arguments) == 1
        assert "RuntimeError" in printed(capsys)
    edit('`{python} os.environ["HF_TOKEN"]`', "`{python} {}[os.environ['HF_TOKEN']]`")
    edit("raise RuntimeError", "RuntimeError")
    assert run(["run", "talk", "--json"]) == 1
    assert "KeyError" in printed(capsys)


def test_running_prints_none(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["run", "talk"], ["run", "talk", "--json"]):
        assert run(arguments) == 0
        assert "so many" in printed(capsys)


ADDRESSES = {
    "store": [f"sftp://someone:{WRITTEN}@host.invalid/lessons", f"s3://key:{WRITTEN}@bucket/lessons"],
    "kernel_url": [f"http://someone:{WRITTEN}@gpu.invalid:8888", f"http://gpu.invalid:8888/?token={WRITTEN}"],
}


@pytest.mark.parametrize(("name", "address"), [(name, one) for name, all_of in ADDRESSES.items() for one in all_of])
@pytest.mark.parametrize("place", ["front matter", "deckcast.toml", "command line"])
def test_addresses_with_passwords_are_refused_unread(
    talk: Path, capsys: pytest.CaptureFixture[str], name: str, address: str, place: str
) -> None:
    more: list[str] = []
    if place == "front matter":
        edit("title: Canaries", f"title: Canaries\n{name}: {address}")
    elif place == "deckcast.toml":
        Path("deckcast.toml").write_text(f'{name} = "{address}"\n')
    else:
        more = ["--set", f"{name}={address}"]
    for command in ("build", "check", "config show", "run"):
        for form in [[], ["--json"]]:
            assert run([*command.split(), "talk", *more, *form]) == 2, command
            assert f"`{name}` cannot be `" in printed(capsys)


def test_the_doctor_and_the_settings_tell_none(
    talk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from deckcast.engines import browsers
    from deckcast.ports import Availability

    reason = f"the proxy {CANARIES['HTTPS_PROXY']} let nobody through, nor did {CANARIES['HF_TOKEN']}"
    monkeypatch.setattr(browsers, "availability", lambda *_: Availability(False, reason, ""))
    for form in [[], ["--json"]]:
        run(["doctor", *form])
        assert "proxy.invalid" in printed(capsys)
        assert run(["config", "show", "talk", "--set", f"footer=see http://a:{WRITTEN}@host", *form]) == 0
        assert f"http://a:{HIDDEN}@host" in printed(capsys)


@pytest.mark.parametrize("form", ["full", "concise", "json", "github", "sarif"])
def test_checks_tell_none(talk: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    edit("# Printed", f"# Printed\n\n![x](http://a:{WRITTEN}@host/{CANARIES['HF_TOKEN']}.png)\n\n{{{{ nothing }}}}")
    run(["check", "talk", "--output-format", form])
    assert "host/" in printed(capsys)


def test_a_store_that_cannot_be_reached_tells_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from deckcast.engines.store_remote import RemoteStore

    store: Any = RemoteStore(f"memory://a:{WRITTEN}@host/lessons")
    monkeypatch.setenv("HF_TOKEN", CANARIES["HF_TOKEN"])

    def refuse(*_: object, **__: object) -> None:
        raise OSError(f"403 for {WRITTEN} at http://a:{WRITTEN}@host, {CANARIES['HF_TOKEN']}".replace(WRITTEN, "x", 1))

    monkeypatch.setattr(store._files, "cat_file", refuse)
    with pytest.raises(StorageError, match="cannot read") as caught:
        store._load("x")
    silent(str(caught.value) + json.dumps(vars(store), default=str).replace(store._root, ""))


@pytest.mark.parametrize(
    "harmless",
    [
        "see https://example.org/a?page=2&keyword=x#token",
        "mail someone@example.org, at 10:30@home",
        "git@github.com:someone/thing.git",
        "ssh://someone@host:22/x and http://host:8888/@me",
        "https://example.org/?monkey=banana",
    ],
)
def test_what_is_no_secret_stays(harmless: str) -> None:
    assert without_passwords(harmless) == harmless
    assert address_problem(harmless) == ""


def test_only_what_may_be_a_secret_is_hidden() -> None:
    environment = {
        "TOKENIZERS_PARALLELISM": "false-or-true",
        "HF_TOKEN_PATH": "/home/someone/token",
        "HF_TOKEN": "short",
        "NO_PROXY": "localhost,127.0.0.1",
        "MY_API_KEY": "12345678",
        "hf_token": "lower-case",
        "ALL_PROXY": "socks5://a:p%40ssword@host",
    }
    assert secrets_of(environment) == ("lower-case", "p%40ssword", "12345678", "p@ssword")
    assert (
        redacted("12345678 at p@ssword, /home/someone/token", environment)
        == f"{HIDDEN} at {HIDDEN}, /home/someone/token"
    )
