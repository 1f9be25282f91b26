"""What goes wrong with the read-aloud service: what it means, and whether trying again can help."""

from __future__ import annotations

from dataclasses import dataclass


class Unusable(Exception):
    """The service answered, but not with a whole sentence."""


@dataclass(frozen=True, slots=True)
class Failure:
    message: str
    hint: str
    final: bool
    """True when trying again cannot help."""


OFFLINE = "check the network, or use an offline voice: `voice: flite`, `voice: espeak`"
REFUSED = "the service may have changed: `pip install -U edge-tts`, or use an offline voice"
BUSY = "build again later (what is done is kept), or use an offline voice"


def explain(error: Exception) -> Failure | None:
    """What a failure of the client means; None for what is a mistake of ours."""
    import aiohttp
    import edge_tts.exceptions as client

    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return Failure("the service's certificate is not trusted (a proxy in between?)", OFFLINE, final=True)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientProxyConnectionError):
        return Failure("the service cannot be reached", OFFLINE, final=True)
    if isinstance(error, client.SkewAdjustmentError):
        return Failure("the service refused the request (403) and does not tell its time", REFUSED, final=True)
    if isinstance(error, aiohttp.ClientResponseError):
        refused = 400 <= error.status < 500 and error.status != 429
        return Failure(f"the service refused the request ({error.status})", REFUSED if refused else BUSY, refused)
    if isinstance(error, client.NoAudioReceived):
        return Failure("the service sent no sound", f"{BUSY}; the voice may also have been withdrawn", final=False)
    if isinstance(error, Unusable):
        return Failure(str(error), BUSY, final=False)
    if isinstance(error, TimeoutError):
        return Failure("the service did not answer in time", BUSY, final=False)
    if isinstance(error, client.WebSocketError | aiohttp.ClientError | OSError):
        return Failure(f"the connection failed ({error or type(error).__name__})", BUSY, final=False)
    if isinstance(error, client.EdgeTTSException):
        return Failure(f"the service answered in an unknown way ({error!r})", REFUSED, final=False)
    return None
