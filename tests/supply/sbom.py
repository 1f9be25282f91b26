"""`make sbom`: what deckcast is made of, as a CycloneDX document. The same locks give the same bytes."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterable

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from deckcast.digest import sha256
from supply.licences import NATIVE, VENDORED, Package, Part, packages
from supply.locks import ROOT

SPACE = uuid.UUID("6fd1d7c5-3a08-5b1a-8a71-0f0a7b2b8a10")
"""In which the document's serial number is made from its content."""


def document() -> str:
    """JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bom = Bom()
    program = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=f"pkg:pypi/{project['name']}@{project['version']}",
        purl=PackageURL("pypi", name=project["name"], version=project["version"]),
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )
    bom.metadata.component = program
    locked = {one.name: _package(one) for one in packages()}
    parts = [_part(one, locked) for one in NATIVE]
    vendored = [_vendored(one) for one in VENDORED]
    program.components.update(vendored)
    bom.components.update([*locked.values(), *parts])
    bom.register_dependency(program, locked.values())
    for part, component in zip(NATIVE, parts, strict=True):
        bom.register_dependency(locked[part.inside], [component])
    told = [*locked, *(f"{one.inside}/{one.name}@{one.version}" for one in (*NATIVE, *VENDORED))]
    bom.serial_number = uuid.uuid5(SPACE, "\n".join([*told, *(one.version for one in packages())]))
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.metadata.tools.tools.clear()
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _package(one: Package) -> Component:
    purl = PackageURL("pypi", name=one.name, version=one.version)
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.OPTIONAL if one.extra else ComponentScope.REQUIRED,
        bom_ref=purl.to_string(),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(one.licence)],
        properties=_files(one.hashes),
    )


def _files(hashes: Iterable[str]) -> list[Property]:
    """A component's own hashes would be those of one file; a package has one for each system and Python."""
    return [Property(name="deckcast:sha256-of-a-file", value=one) for one in hashes]


def _part(one: Part, locked: dict[str, Component]) -> Component:
    return Component(
        name=one.name,
        type=ComponentType.LIBRARY,
        bom_ref=f"{locked[one.inside].bom_ref.value}#{one.name}",
        description=f"inside the wheel of {one.inside}",
        licenses=[LicenseFactory().make_from_string(one.licence)],
    )


def _vendored(one: Part) -> Component:
    space, _, name = one.name.rpartition("/")
    purl = PackageURL("npm", namespace=space or None, name=name, version=one.version)
    files = sorted(path for path in (ROOT / one.inside).rglob("*") if path.is_file())
    inside = [
        Component(
            name=path.relative_to(ROOT).as_posix(),
            type=ComponentType.FILE,
            bom_ref=f"{purl.to_string()}#{path.relative_to(ROOT).as_posix()}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256(path.read_bytes()))],
        )
        for path in files
    ]
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        bom_ref=purl.to_string(),
        purl=purl,
        description=f"files of it lie in {one.inside}",
        licenses=[LicenseFactory().make_from_string(one.licence)],
        components=inside,
    )


def main() -> None:
    path = ROOT / "dist" / "deckcast.cdx.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(document(), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(packages())} packages, {len(VENDORED) + len(NATIVE)} parts")


if __name__ == "__main__":
    main()
