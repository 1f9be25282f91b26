"""Which store a build uses."""

from __future__ import annotations

from pathlib import Path

from deckcast.engines.store_base import FORMAT_FILE, StoreBase
from deckcast.errors import StorageError
from deckcast.ports import Store


def open_store(setting: str, output: Path) -> Store:
    """The store that `build.store` names: a folder, an fsspec URL, or by default `.deckcast` in the output folder."""
    if "://" in setting:
        from deckcast.engines.store_remote import RemoteStore

        return RemoteStore(setting)
    from deckcast.engines.store_folder import FolderStore

    return FolderStore(Path(setting).expanduser() if setting else output / ".deckcast")


def shared_address(setting: str, output: Path) -> str:
    """What names the same store to other processes: the URL, or the folder's whole path."""
    if "://" in setting:
        return setting
    return str((Path(setting).expanduser() if setting else output / ".deckcast").absolute())


def open_shared(address: str) -> StoreBase:
    """The store that a build of another process has opened, and holds for as long as it works.

    Raises `StorageError` where there is none, or it cannot be reached, `MachineError` where a package is missing.
    """
    if "://" in address:
        from deckcast.engines.store_remote import RemoteStore

        return RemoteStore(address)
    from deckcast.engines.store_folder import FolderStore

    if not (Path(address) / FORMAT_FILE).is_file():  # else one would be made here, which nobody shares
        raise StorageError(f"there is no store in {address}", hint="it must be a folder that all machines share")
    return FolderStore(Path(address), held=True)
