"""Which store a build uses."""

from __future__ import annotations

from pathlib import Path

from deckcast.ports import Store


def open_store(setting: str, output: Path) -> Store:
    """The store that `build.store` names: a folder, an fsspec URL, or by default `.deckcast` in the output folder."""
    if "://" in setting:
        from deckcast.engines.store_remote import RemoteStore

        return RemoteStore(setting)
    from deckcast.engines.store_folder import FolderStore

    return FolderStore(Path(setting).expanduser() if setting else output / ".deckcast")
