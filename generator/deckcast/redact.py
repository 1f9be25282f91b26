"""Takes out of texts for people and files what only the machine should know: passwords in addresses, values of tokens.

Tokens belong into the environment. So their values are known by the names of their variables, and whatever is printed
or recorded can be looked through, whoever wrote it: a library's message, an author's line, the output of a cell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import unquote

HIDDEN = "•••"
SHORTEST = 8
"""Characters of a secret; shorter values stand in too many words by chance."""
_NAMES = re.compile(
    r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PAT|CREDENTIALS?"
    r"|(?:API|ACCESS|ACCOUNT|PRIVATE|SECRET|SECRET_ACCESS|AUTH)_?KEY)$",
    re.IGNORECASE,
)
"""Of environment variables that hold secrets: `HF_TOKEN`, `AWS_SECRET_ACCESS_KEY`."""
_IN_ADDRESS = re.compile(r"(?<![\w+.-])([A-Za-z][A-Za-z0-9+.-]{0,30}://)([^\s/?#@:\"'`<>]*):([^\s/?#\"'`<>]+)@")
"""Of `scheme://user:password@host`: what stands before the user, the user, the password."""
_IN_QUERY = re.compile(
    r"([?&;](?:[\w.-]*[_.-])?(?:token|password|passwd|secret|signature|sig|api_?key|access_?key|key)=)([^\s&;#\"'`<>]+)",
    re.IGNORECASE,
)


def redacted(text: str, environment: Mapping[str, str] | None = None) -> str:
    """`text` with `•••` where a secret stands. `environment` is this process's own, unless another is given."""
    for secret in secrets_of(os.environ if environment is None else environment):
        text = text.replace(secret, HIDDEN)
    return without_passwords(text)


def names_secret(variable: str) -> bool:
    """Whether an environment variable of this name holds a secret."""
    return bool(_NAMES.search(variable))


def without_passwords(text: str) -> str:
    """`text` with `•••` for passwords and tokens that stand in addresses."""
    if "://" not in text:
        return text
    text = _IN_ADDRESS.sub(rf"\1\2:{HIDDEN}@", text)
    return _IN_QUERY.sub(rf"\1{HIDDEN}", text)


def secrets_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables that hold secrets, and passwords in addresses such as those of proxies, longest first."""
    found: set[str] = set()
    for name, value in environment.items():
        if names_secret(name):
            found.add(value.strip())
        elif "@" in value and "://" in value:
            for match in _IN_ADDRESS.finditer(value):
                found |= {match[3], unquote(match[3])}
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=lambda one: (-len(one), one)))


def address_problem(text: str) -> str:
    """What is wrong with an address in the settings, which people commit; empty where it holds no secret."""
    if without_passwords(text) == text:
        return ""
    return "a password or token belongs into the environment, where nobody commits it: see docs/safety.md"
