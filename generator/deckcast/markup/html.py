"""Content → HTML."""

from __future__ import annotations

from collections.abc import Callable

from deckcast.markup.values import Code, Dialect, Markup
from deckcast.model import Content


def plain_code(code: Code) -> str:
    """Code as remark writes it, `<pre><code class="python">`, without colours."""
    raise NotImplementedError


def to_html(content: Content, dialect: Dialect = Dialect(), *, code: Callable[[Code], str] = plain_code) -> Markup:
    """The content as HTML. `code` turns each block of code into HTML."""
    raise NotImplementedError
