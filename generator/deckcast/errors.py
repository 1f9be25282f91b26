"""What can go wrong, drawn as a tree by who can mend it.

    DeckcastError
    ├── AuthorError          the deck: exit 1
    │   ├── DeckError            its text cannot be read as a deck
    │   ├── CellError            a cell of it failed, or cannot run as it is written
    │   ├── DrawingError         a formula or a diagram of it cannot be drawn
    │   ├── AssetError           a file it names is missing, broken or outside its folder
    │   └── NarrationError       its notes cannot be spoken
    ├── DesignerError        the theme: exit 1
    │   └── TemplateError        a template is missing or does not work
    ├── UsageError           the command or the configuration: exit 2
    │   ├── ConfigError          a setting is unknown or has a value it cannot have
    │   └── TrustError           a deck from elsewhere wants to run code, and nobody has said that it may
    ├── MachineError         this machine: exit 3
    │   ├── KernelError          no kernel to run cells, or it failed
    │   │   └── LostError                its machine was lost, and cells may run again on another one
    │   ├── BrowserError         no browser, or it failed
    │   ├── GraphError           no program that lays out graphs, or it failed
    │   ├── VoiceError           no voice, or it failed
    │   ├── ClusterError         no cluster at the address, or its scheduler or workers failed
    │   ├── EncoderError         the video libraries are missing or failed
    │   ├── StorageError         a file cannot be written or read back
    │   └── NewerError           a file was written by a newer deckcast than this one
    └── Several              more than one of the above, reported together

Anything else that escapes is a bug of ours and shows a traceback.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deckcast.model import Finding, Where


class DeckcastError(Exception):
    """Something a person can mend: what, where, the author's own line, one hint."""

    exit_code = 1
    code = "error"

    def __init__(
        self,
        message: str,
        *,
        where: Where | None = None,
        line: str = "",
        width: int = 1,
        hint: str = "",
        code: str | None = None,
        details: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.finding = Finding(code or self.code, "error", message, where, line, width, hint, details=details)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (self.finding,)

    def __reduce__(self) -> tuple[Any, ...]:
        """Whole, wherever it was raised: another process, another machine. Its cause stays behind."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[DeckcastError], args: tuple[Any, ...], told: dict[str, Any]) -> DeckcastError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(told)
    return error


class AuthorError(DeckcastError):
    code = "author"


class DeckError(AuthorError):
    code = "deck"


class CellError(AuthorError):
    code = "cell"


class DrawingError(AuthorError):
    code = "drawing"


class AssetError(AuthorError):
    code = "asset"


class NarrationError(AuthorError):
    code = "narration"


class DesignerError(DeckcastError):
    code = "designer"


class TemplateError(DesignerError):
    code = "template"


class UsageError(DeckcastError):
    exit_code = 2
    code = "usage"


class ConfigError(UsageError):
    code = "config"


class TrustError(UsageError):
    code = "trust"


class MachineError(DeckcastError):
    exit_code = 3
    code = "machine"


class KernelError(MachineError):
    code = "kernel"


class LostError(KernelError):
    """What had run there is lost with it: whoever tries again begins with the first cell."""


class BrowserError(MachineError):
    code = "browser"


class GraphError(MachineError):
    code = "graphviz"


class VoiceError(MachineError):
    code = "voice"


class ClusterError(MachineError):
    code = "cluster"


class EncoderError(MachineError):
    code = "encoder"


class StorageError(MachineError):
    code = "storage"


UPDATE = "update deckcast: `pip install -U deckcast`"


class NewerError(MachineError):
    """This program neither reads such a file nor writes over it."""

    code = "newer"

    def __init__(self, what: object, instead: str = "") -> None:
        super().__init__(f"{what} was written by a newer deckcast", hint=f"{UPDATE}{instead and f'; or {instead}'}")


class Several(DeckcastError):
    """Every mistake that was found before work had to stop, each told once."""

    def __init__(self, errors: Iterable[DeckcastError]) -> None:
        each = [one for error in errors for one in alone(error)]
        self.errors = tuple({(type(one), one.finding): one for one in each}.values())
        if not self.errors:
            raise ValueError("Several needs at least one error")
        super().__init__("\n".join(str(error) for error in self.errors))
        self.exit_code = max(error.exit_code for error in self.errors)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for error in self.errors for finding in error.findings)


def alone(error: DeckcastError) -> tuple[DeckcastError, ...]:
    """The error's parts: itself, or each of `Several`."""
    return error.errors if isinstance(error, Several) else (error,)


def raise_all(errors: Iterable[DeckcastError]) -> None:
    """Raises nothing, the one error, or `Several`."""
    found = tuple(errors)
    if not found:
        return
    several = Several(found)
    raise several.errors[0] if len(several.errors) == 1 else several


_STORAGE_HINTS = {
    errno.ENOSPC: "free some space, or build elsewhere with --output DIR",
    errno.EDQUOT: "your disk quota is used up: free some space, or build elsewhere with --output DIR",
    errno.EROFS: "the disk is read-only: build elsewhere with --output DIR",
    errno.EACCES: "give yourself the right to write there, or build elsewhere with --output DIR",
    errno.EPERM: "give yourself the right to write there, or build elsewhere with --output DIR",
}


@contextmanager
def storage_errors(doing: str, path: Path | str) -> Iterator[None]:
    """Turns the system's refusals (full disk, no rights, …) into `StorageError` with the path and a hint."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StorageError(
            f"cannot {doing} {path}: {reason}",
            hint=_STORAGE_HINTS.get(error.errno or 0, "look at the disk and the folder's rights"),
        ) from error
