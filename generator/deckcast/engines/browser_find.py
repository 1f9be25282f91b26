"""Finds a Chromium on this machine, and says which version it is without opening it twice."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deckcast.errors import BrowserError

NAMES = (
    # The headless shell first: same pixels, half the memory, quicker to start.
    "chromium-headless-shell",
    "chrome-headless-shell",
    "headless_shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "msedge",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
VERSION_SECONDS = 20


def find() -> Path | None:
    """The first browser that starts: on the PATH, where the system installs them, Playwright's, our own cache."""
    for path in candidates():
        try:
            identity(path)
        except BrowserError:  # such as Ubuntu's `chromium-browser`, which only says what to install
            continue
        return path
    return None


def candidates() -> Iterator[Path]:
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    for place in (*_installed(), *_of_playwright(), *_of_ours()):
        if _runs(place):
            yield place


def program(value: str) -> Path | None:
    """The program that a person means by a path or by a name on the PATH."""
    path = Path(value).expanduser()
    if _runs(path):
        return path.absolute()
    found = shutil.which(value)
    return Path(found) if found else None


def cache_folder() -> Path:
    """Where deckcast keeps what belongs to the machine and not to a lesson."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "deckcast"


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _installed() -> list[Path]:
    """Where macOS and Windows put browsers; elsewhere they are on the PATH."""
    if sys.platform == "darwin":
        roots = (Path("/Applications"), Path.home() / "Applications")
        return [root / f"{name}.app" / "Contents" / "MacOS" / name for root in roots for name in MAC]
    if sys.platform == "win32":
        bases = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        return [Path(base) / name for base in bases if base for name in WINDOWS]
    return []


def _of_playwright() -> Iterator[Path]:
    """What `playwright install chromium` has left, newest first."""
    if given := os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""):
        root = Path(given)
    else:
        root = cache_folder().parent / "ms-playwright"
    for folder in ("chromium_headless_shell-*", "chromium-*"):
        for build in sorted(_listed(root, folder), key=_number, reverse=True):
            for name in ("headless_shell", "chrome-headless-shell", "chrome", "Chromium", "Google Chrome for Testing"):
                yield from sorted(_listed(build, f"**/{name}"))
                yield from sorted(_listed(build, f"**/{name}.exe"))


def _of_ours() -> Iterator[Path]:
    for folder in sorted(_listed(cache_folder(), "chromium-*"), key=_number, reverse=True):
        yield folder / "chromium"


def _listed(root: Path, pattern: str) -> list[Path]:
    try:
        return list(root.glob(pattern))
    except OSError:  # somebody else's folder, closed to us
        return []


def _number(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", path.name))


# ── which version ────────────────────────────────────────────────────────────────────────────────


def identity(path: Path) -> str:
    """`chromium 156.0.8078.79`: all of a browser that can change a picture. Raises `BrowserError`.

    Asked of the program once and then remembered under its path, size and time, so that a build which
    draws nothing starts no browser.
    """
    memory = cache_folder() / "browsers.json"
    state = path.stat()
    key = f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"
    known = _load(memory)
    if key not in known:
        known = {**known, key: f"chromium {_version(path)}"}
        _save(memory, known)
    return known[key]


def environment(path: Path) -> dict[str, str]:
    """The environment to start `path` in: a browser of our own cache finds what lies beside it and is missing here."""
    if path.parent.parent != cache_folder():
        return dict(os.environ)
    changes = {}
    libraries, fonts = path.parent / "lib", path.parent / "fonts"
    if libraries.is_dir():
        before = os.environ.get("LD_LIBRARY_PATH")
        changes["LD_LIBRARY_PATH"] = f"{libraries}:{before}" if before else str(libraries)
    if fonts.is_dir() and not Path("/etc/fonts/fonts.conf").exists():
        changes["FONTCONFIG_FILE"] = str(fonts / "fonts.conf")
    return {**os.environ, **changes}


def _version(path: Path) -> str:
    if sys.platform == "win32":  # chrome.exe opens a window instead of printing its version
        folders = [item.name for item in path.parent.iterdir() if re.fullmatch(r"\d+(\.\d+){3}", item.name)]
        if folders:
            return max(folders, key=lambda name: tuple(map(int, name.split("."))))
        raise BrowserError(f"cannot tell the version of {path}", hint="install Chrome or Edge the usual way")
    try:
        done = subprocess.run(
            [str(path), "--version"],
            capture_output=True,
            text=True,
            timeout=VERSION_SECONDS,
            env=environment(path),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrowserError(f"{path} does not start: {error}", hint="name another with the setting `browser`") from error
    found = re.search(r"\d+(?:\.\d+){2,3}", done.stdout)
    if done.returncode != 0 or found is None:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BrowserError(
            f"{path} does not start: {said[-1] if said else f'exit status {done.returncode}'}",
            hint="name another with the setting `browser`, or install one: " + _mend(),
        )
    return found[0]


def _mend() -> str:
    return "apt-get install chromium-headless-shell" if shutil.which("apt-get") else "Google Chrome or Microsoft Edge"


def _load(path: Path) -> dict[str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    known: dict[str, str] = data if isinstance(data, dict) else {}
    return {key: said for key, said in known.items() if isinstance(said, str) and said.startswith("chromium ")}


def _save(path: Path, known: dict[str, str]) -> None:
    """Without a home to write to, the version is simply asked again next time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        aside.write_text(json.dumps(known, indent=1), encoding="utf-8")
        aside.replace(path)
    except OSError:
        return
