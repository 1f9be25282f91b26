"""Shuts a kernel in, with bubblewrap: no network, no files but what Python needs, the deck's folder alone to write in.

What a cell starts lives in a process namespace of its own and ends with the kernel. The kernel talks to us over sockets
in its own folder, so that it needs no network for that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from deckcast.engines import debian
from deckcast.ports import Availability
from deckcast.redact import names_secret

PROGRAM = "bwrap"
_SECONDS = 20
_WALLS = ("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = (
    *("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "localtime", "mime.types"),
    *("group", "nsswitch.conf", "passwd", "ssl/certs", "ssl/openssl.cnf", "python3", "matplotlibrc", "OpenCL"),
)
_NETWORK = ("resolv.conf", "hosts", "host.conf", "gai.conf", "services", "protocols")
"""Of `/etc`."""
_DEVICES = ("nvidia*", "kfd", "dri")
_REACHING_OUT = frozenset({"JPY_PARENT_PID", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"})
"""Variables that name what does not exist in there. Of the first, ipykernel would take it that we have ended."""


class Sandbox:
    """How kernels of one build are started. Starts nothing."""

    def __init__(self, *, network: bool, more: Sequence[Path] = ()) -> None:
        """`more` are files and folders that may be read, too."""
        self.network = network
        self._more = tuple(more)

    def command(
        self, argv: Sequence[str], folder: Path, own: Path, *, readable: Sequence[Path] = (), memory: int = 0
    ) -> list[str]:
        """The command that runs `argv` in `folder`, which it may write, as it may its `own` one.

        `memory` is the most bytes of data that a process may have; 0 sets no limit.
        """
        home = Path.home()
        walls = [PROGRAM, *_WALLS, *(("--share-net",) if self.network else ()), "--proc", "/proc", "--dev", "/dev"]
        for path in (path for name in _DEVICES for path in sorted(Path("/dev").glob(name))):
            walls += ["--dev-bind-try", str(path), str(path)]
        for system in _SYSTEM:
            kind = "--symlink" if Path(system).is_symlink() else "--ro-bind-try"
            walls += [kind, str(Path(system).readlink()) if kind == "--symlink" else system, system]
        for name in (*_SETTINGS, *(_NETWORK if self.network else ())):
            walls += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        walls += ["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu", "--tmpfs", "/tmp"]  # noqa: S108
        walls += ["--tmpfs", str(home)]
        for path in (*_python(argv[0]), *_models(), *self._more, *readable):
            if path.exists() and not home.is_relative_to(path) and path != Path("/"):
                walls += ["--ro-bind", str(path), str(path)]
        for path in (folder, own):
            walls += ["--bind", str(path), str(path)]
        limit = ["/bin/sh", "-c", f'ulimit -d {memory // 1024} && exec "$@"', "sh"] if memory else []
        return [*walls, "--remount-ro", "/", "--chdir", str(folder), "--", *limit, *argv]

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Of the variables those that do no harm: no secrets, but for the hub's token where the hub can be reached."""
        kept = {
            name: value
            for name, value in given.items()
            if name not in _REACHING_OUT and (not names_secret(name) or (self.network and name == "HF_TOKEN"))
        }
        return kept if self.network else {**kept, "HF_HUB_OFFLINE": "1"}


@cache
def availability() -> Availability:
    """Whether such walls can be put up here: tried once, with a program that does nothing."""
    program = shutil.which(PROGRAM)
    if program is None:
        mend = debian.command("bubblewrap") if shutil.which("apt-get") else "install bubblewrap (Linux only)"
        return Availability(False, "there is no bubblewrap (`bwrap`) here", mend)
    try:
        done = subprocess.run(
            [program, *_WALLS, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Availability(False, f"{program} cannot be run: {error}", "")
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        mend = "allow user namespaces: the system, or the container around, forbids them"
        return Availability(False, f"{program} cannot shut anything in here: {why}", mend)
    return Availability(True, f"bubblewrap at {program}")


def _python(program: str) -> tuple[Path, ...]:
    """Where a kernel's Python and its packages lie: the folders of its environment, and of the Python below that."""
    found = [Path(program).parent.parent, Path(program).resolve().parent.parent]
    if Path(program).parent == Path(sys.executable).parent:
        found += [Path(sys.prefix), Path(sys.base_prefix)]
        found += [Path(one) for one in sys.path if one and Path(one).is_absolute()]
    return tuple(dict.fromkeys(path for path in found if path.is_absolute() and not _of_system(path)))


def _of_system(path: Path) -> bool:
    return any(path.is_relative_to(one) for one in _SYSTEM)


def _models() -> tuple[Path, ...]:
    """What the model hub's library has downloaded; not the folder above, where its token lies."""
    home = os.environ.get("HF_HOME") or str(Path.home() / ".cache" / "huggingface")
    return (Path(os.environ.get("HF_HUB_CACHE") or str(Path(home, "hub"))).absolute(),)
