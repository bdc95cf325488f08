# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads XML that others wrote: no document types, no entities, nothing from elsewhere."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from plein.documents.files.limits import Refused

_PIECE = 64 * 1024


def parse(data: bytes) -> Element:
    """The root of a document; raises Refused for what is none, or means harm."""
    try:
        _refuse_types(data)
        # Entities cannot be without a document type, and there is none in here any more.
        parser = XMLParser()  # noqa: S314
        for piece in _pieces(data):
            parser.feed(piece)
        root: Element = parser.close()
    except Refused:
        raise
    except (expat.ExpatError, ParseError, ValueError, LookupError) as trouble:
        raise Refused(f"This file is no well-formed XML: {trouble}.") from trouble
    return root


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))


def _refuse_types(data: bytes) -> None:
    """Walk through it once with nothing being made of it: what says of which type it is, wants something loaded."""

    def refuse(*_about: object) -> None:
        raise Refused("This file wants to load something from elsewhere. It was not read.")

    looking = expat.ParserCreate()
    looking.StartDoctypeDeclHandler = refuse
    looking.EntityDeclHandler = refuse
    for piece in _pieces(data):
        looking.Parse(piece, False)
    looking.Parse(b"", True)


def name_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
