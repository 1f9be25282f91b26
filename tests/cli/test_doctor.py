"""What `deckcast doctor` says of kernels and of language models."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from deckcast.cli import doctor
from deckcast.engines import debian
from deckcast.ports import Availability

ALL = {"torch": "2.13.0+cpu", "transformers": "5.24.0", "matplotlib": "3.11.2"}
CUDA = {**ALL, "torch": "2.13.0"}
NONE = dict.fromkeys(ALL, "")
NO_GPU = Availability(False, "there is no NVIDIA device", "buy one")
GPU = Availability(True, "NVIDIA H200")


def test_everything_that_models_need_is_told_with_its_version() -> None:
    check = doctor.models(ALL, NO_GPU)
    assert (check.mark, check.mend) == ("ok", "")
    assert (
        check.detail == "PyTorch 2.13.0+cpu, Transformers 5.24.0, Matplotlib 3.11.2, on processors: "
        "there is no NVIDIA device"
    )
    assert doctor.models(CUDA, GPU).detail.endswith("on NVIDIA H200")


def test_packages_that_are_missing_are_named_and_nothing_is_said_to_be_impossible() -> None:
    check = doctor.models({**ALL, "torch": ""}, NO_GPU)
    assert check.mark == "could be better"
    assert check.detail == "without PyTorch; cells that use them can only be shown from their records"
    assert check.mend.endswith(f"{sys.executable} -m pip install 'deckcast[transformers]'")


def test_the_gigabytes_for_nvidia_are_fetched_only_where_they_are_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert "--index-url https://download.pytorch.org/whl/cpu && " in doctor.models(NONE, NO_GPU).mend
    assert "--index-url" not in doctor.models(NONE, GPU).mend
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "--index-url" not in doctor.models(NONE, NO_GPU).mend


def test_a_pytorch_that_cannot_use_the_gpu_is_told() -> None:
    check = doctor.models(ALL, GPU)
    assert check.mark == "could be better"
    assert "cannot use the NVIDIA H200" in check.detail
    assert "install torch" in check.mend


def test_the_doctor_looks_at_kernels_and_models_and_misses_neither() -> None:
    checks = {check.name: check for check in doctor.examine("en")}
    assert checks["kernels"].mark == "ok"
    assert "python3" in checks["kernels"].detail
    assert checks["language models"].mark != "missing"


def test_packages_of_another_python_are_not_mistaken_for_the_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    argv = ["/elsewhere/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "language": "python", "display_name": "Other"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    checks = {check.name: check for check in doctor.examine("en")}
    assert "/elsewhere/bin/python" in checks["language models"].detail
    assert "not looked at" in checks["language models"].detail


def test_fonts_of_the_machine_are_told_in_short_and_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an `fc-list` that knows a Japanese font and no other."""
    program = tmp_path / "fc-list"
    program.write_text('#!/bin/sh\ncase "$2" in *3042*) echo "Noto Sans CJK JP";; esac\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    [short] = doctor.fonts("en")
    assert (short.mark, short.mend) == ("ok", "")
    assert "this machine adds Japanese (Noto Sans CJK JP); none for Korean, Chinese, Arabic and others" in short.detail
    [needed] = doctor.fonts("zh-Hans")
    assert (needed.mark, needed.mend) == ("could be better", "apt-get install fonts-noto-cjk")
    every = {check.name: check.mark for check in doctor.fonts("ja", every=True)}
    assert every["fonts"] == every["Japanese font"] == "ok"
    assert every["Hebrew font"] == "could be better"


def test_what_apt_installs_is_told_as_this_user_has_to_type_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    assert debian.typed("apt-get install libflite1") == "sudo apt-get install -y --no-install-recommends libflite1"
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    assert debian.typed("apt-get install a b") == "apt-get install -y --no-install-recommends a b"
    for other in ("", "pip install x", "install it (Debian: apt-get install x)", debian.command("x")):
        assert debian.typed(other) == other
