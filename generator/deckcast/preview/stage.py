"""Each slide as a page of its own, to be shown in a frame: what was photographed, with its real style sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deckcast.markup.tags import find_tags
from deckcast.model import MARK, Attached, Blob, Document

POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Nothing of a deck runs, and nothing is fetched but the deck's own files."""
_MARKED = re.compile(rf"{MARK}(\d+)")


@dataclass(frozen=True)
class Stage:
    """The document of a deck, a section at a time."""

    head: str = ""
    """Up to the first section."""
    foot: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    """By the digest of their picture."""
    files: Mapping[str, Attached] = field(default_factory=dict)
    """By the digest of their content."""

    @classmethod
    def of(cls, document: Document, pictures: Mapping[int, Blob], read: Callable[[Blob], bytes]) -> Stage:
        """`pictures` are those of the document's steps, by `Step.index`."""
        source = read(document.html).decode()
        digests = [one.content.sha256 for one in document.files]
        source = _MARKED.sub(lambda one: f"/file/{digests[int(one[1])]}", source)
        steps = {name: index for index, name in document.sections}
        begin, end, own, depth, name = 0, 0, 0, 0, ""
        found: dict[str, str] = {}
        for tag in find_tags(source):
            if tag.name != "section":
                continue
            if not tag.closing:
                depth += 1
                label = next((one.value for one in tag.attributes if one.name == "id"), "")
                if depth == 1 and label in steps:
                    begin, own, name = begin or tag.begin, tag.begin, label
            else:
                depth -= 1
                if depth == 0 and name:
                    end = tag.end
                    found[pictures[steps[name]].sha256] = source[own:end]
                    name = ""
        files = {one.content.sha256: one for one in document.files}
        return cls(source[:begin], source[end:], found, files)

    def page(self, picture: str) -> str | None:
        """The page of the step with that picture."""
        section = self.sections.get(picture)
        return None if section is None else f"{self.head}{section}{self.foot}"
