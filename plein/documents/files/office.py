# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of letters, sheets and slides of office programs: OOXML and OpenDocument."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from plein.documents.files.limits import Limits, NothingToRead
from plein.documents.files.markup import name_of, parse
from plein.documents.files.packed import Packed

#: What ends a line, what ends a cell, and what is no word of the text, in either family of formats.
LINES = frozenset({"p", "h", "br", "line-break", "tr", "table-row", "si"})
CELLS = frozenset({"tab", "tc", "table-cell", "c"})
SILENT = frozenset({"delText", "instrText", "annotation", "tracked-changes", "binary-data", "script"})
#: The parts of a letter, in the order in which people read them.
_LETTER = re.compile(r"word/(?:header\d*|document|footnotes|endnotes|footer\d*)\.xml\Z")
_SLIDE = re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)(\d+)\.xml\Z")
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml\Z")


def words_of(data: bytes, limits: Limits) -> str:
    """The text of an office file, whichever kind it is."""
    packed = Packed(data, limits)
    names = packed.names
    if "content.xml" in names:
        return _written(packed, ["content.xml"], limits)
    if letters := sorted((name for name in names if _LETTER.match(name)), key=_place):
        return _written(packed, letters, limits)
    if slides := [name for name in names if _SLIDE.match(name)]:
        return _written(packed, sorted(slides, key=_number), limits)
    if sheets := [name for name in names if _SHEET.match(name)]:
        return _sheets(packed, sorted(sheets, key=_number), limits)
    raise NothingToRead("This packed file is no letter, sheet or slides of an office program.")


def _place(name: str) -> int:
    order = ("header", "document", "footnotes", "endnotes", "footer")
    return next((place for place, one in enumerate(order) if one in name), len(order))


def _number(name: str) -> int:
    found = re.search(r"(\d+)\.xml\Z", name)
    return int(found[1][:9]) if found else 0


def _written(packed: Packed, names: list[str], limits: Limits) -> str:
    parts: list[str] = []
    size = 0
    for name in names:
        for piece in _pieces(parse(packed.read(name))):
            parts.append(piece)
            size += len(piece)
            if size > limits.text:
                return "".join(parts)
    return "".join(parts)


def _pieces(root: Element) -> Iterator[str]:
    """The text of a tree in order, with the ends of lines and cells; no recursion, whatever the nesting."""
    waiting: list[tuple[Element | None, str]] = [(root, "")]
    while waiting:
        element, after = waiting.pop()
        if element is None:
            yield after
            continue
        name = name_of(element)
        if name in SILENT:
            continue
        if element.text and name not in ("document", "body"):
            yield element.text
        if name == "s":
            yield " "
        waiting.append((None, "\n" if name in LINES else "\t" if name in CELLS else ""))
        for child in reversed(element):
            waiting.append((None, child.tail or ""))
            waiting.append((child, ""))


def _sheets(packed: Packed, names: list[str], limits: Limits) -> str:
    strings = packed.read("xl/sharedStrings.xml")
    shared = ["".join(_pieces(one)).strip() for one in parse(strings)] if strings else []
    lines: list[str] = []
    size = 0
    for name in names:
        for row in parse(packed.read(name)).iter():
            if name_of(row) != "row":
                continue
            line = "\t".join(filter(None, (_cell(cell, shared) for cell in row)))
            lines.append(line)
            size += len(line) + 1
            if size > limits.text:
                return "\n".join(lines)
    return "\n".join(lines)


def _cell(cell: Element, shared: list[str]) -> str:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return "".join(_pieces(cell)).strip()
    value = next((one.text or "" for one in cell if name_of(one) == "v"), "")
    if kind != "s":
        return value
    return shared[int(value)] if value.isdecimal() and int(value[:9]) < len(shared) else ""
