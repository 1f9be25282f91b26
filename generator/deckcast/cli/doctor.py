"""`deckcast doctor`."""

from __future__ import annotations

import dataclasses
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from deckcast.cli.echo import echo
from deckcast.ports import Availability

Mark = Literal["ok", "could be better", "missing"]
_SIGNS: dict[Mark, str] = {"ok": "✔", "could be better": "!", "missing": "✖"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report."""

    name: str
    mark: Mark
    """`missing` where no lesson can be built without it."""
    detail: str
    mend: str = ""
    """The command that mends it."""


@click.command()
@click.option("--fix", is_flag=True, help="Run the commands that mend what is missing, where that can be done here.")
@click.option("--language", default="en", show_default=True, help="The language that voices are needed for.")
@click.option(
    "--fonts", is_flag=True, help="List the fonts for every writing system that the themes' own do not cover."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
def command(fix: bool, language: str, fonts: bool, as_json: bool) -> int:
    """Say what this machine has and lacks, and the command that mends each."""
    from deckcast import report

    if fix:
        _mend(language)
    from deckcast.engines.debian import typed

    checks = tuple(dataclasses.replace(check, mend=typed(check.mend)) for check in examine(language, every_font=fonts))
    missing = [check for check in checks if check.mark == "missing"]
    if as_json:
        report.print_json({"version": 1, "ok": not missing, "checks": [dataclasses.asdict(check) for check in checks]})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            echo(f"{_SIGNS[check.mark]} {check.name:<{width}}  {check.detail}")
            if check.mend:
                echo(f"  {'':<{width}}  mend it: {check.mend}")
        echo("lessons cannot be built here yet" if missing else "lessons can be built here")
    return 3 if missing else 0


def examine(language: str, *, every_font: bool = False) -> Iterator[Check]:
    """Looks at everything a build needs. Starts no browser and connects to nothing."""
    yield Check("Python", "ok", f"{platform.python_version()} at {sys.executable}")
    yield from _video()
    yield from _themes()
    yield from fonts(language, every=every_font)
    yield from _browser()
    yield _graphs()
    yield from _voices(language)
    yield from _kernels()
    yield _sandbox()
    yield _models()
    yield from _room()


def _video() -> Iterator[Check]:
    mend = f"{sys.executable} -m pip install --force-reinstall av"
    try:
        import av
    except ImportError as error:
        yield Check("video", "missing", f"the library PyAV cannot be loaded: {error}", mend)
        return
    lacking = [name for name in ("libx264", "aac") if name not in av.codecs_available]
    if lacking:
        yield Check("video", "missing", f"PyAV {av.__version__} lacks the encoders {', '.join(lacking)}", mend)
    else:
        yield Check("video", "ok", f"PyAV {av.__version__} with x264 and AAC")


def _themes() -> Iterator[Check]:
    from deckcast.theme import shipped

    folder = shipped()
    names = sorted(path.name for path in (folder / "themes").glob("*") if path.is_dir())
    if names:
        yield Check("themes", "ok", f"{', '.join(names)} in {folder}")
    else:
        yield Check(
            "themes", "missing", f"none in {folder}", f"{sys.executable} -m pip install --force-reinstall deckcast"
        )


def fonts(language: str, *, every: bool = False) -> Iterator[Check]:
    """What this machine adds to the fonts of the themes, for the writing of a language and for all others."""
    from deckcast.engines.system_fonts import font_for
    from deckcast.writing import WRITINGS, of_language

    found = {writing: font_for(writing) for writing in WRITINGS}
    there = [f"{writing.name} ({font.reason})" for writing, font in found.items() if font.works]
    lacking = [writing.name for writing, font in found.items() if not font.works]
    shipped = "Latin, Greek, Cyrillic, mathematics, symbols and emoji come with deckcast"
    parts = [f"this machine adds {', '.join(there)}"] if there else []
    parts += (
        [f"none for {', '.join(lacking[:3])}{' and others: see --fonts' if lacking[3:] else ''}"] if lacking else []
    )
    own = of_language(language)
    needed = own is not None and not found[own].works
    mend = found[own].mend if own is not None else ""
    yield Check("fonts", "could be better" if needed else "ok", "; ".join([shipped, *parts]), mend)
    for writing, font in found.items() if every else ():
        yield Check(f"{writing.name} font", "ok" if font.works else "could be better", font.reason, font.mend)


def _browser() -> Iterator[Check]:
    from deckcast.engines import playwright_driver
    from deckcast.engines.browsers import availability
    from deckcast.settings import Settings

    found = availability(Settings().build.browser)
    yield Check("browser", "ok" if found.works else "missing", found.reason, found.mend)
    driver = playwright_driver.availability()
    yield Check("browser driver", "ok" if driver.works else "missing", driver.reason, driver.mend)


def _graphs() -> Check:
    """Only decks with graphs need it."""
    from deckcast.engines.graphviz_program import Graphviz

    found = Graphviz().availability()
    return Check("graphs (dot)", "ok" if found.works else "could be better", found.reason, found.mend)


def _voices(language: str) -> Iterator[Check]:
    from deckcast.cli.options import voice_folder
    from deckcast.engines.voices import survey

    answers = survey(language, voice_folder())
    offline = [name for name, found in answers if found.works and name not in ("silent", "edge")]
    for name, found in answers:
        mark: Mark = "ok" if found.works else "could be better" if offline else "missing"
        yield Check(f"voice {name}", mark, found.reason, found.mend)


def _kernels() -> Iterator[Check]:
    """Cells can be replayed without a kernel, so that none of this is `missing`."""
    from deckcast.engines.kernels import open_kernels
    from deckcast.settings import Settings
    from deckcast.stages import Silence

    place = open_kernels(Settings(), (Path("templates"),), Silence())
    try:
        found = place.availability("python")
    finally:
        place.close()
    if not found.works:
        detail = f"{found.reason}; cells can only be shown from their records"
        yield Check("kernels", "could be better", detail, found.mend)
        return
    others = sorted(set(_specs()) - {Settings().cells.kernel})
    yield Check("kernels", "ok", f"{found.reason} for Python" + (f"; also {', '.join(others)}" if others else ""))


def _sandbox() -> Check:
    """Only those who ask for it need it."""
    from deckcast.engines.kernel_sandbox import availability

    found = availability()
    return Check("sandbox for cells", "ok" if found.works else "could be better", found.reason, found.mend)


def _specs() -> dict[str, str]:
    """The folder of each Jupyter kernel here."""
    from jupyter_client.kernelspec import KernelSpecManager

    return KernelSpecManager().find_kernel_specs()


_PACKAGES = {"torch": "PyTorch", "transformers": "Transformers", "matplotlib": "Matplotlib"}
"""What the extra `transformers` brings, by the names of its packages."""
_MODELS = "language models"


def _models() -> Check:
    from deckcast.engines.needs import meets

    program = _kernel_program()
    if Path(program).is_absolute() and Path(program).parent != Path(sys.executable).parent:
        return Check(_MODELS, "ok", f"not looked at: they would have to be in the kernel's own Python, {program}")
    return models({name: _version(name) for name in _PACKAGES}, meets("gpu"))


def _kernel_program() -> str:
    """The first word of the Python kernel's command; empty where that is ours."""
    import json

    from deckcast.settings import Settings

    try:
        folder = _specs().get(Settings().cells.kernel, "")
        return str(json.loads(Path(folder, "kernel.json").read_text(encoding="utf-8"))["argv"][0])
    except (ImportError, OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""


def models(installed: Mapping[str, str], gpu: Availability) -> Check:
    """Whether cells can run language models. `installed` holds each package's version, empty where it is not there."""
    lacking = [_PACKAGES[package] for package, version in installed.items() if not version]
    if lacking:
        return Check(
            _MODELS,
            "could be better",
            f"without {', '.join(lacking)}; cells that use them can only be shown from their records",
            _install(gpu),
        )
    there = ", ".join(f"{_PACKAGES[package]} {version}" for package, version in installed.items())
    if not gpu.works:
        return Check(_MODELS, "ok", f"{there}, on processors: {gpu.reason}")
    if installed["torch"].endswith("+cpu"):
        mend = f"{sys.executable} -m pip uninstall --yes torch && {sys.executable} -m pip install torch"
        return Check(_MODELS, "could be better", f"{there}, which cannot use the {gpu.reason}", mend)
    return Check(_MODELS, "ok", f"{there}, on {gpu.reason}")


def _install(gpu: Availability) -> str:
    """pip's own PyTorch for Linux brings gigabytes of libraries that are of use with an NVIDIA device alone."""
    pip = f"{sys.executable} -m pip install"
    small = "" if gpu.works or sys.platform != "linux" else f"{pip} torch --index-url {_TORCH_CPU} && "
    return f"{small}{pip} 'deckcast[transformers]'"


_TORCH_CPU = "https://download.pytorch.org/whl/cpu"


def _version(package: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _room() -> Iterator[Check]:
    import shutil

    free = shutil.disk_usage(".").free / 2**30
    mark: Mark = "ok" if free > 1 else "could be better"
    yield Check("disk", mark, f"{free:.1f} GiB free here" + ("" if free > 1 else "; a lesson takes about 0.2 GiB"))


def _mend(language: str) -> None:
    """Installs a browser, and the recommended offline voice, where they are missing and this user may."""
    from deckcast.cli.progress import PlainProgress
    from deckcast.engines import browsers, debian, playwright_driver, voices
    from deckcast.errors import DeckcastError
    from deckcast.report import show_findings
    from deckcast.settings import Settings

    progress = PlainProgress()
    try:
        browsers.locate(Settings().build.browser, progress)
        playwright_driver.ensure(progress)
    except DeckcastError as error:
        show_findings(error.findings)
    flite = dict(voices.survey(language))["flite"]
    if not flite.works and flite.mend and debian.may_install():
        try:
            debian.install(["libflite1"], progress)
        except DeckcastError as error:
            show_findings(error.findings)
