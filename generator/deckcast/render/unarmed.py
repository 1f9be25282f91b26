"""Takes attributes out of a slide's tags that would act in a viewer's browser, were its page's policy not there.

A page's policy forbids scripts, forms and requests. This is the second wall: handlers and links that are programs go,
as do names by which an element would take the place of the document's own functions (`<img name="getElementById">`),
which the page's program calls.
"""

from __future__ import annotations

import html
import re

from deckcast.htmltokens import Start

_NAMED = frozenset({"embed", "form", "iframe", "img", "object"})
"""Elements whose names become properties of the document (HTML, section 3.1.7), and `object`, whose ids do as well."""
_ACTING = frozenset({"srcdoc", "ping", "formaction", "action", "attributionsrc"})
_LINKS = frozenset({"href", "xlink:href"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_FOLLOWED = frozenset({"http", "https", "mailto", "tel"})


def unarmed(token: Start) -> str:
    """The tag's text; as it was written, where nothing in it acts."""
    kept = {name: value for name, value in token.attrs.items() if not _acts(token.tag, name, value or "")}
    if len(kept) == len(token.attrs):
        return token.source
    words = "".join(f' {name}="{html.escape(value or "")}"' for name, value in kept.items())
    return f"<{token.tag}{words}{' /' if token.stroke else ''}>"


def _acts(tag: str, name: str, value: str) -> bool:
    if name.startswith("on") or name in _ACTING:
        return True
    if tag in _NAMED and (name == "name" or (tag == "object" and name == "id")):
        return True
    if tag in ("a", "area") and name in _LINKS:
        scheme = _SCHEME.match(re.sub(r"[\t\n\r]|^[\x00-\x20]+", "", value).lower())
        return scheme is not None and scheme[1] not in _FOLLOWED
    return False
