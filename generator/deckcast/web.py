"""What settings may say of the web: where the lessons will be, where lists of podcasts put them; and who builds."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

FEED_CATEGORIES = (
    *("Arts", "Business", "Comedy", "Education", "Fiction", "Government", "History", "Health & Fitness"),
    *("Kids & Family", "Leisure", "Music", "News", "Religion & Spirituality", "Science", "Society & Culture"),
    *("Sports", "Technology", "True Crime", "TV & Film"),
)
"""Those of Apple's directory (podcasters.apple.com/support/1691-apple-podcasts-categories), which others took over."""


def base_url_problem(text: str) -> str:
    """What is wrong with the address of a folder on the web, or nothing."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"\\^`{|}\x00-\x1f]", text):
        return "write the whole address: `https://example.org/course/`"
    if parts.username is not None or "?" in text or "#" in text:
        return "write it without a user, `?` and `#`: pages are found below it"
    return ""


def cluster_problem(text: str) -> str:
    """What is wrong with the address of a Dask scheduler, or nothing."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        named = parts.hostname and (parts.port or parts.scheme in ("ws", "wss"))
    except ValueError:
        return "write the address that `dask scheduler` tells: `tcp://host:8786`"
    if parts.scheme == "inproc":  # a scheduler in this process, as tests have
        return ""
    if parts.scheme not in ("tcp", "tls", "ws", "wss") or not named or re.search(r"[\s<>\"'`]", text):
        return "write the address that `dask scheduler` tells: `tcp://host:8786`"
    if parts.username is not None:
        return "write it without a user: who may work there is told by certificates (`tls://`)"
    return ""
