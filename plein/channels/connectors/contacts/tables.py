# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads tables row by row, of any size: text in the usual encodings and dialects, XLSX and ODS workbooks, JSON."""

import codecs
import csv
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from plein.channels.connectors.contacts.objects import NotObjects, is_objects, object_rows
from plein.channels.content_lines import clean
from plein.core.workbooks import BadWorkbook, is_workbook, workbook_rows

DELIMITERS = ",;\t|"
#: What stands in place of an encoding for a list of objects.
OBJECTS = "json"
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "": "workbook"}
#: So much of a file is looked at to guess how it is written.
LOOKED_AT = 256 << 10
MOST_COLUMNS, LONGEST_CELL = 300, 32_767
#: What a workbook may take: it cannot have more rows, and what takes longer is better saved as CSV.
MOST_ROWS, SECONDS = 1_048_576, 600


class NotATable(ValueError):
    """A file that cannot be read as a table; the message says why, in a plain sentence."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written: "" for the delimiter of a workbook, and of a list of objects in JSON."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def is_workbook(self) -> bool:
        return not self.delimiter

    @property
    def is_objects(self) -> bool:
        return self.encoding == OBJECTS


def guess(path: Path) -> Dialect:
    """How a table is written, by what its beginning looks like; raises NotATable."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    if not head.strip():
        raise NotATable("This file is empty.")
    if is_workbook(head):
        return Dialect("utf-8", "")
    if is_objects(head):
        return Dialect(OBJECTS, "")
    encoding = _encoding(head)
    text = head.decode(encoding, "replace").replace("\x00", "")
    if text.count("\ufffd") > len(text) // 20 or _is_binary(text):
        raise NotATable("This file is no table of text and no workbook.")
    return Dialect(encoding, _delimiter(text))


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:200:2].count(0) > len(head[:200]) // 3:
        return "utf-16-le"
    if head[:200:2].count(0) > len(head[:200]) // 3:
        return "utf-16-be"
    # The last sign may be cut in two.
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _is_binary(text: str) -> bool:
    strange = sum(1 for sign in text[:4_000] if sign < " " and sign not in "\t\n\r\x0b\x0c")
    return strange > len(text[:4_000]) // 20


def _delimiter(text: str) -> str:
    """The sign that cuts the first lines into the most columns, as many in each."""
    lines = [line for line in text.splitlines() if line.strip()][:30]
    best, score = ",", 0.0
    for sign in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines[:-1] or lines, delimiter=sign, strict=False)]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        found = (usual - 1) * widths.count(usual) / max(len(widths), 1)
        if found > score:
            best, score = sign, found
    return best


def read_table(path: Path, dialect: Dialect) -> Generator[list[str]]:
    """The rows of a table that hold anything, one after another; raises NotATable."""
    read = _objects(path) if dialect.is_objects else _workbook(path) if dialect.is_workbook else _text(path, dialect)
    with closing(read) as rows:
        for row in rows:
            cells = [clean(cell).strip()[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]
            if any(cells):
                yield cells


def _objects(path: Path) -> Generator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as text, closing(object_rows(text)) as rows:
            yield from rows
    except NotObjects as trouble:
        raise NotATable("From here on this file is no list of objects in JSON.") from trouble


def _workbook(path: Path) -> Generator[list[str]]:
    try:
        with path.open("rb") as file, closing(workbook_rows(file, most=MOST_ROWS, seconds=SECONDS)) as rows:
            yield from rows
    except BadWorkbook as trouble:
        raise NotATable("This workbook cannot be read. Save its first sheet as CSV and try again.") from trouble


def _text(path: Path, dialect: Dialect) -> Generator[list[str]]:
    csv.field_size_limit(1 << 20)
    try:
        with path.open(encoding=dialect.encoding, errors="replace", newline="") as text:
            yield from csv.reader(_whole(text), delimiter=dialect.delimiter)
    except (csv.Error, UnicodeError) as trouble:
        raise NotATable("From here on this file is no table: a cell in it never ends.") from trouble


def _whole(text: TextIO) -> Iterator[str]:
    """The lines with their ends, and without what a table cannot hold; a line without an end is cut."""
    while line := text.readline(4 << 20):
        yield line.replace("\x00", "")
