"""Files of a repository of the model hub, by the hub's own library, into a folder of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from deckcast.engines.needs import meets
from deckcast.engines.neural_voice import lacking
from deckcast.engines.voice_folder import sha256_of
from deckcast.errors import VoiceError, storage_errors
from deckcast.lock import exclusive
from deckcast.ports import Progress

HUB = "https://huggingface.co"
MEND = "pip install huggingface_hub"


class NotThere(Exception):
    """The hub has no such repository, or no such file in it."""


class Hub:
    """A repository of the hub that HF_ENDPOINT names, else of Hugging Face's."""

    def __init__(self, repository: str, folder: Path) -> None:
        """Its files go to `folder`."""
        self._repository = repository
        self._folder = folder
        self._endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or HUB

    def names(self) -> tuple[str, ...]:
        """Of all of its files. Raises `NotThere`, `VoiceError`."""
        library = self._library()
        with self._told(self._repository):
            about = library.HfApi(endpoint=self._endpoint).model_info(self._repository)
        return tuple(sorted(one.rfilename for one in about.siblings))

    def fetch(self, names: Sequence[str], progress: Progress) -> tuple[Path, ...]:
        """The files in the folder, downloaded as far as they are not there whole.

        The library writes aside, checks size and renames; it looks at no file that it has written before, so this
        does. Raises `NotThere`, `VoiceError`, `StorageError`.
        """
        library = self._library()
        waiting = "another download into it goes on; waiting for it"
        with exclusive(self._folder / ".downloading", lambda: progress.say(f"{self._folder}: {waiting}")):
            return tuple(self._fetch(library, name, progress) for name in names)

    def _fetch(self, library: Any, name: str, progress: Progress) -> Path:
        path = self._folder / name
        with storage_errors("write", path), self._told(f"{self._repository}/{name}"):
            address = library.hf_hub_url(self._repository, name, endpoint=self._endpoint)
            about = library.get_hf_file_metadata(address, endpoint=self._endpoint)
            whole = _is_whole(path, about.size, about.etag)
            if not whole:
                size = f" ({about.size / 2**20:.1f} MiB)" if about.size else ""
                progress.say(f"downloading {name}{size} from {self._endpoint}/{self._repository}")
            library.hf_hub_download(
                self._repository,
                name,
                revision=about.commit_hash,
                local_dir=self._folder,
                endpoint=self._endpoint,
                force_download=path.exists() and not whole,
            )
        return path

    def _library(self) -> Any:
        if lacking("huggingface_hub"):
            raise VoiceError("huggingface_hub, which downloads from the model hub, is not installed", hint=f"`{MEND}`")
        there = meets("hub")
        if not there.works:
            raise self._unreachable(there.reason)
        return import_module("huggingface_hub")

    def _unreachable(self, why: str) -> VoiceError:
        return VoiceError(
            f"the model hub cannot be reached: {why}",
            hint=f"connect to the network and try again, or bring files of {HUB}/{self._repository}"
            f" to {self._folder} by hand",
        )

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """The library's errors as ours."""
        errors: Any = import_module("huggingface_hub.errors")
        missing = (errors.RepositoryNotFoundError, errors.EntryNotFoundError, errors.RevisionNotFoundError)
        try:
            yield
        except errors.GatedRepoError as error:
            hint = "accept its terms on the hub's page and log in with `hf auth login`"
            raise VoiceError(f"{what} is not given to everybody", hint=hint) from error
        except errors.LocalEntryNotFoundError as error:  # it could not ask
            raise self._unreachable(_first_line(error)) from error
        except missing as error:
            raise NotThere(f"{what} is not there") from error
        except errors.HfHubHTTPError as error:
            raise VoiceError(f"{what}: the hub refused: {_first_line(error)}", hint="try again later") from error
        except (errors.HTTPError, ConnectionError, TimeoutError) as error:
            raise self._unreachable(_first_line(error)) from error
        except OSError as error:
            if error.errno is not None:
                raise  # of the disk
            raise VoiceError(f"{what} did not come whole: {_first_line(error)}", hint="try again") from error


def _is_whole(path: Path, size: int | None, etag: str | None) -> bool:
    """Whether the file is what the hub has; where it tells no SHA-256, whether it is as long."""
    if not path.is_file() or (size is not None and path.stat().st_size != size):
        return False
    return etag is None or len(etag) != 64 or sha256_of(path) == etag


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
