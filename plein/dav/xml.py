# SPDX-License-Identifier: AGPL-3.0-or-later
"""The XML of WebDAV: questions read within limits, answers written."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element as Element  # noqa: S405 - only to write
from xml.etree.ElementTree import SubElement, register_namespace, tostring  # noqa: S405

from defusedxml.ElementTree import fromstring

DAV, CARD, CAL, SERVER, APPLE = (
    "DAV:",
    "urn:ietf:params:xml:ns:carddav",
    "urn:ietf:params:xml:ns:caldav",
    "http://calendarserver.org/ns/",
    "http://apple.com/ns/ical/",
)
for _prefix, _space in (("d", DAV), ("card", CARD), ("cal", CAL), ("cs", SERVER), ("ical", APPLE)):
    register_namespace(_prefix, _space)
MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS = 2_000_000, 20, 60_000


NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadXml(ValueError):
    """A question that is no XML, or too much of it."""


def tag(space: str, name: str) -> str:
    """The name of an element."""
    return f"{{{space}}}{name}"


def read(body: bytes) -> Element | None:
    """The question in a body, None for an empty one. Raises BadXml."""
    if not body.strip():
        return None
    if len(body) > MOST_BYTES:
        raise BadXml("too large")
    try:
        found: Element = fromstring(body, forbid_dtd=True)
    except Exception as trouble:  # the parser raises errors of its own, of ours and of encodings
        raise BadXml("no XML") from trouble
    _refuse_deep(found)
    return found


def _refuse_deep(root: Element) -> None:
    level, seen = [root], 0
    for _depth in range(MOST_DEPTH):
        level = [child for one in level for child in one]
        seen += len(level)
        if not level:
            return
        if seen > MOST_ELEMENTS:
            raise BadXml("too many elements")
    raise BadXml("too deep")


def element(space: str, name: str, *children: Element, text: str = "") -> Element:
    """An element with its children or its text."""
    made = Element(tag(space, name))
    made.extend(children)
    if text:
        made.text = clean(text)
    return made


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return NOT_XML.sub("", text)


def href(path: str) -> Element:
    """The address of something."""
    return element(DAV, "href", text=path)


def status(code: int) -> Element:
    """How a part of the question went."""
    words = {200: "OK", 403: "Forbidden", 404: "Not Found", 507: "Insufficient Storage"}
    return element(DAV, "status", text=f"HTTP/1.1 {code} {words[code]}")


def response(path: str, found: Iterable[Element], missing: Iterable[Element] = (), code: int = 404) -> Element:
    """What one thing has of what was asked, and what it has not."""
    made = element(DAV, "response", href(path))
    present, absent = list(found), list(missing)
    if present or not absent:
        SubElement(made, tag(DAV, "propstat")).extend([element(DAV, "prop", *present), status(200)])
    if absent:
        SubElement(made, tag(DAV, "propstat")).extend([element(DAV, "prop", *absent), status(code)])
    return made


def gone(path: str, code: int = 404) -> Element:
    """That something is not there."""
    return element(DAV, "response", href(path), status(code))


def document(root: Element) -> bytes:
    """The bytes of an answer."""
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def error(space: str, name: str, words: str = "") -> bytes:
    """An error with the standard's word for it, and ours."""
    root = element(DAV, "error", element(space, name))
    if words:
        root.append(element(DAV, "responsedescription", text=words))
    return document(root)
