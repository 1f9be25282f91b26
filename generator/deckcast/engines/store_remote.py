"""A store behind an fsspec URL (`s3://bucket/lessons`, `memory://…`), so that a team shares finished work.

Relies on the file system writing objects whole, as object stores do.
"""

from __future__ import annotations

from deckcast.engines.store_base import StoreBase
from deckcast.errors import MachineError, StorageError
from deckcast.redact import redacted, without_passwords


class RemoteStore(StoreBase):
    """Names are joined to the URL. Raises `MachineError` when the URL's kind needs a package that is not here."""

    _expires = True

    def __init__(self, url: str) -> None:
        import fsspec

        super().__init__()
        try:
            self._files, self._root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise MachineError(
                redacted(f"cannot open the store {url}: {error}"),
                hint="install the fsspec package for this kind of URL",
            ) from error
        self.url = without_passwords(url)
        self._agree(self.url)

    def _load(self, name: str) -> bytes | None:
        try:
            body: bytes = self._files.cat_file(f"{self._root}/{name}")
        except FileNotFoundError:
            return None
        except Exception as error:
            raise StorageError(redacted(f"cannot read {self.url}/{name}: {error}"), hint=_HINT) from error
        return body

    def _save(self, name: str, body: bytes) -> None:
        path = f"{self._root}/{name}"
        try:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, body)
        except Exception as error:
            raise StorageError(redacted(f"cannot write {self.url}/{name}: {error}"), hint=_HINT) from error


_HINT = "is the address right, and may you write there? Without `store`, a local folder is used"
