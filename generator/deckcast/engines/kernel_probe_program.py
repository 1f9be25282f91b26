"""What a machine is and has. Runs in this process and, sent as text, in Python kernels elsewhere: only the standard
library, nothing of deckcast, and no newer Python than 3.9."""

from __future__ import annotations

import ast
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

HUB = "https://huggingface.co"
HUB_SECONDS = 3.0
"""How long the hub may take to say anything at all, name look-up included."""
FRAMEWORKS = ("jax", "numpy", "tensorflow", "torch")
"""They do the work behind other packages' imports, so they are told wherever they are loaded."""
STARTED = time.gmtime()


def hub() -> tuple[bool, str]:
    """Whether a model hub can be reached, and the reason. Any HTTP answer counts."""
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        return False, "HF_HUB_OFFLINE is set"
    address = os.environ.get("HF_ENDPOINT", "").rstrip("/") or HUB
    answers: list[tuple[bool, str]] = []
    # A time limit of a request covers neither the name look-up nor several addresses of one name.
    thread = threading.Thread(target=lambda: answers.append(_ask(address)), daemon=True)
    thread.start()
    thread.join(HUB_SECONDS)
    return answers[0] if answers else (False, f"{address} did not answer within {HUB_SECONDS:g} s")


def gpu() -> tuple[bool, str]:
    """Whether there is an NVIDIA device that programs may use, and its name or the reason."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return False, "CUDA_VISIBLE_DEVICES hides all devices"
    names = accelerators()
    return (True, ", ".join(names)) if names else (False, "there is no NVIDIA device")


def accelerators() -> list[str]:
    """Names of the NVIDIA devices: those that PyTorch uses, where it does, else all."""
    torch = sys.modules.get("torch")
    try:
        if torch is not None and torch.cuda.is_initialized():
            return [str(torch.cuda.get_device_name(index)) for index in range(torch.cuda.device_count())]
    except Exception:  # noqa: S110 - a broken driver must not break a lesson that does not use it
        pass
    program = shutil.which("nvidia-smi")
    if program:
        try:
            done = subprocess.run(
                [program, "--query-gpu=name", "--format=csv,noheader"],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=10,
                check=True,
                stdin=subprocess.DEVNULL,
            )
            return [line.strip() for line in done.stdout.splitlines() if line.strip()]
        except (OSError, subprocess.SubprocessError):
            pass  # installed, but without a device or a driver
    return ["NVIDIA GPU" for path in sorted(Path("/dev").glob("nvidia*")) if path.name[6:].isdigit()]


def machine() -> dict[str, Any]:
    """This process's machine, as the fields of deckcast's `Provenance`."""
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", STARTED),
        "language": f"{platform.python_implementation().replace('CPython', 'Python')} {platform.python_version()}",
        "system": _system(),
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        "memory": _memory(),
        "accelerators": accelerators(),
    }


def versions(sources: list[str], *folders: Path) -> list[tuple[str, str]]:
    """(distribution, version) of the packages that these cells, and the modules of theirs in `folders`, have imported.

    Only what is loaded by now counts; what those packages import for themselves does not.
    """
    from importlib import metadata

    own = [module for module in list(sys.modules.values()) if any(_lies_in(module, one) for one in folders)]
    for module in own:
        try:
            sources = [*sources, Path(str(module.__file__)).read_text(encoding="utf-8")]
        except (OSError, UnicodeDecodeError):
            continue
    named = {name for source in sources for name in _imported(source)} | set(FRAMEWORKS)
    owners = metadata.packages_distributions()
    found = {owner for name in named & set(sys.modules) for owner in owners.get(name, ())}
    return sorted((name, metadata.version(name)) for name in found)


def peak() -> int:
    """Most memory in bytes that this process has held, or one of its ended children, and PyTorch on CUDA devices."""
    held = max(_own_peak(), _peak_of_children())
    torch = sys.modules.get("torch")
    try:
        if torch is not None and torch.cuda.is_initialized():
            held += sum(int(torch.cuda.max_memory_allocated(index)) for index in range(torch.cuda.device_count()))
    except Exception:  # noqa: S110 - a broken driver must not break a lesson that does not use it
        pass
    return held


def _ask(address: str) -> tuple[bool, str]:
    if not address.startswith(("http://", "https://")):
        return False, f"HF_ENDPOINT `{address}` is no web address"
    import urllib.error
    import urllib.request

    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - checked right above
    try:
        with urllib.request.urlopen(request, timeout=HUB_SECONDS):  # noqa: S310
            return True, f"{address} answers"
    except urllib.error.HTTPError:
        return True, f"{address} answers"
    except (OSError, ValueError) as error:
        return False, f"{address} cannot be reached: {getattr(error, 'reason', error)}"


def _system() -> str:
    release = ".".join(platform.release().split(".")[:2]).partition("-")[0]
    return " ".join(filter(None, (platform.system(), release, platform.machine())))


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() in ("model name", "Model") and value.strip():
                return " ".join(value.replace("(R)", "").replace("(TM)", "").split())
    except OSError:
        pass
    if sys.platform == "darwin":
        done = subprocess.run(["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True)
        return done.stdout.strip() or platform.machine()
    return platform.processor() or platform.machine()


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0


def _own_peak() -> int:
    try:  # `ru_maxrss` would begin with the size of the process that started this one
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return _resident("RUSAGE_SELF")


def _peak_of_children() -> int:
    return _resident("RUSAGE_CHILDREN")


def _resident(whose: str) -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    size = resource.getrusage(getattr(resource, whose)).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


def _imported(source: str) -> set[str]:
    """The top-level packages that a piece of code imports by name."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    return {name.partition(".")[0] for name in found}


def _lies_in(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith(".py"):
        return False
    try:
        inside = Path(file).resolve().relative_to(folder.resolve())
    except (OSError, ValueError):
        return False
    return "site-packages" not in inside.parts
