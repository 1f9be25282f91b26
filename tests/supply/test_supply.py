"""What is told of licences, and the bill of materials."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from supply import licences, sbom
from supply.locks import ROOT


@pytest.fixture(scope="module")
def document() -> str:
    return sbom.document()


def test_the_bill_of_materials_keeps_to_its_schema_and_is_the_same_each_time(document: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(document) is None
    assert sbom.document() == document


def test_the_bill_of_materials_names_everything(document: str) -> None:
    told = json.loads(document)
    names = {one["name"] for one in told["components"]}
    assert {"playwright", "transformers", "x264", "eSpeak NG"} <= names
    assert all(one["licenses"] for one in told["components"])
    vendored = told["metadata"]["component"]["components"]
    assert {one["name"] for one in vendored} == {one.name for one in licences.VENDORED}
    files = {file["name"] for one in vendored for file in one["components"]}
    shipped = {
        path.relative_to(ROOT).as_posix()
        for place in ("fonts", "libraries")
        for path in (ROOT / "templates" / place).rglob("*")
        if path.is_file() and path.parent.name not in ("fonts", "libraries")
    }
    assert shipped <= files | {f"{one.inside}/fonts" for one in licences.VENDORED}


def test_every_vendored_folder_is_told_with_its_licence() -> None:
    told = {one.inside for one in licences.VENDORED}
    for place in ("fonts", "libraries"):
        for folder in (ROOT / "templates" / place).iterdir():
            if folder.is_dir():
                assert folder.relative_to(ROOT).as_posix() in told
                assert (folder / "LICENSE.txt").is_file()
                table = (folder.parent / "README.md").read_text()
                versions = [one.version for one in licences.VENDORED if one.inside.endswith(folder.name)]
                assert all(version in table for version in versions), folder.name


def test_licences_are_what_the_packages_say() -> None:
    asked = 0
    for one in licences.packages():
        try:
            assert licences.licence(one.name) == one.licence, "make lock"
            asked += 1
        except LookupError:  # not installed here
            continue
    assert asked > 50


def test_copyleft_is_named_plainly() -> None:
    plain = (ROOT / "docs" / "licences.md").read_text().partition("## Programs")[0]
    for one in licences.packages():
        if re.search(r"GPL|MPL", one.licence):
            assert one.name in plain, f"{one.name} is under {one.licence}: say so in docs/licences.md"
    assert all(one.name.split()[0] in plain for one in licences.NATIVE)


def test_what_wheels_carry_is_what_is_told() -> None:
    libraries = Path(str(metadata.distribution("av").locate_file("av.libs")))
    found = {name for name in ("x264", "x265", "avcodec") if [*libraries.glob(f"lib{name}*")]}
    if not libraries.is_dir():
        pytest.skip("this PyAV was built from source")
    assert found == {"x264", "x265", "avcodec"}
