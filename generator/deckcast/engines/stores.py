"""Which store a build uses."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from deckcast.engines.store_base import FORMAT_FILE, StoreBase
from deckcast.errors import StorageError
from deckcast.ports import Store

GB = 1000**3


def open_store(setting: str, output: Path, copy: float = 0) -> Store:
    """The store that `build.store` names: a folder, an fsspec URL, or by default `.deckcast` in the output folder.

    For a URL, that folder holds a local copy of up to `copy` gigabytes; none with 0.
    """
    folder = local_folder(setting, output)
    if "://" not in setting or folder == address_folder(setting):
        from deckcast.engines.store_folder import FolderStore

        return FolderStore(folder)
    from deckcast.engines.store_remote import RemoteStore

    remote = RemoteStore(setting)
    if not copy:
        return remote
    from deckcast.engines.store_folder import FolderStore
    from deckcast.engines.store_front import FrontedStore, tidy

    tidy(folder, int(copy * GB))
    return FrontedStore(FolderStore(folder), remote)


def local_folder(setting: str, output: Path) -> Path:
    """Where on this machine kept work lies: the store itself, or the local copy of one far away."""
    if "://" in setting:
        return address_folder(setting) or output / ".deckcast"
    return Path(setting).expanduser() if setting else output / ".deckcast"


def address_folder(setting: str) -> Path | None:
    """The folder that a `file://` URL names. Such a store is one in a folder: fsspec would not write it whole."""
    if not setting.startswith(("file://", "local://")):
        return None
    parts = urlsplit(setting)
    return Path(unquote(parts.netloc + parts.path)).expanduser()


def shared_address(setting: str, output: Path) -> str:
    """What names the same store to other processes: the URL, or the folder's whole path."""
    if "://" in setting and address_folder(setting) is None:
        return setting
    return str(local_folder(setting, output).absolute())


def open_shared(address: str) -> StoreBase:
    """The store that a build of another process has opened, and holds for as long as it works.

    Raises `StorageError` where there is none, or it cannot be reached, `MachineError` where a package is missing.
    """
    folder = address_folder(address)
    if "://" in address and folder is None:
        from deckcast.engines.store_remote import RemoteStore

        return RemoteStore(address)
    from deckcast.engines.store_folder import FolderStore

    folder = folder or Path(address)
    if not (folder / FORMAT_FILE).is_file():  # else one would be made here, which nobody shares
        raise StorageError(f"there is no store in {folder}", hint="it must be a folder that all machines share")
    return FolderStore(folder, held=True)
