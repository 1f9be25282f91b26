"""Which Jupyter kernels are installed here, which one runs a language, and how to get one."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deckcast.ports import Availability

NATIVE = "python3"
"""The kernel of the Python that runs deckcast, where nobody has installed another one of this name."""
_ALIASES = {"sh": "bash", "shell": "bash", "js": "javascript", "ts": "typescript", "rb": "ruby", "py": "python"}
_LIST = "https://github.com/jupyter/jupyter/wiki/Jupyter-kernels lists kernels of all languages"
_DENO = "install Deno (https://deno.com, or `pip install deno`), then: deno jupyter --install"
_MENDS = {
    "bash": "{python} -m pip install bash_kernel && {python} -m bash_kernel.install --sys-prefix",
    "javascript": _DENO,
    "typescript": _DENO,
    "r": "https://irkernel.github.io; on Debian: apt-get install r-cran-irkernel",
    "julia": "https://julialang.github.io/IJulia.jl/",
}


@dataclass(frozen=True, slots=True)
class Spec:
    """How a kernel is started."""

    name: str
    argv: tuple[str, ...]
    """With `{connection_file}` in it."""
    language: str
    """In lower case."""
    env: Mapping[str, str] = field(default_factory=dict)
    interrupt: str = "signal"
    """Or `message`."""

    @property
    def native(self) -> bool:
        """Whether it is ipykernel, which talks over sockets in a folder; others may know the network only."""
        return bool({"ipykernel", "ipykernel_launcher"}.intersection(self.argv))


def find(language: str, kernel: str) -> Spec | None:
    """The spec that runs a language; `kernel` names the one for Python."""
    specs = installed()
    name = choose(language, kernel, {name: spec.language for name, spec in specs.items()})
    if name:
        return specs[name]
    return _native() if language == "python" and kernel == NATIVE and NATIVE not in specs else None


def choose(language: str, kernel: str, languages: Mapping[str, str]) -> str:
    """The name of the kernel that runs a language, or nothing. `languages`: kernel → language, in lower case."""
    if language == "python":
        name = kernel.lower()
        return name if languages.get(name) == "python" else ""
    wanted = [language, _ALIASES.get(language, language)]
    if "javascript" in wanted:
        wanted.append("typescript")  # Deno runs both under one name
    speakers = (name for name, spoken in sorted(languages.items()) if spoken in wanted)
    return next((name for name in wanted if name in languages), next(speakers, ""))


def availability(language: str, kernel: str) -> Availability:
    """Whether a language can run here, and with which kernel."""
    missing = _missing_libraries()
    if missing:
        return Availability(
            False,
            f"cells cannot run without {' and '.join(missing)}",
            f"{sys.executable} -m pip install {' '.join(missing)}",
        )
    spec = find(language, kernel)
    if spec is not None:
        return Availability(True, f"the Jupyter kernel `{spec.name}`")
    specs = installed()
    names = ", ".join(f"`{name}`" for name in sorted(specs)) or "none"
    if language == "python":
        other = specs.get(kernel.lower())
        if other is not None:
            reason = f"the Jupyter kernel `{kernel}` runs {other.language}, not Python"
        else:
            reason = f"there is no Jupyter kernel `{kernel}` here (there are: {names})"
        mend = "name one of them with `kernel`, or install it: python -m ipykernel install --user --name NAME"
        return Availability(False, reason, mend)
    mend = _MENDS.get(_ALIASES.get(language, language), _LIST).format(python=sys.executable)
    return Availability(False, f"there is no Jupyter kernel for {language} here (there are: {names})", mend)


def installed() -> dict[str, Spec]:
    """By name, in lower case. Those whose files cannot be read are left out."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    from traitlets import TraitError

    manager = KernelSpecManager()
    found: dict[str, Spec] = {}
    with warnings.catch_warnings():
        # Some kernels' specs have fields of an older form, at which the library takes offence.
        warnings.simplefilter("ignore")
        for name in manager.find_kernel_specs():
            with contextlib.suppress(NoSuchKernel, OSError, ValueError, TypeError, TraitError):
                spec = _read(name, manager.get_kernel_spec(name))
                if spec.argv:
                    found[name] = spec
    return found


def _read(name: str, spec: Any) -> Spec:
    values = {"prefix": sys.prefix, "resource_dir": str(spec.resource_dir)}
    argv = [str(argument) for argument in spec.argv]
    for key, value in values.items():
        argv = [argument.replace("{" + key + "}", value) for argument in argv]
    # As Jupyter does: a bare `python` means this one, whether or not its environment is the active one.
    major, minor = sys.version_info[:2]
    if argv and argv[0] in ("python", f"python{major}", f"python{major}.{minor}"):
        argv[0] = sys.executable
    return Spec(name, tuple(argv), str(spec.language).lower(), dict(spec.env), str(spec.interrupt_mode))


def _native() -> Spec:
    return Spec(NATIVE, (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"), "python")


def _missing_libraries() -> list[str]:
    from importlib.util import find_spec

    modules = {"jupyter_client": "jupyter-client", "ipykernel": "ipykernel", "psutil": "psutil"}
    return [package for module, package in modules.items() if find_spec(module) is None]
