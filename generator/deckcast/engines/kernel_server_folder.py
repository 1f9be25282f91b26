"""A chapter's folder on a Jupyter server, kept through the server's contents API."""

from __future__ import annotations

import base64
import contextlib
import secrets
from pathlib import Path, PurePosixPath

from deckcast import modules
from deckcast.engines.kernel_server_rest import Refused, Server
from deckcast.errors import AssetError, KernelError


class Folder:
    """A fresh folder under the server's root, with copies of some files of a deck's."""

    def __init__(self, server: Server, deck: Path, files: tuple[str, ...]) -> None:
        """Raises `KernelError` where the server keeps no files, `AssetError` for a file outside the deck's folder."""
        self._server = server
        self.name = f"deckcast-{secrets.token_hex(6)}"
        found = {name: _found(deck, name) for name in dict.fromkeys(files)}
        try:
            self._put(self.name, {"type": "directory"})
            made = {PurePosixPath(".")}
            for path in found.values():
                relative = _relative(path, deck)
                for folder in reversed(relative.parents):
                    if folder not in made:
                        made.add(folder)
                        self._put(f"{self.name}/{folder}", {"type": "directory"})
                content = base64.b64encode(path.read_bytes()).decode("ascii")
                self._put(f"{self.name}/{relative}", {"type": "file", "format": "base64", "content": content})
        except BaseException:
            with contextlib.suppress(KernelError):
                self.remove()
            raise

    def remove(self) -> bool:
        """Whether it is gone. Raises `KernelError` where the server cannot be reached."""
        with contextlib.suppress(Refused):
            self._remove(self.name)
        try:
            self._server.get(f"api/contents/{self.name}", "content=0")
        except Refused as refused:
            return refused.status == 404
        return False

    def _remove(self, path: str) -> None:
        try:
            self._server.ask("DELETE", f"api/contents/{path}")
        except Refused as refused:
            if refused.status == 404:
                return
            # Some servers remove only what is empty.
            for entry in self._server.get(f"api/contents/{path}").get("content") or ():
                if isinstance(entry, dict):
                    self._remove(entry["path"])
            self._server.ask("DELETE", f"api/contents/{path}")

    def _put(self, path: str, model: dict[str, str]) -> None:
        try:
            self._server.ask("PUT", f"api/contents/{path}", model)
        except Refused as refused:
            raise KernelError(
                f"the Jupyter server at {self._server.url} does not keep the chapter's files: {refused}",
                hint="it must offer its contents API, and the right to write there",
            ) from refused


def _found(deck: Path, name: str) -> Path:
    path = modules.find(deck, name)
    if path is None:
        raise AssetError(f"there is no file `{name}` in {deck}", hint="files of cells lie in the deck's folder")
    return path


def _relative(path: Path, deck: Path) -> PurePosixPath:
    """Where the copy lies. Modules that chapters share lie beside the deck's own: a kernel looks for them there."""
    above = modules.shared(deck)
    home = above if above is not None and not path.is_relative_to(deck.resolve()) else deck.resolve()
    return PurePosixPath(path.relative_to(home).as_posix())
