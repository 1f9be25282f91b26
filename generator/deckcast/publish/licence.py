"""Where a licence can be read, from how authors write its name."""

from __future__ import annotations

import re

_CREATIVE_COMMONS = re.compile(r"cc[ -]+(by(?:-(?:nc|nd|sa|nc-sa|nc-nd))?)[ -]+(\d\.\d)(?:[ -]+([a-z]{2,3}))?")
_ZERO = re.compile(r"cc-?0(?:[ -]+1\.0)?")
_SPDX = re.compile(r"[A-Za-z0-9.+]+(?:-[A-Za-z0-9.+]+)+|MIT|ISC|0BSD|Unlicense|Zlib")


def address(name: str) -> str:
    """The address of a licence: of Creative Commons (`CC BY-SA 4.0`, `CC-BY-SA-4.0`), of one that SPDX lists
    (`Apache-2.0`), or the one that is written. Nothing where only its owner knows what the name means.
    """
    text = name.strip()
    small = text.lower()
    if re.match(r"https?://\S+$", small):
        return text
    if found := _CREATIVE_COMMONS.fullmatch(small):
        kind, version, country = found.groups()
        return f"https://creativecommons.org/licenses/{kind}/{version}/{f'{country}/' if country else ''}"
    if _ZERO.fullmatch(small):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return f"https://spdx.org/licenses/{text}.html" if _SPDX.fullmatch(text) else ""
