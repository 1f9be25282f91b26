"""What the libraries behind fsspec raise, as errors for people. They are known by name: nothing is imported for it."""

from __future__ import annotations

from collections.abc import Iterator

from deckcast.errors import StorageError
from deckcast.redact import redacted

_STRANGERS = {
    *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"),
    *("TokenRetrievalError", "UnauthorizedSSOTokenError", "SSOTokenLoadError", "NoAuthTokenError"),
}
_SILENT = {
    *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError", "HTTPClientError"),
    *("ProxyConnectionError", "SSLError", "ConnectionError", "TimeoutError", "FSTimeoutError", "IncompleteRead"),
    *("ClientPayloadError", "ResponseParserError", "InvalidEndpoint", "gaierror"),
}
_KEYS = (
    "are the keys right (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile), and may they read and write there?"
)
_ADDRESS = "is the address right, and may you write there? Without `store`, a local folder is used"
_BUCKET = "make the bucket, or put `build.store` right: nothing is made of itself there"
_AGAIN = "is the address right, and the server up? What was finished is kept: build again when it answers"


def told(error: Exception, doing: str, name: str, url: str) -> StorageError:
    """`doing` is `read` or `write`; `url` has no password any more."""
    names = {type(one).__name__ for one in _causes(error)} | {one.__name__ for one in type(error).__mro__}
    what, hint = f"cannot {doing} {url}/{name}", _ADDRESS
    if "NoSuchBucket" in names:
        what, hint = f"there is no bucket at {url}", _BUCKET
    elif isinstance(error, PermissionError):
        what, hint = f"{what}: not permitted", _KEYS
    elif names & _STRANGERS:
        what, hint = f"{what}: nobody to be there", _KEYS
    elif names & _SILENT:
        what, hint = f"{what}: no answer from there", _AGAIN
    return StorageError(redacted(f"{what}: {error}"), hint=hint)


def is_denied(error: StorageError) -> bool:
    return isinstance(error.__cause__, PermissionError)


def is_missing(error: Exception) -> bool:
    """Whether only the object is missing, not also what it would lie in."""
    return isinstance(error, FileNotFoundError) and all(type(one).__name__ != "NoSuchBucket" for one in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__
