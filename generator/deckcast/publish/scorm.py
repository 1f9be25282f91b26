"""The manifest of a SCORM 1.2 package with one unit, the lesson's page (Content Aggregation Model 1.2, section 2.3).

The package carries no schema files: platforms do not ask for them, and their owners give no licence to hand them on.
So the manifest names the schemas by their namespaces alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from deckcast.digest import digest
from deckcast.publish.linked import duration
from deckcast.settings import Settings

MANIFEST = "imsmanifest.xml"
PAGE = "index.html"
_SPACES = {
    "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "xmlns:imsmd": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
    "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}
_LONGEST_TITLE = 200
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 knows no way to write (section 2.2)."""


def scorm_manifest(name: str, title: str, settings: Settings, seconds: float, files: Iterable[str]) -> str:
    """XML. `name` is the lesson's folder, which with the course's title tells it from other lessons, however its own
    title changes; `files` are all that the package holds beside the manifest."""
    own = f"deckcast-{digest([settings.publish.course, name])[:16]}"
    title = title.strip() or name
    language, description = settings.lesson.language, settings.lesson.description
    root = ElementTree.Element("manifest", {"identifier": own, "version": "1.0", **_SPACES})
    about = _add(root, "metadata")
    _add(about, "schema", "ADL SCORM")
    _add(about, "schemaversion", "1.2")
    lom = _add(about, "imsmd:lom")
    general = _add(lom, "imsmd:general")
    _say(_add(general, "imsmd:title"), title, language)
    _add(general, "imsmd:language", language)
    if description:
        _say(_add(general, "imsmd:description"), description, language)
    technical = _add(lom, "imsmd:technical")
    for media_type in ("text/html", "video/mp4"):
        _add(technical, "imsmd:format", media_type)
    _add(_add(technical, "imsmd:duration"), "imsmd:datetime", duration(seconds))
    every = _add(root, "organizations", default="lesson")
    organization = _add(every, "organization", identifier="lesson")
    _add(organization, "title", title[:_LONGEST_TITLE])
    item = _add(organization, "item", identifier="watch", identifierref="page", isvisible="true")
    _add(item, "title", title[:_LONGEST_TITLE])
    resources = _add(root, "resources")
    kind = {"type": "webcontent", "adlcp:scormtype": "sco"}
    resource = _add(resources, "resource", identifier="page", **kind, href=PAGE)
    for one in files:
        _add(resource, "file", href=one)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add(parent: ElementTree.Element, tag: str, text: str = "", /, **attributes: str) -> ElementTree.Element:
    one = ElementTree.SubElement(parent, tag, attributes)
    one.text = _NOT_XML.sub("", text) or None
    return one


def _say(parent: ElementTree.Element, text: str, language: str) -> None:
    _add(parent, "imsmd:langstring", text, **{"xml:lang": language})
