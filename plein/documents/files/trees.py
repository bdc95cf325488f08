# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks things up in the tree of a document by their names, whatever the version of its namespace."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from plein.documents.files.markup import name_of

#: The longest word, and the longest note, that is kept of a document.
LONGEST, LONGEST_NOTE = 300, 4_000


def every(element: Element | None, path: str) -> Iterator[Element]:
    """The elements at a path such as `Party/PostalAddress`, in order."""
    if element is None:
        return
    first, _slash, rest = path.partition("/")
    for child in element:
        if name_of(child) == first:
            if rest:
                yield from every(child, rest)
            else:
                yield child


def first(element: Element | None, *paths: str) -> Element | None:
    """The first element at the first of these paths where there is one."""
    return next((found for path in paths for found in every(element, path)), None)


def word(element: Element | None, *paths: str, most: int = LONGEST) -> str:
    """What stands at the first of these paths where something does, on one line."""
    for path in paths:
        for found in every(element, path):
            text = " ".join((found.text or "").split())
            if text:
                return text[:most]
    return ""


def words(element: Element | None, path: str, most: int = LONGEST_NOTE) -> str:
    """All that stands at a path, one after another."""
    return " ".join(filter(None, (" ".join((one.text or "").split()) for one in every(element, path))))[:most]


def marked(element: Element | None, name: str) -> str:
    """What an attribute of an element says."""
    return "" if element is None else str(element.attrib.get(name, "")).strip()[:40]
